//! Lots end. Each ends by a transfer of its own that names it, so running this twice changes nothing.

use futures::FutureExt;
use sea_orm::FromQueryResult;

use crate::error::{Error, Result};
use crate::ledger::accounts::{self, LockedAccount};
use crate::ledger::debit::{self, Debit};
use crate::ledger::lots::{self, Draw};
use crate::platform::db::{Db, Tx};
use crate::platform::dialect;
use crate::types::actor::Actor;
use crate::types::id::AccountId;
use crate::types::time::Timestamp;
use crate::types::transfer_kind::TransferKind;

/// Accounts looked for at once.
const BATCH: i64 = 200;
/// Batches in one run; what is left is the next run's.
const MOST_BATCHES: usize = 500;

/// Ends the lots of a locked account whose time has come.
///
/// # Errors
/// When the database fails.
pub async fn end_due_lots(tx: &Tx, now: Timestamp, account: &mut LockedAccount) -> Result<()> {
    let open = lots::with_points(tx, account.id).await?;
    for lot in open.into_iter().filter(|lot| lot.expires_at.is_some_and(|end| end <= now)) {
        let all = Draw { lot_id: lot.id, amount: lot.remaining, expires_at: lot.expires_at };
        let why = Debit {
            kind: TransferKind::Expire,
            order_id: None,
            lot_id: Some(lot.id),
            reverses_id: None,
            actor: Actor::Shop,
            reason: String::new(),
        };
        debit::debit(tx, now, account, &[all], why).await?;
    }
    Ok(())
}

/// The job: ends every lot whose time has come, one account a transaction. Returns how many accounts had any.
///
/// # Errors
/// When the database fails; the accounts done so far stay done.
pub async fn run(db: &Db, now: Timestamp) -> Result<usize> {
    #[derive(FromQueryResult)]
    struct Due {
        account_id: AccountId,
    }
    let mut accounts_done = 0;
    for _ in 0..MOST_BATCHES {
        let due: Vec<Due> = dialect::rows(
            db.reads(),
            "SELECT DISTINCT account_id FROM lots WHERE expires_at <= ? AND remaining > 0 LIMIT ?",
            [now.into(), BATCH.into()],
        )
        .await?;
        if due.is_empty() {
            return Ok(accounts_done);
        }
        for account in due {
            db.write("ledger.expire", move |tx| end_account(tx, now, account.account_id).boxed()).await?;
            accounts_done += 1;
        }
    }
    Ok(accounts_done)
}

async fn end_account(tx: &Tx, now: Timestamp, id: AccountId) -> Result<(), Error> {
    let mut account = accounts::lock_account_by_id(tx, id).await?;
    end_due_lots(tx, now, &mut account).await
}
