//! Points go out for an order: the plan of [`lots::plan`], carried out.

use crate::error::{Refusal, Result};
use crate::ledger::accounts::LockedAccount;
use crate::ledger::debit::{self, Debit};
use crate::ledger::{expire, lots};
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
    let open = expire::end_due_lots(tx, now, account).await?;
    let draws = lots::plan(&open, charge.amount, now)
        .map_err(|short| Refusal::NotEnoughPoints { short_by: short.by })?;
    let why = Debit {
        kind: TransferKind::Redeem,
        order_id: Some(charge.order_id),
        lot_id: None,
        reverses_id: None,
        actor: charge.actor,
        reason: charge.reason,
    };
    debit::debit(tx, now, account, &draws, why).await?;
    Ok(())
}
