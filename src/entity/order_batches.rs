//! Several orders that were begun or handed over with one click. Append-only.

use sea_orm::entity::prelude::*;

use crate::types::id::{BatchId, PersonId};
use crate::types::time::Timestamp;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "order_batches")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BatchId,
    /// Of who, what and which orders: the same click again is the same batch.
    pub digest: String,
    pub act: String,
    pub note: String,
    pub actor_id: PersonId,
    pub at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
