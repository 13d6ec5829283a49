//! Points given, with reason and giver.

use sea_orm::entity::prelude::*;

use crate::types::form_key::FormKey;
use crate::types::id::{GrantId, PersonId, RunId};
use crate::types::points::Points;
use crate::types::time::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "grants")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: GrantId,
    pub person_id: PersonId,
    pub transfer_id: i64,
    pub amount: Points,
    pub reason: String,
    pub note: String,
    pub rule: Option<String>,
    pub period: Option<String>,
    pub actor_id: Option<PersonId>,
    pub at: Timestamp,
    pub form_key: Option<FormKey>,
    pub run_id: Option<RunId>,
    pub run_position: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
