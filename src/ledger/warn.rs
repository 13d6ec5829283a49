//! Telling people that points are about to lapse: once 30 days before and once 7 days before, one notice for all lots of
//! a person that end at the same time. What was told is remembered by a unique key, so that running this twice tells
//! nobody twice.

use futures::FutureExt;
use sea_orm::{EntityTrait, FromQueryResult, Set};

use crate::entity::expiry_warnings;
use crate::error::Result;
use crate::outbox;
use crate::outbox::event::{Event, PointsExpiring};
use crate::platform::db::{Db, Tx};
use crate::platform::dialect;
use crate::types::id::{AccountId, PersonId};
use crate::types::points::Points;
use crate::types::time::Timestamp;

/// How many days before the end people are told, the last notice first.
pub const DAYS_BEFORE: [i64; 2] = [7, 30];
/// Ends looked for at once.
const BATCH: i64 = 200;
/// Batches in one run; what is left is the next run's.
const MOST_BATCHES: usize = 500;

/// Lots of one account that end at the same time, and of which nobody has been told.
#[derive(Clone, Debug, FromQueryResult)]
struct Ending {
    account_id: AccountId,
    expires_at: Timestamp,
}

/// The job: tells everybody whose points end soon and who was not told yet. Returns how many were told.
///
/// # Errors
/// The first failure; the others have been told all the same.
pub async fn run(db: &Db, now: Timestamp) -> Result<usize> {
    let (mut told, mut failed) = (0, None);
    // The later notice first: whoever is within its days is not told of the earlier one as well.
    let mut after = now;
    for days in DAYS_BEFORE {
        let until = now.plus_days(days);
        let mut last = Ending { account_id: AccountId(uuid::Uuid::nil()), expires_at: now };
        for _ in 0..MOST_BATCHES {
            let ending = untold(db, after, until, days, &last).await?;
            let Some(furthest) = ending.last() else { break };
            last = furthest.clone();
            for lots in ending {
                let write = db.write("ledger.warn", move |tx| tell(tx, now, lots.clone(), days).boxed());
                match write.await {
                    Ok(is_told) => told += usize::from(is_told),
                    Err(error) => {
                        tracing::error!(%error, "somebody could not be told that points lapse soon");
                        failed = failed.or(Some(error));
                    }
                }
            }
        }
        after = until;
    }
    failed.map_or(Ok(told), Err)
}

/// What ends after `after` and not after `until`, page by page.
async fn untold(
    db: &Db,
    after: Timestamp,
    until: Timestamp,
    days: i64,
    last: &Ending,
) -> Result<Vec<Ending>> {
    dialect::rows(
        db.long_reads(),
        "SELECT DISTINCT l.account_id, l.expires_at FROM lots l \
         JOIN accounts a ON a.id = l.account_id JOIN people p ON p.id = a.person_id \
         LEFT JOIN expiry_warnings w \
           ON w.account_id = l.account_id AND w.ends_at = l.expires_at AND w.days_before = ? \
         WHERE l.expires_at > ? AND l.expires_at <= ? AND l.remaining > 0 AND p.is_active AND w.account_id IS NULL \
           AND (l.account_id > ? OR (l.account_id = ? AND l.expires_at > ?)) \
         ORDER BY l.account_id, l.expires_at LIMIT ?",
        [
            days.into(),
            after.into(),
            until.into(),
            last.account_id.into(),
            last.account_id.into(),
            last.expires_at.into(),
            BATCH.into(),
        ],
    )
    .await
}

async fn tell(tx: &Tx, now: Timestamp, lots: Ending, days: i64) -> Result<bool> {
    #[derive(FromQueryResult)]
    struct Owner {
        person_id: PersonId,
        name: String,
        email: String,
        points: Points,
    }
    let owner: Option<Owner> = dialect::row(
        tx,
        "SELECT p.id AS person_id, p.name, p.email, CAST(SUM(l.remaining) AS SIGNED) AS points FROM lots l \
         JOIN accounts a ON a.id = l.account_id JOIN people p ON p.id = a.person_id \
         WHERE l.account_id = ? AND l.expires_at = ? AND l.remaining > 0 AND p.is_active GROUP BY p.id, p.name, p.email",
        [lots.account_id.into(), lots.expires_at.into()],
    )
    .await?;
    // Spent, or gone, since it was looked for.
    let Some(owner) = owner else { return Ok(false) };
    let row = expiry_warnings::ActiveModel {
        account_id: Set(lots.account_id),
        ends_at: Set(lots.expires_at),
        days_before: Set(days),
        at: Set(now),
    };
    match expiry_warnings::Entity::insert(row).exec_without_returning(tx).await {
        Err(error) if dialect::is_duplicate(&error) => return Ok(false),
        inserted => inserted?,
    };
    let event = Event::PointsExpiring(PointsExpiring {
        person_id: owner.person_id,
        name: owner.name,
        email: owner.email,
        points: owner.points,
        ends_at: lots.expires_at,
    });
    outbox::publish(tx, now, &event).await?;
    Ok(true)
}
