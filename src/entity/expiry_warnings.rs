//! Whom we have told that points are about to lapse, so that nobody is told twice.

use sea_orm::entity::prelude::*;

use crate::types::id::AccountId;
use crate::types::time::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "expiry_warnings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub ends_at: Timestamp,
    #[sea_orm(primary_key, auto_increment = false)]
    pub days_before: i64,
    pub at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
