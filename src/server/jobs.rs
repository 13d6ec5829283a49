//! What the shop does by itself, in the background: each job can run any number of times, on any number of tasks.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use clap::ValueEnum;
use futures::FutureExt;
use futures::future::join_all;
use tokio::task::{AbortHandle, JoinHandle};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::auth::session;
use crate::catalog::pictures::sweep;
use crate::error::Result;
use crate::grants::rules::apply::{self, Customs};
use crate::grants::runs::work;
use crate::ledger;
use crate::notices;
use crate::outbox;
use crate::people::import;
use crate::platform::app::App;
use crate::platform::db_clock;
use crate::platform::job_log::{self, Ran};
use crate::platform::lease;
use crate::platform::metrics;

use crate::reports::checks;
use crate::reports::marks::{self, departments};
use crate::types::time::Timestamp;

/// A job by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Job {
    /// Tell the outside what has happened.
    DeliverOutbox,
    /// Let lots end whose time has come.
    ExpirePoints,
    /// End the points of people who left long enough ago.
    ExpireLeavers,
    /// Tell people whose points lapse soon.
    WarnOfExpiry,
    /// Forget sessions and sign-ins that are over.
    ForgetSessions,
    /// Forget sheets of people that nobody entered.
    ForgetImports,
    /// Remove stored pictures that nothing shows.
    SweepPictures,
    /// Ask every law of the books.
    CheckBooks,
    /// Give what the rules of HR give by themselves.
    ApplyRules,
    /// Sum up the past for reports.
    MakeMarks,
    /// Sum it up by the departments that people are in now.
    MarkDepartments,
    /// Give what runs of grants hold, and take back what is to be taken back.
    WorkGrantRuns,
}

/// Every job and how often it runs.
const SCHEDULE: &[(Job, Duration)] = &[
    (Job::DeliverOutbox, Duration::from_secs(2)),
    (Job::ExpirePoints, Duration::from_mins(5)),
    (Job::ExpireLeavers, Duration::from_hours(1)),
    (Job::WarnOfExpiry, Duration::from_hours(1)),
    (Job::ForgetSessions, Duration::from_mins(10)),
    (Job::ForgetImports, Duration::from_hours(1)),
    (Job::SweepPictures, Duration::from_mins(5)),
    (Job::CheckBooks, Duration::from_hours(1)),
    (Job::ApplyRules, Duration::from_mins(1)),
    (Job::MakeMarks, Duration::from_hours(1)),
    (Job::MarkDepartments, Duration::from_mins(5)),
    (Job::WorkGrantRuns, Duration::from_secs(5)),
];

