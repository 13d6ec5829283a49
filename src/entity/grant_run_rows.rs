//! The rows of a run: who is to get how much, and what became of it.

use sea_orm::entity::prelude::*;

use crate::types::grant_run::{RowProblem, RowState};
use crate::types::id::{PersonId, RunId};
use crate::types::points::Points;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "grant_run_rows")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub run_id: RunId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i64,
    pub line: i64,
    pub who: String,
    pub amount_typed: String,
    pub note: String,
    pub person_id: Option<PersonId>,
    pub amount: Option<Points>,
    pub is_unusual: bool,
    pub state: RowState,
    pub problem: Option<RowProblem>,
    pub other_line: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
