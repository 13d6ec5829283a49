//! A piece of a run is given: its rows are locked, their people get their points, the rows say so. All of it or nothing.

use std::collections::BTreeMap;

use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, Set};
use serde_json::json;

use super::Run;
use crate::audit::{self, Act};
use crate::entity::{grant_run_rows, grants};
use crate::error::{Error, Refusal, Result};
use crate::grants::runs;
use crate::ledger::accounts::{self, LockedAccount};
use crate::ledger::credit::{self, Credit};
use crate::outbox;
use crate::outbox::event::{Event, GrantMade};
use crate::people::{self, Person};
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::actor::Actor;
use crate::types::grant_run::{RowProblem, RowState, RunState};
use crate::types::id::{GrantId, PersonId, RunId};
use crate::types::points::Points;
use crate::types::time::Timestamp;

/// A row that is ours until the end of the transaction.
#[derive(Clone, Debug, FromQueryResult)]
struct Row {
    position: i64,
    person_id: PersonId,
    amount: Points,
    note: String,
}

/// A row whose person gets its points now.
struct Gift {
    row: Row,
    person: Person,
    account: LockedAccount,
    balance_after: Points,
    grant_id: GrantId,
}

/// Gives the next rows of a run that nobody else is at; how many there were. With the last of them the run is done.
///
/// # Errors
/// When the database fails; nothing was given then.
pub(super) async fn next_rows(tx: &Tx, now: Timestamp, run: &Run, most: u64) -> Result<usize> {
    let sql = "SELECT position, person_id, amount, note FROM grant_run_rows \
               WHERE run_id = ? AND state = 'good' ORDER BY position LIMIT ?";
    let rows: Vec<Row> = dialect::rows_skipping_locked(tx, sql, [run.id.into(), most.into()]).await?;
    if rows.is_empty() {
        return Ok(0);
    }
    let (count, mut failed) = (rows.len(), BTreeMap::<RowProblem, Vec<i64>>::new());
    let mut gifts = Vec::with_capacity(count);
    for (row, verdict) in judged(tx, now, run, rows).await? {
        match verdict {
            Ok(gift) => gifts.push(gift),
            Err(problem) => failed.entry(problem).or_default().push(row),
        }
    }
    let points = Points::sum(gifts.iter().map(|gift| gift.row.amount)).unwrap_or_default();
    let positions: Vec<_> = gifts.iter().map(|gift| gift.row.position).collect();
    if !gifts.is_empty() {
        give(tx, now, run, gifts).await?;
        mark(tx, run.id, &positions, RowState::Granted, None).await?;
    }
    for (problem, rows) in &failed {
        mark(tx, run.id, rows, RowState::Failed, Some(*problem)).await?;
    }
    let failures = count - positions.len();
    counted(tx, now, run, positions.len(), points, failures).await?;
    Ok(count)
}

/// Looks once more at every row, now that its person and their account are held.
async fn judged(
    tx: &Tx,
    now: Timestamp,
    run: &Run,
    rows: Vec<Row>,
) -> Result<Vec<(i64, Result<Gift, RowProblem>)>> {
    let ids: Vec<_> = rows.iter().map(|row| row.person_id).collect();
    let people = people::lock_people(tx, &ids).await?;
    let mut people: BTreeMap<_, _> = people.into_iter().map(|person| (person.id, person)).collect();
    let mut accounts = accounts::lock_or_open_many(tx, now, &ids).await?;
    rows.into_iter()
        .map(|row| {
            let (position, id) = (row.position, row.person_id);
            // Both are there: a row names its person, whose account was opened just now. A second row of one person finds
            // neither, and is no good row of any sheet.
            let verdict = match (people.remove(&id), accounts.remove(&id)) {
                // Whoever was at the run was stopped, and time went by.
                _ if run.expires_at.is_some_and(|end| end <= now) => Err(RowProblem::Ended),
                (Some(person), _) if !person.is_active => Err(RowProblem::Inactive),
                _ if id == run.maker_id => Err(RowProblem::Maker),
                (Some(person), Some(account)) => match credit::balance_after(&account, row.amount) {
                    Ok(balance_after) => {
                        Ok(Gift { row, person, account, balance_after, grant_id: GrantId::new() })
                    }
                    Err(Error::Refused(Refusal::BalanceFull { .. })) => Err(RowProblem::OverBalance),
                    Err(error) => return Err(error),
                },
                _ => Err(RowProblem::Twice),
            };
            Ok((position, verdict))
        })
        .collect()
}

