//! From variables to a [`Config`]: each variable is read once, and every problem is kept for one report.

mod safety;
mod watching;

use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::SecretString;
use url::Url;

use safety::{is_this_machine, nowhere, safe_database, safe_mail_server, slug_of};

use super::{CancelPolicy, CodeKey, Config, DatabaseConfig, LeaverPolicy, LimitPolicy, LogFormat, Office};
use crate::platform::identity::IdentitySettings;
use crate::platform::images::ImageSettings;
use crate::platform::mail::MailSettings;
use crate::types::expiry::ExpiryPolicy;
use crate::types::limit::{Limit, MOST_OF_A_LIMIT, Period};
use crate::types::money::PointValue;
use crate::types::points::Points;
use crate::types::quantity::whole_number;
use crate::types::role::Role;
use crate::urls;

/// Every variable the shop reads. A test compares this list with `.env.example`.
pub const VARIABLES: &[&str] = &[
    "SHOP_BIND",
    "SHOP_METRICS_BIND",
    "SHOP_METRICS_EMF_NAMESPACE",
    "SHOP_PUBLIC_URL",
    "SHOP_TIME_ZONE",
    "SHOP_LOG",
    "SHOP_CODE_KEY",
    "SHOP_AUTO_PROVISION",
    "SHOP_GROUP_ROLES",
    "SHOP_OFFICES",
    "SHOP_POINTS_EXPIRE",
    "SHOP_POINT_VALUE",
    "SHOP_CANCEL_WITHIN_DAYS",
    "SHOP_REFUND_GRACE_DAYS",
    "SHOP_LEAVER_POINTS_DAYS",
    "SHOP_LIMIT_ORDERS",
    "SHOP_LIMIT_POINTS",
    "SHOP_APPROVAL_ABOVE",
    "SHOP_LEAVE_DELAY_S",
    "SHOP_TRUSTED_PROXIES",
    "SHOP_MAIL_FROM",
    "DATABASE_URL",
    "DATABASE_POOL_MIN",
    "DATABASE_POOL_MAX",
    "OIDC_ISSUER_URL",
    "OIDC_CLIENT_ID",
    "OIDC_CLIENT_SECRET",
    "OIDC_LOGOUT_URL",
    "OIDC_GROUPS_CLAIM",
    "S3_BUCKET",
    "S3_ENDPOINT_URL",
    "AWS_REGION",
    "SMTP_URL",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_SERVICE_NAME",
    "OTEL_TRACES_SAMPLER",
    "OTEL_TRACES_SAMPLER_ARG",
    "RUST_LOG",
];

/// Pool sizes beyond this are a mistake: more connections make the database slower, not faster.
const MOST_CONNECTIONS: u32 = 64;
/// A platform waits a minute or two for a task to end, and its requests need half of that.
const MOST_LEAVE_DELAY_S: u64 = 60;
/// One to read and one to write.
const FEWEST_CONNECTIONS: u32 = 2;

/// Policies that are counted in days.
const MOST_DAYS: u32 = 3_650;

/// Everything wrong with the environment, one sentence each.
#[derive(Debug, PartialEq, Eq)]
pub struct ConfigProblems(pub Vec<String>);

impl fmt::Display for ConfigProblems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "the configuration has {} problem(s):", self.0.len())?;
        self.0.iter().try_for_each(|problem| writeln!(f, "  - {problem}"))
    }
}

impl std::error::Error for ConfigProblems {}

struct Reader<G> {
    get: G,
    problems: Vec<String>,
}

