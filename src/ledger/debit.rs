//! What everything that takes points has in common: the balance sinks, a transfer says so, lots are drawn.

use crate::error::{Error, Result};
use crate::ledger::accounts::{self, LockedAccount};
use crate::ledger::draws;
use crate::ledger::lots::{self, Draw};
use crate::ledger::transfers::{self, NewTransfer};
use crate::platform::db::Tx;
use crate::types::actor::Actor;
use crate::types::id::{LotId, OrderId};
use crate::types::time::Timestamp;
use crate::types::transfer_kind::TransferKind;

/// Why points are taken.
pub(super) struct Debit {
    pub kind: TransferKind,
    pub order_id: Option<OrderId>,
    pub lot_id: Option<LotId>,
    pub reverses_id: Option<i64>,
    pub actor: Actor,
    pub reason: String,
}

/// Takes what `planned` says from a locked account and returns the number of the transfer.
///
/// # Errors
/// When the plan holds more than the balance, which the laws forbid.
pub(super) async fn debit(
    tx: &Tx,
    now: Timestamp,
    account: &mut LockedAccount,
    planned: &[Draw],
    why: Debit,
) -> Result<i64> {
    let amount = lots::sum(planned.iter().map(|draw| draw.amount))?;
    let balance = account.balance.minus(amount).ok_or_else(|| {
        Error::Internal(anyhow::anyhow!("the lots of {} hold more than its balance", account.id))
    })?;
    accounts::set_balance(tx, account, balance).await?;
    let transfer = NewTransfer {
        kind: why.kind,
        account_id: account.id,
        amount,
        balance_after: balance,
        order_id: why.order_id,
        lot_id: why.lot_id,
        reverses_id: why.reverses_id,
        actor: why.actor,
        reason: why.reason,
    };
    let transfer_id = transfers::record(tx, now, transfer).await?;
    draws::apply(tx, transfer_id, planned).await?;
    Ok(transfer_id)
}
