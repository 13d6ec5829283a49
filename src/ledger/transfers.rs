//! The one place that writes transfers. They are only ever added.

use std::collections::BTreeMap;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Set};

use crate::entity::transfers;
use crate::error::Result;
use crate::ledger::{EXPIRED, ISSUED, REDEEMED};
use crate::platform::db::Tx;
use crate::types::actor::Actor;
use crate::types::id::{AccountId, LotId, OrderId};
use crate::types::points::Points;
use crate::types::time::Timestamp;
use crate::types::transfer_kind::TransferKind;

/// A transfer to be written; its direction follows from its kind.
pub(super) struct NewTransfer {
    pub kind: TransferKind,
    pub account_id: AccountId,
    pub amount: Points,
    pub balance_after: Points,
    pub order_id: Option<OrderId>,
    /// The lot that ends, for an expiry: unique, so that it ends once.
    pub lot_id: Option<LotId>,
    /// The transfer this one takes back: unique, so that it is taken back once.
    pub reverses_id: Option<i64>,
    pub actor: Actor,
    pub reason: String,
}

/// Writes it and returns its number.
pub(super) async fn record(tx: &Tx, now: Timestamp, new: NewTransfer) -> Result<i64> {
    let (kind, amount) = (new.kind, new.amount);
    let id = transfers::Entity::insert(row(now, new)).exec(tx).await?.last_insert_id;
    tx.count_points(kind.name(), amount.0);
    Ok(id)
}

/// Writes one for each of several locked accounts and returns their numbers by account.
pub(super) async fn record_many(
    tx: &Tx,
    now: Timestamp,
    new: Vec<NewTransfer>,
) -> Result<BTreeMap<AccountId, i64>> {
    let accounts: Vec<_> = new.iter().map(|transfer| transfer.account_id).collect();
    let moved: Vec<_> = new.iter().map(|transfer| (transfer.kind, transfer.amount)).collect();
    let rows = new.into_iter().map(|transfer| row(now, transfer));
    transfers::Entity::insert_many(rows).exec_without_returning(tx).await?;
    for (kind, amount) in moved {
        tx.count_points(kind.name(), amount.0);
    }
    // No database tells the numbers of several rows alike. Under the locks of the accounts their newest are ours.
    let newest = transfers::Entity::find()
        .select_only()
        .column(transfers::Column::AccountId)
        .column_as(transfers::Column::Id.max(), "newest")
        .filter(transfers::Column::AccountId.is_in(accounts))
        .group_by(transfers::Column::AccountId)
        .into_tuple()
        .all(tx)
        .await?;
    Ok(newest.into_iter().collect())
}

fn row(now: Timestamp, new: NewTransfer) -> transfers::ActiveModel {
    let person = new.account_id;
    let (from, to) = match new.kind {
        TransferKind::Grant => (ISSUED, person),
        TransferKind::Redeem => (person, REDEEMED),
        TransferKind::Refund => (REDEEMED, person),
        TransferKind::Expire => (person, EXPIRED),
        TransferKind::Deduct => (person, ISSUED),
    };
    transfers::ActiveModel {
        kind: Set(new.kind),
        from_account_id: Set(from),
        to_account_id: Set(to),
        account_id: Set(person),
        amount: Set(new.amount),
        balance_after: Set(new.balance_after),
        order_id: Set(new.order_id),
        lot_id: Set(new.lot_id),
        reverses_id: Set(new.reverses_id),
        actor_id: Set(new.actor.person()),
        reason: Set(new.reason),
        at: Set(now),
        ..Default::default()
    }
}

/// Whether anything was booked on an account after a moment.
pub(super) async fn any_after(
    db: &impl ConnectionTrait,
    account_id: AccountId,
    at: Timestamp,
) -> Result<bool> {
    let later = transfers::Entity::find()
        .filter(transfers::Column::AccountId.eq(account_id))
        .filter(transfers::Column::At.gt(at));
    Ok(later.one(db).await?.is_some())
}

/// Whether a transfer is a grant to this account.
pub(super) async fn is_grant_of(db: &impl ConnectionTrait, id: i64, account_id: AccountId) -> Result<bool> {
    let found = transfers::Entity::find_by_id(id).one(db).await?;
    Ok(found.is_some_and(|t| t.kind == TransferKind::Grant && t.account_id == account_id))
}
