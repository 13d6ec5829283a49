//! What had moved in all before a day.

use sea_orm::entity::prelude::*;

use crate::types::points::Points;
use crate::types::time::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "day_marks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub at: Timestamp,
    pub issued: Points,
    pub redeemed: Points,
    pub refunded: Points,
    pub expired: Points,
    pub deducted: Points,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
