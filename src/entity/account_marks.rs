//! What had come to and gone from each account before a mark.

use sea_orm::entity::prelude::*;

use crate::types::id::AccountId;
use crate::types::points::Points;
use crate::types::time::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "account_marks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub mark_at: Timestamp,
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    pub issued: Points,
    pub redeemed: Points,
    pub refunded: Points,
    pub expired: Points,
    pub deducted: Points,
    pub last_redeemed_at: Option<Timestamp>,
    /// The last mark before that.
    pub redeemed_since: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
