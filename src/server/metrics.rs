//! Where the numbers are told: `GET /metrics` on a listener of its own, for those inside who collect them, and once a
//! minute lines for CloudWatch on standard output. What is a state and not a count is asked when it is told, so that every
//! task tells the same.

use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::http::header::ContentType;
use actix_web::{App as Service, HttpResponse, HttpServer, web};
use clap::ValueEnum;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::auth::session;
use crate::error::Result;
use crate::outbox;
use crate::platform::app::App;
use crate::platform::job_log::{self, Health};
use crate::platform::metrics::{self, Numbers};
use crate::reports::checks;
use crate::server::jobs::Job;

/// How long the database may take to tell; otherwise `/metrics` repeats its numbers and CloudWatch hears none.
const PROBE_TIMEOUT: Duration = Duration::from_secs(1);
/// How often measured durations are put together when nobody collects them, or they would pile up.
const UPKEEP: Duration = Duration::from_secs(15);
/// How often CloudWatch is told.
const TELL_EVERY: Duration = Duration::from_mins(1);

/// The numbers while they are told.
pub struct Telling {
    /// Where `/metrics` is, if anywhere.
    pub address: Option<SocketAddr>,
    app: App,
    stop: CancellationToken,
    listener: Option<(ServerHandle, JoinHandle<std::io::Result<()>>)>,
    tasks: Vec<JoinHandle<()>>,
}

/// Begins to tell them where the configuration says; `None` where it says nothing, and nobody counts.
///
/// # Errors
/// When the address of `/metrics` cannot be listened on.
#[expect(clippy::disallowed_methods, reason = "it runs as tasks of its own, beside the shop")]
pub fn start(app: &App) -> Result<Option<Telling>> {
    let (bind, namespace) = (app.config.metrics_bind, app.config.metrics_namespace.clone());
    if bind.is_none() && namespace.is_none() {
        return Ok(None);
    }
    let numbers = metrics::install()?;
    let (mut address, mut listener, stop) = (None, None, CancellationToken::new());
    if let Some(bind) = bind {
        let (at, server) = listen(app, bind)?;
        (address, listener) = (Some(at), Some((server.handle(), tokio::spawn(server))));
        tracing::info!(address = %at, "numbers are told");
    }
    let stopped = stop.clone();
    let mut tasks = vec![tokio::spawn(async move {
        while runs_on(&stopped, UPKEEP).await {
            numbers.run_upkeep();
        }
    })];
    if let Some(namespace) = namespace {
        let (app, stopped) = (app.clone(), stop.clone());
        tasks.push(tokio::spawn(async move {
            while runs_on(&stopped, TELL_EVERY).await {
                write(&cloudwatch(&app, &namespace, numbers).await);
            }
        }));
    }
    Ok(Some(Telling { address, app: app.clone(), stop, listener, tasks }))
}

fn listen(app: &App, bind: SocketAddr) -> Result<(SocketAddr, actix_web::dev::Server)> {
    let listener = TcpListener::bind(bind).map_err(anyhow::Error::new)?;
    let address = listener.local_addr().map_err(anyhow::Error::new)?;
    let shared = web::Data::new(app.clone());
    let server = HttpServer::new(move || {
        Service::new().app_data(shared.clone()).route("/metrics", web::get().to(show))
    });
    let server = server.workers(1).disable_signals().listen(listener).map_err(anyhow::Error::new)?;
    Ok((address, server.run()))
}

/// Waits so long; false when it is time to stop.
async fn runs_on(stop: &CancellationToken, pause: Duration) -> bool {
    tokio::select! {
        () = tokio::time::sleep(pause) => true,
        () = stop.cancelled() => false,
    }
}

impl Telling {
    /// Ends it. CloudWatch is told what was counted since the last time; states are not asked any more.
    pub async fn stop(self) {
        self.stop.cancel();
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "telling the numbers ended badly");
            }
        }
        if let (Some(namespace), Ok(numbers)) = (&self.app.config.metrics_namespace, metrics::install()) {
            write(&numbers.take(namespace, self.app.now()));
        }
        let Some((handle, server)) = self.listener else { return };
        handle.stop(false).await;
        match server.await {
            Ok(Ok(())) => {}
            ended => tracing::error!(?ended, "the listener for numbers ended badly"),
        }
    }
}

/// `GET /metrics`
async fn show(app: web::Data<App>) -> Result<HttpResponse> {
    ask(&app).await;
    let text = metrics::install()?.render();
    Ok(HttpResponse::Ok().insert_header(ContentType::plaintext()).body(text))
}

/// What CloudWatch is told now, line by line.
pub async fn cloudwatch(app: &App, namespace: &str, numbers: &Numbers) -> Vec<String> {
    ask(app).await;
    numbers.take(namespace, app.now())
}

/// Each line is one event of the log, whoever else writes meanwhile.
fn write(lines: &[String]) {
    let mut out = std::io::stdout().lock();
    for line in lines {
        if let Err(error) = writeln!(out, "{line}") {
            tracing::warn!(%error, "numbers could not be written");
            return;
        }
    }
}

/// Asks what is a state.
async fn ask(app: &App) {
    for (purpose, in_use, limit) in app.db.in_use() {
        metrics::connections(purpose, in_use, limit);
    }
    match tokio::time::timeout(PROBE_TIMEOUT, ask_database(app)).await {
        Ok(Ok(())) => {}
        failed => tracing::debug!(?failed, "the database does not tell its numbers"),
    }
}

async fn ask_database(app: &App) -> Result<()> {
    let (db, now) = (app.db.probe(), app.now());
    metrics::outbox_oldest(outbox::oldest_age_s(db, now).await?);
    metrics::outbox_given_up(outbox::given_up(db).await?);
    metrics::people_active(session::people_active(db, now).await?);
    let runs = job_log::all(db).await?;
    // What another version did is no business of this one.
    let ours = runs.iter().filter(|run| Job::from_str(&run.name, false).is_ok());
    metrics::jobs_unwell(ours.filter(|run| job_log::health(run, now) != Health::Well).count());
    let known = checks::known(&app.db, now).await?;
    if let Some(at) = known.at {
        metrics::books(known.broken.len(), now.seconds_since(at));
    }
    Ok(())
}
