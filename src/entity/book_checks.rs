//! What was found each time the books were checked. Append-only; old ones are forgotten.

use sea_orm::entity::prelude::*;

use crate::types::time::Timestamp;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "book_checks")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub at: Timestamp,
    /// The names of the broken laws, separated by blanks.
    pub broken_laws: String,
    pub offences: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
