//! Floor 5: the whole shop on one machine, as `cargo run` starts it.
//!
//! The database, the pictures and the keys are in one folder (`./var`); the identity provider and the object store run in
//! this process, on loopback, on the two ports after the shop's. The first start fills the shop with a demonstration:
//! people, products and a year of what they did, through the functions that pages and jobs call (`seed`).
//!
//! None of this is in a production build: it is absent without the feature `dev`, not disabled.

mod banner;
pub mod cast;
mod folder;
pub mod identity_provider;
pub mod object_store;
pub mod seed;
mod setup;

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use clap::Parser;

use crate::platform::app::App;
use crate::platform::config::LogFormat;
use crate::platform::{migrate, telemetry};
use crate::server::{self, Jobs};
use crate::types::time::Clock;
use folder::Folder;
use identity_provider::IdentityProvider;
use object_store::ObjectStore;
use setup::Setup;

/// How long the shop may take to end once it was told to; then it ends anyway, which loses nothing: a write that was not
/// committed has not happened.
const END_WITHIN: Duration = Duration::from_secs(2);
/// Threads that answer requests; a laptop has one visitor.
const WORKERS: usize = 2;

/// What `awsomeshop dev` is told.
#[derive(clap::Args, Clone, Debug)]
pub struct Options {
    /// Begin anew: remove what the demonstration left in its folder
    #[arg(long)]
    pub reset: bool,
    /// Where the shop listens; the identity provider and the object store take the two ports after it
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    pub bind: SocketAddr,
    /// Where database, pictures and keys are kept
    #[arg(long, value_name = "FOLDER", default_value = "./var")]
    pub dir: PathBuf,
    /// What is logged, as in `info,sqlx=debug`
    #[arg(long, value_name = "FILTER", env = "RUST_LOG")]
    pub log: Option<String>,
}

/// What the options are when the command line says nothing.
#[derive(clap::Parser)]
struct Unsaid {
    #[command(flatten)]
    options: Options,
}

impl Default for Options {
    fn default() -> Self {
        Unsaid::parse_from(["dev"]).options
    }
}

/// Runs the whole shop until it is told to stop.
///
/// # Errors
/// A sentence for whoever sits in front of it: a port that is taken, a folder that cannot be written.
pub async fn run(options: Options) -> anyhow::Result<()> {
    telemetry::start(LogFormat::Pretty, options.log.as_deref());
    let folder = Folder::open(&options.dir, options.reset)?;
    let shop = listen(options.bind, "the shop")?;
    let setup = Setup::new(&folder, shop.local_addr()?)?;
    let (provider, store) = stand_ins(&folder, &setup).await?;

    let config = setup.config(&folder, &provider, &store);
    migrate::migrate(&config.database).await?;
    let app = App::new(config, Clock::System).await?;
    let seeded = seed::run(&app).await.context("filling the demonstration; --reset begins anew")?;
    seed::follow_issuer(&app.db, &provider.issuer).await?;

    let running = server::start(app.clone(), shop, WORKERS, Jobs::ByThemselves).await?;
    banner::print(&setup.public_url, &folder, seeded)?;
    tokio::select! {
        done = running.until_told_to_stop() => done?,
        told = told_to_stop() => {
            told?;
            tokio::time::sleep(END_WITHIN).await;
            app.db.close().await;
        }
    }
    provider.stop().await;
    store.stop().await;
    Ok(())
}

/// Ctrl-C or SIGTERM.
async fn told_to_stop() -> anyhow::Result<()> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => {}
        interrupted = tokio::signal::ctrl_c() => interrupted?,
    }
    Ok(())
}

async fn stand_ins(folder: &Folder, setup: &Setup) -> anyhow::Result<(IdentityProvider, ObjectStore)> {
    let provider = listen(setup.provider, "the identity provider")?;
    let store = listen(setup.store, "the object store")?;
    let clock: identity_provider::Clock = Arc::new(|| Clock::System.now());
    let objects = folder.objects();
    tokio::try_join!(
        identity_provider::start(provider, setup.provider_settings(folder, clock)),
        object_store::start(store, &objects, setup::BUCKET, setup::STORE_KEY, &setup.store_secret),
    )
}

/// These ports are fixed, because people are linked to the provider by its address.
fn listen(address: SocketAddr, who: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).with_context(|| {
        format!(
            "{address} is not free, and {who} listens there: end what uses it, or choose another port, as in \
             `cargo run -- dev --bind 127.0.0.1:9080` (the two ports after it are needed, too)"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_word_the_shop_is_on_8080_and_in_var() {
        let options = Options::default();
        assert!(!options.reset);
        assert_eq!(options.bind, "127.0.0.1:8080".parse().unwrap());
        assert_eq!(options.dir, PathBuf::from("./var"));
    }

    #[test]
    fn a_port_that_is_taken_is_said_with_the_option_to_change() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let refused = listen(taken.local_addr().unwrap(), "the shop").unwrap_err();
        assert!(refused.to_string().contains("--bind"), "{refused}");
    }
}
