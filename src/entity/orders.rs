//! What was bought. The checkout key is unique for a person: the order is the memory of the key.

use sea_orm::entity::prelude::*;

use crate::types::checkout_key::CheckoutKey;
use crate::types::id::{OrderId, PersonId};
use crate::types::order_state::OrderState;
use crate::types::points::Points;
use crate::types::time::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "orders")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrderId,
    pub number: String,
    pub person_id: PersonId,
    pub checkout_key: CheckoutKey,
    pub state: OrderState,
    pub expected_total: Points,
    pub total: Points,
    pub refunded: Points,
    pub delivery_kind: String,
    pub delivery_to: String,
    pub version: i64,
    pub placed_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
