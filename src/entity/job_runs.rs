//! When each job was last done and last failed, on whichever task.

use sea_orm::entity::prelude::*;

use crate::types::time::Timestamp;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "job_runs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// How often it should run.
    pub every_s: i64,
    pub done_at: Option<Timestamp>,
    pub failed_at: Option<Timestamp>,
    pub last_error: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
