//! What became of each order of a batch. Append-only.

use sea_orm::entity::prelude::*;

use crate::types::id::{BatchId, OrderId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "order_batch_items")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub batch_id: BatchId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub order_id: OrderId,
    /// `done`, or the state the order was found in.
    pub outcome: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
