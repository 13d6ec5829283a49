//! What the shop does by itself, in the background: each job can run any number of times, on any number of tasks.

use std::time::Duration;

use futures::FutureExt;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::auth::session;
use crate::catalog::pictures::sweep;
use crate::error::Result;
use crate::grants::rules::apply::{self, Customs};
use crate::grants::runs::work;
use crate::ledger;
use crate::notices;
use crate::people::import;
use crate::platform::app::App;
use crate::platform::lease;
use crate::platform::metrics;
use crate::reports::{checks, marks};

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
    (Job::WorkGrantRuns, Duration::from_secs(5)),
];

/// The jobs while they run.
pub struct Running {
    stop: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

/// Runs one job once. But for the outbox, whose messages are claimed one by one, nothing happens while another task is
/// at the same job.
///
/// # Errors
/// What the job could not do; it can be run again.
pub async fn run(app: &App, job: Job) -> Result<()> {
    while turn(app, job).await? {}
    Ok(())
}

/// Does so much of a job that one can stop after it; whether there is more to be done at once.
async fn turn(app: &App, job: Job) -> Result<bool> {
    let (db, now) = (&app.db, app.now());
    let done = match job {
        Job::DeliverOutbox => return notices::deliver::due(app).await.map(|()| false),
        Job::ExpirePoints => lease::alone(db, now, "expire-points", ledger::expire::run(db, now)).await?,
        Job::ExpireLeavers => {
            let Some(left_before) = app.config.leaving.left_before(now) else { return Ok(false) };
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
        Job::SweepPictures => lease::alone(db, now, "sweep-pictures", sweep::run(app, now).boxed()).await?,
        Job::CheckBooks => lease::alone(db, now, "check-books", checks::run(db, now)).await?.map(|_| 0),
        Job::ApplyRules => {
            lease::alone(db, now, "apply-rules", apply::run(db, now, Customs::of(app))).await?
        }
        // Looked for often, there seldom; no lease is written down for nothing.
        Job::WorkGrantRuns if !work::is_wanted(db).await? => None,
        Job::WorkGrantRuns => lease::alone(db, now, "work-grant-runs", work::shift(db, now)).await?,
    };
    if let Some(count @ 1..) = done {
        tracing::info!(?job, count, "a job was done");
        return Ok(job == Job::WorkGrantRuns);
    }
    Ok(false)
}

/// Starts all jobs, each in a loop of its own.
#[expect(clippy::disallowed_methods, reason = "jobs run beside the server")]
#[must_use]
pub fn start(app: &App) -> Running {
    let stop = CancellationToken::new();
    let tasks = SCHEDULE
        .iter()
        .map(|&(job, pause)| {
            let (app, stop) = (app.clone(), stop.clone());
            tokio::spawn(async move {
                while !stop.is_cancelled() {
                    let done = turn(&app, job).boxed().await;
                    metrics::job_ran(&format!("{job:?}"), done.is_ok());
                    match done {
                        Ok(true) => continue,
                        Ok(false) => {}
                        Err(error) => tracing::error!(?job, %error, "a job failed; it will be tried again"),
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
    Running { stop, tasks }
}

impl Running {
    /// Lets the jobs finish what they are at, then ends them.
    pub async fn stop(self) {
        self.stop.cancel();
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a job ended badly");
            }
        }
    }
}
