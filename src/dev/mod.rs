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
pub mod mailbox;
pub mod object_store;
pub mod seed;
mod setup;

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;

use crate::platform::app::App;
use crate::platform::config::LogFormat;
use crate::platform::{migrate, telemetry};
use crate::types::time::Clock;
use folder::Folder;
use identity_provider::IdentityProvider;
use mailbox::Mailbox;
use object_store::ObjectStore;
use setup::Setup;

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
    /// Another database than the file in the folder; one of MySQL, say
    #[arg(long, value_name = "URL", env = "DATABASE_URL", hide_env_values = true)]
    pub database: Option<String>,
    /// What is logged, as in `info,sqlx=debug`
    #[arg(long, value_name = "FILTER", env = "RUST_LOG")]
    pub log: Option<String>,
}

/// The demonstration's database when it is where `cargo run` makes it: for commands that are told no other.
pub const DATABASE_URL: &str = "sqlite://var/shop.db";

/// The shop of this machine with everything around it, ready to be opened.
pub struct Demonstration {
    pub app: App,
    /// Where it is to listen; taken once.
    pub listener: TcpListener,
    pub around: Around,
}

/// What stands around the shop while it is open.
pub struct Around {
    provider: IdentityProvider,
    store: ObjectStore,
    mailbox: Mailbox,
    announcement: String,
}

/// Makes everything ready: folder, keys, stand-ins, schema, and on the first start the demonstration.
///
/// # Errors
/// A sentence for whoever sits in front of it: a port that is taken, a folder that cannot be written.
pub async fn prepare(options: Options) -> anyhow::Result<Demonstration> {
    // Each step of a fresh schema is no news to somebody who wants to know the address.
    let quiet = format!("{},sea_orm_migration=warn", telemetry::DEFAULT_FILTER);
    telemetry::start(LogFormat::Pretty, Some(options.log.as_deref().unwrap_or(&quiet)));
    anyhow::ensure!(
        !options.reset || options.database.is_none(),
        "--reset empties the folder and no other database: empty that one by hand, and start without --reset"
    );
    let folder = Folder::open(&options.dir, options.reset)?;
    let listener = listen(options.bind, "the shop")?;
    let setup = Setup::new(&folder, listener.local_addr()?)?;
    let (provider, store) = stand_ins(&folder, &setup).await?;
    let mailbox = mailbox::start(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?, &folder.mail())?;
    let mut config = setup.config(&folder, &provider, &store, &mailbox)?;
    if let Some(url) = options.database {
        config.database.url = url.into();
    }
    migrate::migrate(&config.database).await?;
    let app = App::new(config, Clock::system()).await?;
    let seeded = seed::run(&app).await.context("filling the demonstration; --reset begins anew")?;
    seed::follow_issuer(&app.db, &provider.issuer).await?;
    let announcement = banner::text(&setup.public_url, &folder, seeded)?;
    Ok(Demonstration { app, listener, around: Around { provider, store, mailbox, announcement } })
}

impl Around {
    /// Says where the shop is and as whom one can look at it, in one piece, so that no log line falls in between.
    ///
    /// # Errors
    /// When nobody can be told.
    pub fn announce(&self) -> anyhow::Result<()> {
        let mut out = std::io::stdout().lock();
        out.write_all(self.announcement.as_bytes())?;
        Ok(out.flush()?)
    }

    /// Ends the stand-ins, after the shop.
    pub async fn close(self) {
        self.provider.stop().await;
        self.store.stop().await;
        self.mailbox.stop();
    }
}

async fn stand_ins(folder: &Folder, setup: &Setup) -> anyhow::Result<(IdentityProvider, ObjectStore)> {
    let provider = listen(setup.provider, "the identity provider")?;
    let store = listen(setup.store, "the object store")?;
    let clock: identity_provider::Clock = Arc::new(|| Clock::system().now());
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
             `cargo run -- --bind 127.0.0.1:9080` (the two ports after it are needed, too)"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_is_taken_is_said_with_the_option_to_change() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let refused = listen(taken.local_addr().unwrap(), "the shop").unwrap_err();
        assert!(refused.to_string().contains("--bind"), "{refused}");
    }
}
