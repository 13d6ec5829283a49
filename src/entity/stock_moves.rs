//! Why stock is what it is. Append-only.

use sea_orm::entity::prelude::*;

use crate::types::form_key::FormKey;
use crate::types::id::{OrderId, PersonId, ProductId};
use crate::types::time::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "stock_moves")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub product_id: ProductId,
    pub quantity: i64,
    pub reason: String,
    pub order_id: Option<OrderId>,
    pub actor_id: Option<PersonId>,
    pub at: Timestamp,
    pub form_key: Option<FormKey>,
    pub note: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
