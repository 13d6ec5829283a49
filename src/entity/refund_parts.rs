//! What a refund gave back, draw by draw. Append-only.

use sea_orm::entity::prelude::*;

use crate::types::id::LotId;
use crate::types::points::Points;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "refund_parts")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub transfer_id: i64,
    pub draw_id: i64,
    pub amount: Points,
    pub grace_lot_id: Option<LotId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
