//! Points for many people at once.

use sea_orm::entity::prelude::*;

use crate::types::form_key::FormKey;
use crate::types::grant_run::{RunOrigin, RunState};
use crate::types::id::{PersonId, RunId};
use crate::types::points::Points;
use crate::types::time::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "grant_runs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RunId,
    pub origin: RunOrigin,
    pub state: RunState,
    pub file_name: String,
    pub form_key: Option<FormKey>,
    pub digest: Vec<u8>,
    pub reason: String,
    pub note: String,
    pub ends: String,
    pub expires_at: Option<Timestamp>,
    pub row_count: i64,
    pub good_count: i64,
    pub total: Points,
    pub granted_count: i64,
    pub granted_total: Points,
    pub failed_count: i64,
    pub taken_back_count: i64,
    pub taken_back_total: Points,
    pub kept_count: i64,
    pub maker_id: PersonId,
    pub judge_id: Option<PersonId>,
    pub verdict: String,
    pub reverser_id: Option<PersonId>,
    pub reversal_note: String,
    pub version: i64,
    pub created_at: Timestamp,
    pub committed_at: Option<Timestamp>,
    pub judged_at: Option<Timestamp>,
    pub started_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
    pub reversal_at: Option<Timestamp>,
    pub reversed_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
