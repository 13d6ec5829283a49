//! When each job was last done and last failed, on whichever task: a row each, so that somebody can look.

use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder, Set};

use crate::entity::job_runs;
use crate::error::Result;
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::time::Timestamp;

/// Characters of an error that are kept.
const LONGEST_ERROR: usize = 500;
/// A job that was not done for so many of its periods is stuck, and for less than so many seconds it never is.
const LATE_PERIODS: i64 = 3;
const LEAST_LATE_S: i64 = 900;

/// What has happened to a job.
#[derive(Clone, Debug)]
pub struct Ran {
    pub name: String,
    /// How often it should run, in seconds.
    pub every_s: i64,
    /// What kept it from being done.
    pub error: Option<String>,
}

/// How a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    Well,
    /// It failed the last time.
    Failing,
    /// It has not been done for long.
    Stuck,
}

/// Notes that a job was done, or was not.
///
/// # Errors
/// When the database fails.
pub async fn note(tx: &Tx, now: Timestamp, ran: &Ran) -> Result<()> {
    let error: Option<String> = ran.error.as_ref().map(|error| error.chars().take(LONGEST_ERROR).collect());
    let noted = match &error {
        None => {
            let sql = "UPDATE job_runs SET every_s = ?, done_at = ? WHERE name = ?";
            dialect::execute(tx, sql, [ran.every_s.into(), now.into(), ran.name.as_str().into()]).await?
        }
        Some(error) => {
            let sql = "UPDATE job_runs SET every_s = ?, failed_at = ?, last_error = ? WHERE name = ?";
            let values = [ran.every_s.into(), now.into(), error.as_str().into(), ran.name.as_str().into()];
            dialect::execute(tx, sql, values).await?
        }
    };
    if noted > 0 {
        return Ok(());
    }
    let row = job_runs::ActiveModel {
        name: Set(ran.name.clone()),
        every_s: Set(ran.every_s),
        done_at: Set(error.is_none().then_some(now)),
        failed_at: Set(error.is_some().then_some(now)),
        last_error: Set(error.unwrap_or_default()),
    };
    match job_runs::Entity::insert(row).exec_without_returning(tx).await {
        // Another task has just noted the same for the first time.
        Err(error) if !dialect::is_duplicate(&error) => Err(error.into()),
        _ => Ok(()),
    }
}

/// Every job that has ever run, by name.
///
/// # Errors
/// When the database fails.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<job_runs::Model>> {
    Ok(job_runs::Entity::find().order_by_asc(job_runs::Column::Name).all(db).await?)
}

/// How a job is, going by its row.
#[must_use]
pub fn health(run: &job_runs::Model, now: Timestamp) -> Health {
    let late_s = run.every_s.saturating_mul(LATE_PERIODS).max(LEAST_LATE_S);
    match (run.done_at, run.failed_at) {
        (Some(done), _) if now.seconds_since(done) > late_s => Health::Stuck,
        (Some(done), Some(failed)) if failed > done => Health::Failing,
        (Some(_), _) => Health::Well,
        (None, _) => Health::Failing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_stuck_when_it_was_not_done_for_long_and_failing_when_it_failed_last() {
        let at = Timestamp::from_micros;
        let (now, minute) = (at(0).plus_days(20_000), 60);
        let run = |done: Option<i64>, failed: Option<i64>| job_runs::Model {
            name: "a".to_owned(),
            every_s: 3_600,
            done_at: done.map(|minutes| now.plus_seconds(-minutes * minute)),
            failed_at: failed.map(|minutes| now.plus_seconds(-minutes * minute)),
            last_error: String::new(),
        };
        assert_eq!(health(&run(Some(180), None), now), Health::Well);
        assert_eq!(health(&run(Some(181), None), now), Health::Stuck);
        assert_eq!(health(&run(Some(10), Some(20)), now), Health::Well);
        assert_eq!(health(&run(Some(20), Some(10)), now), Health::Failing);
        assert_eq!(health(&run(None, Some(10)), now), Health::Failing);
        let quick = job_runs::Model { every_s: 2, ..run(Some(14), None) };
        assert_eq!(health(&quick, now), Health::Well);
    }
}
