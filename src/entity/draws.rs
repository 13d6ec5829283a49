//! What a transfer took from which lot. Append-only.

use sea_orm::entity::prelude::*;

use crate::types::id::LotId;
use crate::types::points::Points;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "draws")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub transfer_id: i64,
    pub lot_id: LotId,
    pub amount: Points,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
