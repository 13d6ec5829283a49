//! `GET /health`: for the load balancer and the operator. 503 only while the shop is starting or leaving; a dependency
//! that is down, or a broken law of the books, is told in the details with 200, because replacing every task mends
//! neither a database nor books.

use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Serialize;
use tokio::runtime::Handle;
use tokio::sync::{Mutex, watch};

use crate::error::{Error, Result};
use crate::outbox;
use crate::platform::app::App;
use crate::platform::dialect;
use crate::reports::checks::{self, Known, State};
use crate::server::Readiness;
use crate::types::time::Timestamp;

/// How long an answer is repeated.
const FRESH_FOR: Duration = Duration::from_secs(2);
/// How long one component may take to answer; all are asked at once.
const PROBE_TIMEOUT: Duration = Duration::from_secs(1);
/// How long somebody who asks waits for news when there is an older answer.
const PATIENCE: Duration = Duration::from_millis(50);
/// A message that waits longer than this, in seconds, means that nobody delivers.
const OUTBOX_LATE_S: i64 = 300;

/// What was found last.
pub struct Health {
    readiness: Readiness,
    last: watch::Sender<Option<(Instant, Found)>>,
    turn: Arc<Mutex<()>>,
    /// Probes run here and not on a thread that serves requests.
    runtime: Handle,
}

#[derive(Clone, Serialize)]
struct Components {
    database: Component,
    object_store: Component,
    identity_keys: Component,
    outbox: Component,
}

#[derive(Clone, Serialize)]
struct Component {
    status: &'static str,
    latency_ms: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    age_s: Option<i64>,
}

#[derive(Serialize)]
struct Report {
    status: &'static str,
    version: &'static str,
    components: Components,
    books: Books,
}

/// What the last check of the books found, whoever made it.
#[derive(Clone, Serialize)]
struct Books {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    checked_at: Option<String>,
    broken: Vec<String>,
}

#[derive(Clone)]
struct Found {
    components: Components,
    books: Books,
}

impl Found {
    /// Before the first probe has come back.
    fn unknown() -> Self {
        let nothing = Component { status: "unknown", latency_ms: 0, age_s: None };
        let components = Components {
            database: nothing.clone(),
            object_store: nothing.clone(),
            identity_keys: nothing.clone(),
            outbox: nothing,
        };
        Self { components, books: Books::of(Known::nothing()) }
    }
}

impl Health {
    /// To be made on the runtime on which probes run.
    #[must_use]
    pub fn new(readiness: Readiness) -> Self {
        Self { readiness, last: watch::Sender::new(None), turn: Arc::default(), runtime: Handle::current() }
    }
}

/// `GET /health`
pub async fn show(app: web::Data<App>, health: web::Data<Health>) -> HttpResponse {
    let Found { components, books } = health.found(&app).await;
    let draining = health.readiness.is_draining();
    let status = match (draining, components.all_up() && books.are_well()) {
        (true, _) => "draining",
        (false, true) => "ok",
        (false, false) => "degraded",
    };
    let code = if draining { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    HttpResponse::build(code).json(Report { status, version: env!("CARGO_PKG_VERSION"), components, books })
}

impl Health {
    /// What was found last; when that is old, what is found now if it comes soon enough. Nobody waits for a dead server
    /// but the very first who asks.
    async fn found(&self, app: &App) -> Found {
        let known = self.last.borrow().clone();
        if let Some((at, found)) = &known
            && at.elapsed() < FRESH_FOR
        {
            return found.clone();
        }
        let mut found = self.last.subscribe();
        self.probe_unless_probing(app);
        let patience = if known.is_some() { PATIENCE } else { PROBE_TIMEOUT * 2 };
        let news = tokio::time::timeout(patience, found.changed()).await;
        let last = if matches!(news, Ok(Ok(()))) { found.borrow().clone() } else { known };
        last.map_or_else(Found::unknown, |(_, found)| found)
    }

    /// Starts a probe beside the requests, one at a time.
    fn probe_unless_probing(&self, app: &App) {
        let Ok(turn) = Arc::clone(&self.turn).try_lock_owned() else { return };
        let (app, last) = (app.clone(), self.last.clone());
        drop(self.runtime.spawn(async move {
            let (components, books) = futures::join!(probe(&app), Books::ask(&app));
            last.send_replace(Some((Instant::now(), Found { components, books })));
            drop(turn);
        }));
    }
}

impl Components {
    fn all_up(&self) -> bool {
        [&self.database, &self.object_store, &self.identity_keys, &self.outbox]
            .iter()
            .all(|part| part.status == "up")
    }
}

impl Books {
    /// A database that does not tell is told of as a component.
    async fn ask(app: &App) -> Self {
        let asked = tokio::time::timeout(PROBE_TIMEOUT, checks::known(&app.db, app.now())).await;
        Self::of(asked.ok().and_then(Result::ok).unwrap_or_else(Known::nothing))
    }

    fn of(known: Known) -> Self {
        Self { status: known.state.name(), checked_at: known.at.map(Timestamp::iso), broken: known.broken }
    }

    /// A shop that has only just opened has not been checked, which is no fault.
    fn are_well(&self) -> bool {
        self.status == State::Ok.name() || self.status == State::Unchecked.name()
    }
}

async fn probe(app: &App) -> Components {
    let now = app.now();
    let database = measured(async { dialect::execute(app.db.probe(), "SELECT 1", []).await.map(|_| None) });
    let object_store = measured(async { app.images.probe().await.map(|()| None) });
    let waiting = measured(async {
        let age_s = outbox::oldest_age_s(app.db.probe(), now).await?;
        if age_s.is_some_and(|age| age > OUTBOX_LATE_S) {
            Err(Error::Unavailable("outbox"))
        } else {
            Ok(age_s)
        }
    });
    let (database, object_store, outbox) = futures::join!(database, object_store, waiting);
    let keys = app.identity.health(now);
    let identity_keys = Component {
        // Before the first sign-in there is nothing to hold yet, which is no fault.
        status: "up",
        latency_ms: 0,
        age_s: keys.age_s,
    };
    Components { database, object_store, identity_keys, outbox }
}

async fn measured(probe: impl Future<Output = Result<Option<i64>>>) -> Component {
    let began = Instant::now();
    let found = tokio::time::timeout(PROBE_TIMEOUT, probe).await;
    let latency_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    match found {
        Ok(Ok(age_s)) => Component { status: "up", latency_ms, age_s },
        Ok(Err(_)) | Err(_) => Component { status: "down", latency_ms, age_s: None },
    }
}
