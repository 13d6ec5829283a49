//! The configuration of `cargo run`: what the environment says in production is decided here.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::Context;
use chrono_tz::Tz;
use secrecy::SecretString;
use url::Url;

use super::cast;
use super::folder::Folder;
use super::identity_provider::{Clock, IdentityProvider, Persona, ProviderSettings};
use super::mailbox::Mailbox;
use super::object_store::ObjectStore;
use super::seed;
use crate::platform::config::{
    CancelPolicy, Config, DatabaseConfig, LeaverPolicy, LimitPolicy, LogFormat, Office,
};
use crate::platform::identity::IdentitySettings;
use crate::platform::images::ImageSettings;
use crate::platform::mail::MailSettings;
use crate::platform::seal;
use crate::types::expiry::ExpiryPolicy;
use crate::types::role::{Desk, Role};
use crate::urls;

pub(super) const BUCKET: &str = "pictures";
pub(super) const STORE_KEY: &str = "awsomeshop-dev";
const REGION: &str = "eu-central-1";
const CLIENT_ID: &str = "awsomeshop";
const GROUPS_CLAIM: &str = "cognito:groups";
const MAIL_FROM: &str = "AWSomeShop <shop@awsomeshop.example>";
const TIME_ZONE: Tz = Tz::Europe__Berlin;
const POOL: u32 = 8;

/// Slug, name and address of each office.
const OFFICES: [(&str, &str, &str); 3] = [
    ("berlin", "Berlin", "Lindenhof 12, 10115 Berlin, Germany"),
    ("lisbon", "Lisbon", "Rua do Miradouro 48, 1200-210 Lisbon, Portugal"),
    ("singapore", "Singapore", "21 Harbour Walk, Singapore 098632"),
];

/// Where everything is, and the secrets of this run.
pub(super) struct Setup {
    bind: SocketAddr,
    pub public_url: Url,
    pub provider: SocketAddr,
    pub store: SocketAddr,
    pub store_secret: String,
    client_secret: SecretString,
    code_key: crate::platform::config::CodeKey,
}

/// The offices of the demonstration.
#[must_use]
pub(super) fn offices() -> Vec<Office> {
    let office = |(slug, name, address): (&str, &str, &str)| Office {
        slug: slug.to_owned(),
        name: name.to_owned(),
        address: address.to_owned(),
    };
    OFFICES.map(office).into()
}

impl Setup {
    /// For a shop that listens on `bind`: the stand-ins take the two ports after it, on loopback whatever `bind` is.
    pub(super) fn new(folder: &Folder, bind: SocketAddr) -> anyhow::Result<Self> {
        let port = |after: u16| {
            let port = bind
                .port()
                .checked_add(after)
                .context("there is no room for two more ports after the shop's")?;
            anyhow::Ok(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
        };
        Ok(Self {
            bind,
            public_url: Url::parse(&format!("http://localhost:{}", bind.port()))?,
            provider: port(1)?,
            store: port(2)?,
            // The stand-ins live as long as the shop: their secrets need not outlive it.
            store_secret: seal::new_token()?,
            client_secret: SecretString::from(seal::new_token()?),
            code_key: folder.code_key()?,
        })
    }

    /// Whom the identity provider serves.
    pub(super) fn provider_settings(&self, folder: &Folder, clock: Clock) -> ProviderSettings {
        ProviderSettings {
            client_id: CLIENT_ID.to_owned(),
            client_secret: Some(self.client_secret.clone()),
            redirect_uris: vec![Config::callback_address(&self.public_url)],
            logout_uris: vec![self.address(&urls::signed_out())],
            personas: cast::PEOPLE.iter().map(Persona::from).collect(),
            key_file: folder.provider_key(),
            clock,
        }
    }

    /// The shop's configuration.
    pub(super) fn config(
        &self,
        folder: &Folder,
        provider: &IdentityProvider,
        store: &ObjectStore,
        mailbox: &Mailbox,
    ) -> anyhow::Result<Config> {
        let secret = SecretString::from(self.store_secret.as_str());
        Ok(Config {
            bind: self.bind,
            metrics_bind: None,
            metrics_namespace: None,
            traces: None,
            public_url: self.public_url.clone(),
            time_zone: TIME_ZONE,
            log: LogFormat::Pretty,
            database: DatabaseConfig { url: folder.database_url().into(), pool_min: 1, pool_max: POOL },
            identity: IdentitySettings {
                issuer: provider.issuer.clone(),
                client_id: CLIENT_ID.to_owned(),
                client_secret: Some(self.client_secret.clone()),
                redirect_url: Config::callback_address(&self.public_url),
                logout_url: Some(format!("{}/logout", provider.issuer)),
                signed_out_url: self.address(&urls::signed_out()),
                groups_claim: GROUPS_CLAIM.to_owned(),
            },
            points_expire: ExpiryPolicy::Months(12),
            point_value: "0.01 EUR".parse().ok(),
            cancelling: CancelPolicy { within_days: 14, grace_days: 30, zone: TIME_ZONE },
            leaving: LeaverPolicy { keep_days: Some(30), zone: TIME_ZONE },
            limits: LimitPolicy { zone: TIME_ZONE, orders: None, points: None },
            approval_above: Some(seed::APPROVAL_ABOVE),
            images: ImageSettings {
                bucket: BUCKET.to_owned(),
                endpoint_url: Some(store.endpoint_url.clone()),
                region: REGION.to_owned(),
                credentials: Some((STORE_KEY.to_owned(), secret)),
            },
            mail: Some(MailSettings { server: mailbox.url().into(), from: MAIL_FROM.parse()? }),
            code_key: self.code_key.clone(),
            auto_provision: false,
            group_roles: group_roles(),
            offices: offices(),
            leave_delay: Duration::ZERO,
            trusted_proxies: Vec::new(),
            is_demo: true,
        })
    }

    fn address(&self, path: &str) -> String {
        format!("{}{path}", self.public_url.origin().ascii_serialization())
    }
}

fn group_roles() -> Vec<(String, Role)> {
    [
        (cast::ADMINS, Role::SuperAdmin),
        (cast::ORDERS, Role::Desk(Desk::Orders)),
        (cast::PRODUCTS, Role::Desk(Desk::Products)),
        (cast::POINTS, Role::Desk(Desk::Points)),
    ]
    .map(|(group, role)| (group.to_owned(), role))
    .into()
}

impl From<&cast::Member> for Persona {
    fn from(member: &cast::Member) -> Self {
        Self {
            key: member.key.clone(),
            subject: format!("demo-{}", member.key),
            name: member.name.clone(),
            email: member.email.clone(),
            employee_number: member.employee_number.clone(),
            department: member.department.clone(),
            introduction: member.introduction.clone(),
            groups: member.groups.clone(),
        }
    }
}
