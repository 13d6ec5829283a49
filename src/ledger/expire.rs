//! Lots end. Each ends by a transfer of its own that names it, so running this twice changes nothing.

use futures::FutureExt;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::ledger::accounts::{self, LockedAccount};
use crate::ledger::debit::{self, Debit};
use crate::ledger::lots::{self, Draw, Lot};
use crate::platform::db::{Db, Tx};
use crate::platform::dialect;
use crate::types::actor::Actor;
use crate::types::id::{AccountId, LotId};
use crate::types::points::Points;
use crate::types::time::Timestamp;
use crate::types::transfer_kind::TransferKind;

/// Accounts looked for at once.
const BATCH: i64 = 200;
/// Batches in one run; what is left is the next run's.
const MOST_BATCHES: usize = 500;

/// Ends the lots of a locked account whose time has come. Returns those that go on.
///
/// # Errors
/// When the database fails.
pub async fn end_due_lots(tx: &Tx, now: Timestamp, account: &mut LockedAccount) -> Result<Vec<Lot>> {
    let (due, open): (Vec<Lot>, Vec<Lot>) = lots::with_points(tx, account.id)
        .await?
        .into_iter()
        .partition(|lot| lot.expires_at.is_some_and(|end| end <= now));
    for lot in due {
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
    Ok(open)
}

/// Ends every lot of a locked account now, whenever its time would have come.
///
/// # Errors
/// When the database fails.
pub async fn end_all_lots(tx: &Tx, now: Timestamp, account: &mut LockedAccount) -> Result<()> {
    lots::end_now(tx, now, account.id).await?;
    end_due_lots(tx, now, account).await.map(drop)
}

/// The job: ends every lot whose time has come, one account a transaction. Returns how many accounts had any.
///
/// # Errors
/// The first failure, after all other accounts have been done; what is done stays done.
pub async fn run(db: &Db, now: Timestamp) -> Result<usize> {
    #[derive(FromQueryResult)]
    struct Due {
        account_id: AccountId,
    }
    let (mut done, mut failed) = (0, None);
    let mut last = AccountId(Uuid::nil());
    for _ in 0..MOST_BATCHES {
        let due: Vec<Due> = dialect::rows(
            db.long_reads(),
            "SELECT DISTINCT account_id FROM lots WHERE expires_at <= ? AND remaining > 0 AND account_id > ? \
             ORDER BY account_id LIMIT ?",
            [now.into(), last.into(), BATCH.into()],
        )
        .await?;
        let Some(furthest) = due.last() else { break };
        last = furthest.account_id;
        for Due { account_id } in due {
            match db.write("ledger.expire", move |tx| end_account(tx, now, account_id).boxed()).await {
                Ok(()) => done += 1,
                Err(error) => {
                    tracing::error!(account = %account_id, %error, "the lots of an account could not be ended");
                    failed = failed.or(Some(error));
                }
            }
        }
    }
    failed.map_or(Ok(done), Err)
}

async fn end_account(tx: &Tx, now: Timestamp, id: AccountId) -> Result<(), Error> {
    let mut account = accounts::lock_account_by_id(tx, id).await?;
    end_due_lots(tx, now, &mut account).await.map(drop)
}

/// A lot that the job would end now.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct DueLot {
    pub lot_id: LotId,
    pub employee_number: Option<String>,
    pub points: Points,
    pub expires_at: Timestamp,
}

/// What the job would end now, the longest overdue first, and how many lots that are in all.
///
/// # Errors
/// When the database fails.
pub async fn due(db: &Db, now: Timestamp, most: u64) -> Result<(Vec<DueLot>, i64)> {
    #[derive(FromQueryResult)]
    struct Count {
        lots: i64,
    }
    let lots = dialect::rows(
        db.long_reads(),
        "SELECT l.id AS lot_id, p.employee_number, l.remaining AS points, l.expires_at FROM lots l \
         JOIN accounts a ON a.id = l.account_id JOIN people p ON p.id = a.person_id \
         WHERE l.expires_at <= ? AND l.remaining > 0 ORDER BY l.expires_at, l.id LIMIT ?",
        [now.into(), most.into()],
    )
    .await?;
    let count: Option<Count> = dialect::row(
        db.long_reads(),
        "SELECT COUNT(*) AS lots FROM lots WHERE expires_at <= ? AND remaining > 0",
        [now.into()],
    )
    .await?;
    Ok((lots, count.map_or(0, |count| count.lots)))
}
