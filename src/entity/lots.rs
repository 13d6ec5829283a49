//! The parts a balance is made of, each with its own expiry.

use sea_orm::entity::prelude::*;

use crate::types::id::{AccountId, LotId};
use crate::types::points::Points;
use crate::types::time::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "lots")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LotId,
    pub account_id: AccountId,
    pub transfer_id: i64,
    pub granted: Points,
    pub remaining: Points,
    pub expires_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