async fn give(tx: &Tx, now: Timestamp, run: &Run, gifts: Vec<Gift>) -> Result<()> {
    let actor = Actor::Person(run.maker_id);
    let (mut credits, mut rows, mut acts, mut told) = (vec![], vec![], vec![], vec![]);
    for Gift { row, person, account, balance_after, grant_id } in gifts {
        let note = if row.note.is_empty() { run.note.clone() } else { row.note };
        acts.push(Act {
            action: "points.grant",
            subject_kind: "grant",
            subject_id: grant_id.to_string(),
            details: json!({
                "person": person.id, "amount": row.amount, "reason": run.reason, "note": note, "run": run.id,
                "expires_at": run.expires_at,
                "before": { "balance": account.balance }, "after": { "balance": balance_after },
            }),
        });
        rows.push(grants::ActiveModel {
            id: Set(grant_id),
            person_id: Set(person.id),
            amount: Set(row.amount),
            reason: Set(run.reason.clone()),
            note: Set(note.clone()),
            actor_id: Set(Some(run.maker_id)),
            at: Set(now),
            run_id: Set(Some(run.id)),
            run_position: Set(Some(row.position)),
            ..Default::default()
        });
        told.push(GrantMade {
            person_id: person.id,
            name: person.name,
            email: person.email,
            points: row.amount,
            can_spend: Points::ZERO,
            note: note.clone(),
            expires_at: run.expires_at,
        });
        let credit = Credit { amount: row.amount, expires_at: run.expires_at, actor, reason: note };
        credits.push((account, credit));
    }
    let transfers = credit::credit_many(tx, now, credits).await?;
    for (row, transfer_id) in rows.iter_mut().zip(transfers) {
        row.transfer_id = Set(transfer_id);
    }
    grants::Entity::insert_many(rows).exec_without_returning(tx).await?;
    audit::record_all(tx, now, actor, acts).await?;
    let people: Vec<_> = told.iter().map(|gift| gift.person_id).collect();
    let spendable = accounts::spendable_many(tx, now, &people).await?;
    let events: Vec<_> = told
        .into_iter()
        .map(|gift| {
            let can_spend = spendable.get(&gift.person_id).copied().unwrap_or_default();
            Event::GrantMade(GrantMade { can_spend, ..gift })
        })
        .collect();
    outbox::publish_many(tx, now, &events).await
}

/// Says in the rows what became of them: each was good, and is so no more.
pub(super) async fn mark(
    tx: &Tx,
    run_id: RunId,
    positions: &[i64],
    state: RowState,
    problem: Option<RowProblem>,
) -> Result<()> {
    let before = match state {
        RowState::TakenBack | RowState::Kept => RowState::Granted,
        _ => RowState::Good,
    };
    let row = grant_run_rows::ActiveModel { state: Set(state), problem: Set(problem), ..Default::default() };
    let marked = grant_run_rows::Entity::update_many()
        .set(row)
        .filter(grant_run_rows::Column::RunId.eq(run_id))
        .filter(grant_run_rows::Column::Position.is_in(positions.iter().copied()))
        .filter(grant_run_rows::Column::State.eq(before))
        .exec(tx)
        .await?;
    if usize::try_from(marked.rows_affected).ok() == Some(positions.len()) {
        return Ok(());
    }
    Err(Error::Internal(anyhow::anyhow!("rows of run {run_id} changed under their locks")))
}

/// Counts what was done. The run's row comes last, because all who work at it meet there.
async fn counted(
    tx: &Tx,
    now: Timestamp,
    run: &Run,
    granted: usize,
    points: Points,
    failed: usize,
) -> Result<()> {
    let count = |rows: usize| i64::try_from(rows).unwrap_or(i64::MAX);
    dialect::execute(
        tx,
        "UPDATE grant_runs SET granted_count = granted_count + ?, granted_total = granted_total + ?, \
         failed_count = failed_count + ? WHERE id = ? AND state = 'running'",
        [count(granted).into(), points.into(), count(failed).into(), run.id.into()],
    )
    .await?;
    let done = dialect::execute(
        tx,
        "UPDATE grant_runs SET state = 'done', finished_at = ?, version = version + 1 \
         WHERE id = ? AND state = 'running' AND granted_count + failed_count = good_count",
        [now.into(), run.id.into()],
    )
    .await?;
    if done == 0 {
        return Ok(());
    }
    let run = runs::find(tx, run.id).await?;
    let before = Run { state: RunState::Running, ..run.clone() };
    let more =
        json!({ "granted": run.granted_count, "points": run.granted_total, "failed": run.failed_count });
    runs::record(tx, now, Actor::Shop, "run.finish", &before, RunState::Done, more).await
}
