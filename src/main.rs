//! The program: what it is told on the command line, and its exit code.

use std::io::{IsTerminal, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use awsomeshop::ledger::expire;
use awsomeshop::platform::app::App;
use awsomeshop::platform::config::{Config, DatabaseConfig, LogFormat};
use awsomeshop::platform::{db::Db, migrate, telemetry, traces};
use awsomeshop::reports::books;
use awsomeshop::server::{self, jobs};
use awsomeshop::types::time::Clock;
use clap::{Parser, Subcommand};

/// How long `healthcheck` waits for an answer.
const HEALTHCHECK_TIMEOUT: Duration = Duration::from_secs(3);
/// Where the shop listens when nobody says.
const BIND: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);

/// Lots listed by a dry run.
const MOST_LISTED: u64 = 10_000;

/// What `check-books` ends with when it cannot ask: neither that the books are right nor that a law is broken.
const NOT_CHECKED: u8 = 2;

/// An employee-benefits shop.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    /// Without a command, these are `dev`'s.
    #[cfg(feature = "dev")]
    #[command(flatten)]
    dev: awsomeshop::dev::Options,
}

#[derive(Subcommand)]
enum Command {
    /// The whole shop on this machine: embedded database, identity provider and object store, demo data
    #[cfg(feature = "dev")]
    Dev(awsomeshop::dev::Options),
    /// Serve; everything comes from the environment
    Serve,
    /// Bring the schema up to date, one run at a time
    Migrate,
    /// Run one job once
    Job {
        name: jobs::Job,
        /// Only list what expire-points would end; nothing changes
        #[arg(long)]
        dry_run: bool,
    },
    /// Check every law of the points books; exit code 1 when one is broken, 2 when they cannot be read
    CheckBooks,
    /// Ask the running shop whether it is well; exit code 1 when it is not
    Healthcheck,
}

#[tokio::main]
async fn main() -> ExitCode {
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        tracing::debug!("a crypto provider was installed already");
    }
    let ended = Box::pin(run(Cli::parse())).await;
    traces::finish().await;
    match ended {
        Ok(code) => code,
        Err(error) => {
            report(&error);
            ExitCode::FAILURE
        }
    }
}

/// A person at a terminal reads a sentence, a machine a log line.
fn report(error: &anyhow::Error) {
    let mut terminal = std::io::stderr();
    if !terminal.is_terminal() || writeln!(terminal, "error: {error:#}").is_err() {
        tracing::error!(error = format!("{error:#}"), "the program ended with an error");
    }
}

async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    match cli.command {
        #[cfg(feature = "dev")]
        None => Box::pin(dev(cli.dev)).await?,
        #[cfg(feature = "dev")]
        Some(Command::Dev(options)) => Box::pin(dev(options)).await?,
        #[cfg(not(feature = "dev"))]
        None => serve().await?,
        Some(Command::Serve) => serve().await?,
        Some(Command::Migrate) => migrate::migrate(&database()?).await?,
        Some(Command::Job { name, dry_run }) => job(name, dry_run).await?,
        Some(Command::CheckBooks) => return check_books().await,
        Some(Command::Healthcheck) => return healthcheck().await,
    }
    Ok(ExitCode::SUCCESS)
}

/// The configuration from the environment; logging has started when it returns.
fn configured() -> anyhow::Result<Config> {
    let config = Config::read(environment);
    let format = config.as_ref().map_or(LogFormat::Json, |config| config.log);
    let traces = config.as_ref().ok().and_then(|config| config.traces.as_ref());
    telemetry::start_traced(format, environment("RUST_LOG").as_deref(), traces);
    Ok(config?)
}

