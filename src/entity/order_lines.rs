//! Name, picture and price as they were when it was sold.

use sea_orm::entity::prelude::*;

use crate::types::id::{OrderId, OrderLineId, ProductId};
use crate::types::points::Points;
use crate::types::product_kind::ProductKind;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "order_lines")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrderLineId,
    pub order_id: OrderId,
    pub product_id: ProductId,
    pub position: i64,
    pub kind: ProductKind,
    pub name: String,
    pub object_key: String,
    pub widths: String,
    pub unit_price: Points,
    pub quantity: i64,
    /// Of these, how many were cancelled.
    pub cancelled: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
