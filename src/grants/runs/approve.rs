//! The second pair of eyes: somebody else of the desk lets a run begin or ends it. Never its maker, and nobody who gains
//! by it. The database holds the first of these, too.

use sea_orm::FromQueryResult;
use serde_json::json;

use super::{Run, Terms, commit};
use crate::error::{Refusal, Result, WhyNoRun};
use crate::grants::runs;
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::actor::Actor;
use crate::types::grant_run::RunState;
use crate::types::id::{PersonId, RunId};
use crate::types::time::Timestamp;

/// Lets a run begin that waits. The same click twice is once.
///
/// # Errors
/// [`WhyNoRun`] when the judge made it or gets points by it; [`Refusal::ChangedMeanwhile`] when it does not wait any more.
pub async fn approve(
    tx: &Tx,
    now: Timestamp,
    judge: PersonId,
    id: RunId,
    version: i64,
    terms: &Terms,
) -> Result<()> {
    let run = runs::lock_run(tx, id).await?;
    if run.judge_id == Some(judge) && !matches!(run.state, RunState::Waiting | RunState::Rejected) {
        return Ok(());
    }
    judged(tx, now, judge, &run, version, String::new()).await?;
    commit::begin(tx, now, &run, terms).await?;
    runs::record(tx, now, Actor::Person(judge), "run.approve", &run, RunState::Running, json!({})).await
}

/// Ends a run that waits, with a reason. The same click twice is once.
///
/// # Errors
/// As [`approve`].
pub async fn reject(
    tx: &Tx,
    now: Timestamp,
    judge: PersonId,
    id: RunId,
    version: i64,
    why: String,
) -> Result<()> {
    let run = runs::lock_run(tx, id).await?;
    if run.judge_id == Some(judge) && run.state == RunState::Rejected {
        return Ok(());
    }
    let more = json!({ "reason": why });
    judged(tx, now, judge, &run, version, why).await?;
    dialect::execute(tx, "UPDATE grant_runs SET state = 'rejected' WHERE id = ?", [id.into()]).await?;
    runs::record(tx, now, Actor::Person(judge), "run.reject", &run, RunState::Rejected, more).await
}

async fn judged(
    tx: &Tx,
    now: Timestamp,
    judge: PersonId,
    run: &Run,
    version: i64,
    why: String,
) -> Result<()> {
    if run.maker_id == judge {
        return Err(WhyNoRun::OwnRun.into());
    }
    if run.state != RunState::Waiting || run.version != version {
        return Err(Refusal::ChangedMeanwhile.into());
    }
    if runs::gives_to(tx, run.id, judge).await? {
        return Err(WhyNoRun::GivesToYou.into());
    }
    let sql =
        "UPDATE grant_runs SET judge_id = ?, judged_at = ?, verdict = ?, version = version + 1 WHERE id = ?";
    dialect::execute(tx, sql, [judge.into(), now.into(), why.into(), run.id.into()]).await?;
    Ok(())
}

/// Whether somebody may judge a run, and if not, why.
///
/// # Errors
/// When the database fails.
pub async fn obstacle(
    db: &impl sea_orm::ConnectionTrait,
    run: &Run,
    judge: PersonId,
) -> Result<Option<WhyNoRun>> {
    if run.maker_id == judge {
        return Ok(Some(WhyNoRun::OwnRun));
    }
    Ok(runs::gives_to(db, run.id, judge).await?.then_some(WhyNoRun::GivesToYou))
}

/// Whether there is anybody who may judge a run: at the points desk, neither its maker nor somebody it gives to.
///
/// # Errors
/// When the database fails.
pub async fn has_judge(db: &impl sea_orm::ConnectionTrait, run: &Run) -> Result<bool> {
    #[derive(FromQueryResult)]
    struct Judges {
        found: i64,
    }
    let judges: Option<Judges> = dialect::row(
        db,
        "SELECT COUNT(*) AS found FROM person_roles r JOIN people p ON p.id = r.person_id \
         WHERE r.role IN ('points', 'super-admin') AND p.is_active AND p.id <> ? AND NOT EXISTS \
           (SELECT 1 FROM grant_run_rows w WHERE w.run_id = ? AND w.person_id = p.id AND w.state = 'good')",
        [run.maker_id.into(), run.id.into()],
    )
    .await?;
    Ok(judges.is_some_and(|judges| judges.found > 0))
}