/// Where the books are, for commands that need nothing else. Where `cargo run` is, its books are the ones meant.
fn database() -> anyhow::Result<DatabaseConfig> {
    telemetry::start(LogFormat::Pretty, environment("RUST_LOG").as_deref());
    #[cfg(feature = "dev")]
    let get = |name: &str| {
        let books = (name == "DATABASE_URL").then(|| awsomeshop::dev::DATABASE_URL.to_owned());
        environment(name).or(books)
    };
    #[cfg(not(feature = "dev"))]
    let get = environment;
    Ok(Config::read_database(get)?)
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The shop with everything it needs around it. One visitor needs few threads, and waits for no load balancer.
#[cfg(feature = "dev")]
async fn dev(options: awsomeshop::dev::Options) -> anyhow::Result<()> {
    const WORKERS: usize = 2;
    let prepared = Box::pin(awsomeshop::dev::prepare(options)).await?;
    let awsomeshop::dev::Demonstration { app, listener, around } = prepared;
    let running = server::start(app, listener, WORKERS, server::Jobs::ByThemselves).await?;
    around.announce()?;
    running.until_told_to_stop(Duration::ZERO).await?;
    around.close().await;
    Ok(())
}

async fn serve() -> anyhow::Result<()> {
    let config = configured()?;
    let listener = TcpListener::bind(config.bind)?;
    let leave_delay = config.leave_delay;
    let app = App::new(config, Clock::system()).await?;
    migrate::check_schema(app.db.reads()).await?;
    let workers = std::thread::available_parallelism()?.get();
    server::start(app, listener, workers, server::Jobs::ByThemselves)
        .await?
        .until_told_to_stop(leave_delay)
        .await?;
    Ok(())
}

async fn job(name: jobs::Job, dry_run: bool) -> anyhow::Result<()> {
    anyhow::ensure!(!dry_run || name == jobs::Job::ExpirePoints, "only expire-points has a dry run");
    let app = App::new(configured()?, Clock::system()).await?;
    migrate::check_schema(app.db.reads()).await?;
    if dry_run {
        let (lots, count) = expire::due(&app.db, app.now(), MOST_LISTED).await?;
        let mut out = std::io::stdout().lock();
        for lot in &lots {
            let owner = lot.employee_number.as_deref().unwrap_or("without a number");
            writeln!(
                out,
                "{}  {:>9}  lot {}  employee {owner}",
                lot.expires_at.iso(),
                lot.points.0,
                lot.lot_id
            )?;
        }
        writeln!(out, "{count} lots would end, {} of them are listed", lots.len())?;
    } else {
        jobs::run(&app, name).await?;
    }
    app.db.close().await;
    Ok(())
}

async fn check_books() -> anyhow::Result<ExitCode> {
    match asked_books().await {
        Ok(books) => Ok(books.print()),
        Err(error) => {
            report(&error.context("the books could not be checked"));
            Ok(ExitCode::from(NOT_CHECKED))
        }
    }
}

async fn asked_books() -> anyhow::Result<books::Report> {
    let db = Db::connect(&database()?).await?;
    migrate::check_schema(db.reads()).await?;
    let report = books::check_at_once(&db).await?;
    db.close().await;
    Ok(report)
}

async fn healthcheck() -> anyhow::Result<ExitCode> {
    let bind = environment("SHOP_BIND").unwrap_or_default();
    let address = asked_at(&bind).context("SHOP_BIND is not an address and a port")?;
    // The way to one's own door leads through nobody's proxy.
    let client = reqwest::Client::builder().timeout(HEALTHCHECK_TIMEOUT).no_proxy().build()?;
    let answer = client.get(format!("http://{address}/health")).send().await;
    Ok(if answer.is_ok_and(|answer| answer.status().is_success()) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Where a shop is asked that listens at `bind`: an address that stands for all of this machine's is asked at its loopback.
fn asked_at(bind: &str) -> Result<SocketAddr, std::net::AddrParseError> {
    let mut address = if bind.trim().is_empty() { BIND } else { bind.trim().parse()? };
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    Ok(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shop_is_asked_where_it_listens() {
        for (bind, asked) in [
            ("", "127.0.0.1:8080"),
            (" 127.0.0.1:9000 ", "127.0.0.1:9000"),
            ("0.0.0.0:8080", "127.0.0.1:8080"),
            ("10.1.2.3:80", "10.1.2.3:80"),
            ("[::]:8080", "[::1]:8080"),
            ("[::1]:8080", "[::1]:8080"),
            ("[2001:db8::7]:8080", "[2001:db8::7]:8080"),
        ] {
            assert_eq!(asked_at(bind).unwrap().to_string(), asked, "{bind:?}");
        }
        for nonsense in ["8080", "localhost", "[::1]", "127.0.0.1:port"] {
            assert!(asked_at(nonsense).is_err(), "{nonsense}");
        }
    }
}