impl<G: Fn(&str) -> Option<String>> Reader<G> {
    fn text(&self, name: &str) -> Option<String> {
        (self.get)(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    fn problem(&mut self, name: &str, what: impl fmt::Display) {
        self.problems.push(format!("{name}: {what}"));
    }

    fn required(&mut self, name: &str, what: &str) -> String {
        self.text(name).unwrap_or_else(|| {
            self.problem(name, format!("is missing: {what}"));
            String::new()
        })
    }

    fn parsed<T: FromStr>(&mut self, name: &str, default: T, what: &str) -> T {
        match self.text(name).map(|text| text.parse()) {
            None => default,
            Some(Ok(value)) => value,
            Some(Err(_)) => {
                self.problem(name, format!("is not {what}"));
                default
            }
        }
    }

    /// An address that may be plain http only when it is on this machine.
    fn safe_address(&mut self, name: &str, text: &str) -> Option<Url> {
        if text.is_empty() {
            return None;
        }
        let Ok(url) = Url::parse(text) else {
            self.problem(name, "is not an address (https://…)");
            return None;
        };
        match url.scheme() {
            "https" => Some(url),
            "http" if is_this_machine(&url) => Some(url),
            "http" => {
                self.problem(name, "is plain http; outside of this machine only https is safe");
                None
            }
            _ => {
                self.problem(name, "is not an https address");
                None
            }
        }
    }

    fn leave_delay(&mut self) -> Duration {
        let seconds = self.parsed("SHOP_LEAVE_DELAY_S", 10, "a number of seconds");
        if seconds > MOST_LEAVE_DELAY_S {
            self.problem("SHOP_LEAVE_DELAY_S", format!("is more than {MOST_LEAVE_DELAY_S} seconds"));
        }
        Duration::from_secs(seconds)
    }

    fn days(&mut self, name: &str, default: u32) -> u32 {
        let days = self.parsed(name, default, "a number of days");
        if days > MOST_DAYS {
            self.problem(name, format!("is more than {MOST_DAYS} days"));
        }
        days
    }

    fn some_days(&mut self, name: &str) -> Option<u32> {
        self.text(name).map(|_| self.days(name, 0))
    }

    /// `20/month`
    fn limit(&mut self, name: &str) -> Option<Limit> {
        let limit = self.text(name)?.parse().ok();
        if limit.is_none() {
            let names = Period::ALL.map(Period::name).join(", ");
            self.problem(
                name,
                format!("is not a limit (20/month): 1 to {MOST_OF_A_LIMIT} in each period, one of {names}"),
            );
        }
        limit
    }

    /// `0.01 EUR`
    fn point_value(&mut self) -> Option<PointValue> {
        let value = self.text("SHOP_POINT_VALUE")?.parse().ok();
        if value.is_none() {
            self.problem("SHOP_POINT_VALUE", "is not what a point is worth (0.01 EUR)");
        }
        value
    }

    /// Points in plain digits.
    fn points(&mut self, name: &str) -> Option<Points> {
        let points = whole_number(&self.text(name)?);
        if points.is_none() {
            self.problem(name, "is not a number of points (5000)");
        }
        points.map(Points)
    }

    fn code_key(&mut self) -> CodeKey {
        let text = self.required("SHOP_CODE_KEY", "32 random bytes in base64 (openssl rand -base64 32)");
        let key = STANDARD.decode(&text).ok().and_then(|bytes| bytes.try_into().ok());
        if key.is_none() && !text.is_empty() {
            self.problem("SHOP_CODE_KEY", "is not 32 bytes in base64 (openssl rand -base64 32)");
        }
        CodeKey(key.unwrap_or_default())
    }

    fn log_format(&mut self) -> LogFormat {
        match self.text("SHOP_LOG").as_deref() {
            Some("pretty") => return LogFormat::Pretty,
            None | Some("json") => {}
            Some(_) => self.problem("SHOP_LOG", "is neither json nor pretty"),
        }
        LogFormat::Json
    }

    /// `group=role, group=role`
    fn group_roles(&mut self) -> Vec<(String, Role)> {
        let text = self.text("SHOP_GROUP_ROLES").unwrap_or_else(|| "shop-admins=super-admin".to_owned());
        let mut roles = Vec::new();
        for pair in text.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
            match pair.split_once('=').map(|(group, role)| (group.trim(), role.trim().parse())) {
                Some((group, Ok(role))) if !group.is_empty() => roles.push((group.to_owned(), role)),
                _ => {
                    let names: Vec<_> = Role::ALL.iter().map(|role| role.name()).collect();
                    self.problem(
                        "SHOP_GROUP_ROLES",
                        format!("{pair:?} is not group=role; roles are {}", names.join(", ")),
                    );
                }
            }
        }
        roles
    }

    /// `Name: address; Name: address`
    fn offices(&mut self) -> Vec<Office> {
        let text = self.text("SHOP_OFFICES").unwrap_or_default();
        let mut offices: Vec<Office> = Vec::new();
        for entry in text.split(';').map(str::trim).filter(|entry| !entry.is_empty()) {
            match entry.split_once(':').map(|(name, address)| (name.trim(), address.trim())) {
                Some((name, address)) if !name.is_empty() && !address.is_empty() => {
                    let slug = slug_of(name);
                    if offices.iter().any(|office| office.slug == slug) {
                        self.problem("SHOP_OFFICES", format!("{name:?} is there twice"));
                    }
                    offices.push(Office { slug, name: name.to_owned(), address: address.to_owned() });
                }
                _ => self.problem("SHOP_OFFICES", format!("{entry:?} is not Name: address")),
            }
        }
        offices
    }

    fn list<T: FromStr>(&mut self, name: &str, what: &str) -> Vec<T> {
        let text = self.text(name).unwrap_or_default();
        let mut values = Vec::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            match part.parse() {
                Ok(value) => values.push(value),
                Err(_) => self.problem(name, format!("{part:?} is not {what}")),
            }
        }
        values
    }

