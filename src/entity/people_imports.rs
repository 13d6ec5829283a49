//! Sheets of people: looked at first, then entered.

use sea_orm::entity::prelude::*;

use crate::types::id::{ImportId, PersonId};
use crate::types::time::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "people_imports")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ImportId,
    pub digest: Vec<u8>,
    pub file_name: String,
    pub state: String,
    pub content: Json,
    pub row_count: i64,
    pub entered: i64,
    pub changed: i64,
    pub unchanged: i64,
    pub refused: i64,
    pub maker_id: PersonId,
    pub created_at: Timestamp,
    pub committed_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
