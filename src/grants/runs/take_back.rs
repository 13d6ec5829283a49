//! A piece of a run is taken back: grants that are whole, each by a transfer that names it. All of the piece or nothing.

use sea_orm::FromQueryResult;
use serde_json::json;

use super::{Run, give};
use crate::audit::{self, Act};
use crate::error::{Error, Refusal, Result};
use crate::grants::runs;
use crate::ledger::{accounts, deduct};
use crate::outbox;
use crate::outbox::event::{Event, PointsDeducted};
use crate::people;
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::actor::Actor;
use crate::types::grant_run::{RowProblem, RowState, RunState};
use crate::types::id::{GrantId, PersonId};
use crate::types::points::Points;
use crate::types::time::Timestamp;

/// A grant of ours until the end of the transaction.
#[derive(Clone, Debug, FromQueryResult)]
struct Granted {
    position: i64,
    id: GrantId,
    person_id: PersonId,
    transfer_id: i64,
    amount: Points,
}

/// Takes back the next rows of a run that nobody else is at; how many there were. With the last of them it is over.
///
/// # Errors
/// When the database fails; nothing was taken then.
pub(super) async fn next_rows(tx: &Tx, now: Timestamp, run: &Run, most: u64) -> Result<usize> {
    let granted = lock_granted(tx, run, most).await?;
    if granted.is_empty() {
        return Ok(0);
    }
    let actor = run.reverser_id.map_or(Actor::Shop, Actor::Person);
    let ids: Vec<_> = granted.iter().map(|grant| grant.person_id).collect();
    let people = people::lock_people(tx, &ids).await?;
    let mut accounts = accounts::lock_or_open_many(tx, now, &ids).await?;
    let (mut taken, mut kept, mut points) = (vec![], vec![], Points::ZERO);
    let (mut acts, mut events) = (vec![], vec![]);
    for grant in granted {
        let person = people.iter().find(|person| person.id == grant.person_id);
        let (Some(person), Some(account)) = (person, accounts.get_mut(&grant.person_id)) else {
            return Err(anyhow::anyhow!("grant {} is nobody's", grant.id).into());
        };
        let why = run.reversal_note.clone();
        match deduct::reverse(tx, now, account, grant.transfer_id, actor, why.clone()).await {
            Err(Error::Refused(Refusal::GrantSpent { .. })) => {
                kept.push(grant.position);
                continue;
            }
            reversed => reversed?,
        };
        let before = account.balance.plus(grant.amount).unwrap_or_default();
        acts.push(Act {
            action: "points.undo",
            subject_kind: "grant",
            subject_id: grant.id.to_string(),
            details: json!({
                "person": person.id, "amount": grant.amount, "run": run.id, "reason": why,
                "balance_before": before, "balance_after": account.balance,
            }),
        });
        events.push(Event::PointsDeducted(PointsDeducted {
            person_id: person.id,
            name: person.name.clone(),
            email: person.email.clone(),
            points: grant.amount,
            can_spend: accounts::spendable(tx, now, person.id).await?,
            note: why,
        }));
        taken.push(grant.position);
        points = points.plus(grant.amount).unwrap_or(points);
    }
    if !taken.is_empty() {
        give::mark(tx, run.id, &taken, RowState::TakenBack, None).await?;
        audit::record_all(tx, now, actor, acts).await?;
        outbox::publish_many(tx, now, &events).await?;
    }
    if !kept.is_empty() {
        give::mark(tx, run.id, &kept, RowState::Kept, Some(RowProblem::Touched)).await?;
    }
    counted(tx, now, run, taken.len(), points, kept.len()).await?;
    Ok(taken.len() + kept.len())
}

async fn lock_granted(tx: &Tx, run: &Run, most: u64) -> Result<Vec<Granted>> {
    dialect::rows_skipping_locked(
        tx,
        "SELECT r.position, g.id, g.person_id, g.transfer_id, g.amount FROM grant_run_rows r \
         JOIN grants g ON g.run_id = r.run_id AND g.run_position = r.position \
         WHERE r.run_id = ? AND r.state = 'granted' ORDER BY r.position LIMIT ?",
        [run.id.into(), most.into()],
    )
    .await
}

async fn counted(
    tx: &Tx,
    now: Timestamp,
    run: &Run,
    taken: usize,
    points: Points,
    kept: usize,
) -> Result<()> {
    let count = |rows: usize| i64::try_from(rows).unwrap_or(i64::MAX);
    dialect::execute(
        tx,
        "UPDATE grant_runs SET taken_back_count = taken_back_count + ?, taken_back_total = taken_back_total + ?, \
         kept_count = kept_count + ? WHERE id = ? AND state = 'reversing'",
        [count(taken).into(), points.into(), count(kept).into(), run.id.into()],
    )
    .await?;
    let over = dialect::execute(
        tx,
        "UPDATE grant_runs SET state = 'reversed', reversed_at = ?, version = version + 1 \
         WHERE id = ? AND state = 'reversing' AND taken_back_count + kept_count = granted_count",
        [now.into(), run.id.into()],
    )
    .await?;
    if over == 0 {
        return Ok(());
    }
    let run = runs::find(tx, run.id).await?;
    let before = Run { state: RunState::Reversing, ..run.clone() };
    let more =
        json!({ "taken_back": run.taken_back_count, "points": run.taken_back_total, "kept": run.kept_count });
    runs::record(tx, now, Actor::Shop, "run.reversed", &before, RunState::Reversed, more).await
}
