//! Points are taken back: by an amount, or a whole grant that nobody has touched yet.

use sea_orm::FromQueryResult;

use crate::error::{Error, Refusal, Result};
use crate::ledger::accounts::LockedAccount;
use crate::ledger::debit::{self, Debit};
use crate::ledger::lots::{self, Draw};
use crate::ledger::{expire, transfers};
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::actor::Actor;
use crate::types::id::LotId;
use crate::types::points::Points;
use crate::types::time::Timestamp;
use crate::types::transfer_kind::TransferKind;

/// Takes `amount` from a locked account, what expires first first, and returns the number of the transfer.
///
/// # Errors
/// [`Refusal::NotEnoughPoints`] with what is missing: a balance never goes below zero.
pub async fn deduct(
    tx: &Tx,
    now: Timestamp,
    account: &mut LockedAccount,
    amount: Points,
    actor: Actor,
    reason: String,
) -> Result<i64> {
    let open = expire::end_due_lots(tx, now, account).await?;
    let draws =
        lots::plan(&open, amount, now).map_err(|short| Refusal::NotEnoughPoints { short_by: short.by })?;
    if draws.is_empty() {
        return Err(Error::Malformed("an amount to deduct"));
    }
    debit::debit(tx, now, account, &draws, taken_back(None, actor, reason)).await
}

/// Takes back a whole grant of a locked account by a transfer that names it, while its lot is untouched.
///
/// # Errors
/// [`Error::NotFound`] when the transfer is no grant of this account; [`Refusal::GrantSpent`] when some of it was spent,
/// has lapsed or was taken back before.
pub async fn reverse(
    tx: &Tx,
    now: Timestamp,
    account: &mut LockedAccount,
    grant: i64,
    actor: Actor,
    reason: String,
) -> Result<i64> {
    #[derive(FromQueryResult)]
    struct Made {
        id: LotId,
        granted: Points,
        remaining: Points,
        expires_at: Option<Timestamp>,
    }
    if !transfers::is_grant_of(tx, grant, account.id).await? {
        return Err(Error::NotFound);
    }
    expire::end_due_lots(tx, now, account).await?;
    let lot: Option<Made> = dialect::row(
        tx,
        "SELECT id, granted, remaining, expires_at FROM lots WHERE transfer_id = ? AND account_id = ?",
        [grant.into(), account.id.into()],
    )
    .await?;
    let lot = lot.ok_or_else(|| anyhow::anyhow!("grant {grant} made no lot"))?;
    if lot.remaining != lot.granted {
        return Err(Refusal::GrantSpent { left: lot.remaining }.into());
    }
    let whole = Draw { lot_id: lot.id, amount: lot.granted, expires_at: lot.expires_at };
    debit::debit(tx, now, account, &[whole], taken_back(Some(grant), actor, reason)).await
}

fn taken_back(reverses_id: Option<i64>, actor: Actor, reason: String) -> Debit {
    Debit { kind: TransferKind::Deduct, order_id: None, lot_id: None, reverses_id, actor, reason }
}
