//! Who holds points: one for each person, and the system's three, which keep no balance.

use sea_orm::entity::prelude::*;

use crate::types::id::{AccountId, PersonId};
use crate::types::points::Points;
use crate::types::time::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "accounts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AccountId,
    pub kind: String,
    pub person_id: Option<PersonId>,
    pub balance: Option<Points>,
    pub created_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
