//! Points of people who have left: kept for as many days as the company says, then ended like any other lot. Their end is
//! brought forward to the moment they are taken, so every law of the books holds for them as well; whoever comes back in
//! time keeps everything, and what ended stays ended.

use futures::FutureExt;
use sea_orm::FromQueryResult;
use serde_json::json;
use uuid::Uuid;

use crate::audit::{self, Act};
use crate::error::Result;
use crate::ledger::accounts;
use crate::ledger::{expire, transfers};
use crate::platform::db::{Db, Tx};
use crate::platform::dialect;
use crate::types::actor::Actor;
use crate::types::id::PersonId;
use crate::types::time::Timestamp;

/// People looked for at once.
const BATCH: i64 = 200;
/// Batches in one run; what is left is the next run's.
const MOST_BATCHES: usize = 500;

#[derive(FromQueryResult)]
struct Leaver {
    id: PersonId,
}

/// The job: ends what is left to everybody who left before this moment, one person a transaction. Returns how many had any.
///
/// # Errors
/// The first failure, after everybody else has been done; what is done stays done.
pub async fn run(db: &Db, now: Timestamp, left_before: Timestamp) -> Result<usize> {
    let (mut done, mut failed) = (0, None);
    let mut last = PersonId(Uuid::nil());
    for _ in 0..MOST_BATCHES {
        let due: Vec<Leaver> = dialect::rows(
            db.long_reads(),
            "SELECT p.id FROM people p JOIN accounts a ON a.person_id = p.id \
             WHERE NOT p.is_active AND p.left_at < ? AND a.balance > 0 AND p.id > ? ORDER BY p.id LIMIT ?",
            [left_before.into(), last.into(), BATCH.into()],
        )
        .await?;
        let Some(furthest) = due.last() else { break };
        last = furthest.id;
        for Leaver { id } in due {
            match db.write("ledger.leavers", move |tx| end(tx, now, left_before, id).boxed()).await {
                Ok(ended) => done += usize::from(ended),
                Err(error) => {
                    tracing::error!(person = %id, %error, "the points of a leaver could not be ended");
                    failed = failed.or(Some(error));
                }
            }
        }
    }
    failed.map_or(Ok(done), Err)
}

/// Ends all that is left to one person, unless they are back.
async fn end(tx: &Tx, now: Timestamp, left_before: Timestamp, person_id: PersonId) -> Result<bool> {
    if !lock_leaver(tx, left_before, person_id).await? {
        return Ok(false);
    }
    let mut account = accounts::lock_account(tx, person_id).await?;
    // This run may have begun before: what ends now must not end before what was booked since. The next one does it.
    if transfers::any_after(tx, account.id, now).await? {
        return Ok(false);
    }
    let before = account.balance;
    expire::end_all_lots(tx, now, &mut account).await?;
    if account.balance == before {
        return Ok(false);
    }
    let act = Act {
        action: "person.points-end",
        subject_kind: "person",
        subject_id: person_id.to_string(),
        details: json!({ "before": before, "after": account.balance }),
    };
    audit::record(tx, now, Actor::Shop, act).await?;
    Ok(true)
}

/// Whoever comes back at this moment waits, or has come back before: then there is nothing to end.
async fn lock_leaver(tx: &Tx, left_before: Timestamp, person_id: PersonId) -> Result<bool> {
    let sql = "SELECT id FROM people WHERE id = ? AND NOT is_active AND left_at < ?";
    let leaver: Option<Leaver> = dialect::locked_row(tx, sql, [person_id.into(), left_before.into()]).await?;
    Ok(leaver.is_some())
}
