//! A run is made: as a draft that its maker looks over, or, for a single grant, waiting for a second pair of eyes.

use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, Set};
use serde_json::json;

use super::check::{self, Judged};
use crate::entity::{grant_run_rows, grant_runs};
use crate::error::{Error, Refusal, Result, WhyNoRun};
use crate::grants::{runs, single};
use crate::people;
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::actor::Actor;
use crate::types::form_key::FormKey;
use crate::types::grant_run::{RunEnds, RunOrigin, RunState};
use crate::types::id::{PersonId, RunId};
use crate::types::points::Points;
use crate::types::time::Timestamp;

/// Rows written by one statement.
const ROWS_AT_ONCE: usize = 500;

/// What a run gives, and why.
#[derive(Clone, Debug)]
pub struct Plan {
    pub origin: RunOrigin,
    /// As the sheet was called; empty without one.
    pub file_name: String,
    /// One of [`crate::grants::reasons::OF_GRANTS`].
    pub reason: &'static str,
    /// What people read who have no note of their own in the sheet.
    pub note: String,
    pub ends: RunEnds,
    pub rows: Vec<Judged>,
}

/// One grant that is too large for one pair of eyes.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// What the form was sent with.
    pub key: FormKey,
    pub person_id: PersonId,
    pub amount: Points,
    pub reason: &'static str,
    pub note: String,
    pub ends: RunEnds,
}

/// Keeps a run for its maker to look over. Nothing is promised to anybody yet.
///
/// # Errors
/// When the database fails.
pub async fn draft(tx: &Tx, now: Timestamp, maker: PersonId, plan: Plan) -> Result<RunId> {
    write(tx, now, maker, plan, RunState::Draft, None).await
}

/// Lays a single grant before somebody else; whether it needs that is [`super::Terms::asks_for_approval`]'s to say.
///
/// # Errors
/// [`Refusal::GrantToSelf`], [`Refusal::ReceiverInactive`]; [`Refusal::FormReused`] when the key stands for another one;
/// [`Error::Malformed`] when no person makes it.
pub async fn propose(tx: &Tx, now: Timestamp, actor: Actor, new: Proposal) -> Result<RunId> {
    let maker = actor.person().ok_or(Error::Malformed("a proposal of nobody"))?;
    if maker == new.person_id {
        return Err(Refusal::GrantToSelf.into());
    }
    // Under the person's lock: of two clicks the second finds what the first one made.
    if !people::lock_person(tx, new.person_id).await?.is_active {
        return Err(Refusal::ReceiverInactive.into());
    }
    let sent = grant_runs::Entity::find().filter(grant_runs::Column::FormKey.eq(new.key));
    if let Some(before) = sent.one(tx).await? {
        let is_same = before.maker_id == maker
            && before.total == new.amount
            && before.reason == new.reason
            && before.note == new.note
            && before.ends == new.ends.to_string()
            && runs::gives_to(tx, before.id, new.person_id).await?;
        return if is_same { Ok(before.id) } else { Err(Refusal::FormReused.into()) };
    }
    if single::is_given(tx, new.key).await? {
        return Err(Refusal::FormReused.into());
    }
    let person = people::load(tx, new.person_id).await?;
    if new.amount <= Points::ZERO {
        return Err(WhyNoRun::NothingToGrant.into());
    }
    let row = Judged {
        line: 1,
        who: person.email,
        amount_typed: new.amount.0.to_string(),
        note: String::new(),
        person_id: Some(new.person_id),
        amount: Some(new.amount),
        is_unusual: false,
        problem: None,
        other_line: None,
    };
    let plan = Plan {
        origin: RunOrigin::Single,
        file_name: String::new(),
        reason: new.reason,
        note: new.note,
        ends: new.ends,
        rows: vec![row],
    };
    write(tx, now, maker, plan, RunState::Waiting, Some(new.key)).await.map_err(|error| match error {
        Error::Database(error) if dialect::is_duplicate(&error) => Refusal::FormReused.into(),
        error => error,
    })
}

/// Whether the form lies before somebody already, or did.
///
/// # Errors
/// When the database fails.
pub async fn is_proposed(tx: &Tx, key: FormKey) -> Result<bool> {
    let sent = grant_runs::Entity::find().filter(grant_runs::Column::FormKey.eq(key));
    Ok(sent.count(tx).await? > 0)
}

async fn write(
    tx: &Tx,
    now: Timestamp,
    maker: PersonId,
    plan: Plan,
    state: RunState,
    form_key: Option<FormKey>,
) -> Result<RunId> {
    let good: Vec<_> = plan.rows.iter().filter(|row| row.problem.is_none()).collect();
    let total = Points::sum(good.iter().filter_map(|row| row.amount));
    let total = total.ok_or_else(|| anyhow::anyhow!("a run beyond counting"))?;
    let run = grant_runs::Model {
        id: RunId::new(),
        origin: plan.origin,
        state,
        file_name: plan.file_name,
        form_key,
        digest: check::digest_of(&plan.rows),
        reason: plan.reason.to_owned(),
        note: plan.note,
        ends: plan.ends.to_string(),
        expires_at: None,
        row_count: count(plan.rows.len()),
        good_count: count(good.len()),
        total,
        granted_count: 0,
        granted_total: Points::ZERO,
        failed_count: 0,
        taken_back_count: 0,
        taken_back_total: Points::ZERO,
        kept_count: 0,
        maker_id: maker,
        judge_id: None,
        verdict: String::new(),
        reverser_id: None,
        reversal_note: String::new(),
        version: 1,
        created_at: now,
        committed_at: (state == RunState::Waiting).then_some(now),
        judged_at: None,
        started_at: None,
        finished_at: None,
        reversal_at: None,
        reversed_at: None,
    };
    grant_runs::Entity::insert(grant_runs::ActiveModel::from(run.clone())).exec_without_returning(tx).await?;
    let mut rows: Vec<_> = (1..).zip(plan.rows).collect();
    // A row locks its person: in the order in which everybody locks people.
    rows.sort_by_key(|(_, row)| row.person_id);
    let rows: Vec<_> = rows.into_iter().map(|(position, row)| active(run.id, position, row)).collect();
    for some in rows.chunks(ROWS_AT_ONCE) {
        grant_run_rows::Entity::insert_many(some.to_vec()).exec_without_returning(tx).await?;
    }
    let more = json!({ "origin": run.origin.name(), "file": run.file_name, "bad_rows": run.row_count - run.good_count });
    runs::record(tx, now, Actor::Person(maker), "run.draft", &run, state, more).await?;
    Ok(run.id)
}

fn active(run_id: RunId, position: i64, row: Judged) -> grant_run_rows::ActiveModel {
    grant_run_rows::ActiveModel {
        run_id: Set(run_id),
        position: Set(position),
        line: Set(row.line),
        state: Set(row.state()),
        who: Set(row.who),
        amount_typed: Set(row.amount_typed),
        note: Set(row.note),
        person_id: Set(row.person_id),
        amount: Set(row.amount),
        is_unusual: Set(row.is_unusual),
        problem: Set(row.problem),
        other_line: Set(row.other_line),
    }
}

fn count(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}