/// The jobs while they run.
pub struct Running {
    stop: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

/// How long jobs may take to finish what they are at when the shop closes.
const LIMIT: Duration = Duration::from_secs(10);
/// Notes of a job that goes well are written no more often than this.
const NOTE_EVERY_S: i64 = 60;

/// Runs one job once. But for the outbox, whose messages are claimed one by one, nothing happens while another task is
/// at the same job.
///
/// # Errors
/// What the job could not do; it can be run again.
pub async fn run(app: &App, job: Job) -> Result<()> {
    while goes_on(job, attempt(app, job).await?) {}
    Ok(())
}

/// Whether there is more to be done at once: runs and events are worked at in shifts, so that one can stop between them. Where
/// an event did not go out, the next are not tried at once either.
fn goes_on(job: Job, done: Option<usize>) -> bool {
    match job {
        Job::WorkGrantRuns => done.is_some_and(|count| count > 0),
        Job::DeliverOutbox => done.is_some_and(|count| count >= outbox::BATCH),
        _ => false,
    }
}

/// Does it once, or a shift of it, and says how much was done; `None` when another task is at it.
async fn attempt(app: &App, job: Job) -> Result<Option<usize>> {
    let (db, now) = (&app.db, app.now());
    let done = match job {
        Job::DeliverOutbox => Some(notices::deliver::due(app).await?),
        Job::ExpirePoints => lease::alone(db, now, "expire-points", ledger::expire::run(db, now)).await?,
        Job::ExpireLeavers => {
            let Some(left_before) = app.config.leaving.left_before(now) else { return Ok(Some(0)) };
            lease::alone(db, now, "expire-leavers", ledger::leavers::run(db, now, left_before)).await?
        }
        Job::WarnOfExpiry => lease::alone(db, now, "warn-of-expiry", ledger::warn::run(db, now)).await?,
        Job::ForgetSessions => {
            app.limits.forget_idle();
            let forget = db.write("sessions.forget", move |tx| session::forget_ended(tx, now).boxed());
            lease::alone(db, now, "forget-sessions", forget).await?.map(|()| 0)
        }
        Job::ForgetImports => {
            let forget = db.write("people.imports.forget", move |tx| import::forget_old(tx, now).boxed());
            lease::alone(db, now, "forget-imports", forget).await?.map(|()| 0)
        }
        Job::MakeMarks => {
            let zone = app.config.time_zone;
            lease::alone(db, now, "make-marks", marks::run(db, now, zone)).await?
        }
        // The same lease: one of them at a time.
        Job::MarkDepartments => lease::alone(db, now, "make-marks", departments::run(db)).await?,
        Job::SweepPictures => lease::alone(db, now, "sweep-pictures", sweep::run(app, now).boxed()).await?,
        Job::CheckBooks => lease::alone(db, now, "check-books", checks::run(db, now)).await?.map(|_| 0),
        Job::ApplyRules => {
            lease::alone(db, now, "apply-rules", apply::run(db, now, Customs::of(app))).await?
        }
        // Looked for often, there seldom; no lease is written down for nothing.
        Job::WorkGrantRuns if !work::is_wanted(db).await? => Some(0),
        Job::WorkGrantRuns => lease::alone(db, now, "work-grant-runs", work::shift(db, now)).await?,
    };
    if let Some(count @ 1..) = done {
        tracing::info!(?job, count, "a job was done");
    }
    Ok(done)
}

/// Runs one job once as the schedule does: what became of it is counted and written down for the overview. `noted` is
/// when the last note of it was written, if all was well then. Says whether there is more to be done at once.
pub async fn run_and_note(app: &App, job: Job, every: Duration, noted: &mut Option<Timestamp>) -> bool {
    let done = AssertUnwindSafe(attempt(app, job)).catch_unwind().await;
    let done = done.unwrap_or_else(|_panic| Err(anyhow::anyhow!("the job panicked").into()));
    metrics::job_ran(&format!("{job:?}"), done.is_ok());
    let goes_on = done.as_ref().is_ok_and(|done| goes_on(job, *done));
    let error = match done {
        Ok(None) => return false,
        Ok(Some(_)) => None,
        Err(error) => {
            tracing::error!(?job, %error, "a job failed; it will be tried again");
            Some(error.to_string())
        }
    };
    let now = app.now();
    if error.is_none() && noted.is_some_and(|at| (0..NOTE_EVERY_S).contains(&now.seconds_since(at))) {
        return goes_on;
    }
    *noted = error.is_none().then_some(now);
    let name = job.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
    let ran = Ran { name, every_s: i64::try_from(every.as_secs()).unwrap_or(i64::MAX), error };
    let note = app.db.write("jobs.note", move |tx| {
        let ran = ran.clone();
        async move { job_log::note(tx, now, &ran).await }.boxed()
    });
    if let Err(error) = note.await {
        tracing::warn!(?job, %error, "what became of a job could not be written down");
    }
    goes_on
}

/// What each task does for itself beside the jobs: it keeps its clock right.
async fn keep_time(app: App, stop: CancellationToken) {
    while stop.run_until_cancelled(tokio::time::sleep(db_clock::EVERY)).await.is_some() {
        if let Err(error) = db_clock::follow(&app.db, &app.clock).await {
            tracing::warn!(%error, "it is not known what time it is in the database");
        }
    }
}

/// Starts all jobs, each in a loop of its own.
#[expect(clippy::disallowed_methods, reason = "jobs run beside the server")]
#[must_use]
pub fn start(app: &App) -> Running {
    let stop = CancellationToken::new();
    let mut tasks: Vec<_> = SCHEDULE
        .iter()
        .map(|&(job, pause)| {
            let (app, stop) = (app.clone(), stop.clone());
            tokio::spawn(async move {
                let mut noted = None;
                while !stop.is_cancelled() {
                    if run_and_note(&app, job, pause, &mut noted).await {
                        continue;
                    }
                    tokio::select! {
                        () = tokio::time::sleep(pause) => {}
                        () = app.bell.notified(), if job == Job::WorkGrantRuns => {}
                        () = stop.cancelled() => {}
                    }
                }
            })
        })
        .collect();
    tasks.push(tokio::spawn(keep_time(app.clone(), stop.clone())));
    Running { stop, tasks }
}

impl Running {
    /// From now on no job begins.
    pub fn leave(&self) {
        self.stop.cancel();
    }

    /// Lets the jobs finish what they are at; those that take too long are left between two writes, and go on from there
    /// in another task.
    pub async fn stop(self) {
        self.stop_within(LIMIT).await;
    }

    async fn stop_within(self, limit: Duration) {
        self.leave();
        let still: Vec<_> = self.tasks.iter().map(JoinHandle::abort_handle).collect();
        if timeout(limit, join_all(self.tasks)).await.is_err() {
            tracing::warn!("a job was at work for too long and is left");
            still.iter().for_each(AbortHandle::abort);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    #[expect(clippy::disallowed_methods, reason = "they are awaited or left by what is tried here")]
    async fn a_job_that_is_at_work_for_too_long_is_left() {
        let stop = CancellationToken::new();
        let (leaving, (gone, is_gone)) = (stop.clone(), tokio::sync::oneshot::channel::<()>());
        let idle = tokio::spawn(async move { leaving.cancelled().await });
        let busy = tokio::spawn(async move {
            let _until_left = gone;
            std::future::pending::<()>().await;
        });
        Running { stop, tasks: vec![idle, busy] }.stop_within(Duration::from_millis(10)).await;
        assert!(is_gone.await.is_err(), "what it held is dropped");
    }
}
