//! Points come in: the balance grows and a lot is made of them.

use crate::error::{Error, Refusal, Result};
use crate::ledger::accounts::{self, LockedAccount};
use crate::ledger::lots;
use crate::ledger::transfers::{self, NewTransfer};
use crate::platform::db::Tx;
use crate::types::actor::Actor;
use crate::types::points::{MOST_POINTS, Points};
use crate::types::time::Timestamp;
use crate::types::transfer_kind::TransferKind;

/// Points to be given.
pub struct Credit {
    pub amount: Points,
    /// When what is left of them lapses; `None` never.
    pub expires_at: Option<Timestamp>,
    pub actor: Actor,
    pub reason: String,
}

/// Gives points to a locked account and returns the number of the transfer.
///
/// # Errors
/// [`Refusal::BalanceFull`] when the balance would be beyond [`MOST_POINTS`].
pub async fn credit(tx: &Tx, now: Timestamp, account: &mut LockedAccount, new: Credit) -> Result<i64> {
    if new.amount <= Points::ZERO {
        return Err(Error::Internal(anyhow::anyhow!("{:?} cannot be credited to {:?}", new.amount, account)));
    }
    let balance = account.balance.plus(new.amount).filter(|after| after.0 <= MOST_POINTS);
    let room = Points(MOST_POINTS).minus(account.balance).unwrap_or_default();
    let balance = balance.ok_or(Refusal::BalanceFull { most: Points(MOST_POINTS), room })?;
    accounts::set_balance(tx, account, balance).await?;
    let transfer = NewTransfer {
        kind: TransferKind::Grant,
        account_id: account.id,
        amount: new.amount,
        balance_after: balance,
        order_id: None,
        lot_id: None,
        reverses_id: None,
        actor: new.actor,
        reason: new.reason,
    };
    let transfer_id = transfers::record(tx, now, transfer).await?;
    lots::open(tx, now, account.id, transfer_id, new.amount, new.expires_at).await?;
    Ok(transfer_id)
}