    /// Mail holds names and addresses, so it leaves this machine only encrypted.
    fn mail(&mut self) -> Option<MailSettings> {
        let from = self.text("SHOP_MAIL_FROM");
        let server = self.text("SMTP_URL")?;
        if let Err(problem) = safe_mail_server(&server) {
            self.problem("SMTP_URL", problem);
        }
        match from.map(|from| from.parse()) {
            Some(Ok(from)) => return Some(MailSettings { server: SecretString::from(server), from }),
            Some(Err(error)) => self.problem("SHOP_MAIL_FROM", format!("is not a mail address: {error}")),
            None => self.problem(
                "SHOP_MAIL_FROM",
                "is missing: in whose name mail is sent (Shop <shop@example.com>)",
            ),
        }
        None
    }

    fn database(&mut self) -> DatabaseConfig {
        let url = self.required("DATABASE_URL", "mysql://user:password@host/database or sqlite://path");
        if !url.is_empty() && !url.starts_with("mysql://") && !url.starts_with("sqlite:") {
            self.problem("DATABASE_URL", "is neither mysql:// nor sqlite://");
        }
        if url.starts_with("mysql://")
            && let Err(problem) = safe_database(&url)
        {
            self.problem("DATABASE_URL", problem);
        }
        let pool_min = self.parsed("DATABASE_POOL_MIN", 5, "a number");
        let pool_max = self.parsed("DATABASE_POOL_MAX", 10, "a number");
        if !(FEWEST_CONNECTIONS..=MOST_CONNECTIONS).contains(&pool_max) || pool_min > pool_max {
            self.problem(
                "DATABASE_POOL_MAX",
                format!(
                    "must be from {FEWEST_CONNECTIONS} to {MOST_CONNECTIONS} and not below DATABASE_POOL_MIN"
                ),
            );
        }
        DatabaseConfig { url: SecretString::from(url), pool_min, pool_max }
    }
}

pub(super) fn read_database(get: impl Fn(&str) -> Option<String>) -> Result<DatabaseConfig, ConfigProblems> {
    let mut reader = Reader { get, problems: Vec::new() };
    let database = reader.database();
    if reader.problems.is_empty() { Ok(database) } else { Err(ConfigProblems(reader.problems)) }
}

