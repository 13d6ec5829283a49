//! Codes of digital goods, sealed; assigned to an order line when sold.

use sea_orm::entity::prelude::*;

use crate::types::id::{CodeId, OrderLineId, ProductId};
use crate::types::time::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "codes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CodeId,
    pub product_id: ProductId,
    pub sealed: Vec<u8>,
    pub hmac: Vec<u8>,
    pub last_four: String,
    pub order_line_id: Option<OrderLineId>,
    pub claimed_at: Option<Timestamp>,
    pub revealed_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub withdrawn_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
