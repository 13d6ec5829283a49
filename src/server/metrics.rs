//! `GET /metrics` on a listener of its own, for those inside who collect numbers. What is a state and not a count is
//! asked when they ask, so that every task tells the same.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::http::header::ContentType;
use actix_web::{App as Service, HttpResponse, HttpServer, web};
use tokio::task::JoinHandle;

use crate::error::Result;
use crate::outbox;
use crate::platform::app::App;
use crate::platform::metrics;
use crate::reports::checks;

/// How long the database may take to tell; otherwise its numbers stay what they were.
const PROBE_TIMEOUT: Duration = Duration::from_secs(1);
/// How often measured durations are put together when nobody collects them, or they would pile up.
const UPKEEP: Duration = Duration::from_secs(15);

/// The listener while it is open.
pub struct Listening {
    pub address: SocketAddr,
    handle: ServerHandle,
    server: JoinHandle<std::io::Result<()>>,
    upkeep: JoinHandle<()>,
}

/// Opens it where the configuration says, if it says so.
///
/// # Errors
/// When its address cannot be listened on.
#[expect(clippy::disallowed_methods, reason = "it runs as a task of its own, beside the shop")]
pub fn start(app: &App) -> Result<Option<Listening>> {
    let Some(bind) = app.config.metrics_bind else { return Ok(None) };
    let numbers = metrics::install()?;
    let listener = TcpListener::bind(bind).map_err(anyhow::Error::new)?;
    let address = listener.local_addr().map_err(anyhow::Error::new)?;
    let shared = web::Data::new(app.clone());
    let server = HttpServer::new(move || {
        Service::new().app_data(shared.clone()).route("/metrics", web::get().to(show))
    })
    .workers(1)
    .disable_signals()
    .listen(listener)
    .map_err(anyhow::Error::new)?
    .run();
    let handle = server.handle();
    let upkeep = tokio::spawn(async move {
        loop {
            tokio::time::sleep(UPKEEP).await;
            numbers.run_upkeep();
        }
    });
    tracing::info!(%address, "numbers are told");
    Ok(Some(Listening { address, handle, server: tokio::spawn(server), upkeep }))
}

impl Listening {
    /// Closes it.
    pub async fn stop(self) {
        self.upkeep.abort();
        self.handle.stop(false).await;
        if let Err(error) = self.server.await {
            tracing::error!(%error, "the listener for numbers ended badly");
        }
    }
}

/// `GET /metrics`
async fn show(app: web::Data<App>) -> Result<HttpResponse> {
    for (purpose, connections) in app.db.in_use() {
        metrics::connections_in_use(purpose, connections);
    }
    if tokio::time::timeout(PROBE_TIMEOUT, ask_database(&app)).await.is_err() {
        tracing::debug!("the database does not tell its numbers");
    }
    let text = metrics::install()?.render();
    Ok(HttpResponse::Ok().insert_header(ContentType::plaintext()).body(text))
}

async fn ask_database(app: &App) {
    let now = app.now();
    if let Ok(age_s) = outbox::oldest_age_s(app.db.reads(), now).await {
        metrics::outbox_oldest(age_s);
    }
    if let Ok(known) = checks::known(&app.db, now).await
        && let Some(at) = known.at
    {
        metrics::books(known.broken.len(), at);
    }
}
