//! What still has to be told to the outside.

use sea_orm::entity::prelude::*;

use crate::types::id::MessageId;
use crate::types::time::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox_messages")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MessageId,
    pub kind: String,
    pub payload: Json,
    pub attempts: i64,
    pub last_error: String,
    pub created_at: Timestamp,
    pub due_at: Timestamp,
    pub claimed_until: Option<Timestamp>,
    pub done_at: Option<Timestamp>,
    pub dead_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
