//! What had been redeemed of each product before a mark, without what came back.

use sea_orm::entity::prelude::*;

use crate::types::id::ProductId;
use crate::types::points::Points;
use crate::types::time::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "product_marks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub mark_at: Timestamp,
    #[sea_orm(primary_key, auto_increment = false)]
    pub product_id: ProductId,
    pub pieces: i64,
    pub points: Points,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
