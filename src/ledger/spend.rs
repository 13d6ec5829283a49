//! Points go out for an order: the plan of [`lots::plan`], carried out.

use crate::error::{Refusal, Result};
use crate::ledger::accounts::{self, LockedAccount};
use crate::ledger::transfers::{self, NewTransfer};
use crate::ledger::{draws, expire, lots};
use crate::platform::db::Tx;
use crate::types::actor::Actor;
use crate::types::id::OrderId;
use crate::types::points::Points;
use crate::types::time::Timestamp;
use crate::types::transfer_kind::TransferKind;

/// What is paid, and for which order.
pub struct Charge {
    pub amount: Points,
    pub order_id: OrderId,
    pub actor: Actor,
    /// What the statement says: the order's number.
    pub reason: String,
}

/// Takes points from a locked account. Lots whose time has come end first, so that they pay nothing.
///
/// # Errors
/// [`Refusal::NotEnoughPoints`] with what is missing.
pub async fn spend(tx: &Tx, now: Timestamp, account: &mut LockedAccount, charge: Charge) -> Result<()> {
    expire::end_due_lots(tx, now, account).await?;
    let open = lots::with_points(tx, account.id).await?;
    let draws = lots::plan(&open, charge.amount, now)
        .map_err(|short| Refusal::NotEnoughPoints { short_by: short.by })?;
    let balance = account
        .balance
        .minus(charge.amount)
        .ok_or_else(|| anyhow::anyhow!("the lots of {} hold more than its balance", account.id))?;
    accounts::set_balance(tx, account, balance).await?;
    let transfer = NewTransfer {
        kind: TransferKind::Redeem,
        account_id: account.id,
        amount: charge.amount,
        balance_after: balance,
        order_id: Some(charge.order_id),
        lot_id: None,
        actor: charge.actor,
        reason: charge.reason,
    };
    let transfer_id = transfers::record(tx, now, transfer).await?;
    draws::apply(tx, transfer_id, &draws).await
}
