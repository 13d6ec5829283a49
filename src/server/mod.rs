//! Floor 5: the house put together. Starts the server and the jobs, and ends them in order.

pub mod admission;
pub mod connection;
pub mod health;
pub mod jobs;
pub mod layers;
pub mod metrics;
pub mod routes;
pub mod viewer;

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_http::error::DispatchError;
use actix_http::{Extensions, HttpService};
use actix_server::Server;
use actix_service::{ServiceFactoryExt, fn_service, map_config};
use actix_web::dev::{AppConfig, ServerHandle};
use actix_web::middleware::{Compress, from_fn};
use actix_web::rt::net::TcpStream;
use actix_web::{App as Service, web};
use futures::future::OptionFuture;
use tokio::task::JoinHandle;

use crate::error::Result;
use crate::platform::app::App;
use crate::server::connection::Paced;
use crate::web::busy_page::BusyPages;
use crate::web::security_headers::SecurityHeaders;
use crate::web::{assets, body, error_pages};

/// Longer than the load balancer's idle time-out (60 s), or it would send requests into closing connections.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How long a client may take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(5);
/// How long what comes after an early answer (a body that is too large) is still read and thrown away: who sends it
/// reads the answer only afterwards, and a connection closed before is an error instead of a sentence.
const LINGER: Duration = Duration::from_secs(10);
/// How long running requests may take to end after the listener has closed, in seconds.
const DRAIN_S: u64 = 25;
/// Connections one worker holds; beyond it they wait in the listener's queue.
const MOST_CONNECTIONS: usize = 12_000;

/// Whether the shop takes requests: false while it ends.
#[derive(Clone, Default)]
pub struct Readiness(Arc<AtomicBool>);

impl Readiness {
    /// From now on `/health` says 503.
    pub fn drain(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// A shop that is open.
pub struct Running {
    pub address: SocketAddr,
    pub app: App,
    pub readiness: Readiness,
    handle: ServerHandle,
    server: JoinHandle<std::io::Result<()>>,
    jobs: Option<jobs::Running>,
    /// The numbers, where somebody is told them.
    pub metrics: Option<metrics::Telling>,
}

/// Whether the jobs run by themselves; tests run them one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jobs {
    ByThemselves,
    WhenAsked,
}

/// Opens the shop on `listener`.
///
/// # Errors
/// When the listener cannot be used.
#[expect(clippy::disallowed_methods, reason = "the server runs as a task of its own")]
pub async fn start(app: App, listener: TcpListener, workers: usize, jobs: Jobs) -> Result<Running> {
    assets::prepare();
    let metrics = metrics::start(&app)?;
    let address = listener.local_addr().map_err(anyhow::Error::new)?;
    let readiness = Readiness::default();
    let headers = web::Data::new(SecurityHeaders::new(&app.config, &app.images.origin())?);
    let health = web::Data::new(health::Health::new(readiness.clone()));
    let admission = web::Data::new(admission::Admission::new(app.config.database.pool_max, BusyPages::new()));
    let noting = web::Data::new(viewer::Noting::default());
    let arriving = web::Data::new(body::Arriving::with_limits(&routes::table()));
    let leaving = web::Data::new(readiness.clone());
    let shared = web::Data::new(app.clone());
    let service = move || {
        Service::new()
            .app_data(shared.clone())
            .app_data(headers.clone())
            .app_data(health.clone())
            .app_data(admission.clone())
            .app_data(arriving.clone())
            .app_data(noting.clone())
            .app_data(leaving.clone())
            .configure(routes::configure)
            // Innermost first: the last one wrapped sees the request first.
            .wrap(from_fn(layers::cross_origin))
            .wrap(from_fn(viewer::layer))
            .wrap(from_fn(error_pages::layer))
            .wrap(Compress::default())
            .wrap(from_fn(layers::encodings))
            .wrap(from_fn(admission::layer))
            .wrap(from_fn(body::layer))
            .wrap(from_fn(admission::moderation))
            .wrap(from_fn(layers::request))
            .wrap(from_fn(admission::door))
    };
    // What `HttpServer` does, with a patience of our own around each connection.
    let builder = Server::build();
    let leaving = builder.graceful_shutdown_signal();
    let server = builder
        .workers(workers)
        .max_concurrent_connections(MOST_CONNECTIONS)
        .shutdown_timeout(DRAIN_S)
        .disable_signals()
        .listen("shop", listener, move || {
            let leaving = leaving.clone();
            let http = HttpService::build()
                .keep_alive(KEEP_ALIVE)
                .client_request_timeout(HEAD_TIMEOUT)
                .client_disconnect_timeout(LINGER)
                .local_addr(address)
                .on_connect_ext(|connection: &Paced<TcpStream>, data: &mut Extensions| {
                    data.insert(connection.pace());
                })
                .graceful_shutdown_signal(move || {
                    let leaving = leaving.clone();
                    async move { leaving.notified().await }
                })
                .h1(map_config(service(), |()| AppConfig::default()));
            fn_service(|stream: TcpStream| async {
                stream.set_nodelay(true)?;
                let peer = stream.peer_addr().ok();
                Ok::<_, DispatchError>((Paced::new(stream), peer))
            })
            .and_then(http)
        })
        .map_err(anyhow::Error::new)?
        .run();
    let handle = server.handle();
    let server = tokio::spawn(server);
    let jobs = (jobs == Jobs::ByThemselves).then(|| jobs::start(&app));
    tracing::info!(%address, "the shop is open");
    Ok(Running { address, app, readiness, handle, server, jobs, metrics })
}

impl Running {
    /// Runs until SIGTERM or SIGINT, then ends in order: leave the load balancer, finish what is running, close the books.
    /// `leave_delay` is how long the load balancer takes to notice.
    ///
    /// # Errors
    /// When the server ended by itself.
    pub async fn until_told_to_stop(mut self, leave_delay: Duration) -> Result<()> {
        let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
            .map_err(anyhow::Error::new)?;
        tokio::select! {
            _ = terminate.recv() => {
                tracing::info!("told to stop: leaving the load balancer");
                self.readiness.drain();
                if let Some(jobs) = &self.jobs {
                    jobs.leave();
                }
                tokio::time::sleep(leave_delay).await;
            }
            _ = tokio::signal::ctrl_c() => tracing::info!("interrupted: stopping"),
            ended = &mut self.server => {
                return Err(anyhow::anyhow!("the server ended by itself: {ended:?}").into());
            }
        }
        self.stop().await;
        Ok(())
    }

    /// Stops taking requests, finishes the running ones and the jobs, then the writes, then closes the connections.
    pub async fn stop(self) {
        self.readiness.drain();
        let jobs = OptionFuture::from(self.jobs.map(jobs::Running::stop));
        futures::join!(self.handle.stop(true), jobs);
        if let Some(metrics) = self.metrics {
            metrics.stop().await;
        }
        self.app.db.close().await;
        tracing::info!("the shop is closed");
    }
}
