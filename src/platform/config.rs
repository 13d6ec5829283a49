//! The configuration: everything from the environment, read once, all problems reported at once.
//! What is unsafe outside of a laptop (plain http to anywhere but this machine, a missing key) is refused here.

mod reader;

use std::net::SocketAddr;
use std::time::Duration;

use chrono_tz::Tz;
use ipnet::IpNet;
use secrecy::SecretString;
use url::Url;

use crate::platform::identity::IdentitySettings;
use crate::platform::images::ImageSettings;
use crate::platform::mail::MailSettings;
use crate::platform::seal::KEY_BYTES;
use crate::platform::traces::TraceSettings;
use crate::types::expiry::ExpiryPolicy;
use crate::types::limit::Limit;
use crate::types::money::PointValue;
use crate::types::points::Points;
use crate::types::role::Role;
use crate::types::time::Timestamp;
use crate::urls;

pub use reader::{ConfigProblems, VARIABLES};

/// Everything the shop is told from outside.
#[derive(Debug)]
pub struct Config {
    pub bind: SocketAddr,
    /// Where the numbers of `/metrics` are told, and nowhere else.
    pub metrics_bind: Option<SocketAddr>,
    /// Under which name CloudWatch is told them, by lines on standard output. Without this and an address nobody counts.
    pub metrics_namespace: Option<String>,
    /// Scheme and host that people see; links and redirects are built from it, never from the request.
    pub public_url: Url,
    /// Whom traces are told; without it nothing is traced.
    pub traces: Option<TraceSettings>,
    pub time_zone: Tz,
    pub log: LogFormat,
    pub database: DatabaseConfig,
    pub identity: IdentitySettings,
    pub images: ImageSettings,
    /// Without it nobody is sent mail.
    pub mail: Option<MailSettings>,
    pub code_key: CodeKey,
    /// Whether an unknown person who signs in gets an account instead of "ask HR".
    pub auto_provision: bool,
    /// Which group of the identity provider gives which role.
    pub group_roles: Vec<(String, Role)>,
    /// Where goods can be picked up.
    pub offices: Vec<Office>,
    pub cancelling: CancelPolicy,
    /// Until when granted points are good, unless a grant says so itself.
    pub points_expire: ExpiryPolicy,
    /// What becomes of the points of somebody who has left.
    pub leaving: LeaverPolicy,
    /// What a point is worth, for what the shop owes in money; without it reports speak of points only.
    pub point_value: Option<PointValue>,
    pub limits: LimitPolicy,
    /// Grants and runs of more points need a second pair of eyes; `None` never.
    pub approval_above: Option<Points>,
    /// How long requests are still taken after `/health` has said that the shop leaves.
    pub leave_delay: Duration,
    /// Peers whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Whether the demo's words are shown ("this is a demonstration").
    pub is_demo: bool,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// For reading on a terminal.
    Pretty,
}

/// Where the books are.
#[derive(Clone, Debug)]
pub struct DatabaseConfig {
    /// `mysql://…` or `sqlite://…`
    pub url: SecretString,
    pub pool_min: u32,
    pub pool_max: u32,
}

/// The key that seals voucher codes; never printed.
#[derive(Clone)]
pub struct CodeKey(pub [u8; KEY_BYTES]);

impl std::fmt::Debug for CodeKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CodeKey([REDACTED])")
    }
}

/// How long people can think again, and what happens to points that come back too late for their lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CancelPolicy {
    /// For so many days after placing it its owner can cancel an order; 0 never.
    pub within_days: u32,
    /// Points whose lot has lapsed are good for so many days more.
    pub grace_days: u32,
    pub zone: Tz,
}

impl CancelPolicy {
    /// From when on the owner of an order cannot cancel it any more.
    #[must_use]
    pub fn owner_until(&self, placed_at: Timestamp) -> Timestamp {
        placed_at.plus_days(self.within_days.into())
    }

    /// When a grace that begins now is over: at the end of its last day.
    #[must_use]
    pub fn grace_ends(&self, now: Timestamp) -> Timestamp {
        now.day_in(self.zone).plus_days(self.grace_days.into()).end_in(self.zone)
    }
}

/// How long somebody who has left keeps their points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeaverPolicy {
    /// To the end of the last of so many days; `None` for ever.
    pub keep_days: Option<u32>,
    pub zone: Tz,
}

impl LeaverPolicy {
    /// When the points of somebody end who left at this moment.
    #[must_use]
    pub fn ends_at(&self, left_at: Timestamp) -> Option<Timestamp> {
        let days = self.keep_days?;
        Some(left_at.day_in(self.zone).plus_days(days.into()).end_in(self.zone))
    }

    /// The points of those who left before this moment end now.
    #[must_use]
    pub fn left_before(&self, now: Timestamp) -> Option<Timestamp> {
        let days = self.keep_days?;
        Some(now.day_in(self.zone).minus_days(days.into()).start_in(self.zone))
    }
}

/// How much one person may redeem in the whole shop; each product may have a limit of its own besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitPolicy {
    /// By whose clocks periods begin and end.
    pub zone: Tz,
    pub orders: Option<Limit>,
    pub points: Option<Limit>,
}

/// An office where goods can be picked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Office {
    pub slug: String,
    pub name: String,
    pub address: String,
}

impl Office {
    /// The name of one of these offices, or its slug when the company has it no more.
    #[must_use]
    pub fn name_of(offices: &[Self], slug: &str) -> String {
        offices
            .iter()
            .find(|office| office.slug == slug)
            .map_or(slug, |office| office.name.as_str())
            .to_owned()
    }
}

impl Config {
    /// Reads the environment through `get`.
    ///
    /// # Errors
    /// Every problem there is, not only the first.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigProblems> {
        reader::read(get)
    }

    /// Reads only where the books are, for commands that need nothing else.
    ///
    /// # Errors
    /// Every problem there is with these variables.
    pub fn read_database(get: impl Fn(&str) -> Option<String>) -> Result<DatabaseConfig, ConfigProblems> {
        reader::read_database(get)
    }

    /// The address of `path` as people see it.
    #[must_use]
    pub fn public_address(&self, path: &str) -> String {
        format!("{}{path}", self.public_origin())
    }

    /// Scheme, host and port that people see.
    #[must_use]
    pub fn public_origin(&self) -> String {
        self.public_url.origin().ascii_serialization()
    }

    /// Where the identity provider sends people back.
    #[must_use]
    pub fn callback_address(public_url: &Url) -> String {
        format!("{}{}", public_url.origin().ascii_serialization(), urls::SIGN_IN_CALLBACK)
    }
}
