//! Who did what, on what. Append-only.

use sea_orm::entity::prelude::*;

use crate::types::id::PersonId;
use crate::types::time::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_events")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub actor_id: Option<PersonId>,
    pub action: String,
    pub subject_kind: String,
    pub subject_id: String,
    pub details: Json,
    pub at: Timestamp,
    /// The request it was done in; what the shop does by itself has none.
    pub request_id: Option<String>,
    /// Whom it is about, when it is about somebody.
    pub person_id: Option<PersonId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
