//! What had come to and gone from the accounts of a department before a mark, apart for when its people redeemed last.

use sea_orm::entity::prelude::*;

use crate::types::points::Points;
use crate::types::time::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "department_marks")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub mark_at: Timestamp,
    pub department: Option<String>,
    /// The last mark before they redeemed anything; nothing when that was before all marks, or never.
    pub redeemed_since: Option<Timestamp>,
    pub people: i64,
    /// How many of them work here now.
    pub active: i64,
    pub issued: Points,
    pub redeemed: Points,
    pub refunded: Points,
    pub expired: Points,
    pub deducted: Points,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
