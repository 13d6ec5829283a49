//! A run is taken back as a whole: what of it that would be, and the word to do it.

use sea_orm::{ConnectionTrait, FromQueryResult};
use serde_json::json;

use super::Run;
use crate::error::{Refusal, Result, WhyNoRun};
use crate::grants::runs;
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::actor::Actor;
use crate::types::grant_run::RunState;
use crate::types::id::{PersonId, RunId};
use crate::types::points::Points;
use crate::types::time::Timestamp;

/// What can be taken back of a run now, and what cannot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outlook {
    pub untouched_count: i64,
    pub untouched_total: Points,
    pub touched_count: i64,
    /// What was granted by the rows that somebody has touched.
    pub touched_total: Points,
}

/// Looks at every grant of a run.
///
/// # Errors
/// When the database fails.
pub async fn outlook(db: &impl ConnectionTrait, now: Timestamp, id: RunId) -> Result<Outlook> {
    #[derive(FromQueryResult)]
    struct Half {
        whole: i64,
        grants: i64,
        total: Points,
    }
    let halves: Vec<Half> = dialect::rows(
        db,
        "SELECT CAST(x.whole AS SIGNED) AS whole, COUNT(*) AS grants, CAST(SUM(x.amount) AS SIGNED) AS total FROM ( \
           SELECT g.amount, CASE WHEN l.remaining = l.granted AND (l.expires_at IS NULL OR l.expires_at > ?) \
             THEN 1 ELSE 0 END AS whole \
           FROM grants g JOIN accounts a ON a.person_id = g.person_id \
           JOIN lots l ON l.account_id = a.id AND l.transfer_id = g.transfer_id WHERE g.run_id = ?) x \
         GROUP BY x.whole",
        [now.into(), id.into()],
    )
    .await?;
    let mut outlook = Outlook::default();
    for half in halves {
        if half.whole == 1 {
            (outlook.untouched_count, outlook.untouched_total) = (half.grants, half.total);
        } else {
            (outlook.touched_count, outlook.touched_total) = (half.grants, half.total);
        }
    }
    Ok(outlook)
}

/// Hands a run that is done to the job, to take back what is untouched. The same click twice is once.
///
/// # Errors
/// [`Refusal::ChangedMeanwhile`] when it is not done or changed since; [`WhyNoRun::NothingToTakeBack`].
pub async fn begin(
    tx: &Tx,
    now: Timestamp,
    reverser: PersonId,
    id: RunId,
    version: i64,
    why: String,
) -> Result<()> {
    let run = runs::lock_run(tx, id).await?;
    if run.reverser_id == Some(reverser) {
        return Ok(());
    }
    if run.state != RunState::Done || run.version != version {
        return Err(Refusal::ChangedMeanwhile.into());
    }
    if outlook(tx, now, id).await?.untouched_count == 0 {
        return Err(WhyNoRun::NothingToTakeBack.into());
    }
    let more = json!({ "reason": why });
    dialect::execute(
        tx,
        "UPDATE grant_runs SET state = 'reversing', reverser_id = ?, reversal_note = ?, reversal_at = ?, \
         version = version + 1 WHERE id = ?",
        [reverser.into(), why.into(), now.into(), id.into()],
    )
    .await?;
    runs::record(tx, now, Actor::Person(reverser), "run.reverse", &run, RunState::Reversing, more).await
}

/// What was taken back and what was not, as a sentence would say it.
#[must_use]
pub fn left_to_do(run: &Run) -> i64 {
    run.granted_count - run.taken_back_count - run.kept_count
}
