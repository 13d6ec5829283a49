//! Points moving from one account to another. Append-only.

use sea_orm::entity::prelude::*;

use crate::types::id::{AccountId, LotId, OrderId, PersonId};
use crate::types::points::Points;
use crate::types::time::Timestamp;
use crate::types::transfer_kind::TransferKind;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "transfers")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub kind: TransferKind,
    pub from_account_id: AccountId,
    pub to_account_id: AccountId,
    pub account_id: AccountId,
    pub amount: Points,
    pub balance_after: Points,
    pub order_id: Option<OrderId>,
    pub lot_id: Option<LotId>,
    pub reverses_id: Option<i64>,
    pub actor_id: Option<PersonId>,
    pub reason: String,
    pub at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