pub(super) fn read(get: impl Fn(&str) -> Option<String>) -> Result<Config, ConfigProblems> {
    let mut reader = Reader { get, problems: Vec::new() };
    let bind: SocketAddr =
        reader.parsed("SHOP_BIND", ([127, 0, 0, 1], 8080).into(), "an address and a port (127.0.0.1:8080)");
    let public_text = reader.required("SHOP_PUBLIC_URL", "the address people use (https://shop.example.com)");
    let public_url = reader.safe_address("SHOP_PUBLIC_URL", &public_text).unwrap_or_else(nowhere);
    let issuer = reader.required("OIDC_ISSUER_URL", "the identity provider's issuer");
    reader.safe_address("OIDC_ISSUER_URL", &issuer);
    let logout_url = reader.text("OIDC_LOGOUT_URL");
    reader.safe_address("OIDC_LOGOUT_URL", logout_url.as_deref().unwrap_or_default());
    let endpoint_url = reader.text("S3_ENDPOINT_URL");
    reader.safe_address("S3_ENDPOINT_URL", endpoint_url.as_deref().unwrap_or_default());
    let log = reader.log_format();
    let identity = IdentitySettings {
        issuer,
        client_id: reader.required("OIDC_CLIENT_ID", "the id the identity provider knows the shop by"),
        client_secret: reader.text("OIDC_CLIENT_SECRET").map(SecretString::from),
        redirect_url: Config::callback_address(&public_url),
        logout_url,
        signed_out_url: format!("{}{}", public_url.origin().ascii_serialization(), urls::signed_out()),
        groups_claim: reader.text("OIDC_GROUPS_CLAIM").unwrap_or_else(|| "cognito:groups".to_owned()),
    };
    let images = ImageSettings {
        bucket: reader.required("S3_BUCKET", "the bucket of the product pictures"),
        endpoint_url,
        region: reader.text("AWS_REGION").unwrap_or_else(|| "eu-west-1".to_owned()),
        credentials: None,
    };
    let time_zone = reader.parsed("SHOP_TIME_ZONE", chrono_tz::UTC, "a time zone (Europe/Berlin)");
    let config = Config {
        bind,
        metrics_bind: reader.metrics_bind(bind),
        metrics_namespace: reader.metrics_namespace(log),
        public_url,
        traces: reader.traces(),
        time_zone,
        log,
        database: reader.database(),
        mail: reader.mail(),
        identity,
        images,
        code_key: reader.code_key(),
        auto_provision: reader.parsed("SHOP_AUTO_PROVISION", false, "true or false"),
        group_roles: reader.group_roles(),
        offices: reader.offices(),
        points_expire: reader.parsed(
            "SHOP_POINTS_EXPIRE",
            ExpiryPolicy::Months(12),
            "never, months:N (1 to 120), end-of-month:N (0 to 120) or end-of-year:N (0 to 10)",
        ),
        point_value: reader.point_value(),
        leave_delay: reader.leave_delay(),
        cancelling: CancelPolicy {
            within_days: reader.days("SHOP_CANCEL_WITHIN_DAYS", 14),
            grace_days: reader.days("SHOP_REFUND_GRACE_DAYS", 30),
            zone: time_zone,
        },
        leaving: LeaverPolicy { keep_days: reader.some_days("SHOP_LEAVER_POINTS_DAYS"), zone: time_zone },
        limits: LimitPolicy {
            zone: time_zone,
            orders: reader.limit("SHOP_LIMIT_ORDERS"),
            points: reader.limit("SHOP_LIMIT_POINTS"),
        },
        approval_above: reader.points("SHOP_APPROVAL_ABOVE"),
        trusted_proxies: reader.list("SHOP_TRUSTED_PROXIES", "a network (10.0.0.0/16)"),
        is_demo: false,
    };
    if reader.problems.is_empty() { Ok(config) } else { Err(ConfigProblems(reader.problems)) }
}
