//! The handles that every handler and job gets: made once at start, cheap to clone.

use std::sync::Arc;

use tokio::sync::Notify;

use crate::error::Result;
use crate::platform::config::Config;
use crate::platform::db::Db;
use crate::platform::db_clock;
use crate::platform::identity::Identity;
use crate::platform::images::Images;
use crate::platform::mail::Mail;
use crate::platform::picture_codec::PictureCodec;
use crate::platform::rate_limit::RateLimits;
use crate::platform::seal::Sealer;
use crate::types::time::{Clock, Timestamp};

/// The handles to everything outside of a function's own arguments.
#[derive(Clone)]
pub struct App {
    pub config: Arc<Config>,
    pub clock: Clock,
    pub db: Db,
    pub identity: Identity,
    pub images: Images,
    pub mail: Mail,
    pub codec: PictureCodec,
    pub sealer: Arc<Sealer>,
    pub limits: Arc<RateLimits>,
    /// Rung when a run of grants has begun: the job of this process need not wait for its hour, nor need it be in it.
    pub bell: Arc<Notify>,
}

impl App {
    /// Connects to the database and makes the other handles, which connect when they are used.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn new(config: Config, clock: Clock) -> Result<Self> {
        let db = Db::connect(&config.database).await?;
        db_clock::follow(&db, &clock).await?;
        Ok(Self {
            db,
            identity: Identity::new(config.identity.clone())?,
            images: Images::new(config.images.clone()).await?,
            mail: Mail::new(config.mail.clone())?,
            codec: PictureCodec::default(),
            sealer: Arc::new(Sealer::new(&config.code_key.0)?),
            limits: Arc::default(),
            bell: Arc::default(),
            config: Arc::new(config),
            clock,
        })
    }

    /// The present, as this request or job sees it: asked once, then handed on.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
