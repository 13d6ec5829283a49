//! The job: works at runs, the oldest first, a piece at a time. It may die between any two pieces and within one, and
//! may be at it any number of times at once; a row is done by whoever holds it.

use futures::FutureExt;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use super::{Run, give, take_back};
use crate::entity::grant_runs;
use crate::error::Result;
use crate::platform::db::Db;
use crate::types::grant_run::RunState;
use crate::types::time::Timestamp;

/// Rows granted in one transaction: their people's accounts are held meanwhile.
const ROWS_GIVEN_AT_ONCE: u64 = 200;
/// Rows taken back in one transaction, which goes grant by grant.
const ROWS_TAKEN_AT_ONCE: u64 = 50;
/// Pieces of a shift; after it a task looks whether it is to stop.
const MOST_PIECES: usize = 20;
/// Runs looked at in a shift.
const MOST_RUNS: u64 = 20;

/// Whether any run is to be worked at.
///
/// # Errors
/// When the database fails.
pub async fn is_wanted(db: &Db) -> Result<bool> {
    Ok(at_work().count(db.reads()).await? > 0)
}

/// Works a shift; how many rows were done. Zero: there is nothing to do.
///
/// # Errors
/// The first failure, after all other runs have had their turn; what is done stays done.
pub async fn shift(db: &Db, now: Timestamp) -> Result<usize> {
    let (mut done, mut pieces, mut failed) = (0, 0, None);
    for run in at_work().limit(MOST_RUNS).all(db.reads()).await? {
        while pieces < MOST_PIECES {
            pieces += 1;
            match piece(db, now, &run).await {
                Ok(0) => break,
                Ok(rows) => done += rows,
                Err(error) => {
                    tracing::error!(run = %run.id, %error, "a piece of a run could not be done");
                    failed = failed.or(Some(error));
                    break;
                }
            }
        }
    }
    failed.map_or(Ok(done), Err)
}

fn at_work() -> Select<grant_runs::Entity> {
    grant_runs::Entity::find()
        .filter(grant_runs::Column::State.is_in([RunState::Running, RunState::Reversing]))
        .order_by_asc(grant_runs::Column::Id)
}

async fn piece(db: &Db, now: Timestamp, run: &Run) -> Result<usize> {
    let run = run.clone();
    match run.state {
        RunState::Reversing => {
            db.write("runs.take_back", move |tx| {
                let run = run.clone();
                async move { take_back::next_rows(tx, now, &run, ROWS_TAKEN_AT_ONCE).await }.boxed()
            })
            .await
        }
        _ => {
            db.write("runs.give", move |tx| {
                let run = run.clone();
                async move { give::next_rows(tx, now, &run, ROWS_GIVEN_AT_ONCE).await }.boxed()
            })
            .await
        }
    }
}
