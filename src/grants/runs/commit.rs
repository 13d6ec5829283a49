//! A draft becomes real: it begins at once, or waits for a second pair of eyes. Or it is thrown away.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use super::{Run, Terms};
use crate::entity::grant_runs;
use crate::error::{Error, FieldErrors, FieldProblem, Refusal, Result, WhyNoRun};
use crate::grants::runs;
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::actor::Actor;
use crate::types::grant_run::{RunEnds, RunState};
use crate::types::id::{PersonId, RunId};
use crate::types::time::Timestamp;

/// What the maker has said yes to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Consent {
    /// The version of the draft they have looked at.
    pub version: i64,
    /// Leave out the rows that cannot be granted.
    pub good_only: bool,
    /// The same sheet was granted before, and is meant once more.
    pub again: bool,
}

/// Commits a draft; where it stands then. A second click finds it committed, and nothing happens.
///
/// # Errors
/// [`Error::Invalid`] when a yes is missing; [`WhyNoRun`] when it is somebody else's or gives nothing;
/// [`Refusal::ChangedMeanwhile`].
pub async fn commit(
    tx: &Tx,
    now: Timestamp,
    maker: PersonId,
    id: RunId,
    consent: Consent,
    terms: &Terms,
) -> Result<RunState> {
    let (run, others) = lock_with_twins(tx, id).await?;
    if run.maker_id != maker {
        return Err(WhyNoRun::NotYours.into());
    }
    match run.state {
        RunState::Draft if run.version == consent.version => {}
        RunState::Draft | RunState::Discarded => return Err(Refusal::ChangedMeanwhile.into()),
        before => return Ok(before),
    }
    if run.good_count == 0 {
        return Err(WhyNoRun::NothingToGrant.into());
    }
    let mut errors = FieldErrors::default();
    if run.good_count < run.row_count && !consent.good_only {
        errors.add("good_only", FieldProblem::Confirm);
    }
    if others.iter().any(counts_as_granted) && !consent.again {
        errors.add("again", FieldProblem::Confirm);
    }
    errors.check()?;
    let state = if terms.asks_for_approval(run.total) { RunState::Waiting } else { RunState::Running };
    let sql = "UPDATE grant_runs SET state = 'waiting', committed_at = ?, version = version + 1 WHERE id = ?";
    dialect::execute(tx, sql, [now.into(), id.into()]).await?;
    if state == RunState::Running {
        begin(tx, now, &run, terms).await?;
    }
    let more = json!({ "good_only": consent.good_only, "again": consent.again });
    runs::record(tx, now, Actor::Person(maker), "run.commit", &run, state, more).await?;
    Ok(state)
}

/// Throws away a draft, or takes back what waits for a second pair of eyes. Twice is once.
///
/// # Errors
/// [`WhyNoRun::NotYours`]; [`Refusal::ChangedMeanwhile`] when it has begun.
pub async fn discard(tx: &Tx, now: Timestamp, maker: PersonId, id: RunId) -> Result<()> {
    let run = runs::lock_run(tx, id).await?;
    if run.maker_id != maker {
        return Err(WhyNoRun::NotYours.into());
    }
    match run.state {
        RunState::Draft | RunState::Waiting => {}
        RunState::Discarded => return Ok(()),
        _ => return Err(Refusal::ChangedMeanwhile.into()),
    }
    let sql = "UPDATE grant_runs SET state = 'discarded', version = version + 1 WHERE id = ?";
    dialect::execute(tx, sql, [id.into()]).await?;
    let actor = Actor::Person(maker);
    runs::record(tx, now, actor, "run.discard", &run, RunState::Discarded, json!({})).await
}

/// Hands a locked run to the job. Until when its points are good is fixed now, for all its rows alike.
pub(super) async fn begin(tx: &Tx, now: Timestamp, run: &Run, terms: &Terms) -> Result<()> {
    let ends: RunEnds = run.ends.parse().map_err(|()| anyhow::anyhow!("run {} ends oddly", run.id))?;
    let expires_at = ends.resolve(now, terms.expire, terms.zone);
    if expires_at.is_some_and(|end| end <= now) {
        return Err(WhyNoRun::EndsPassed.into());
    }
    let sql = "UPDATE grant_runs SET state = 'running', started_at = ?, expires_at = ? WHERE id = ?";
    dialect::execute(tx, sql, [now.into(), expires_at.into(), run.id.into()]).await?;
    Ok(())
}

/// Earlier runs with the same people and amounts whose points were given or will be.
///
/// # Errors
/// When the database fails.
pub async fn seen_before(db: &impl ConnectionTrait, run: &Run) -> Result<Vec<Run>> {
    let twins = grant_runs::Entity::find()
        .filter(grant_runs::Column::Digest.eq(run.digest.clone()))
        .filter(grant_runs::Column::Id.ne(run.id))
        .order_by_desc(grant_runs::Column::Id)
        .all(db)
        .await?;
    Ok(twins.into_iter().filter(counts_as_granted).collect())
}

/// Also what was taken back, when somebody had spent some of theirs and kept it.
fn counts_as_granted(run: &Run) -> bool {
    match run.state {
        RunState::Waiting | RunState::Running | RunState::Done | RunState::Reversing => true,
        RunState::Reversed => run.kept_count > 0,
        RunState::Draft | RunState::Discarded | RunState::Rejected => false,
    }
}

/// Locks a run together with all of the same digest, so that of two drafts of one sheet one sees the other committed.
async fn lock_with_twins(tx: &Tx, id: RunId) -> Result<(Run, Vec<Run>)> {
    let digest = runs::find(tx, id).await?.digest;
    let twins = grant_runs::Entity::find()
        .filter(grant_runs::Column::Digest.eq(digest))
        .order_by_asc(grant_runs::Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?;
    let (own, others): (Vec<_>, Vec<_>) = twins.into_iter().partition(|twin| twin.id == id);
    let own = own.into_iter().next().ok_or(Error::NotFound)?;
    Ok((own, others))
}
