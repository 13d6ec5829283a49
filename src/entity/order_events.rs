//! What happened to an order, in order.

use sea_orm::entity::prelude::*;

use crate::types::id::{OrderId, PersonId};
use crate::types::time::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "order_events")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub order_id: OrderId,
    pub kind: String,
    pub note: String,
    pub carrier: String,
    pub tracking_number: String,
    pub actor_id: Option<PersonId>,
    pub at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
