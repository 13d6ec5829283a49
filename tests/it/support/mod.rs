//! The house that every test uses: [`Shop::open`] boots the real server, [`Shop::browser`] walks through its door.
//!
//! - Nothing of ours is mocked. Outside services are the stand-ins of `cargo run`, on the wire.
//! - Time stands at [`NOW`] until [`Shop::advance`]; jobs run when [`Shop::job`] says so.
//! - What the shop logs as a warning or worse is on standard error, which `cargo nextest` shows of tests that fail.
//! - [`Shop::close`] checks the books and takes everything away; a test that forgets it fails.

pub mod answer;
pub mod blueprint;
pub mod browser;
pub mod contents;
pub mod copies;
pub mod database;
pub mod html;
pub mod pictures;
pub mod raw;
pub mod setting;

use std::collections::BTreeMap;
use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use awsomeshop::dev::identity_provider::{self, IdentityProvider, Persona, ProviderSettings};
use awsomeshop::dev::object_store::{self, ObjectStore};
use awsomeshop::platform::app::App;
use awsomeshop::platform::config::{Config, LogFormat};
use awsomeshop::platform::{migrate, telemetry};
use awsomeshop::reports::books;
use awsomeshop::server::{self, Jobs, Running};
use awsomeshop::types::time::{Clock, Timestamp};
use sea_orm::Value;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::OnceCell;

use browser::Browser;
use contents::{Contents, Question};
use database::TestDatabase;

/// When every test begins: Monday, 15 June 2026, 10:00 UTC, noon in Berlin, where the company is.
pub const NOW: Timestamp = at(1_781_517_600);

/// Who can sign in through the identity provider: key, name, groups. Their address is `{key}@example.test`.
pub const PEOPLE: &[(&str, &str, &[&str])] = &[
    ("ann", "Ann Archer", &[]),
    ("ben", "Ben Brook", &[]),
    ("cleo", "Cleo Crane", &[]),
    ("dan", "Dan Dale", &[]),
    ("eve", "Eve Ember", &[]),
    ("hal", "Hal Hart", &["shop-admins"]),
    ("ora", "Ora Oakes", &["shop-orders"]),
    ("pia", "Pia Pike", &["shop-points"]),
];

/// How long what surrounds a shop may take to go.
const GOING: Duration = Duration::from_secs(20);

/// Which group gives which role.
const GROUP_ROLES: &str = "shop-admins=super-admin, shop-orders=orders, shop-points=points";
/// Where goods can be picked up; the first one's slug is `berlin`.
const OFFICES: &str = "Berlin: Lamp Street 1, 10115 Berlin; Lisbon: Rua da Luz 2, 1000-001 Lisboa";
/// 32 bytes that only tests use.
pub const CODE_KEY: &str = "dGVzdHMgb25seSwgbm90IGEgc2VjcmV0IGF0IGFsbCE=";
const BUCKET: &str = "pictures";
const STORE_KEY: &str = "tests";
const STORE_SECRET: &str = "only-for-tests";
const WORKERS: usize = 2;

/// The moment so many seconds after 1970.
pub const fn at(seconds: i64) -> Timestamp {
    match chrono::DateTime::from_timestamp(seconds, 0) {
        Some(moment) => Timestamp(moment),
        None => panic!("no such moment"),
    }
}

/// An open shop of one test.
pub struct Shop {
    pub app: App,
    /// Scheme, host and port.
    pub origin: String,
    address: SocketAddr,
    client: reqwest::Client,
    database: Option<TestDatabase>,
    server: Option<Box<Running>>,
    provider: Option<IdentityProvider>,
    store: Option<ObjectStore>,
    folder: Folder,
    question: OnceCell<Question>,
}

impl Shop {
    /// A shop with an empty database.
    pub async fn open() -> Self {
        Self::open_with(&[]).await
    }

    /// The same, with some variables of the environment set differently.
    pub async fn open_with(variables: &[(&str, &str)]) -> Self {
        Box::pin(Self::open_behind(variables, str::to_owned)).await
    }

    /// The same, reaching its database by another way than by its address.
    pub async fn open_behind(variables: &[(&str, &str)], way: impl FnOnce(&str) -> String) -> Self {
        let _installed_before = rustls::crypto::ring::default_provider().install_default();
        telemetry::start(LogFormat::Pretty, Some("warn,awsomeshop=info"));
        telemetry::start(LogFormat::Pretty, Some("warn"));
        let folder = Folder::new();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let clock = Clock::fixed(NOW);
        let provider = provider(address, clock.clone());
        let store = store(&folder.0);
        let (database, provider, store) = futures::join!(TestDatabase::with_tables(), provider, store);
        let mut config = config(address, &database, &provider, &store, variables);
        config.database.url = SecretString::from(way(config.database.url.expose_secret()));
        config.images.credentials = Some((STORE_KEY.to_owned(), SecretString::from(STORE_SECRET)));
        let app = Box::pin(App::new(config, clock)).await.expect("the handles are made");
        let server =
            server::start(app.clone(), listener, WORKERS, Jobs::WhenAsked).await.expect("the shop opens");
        Self {
            origin: format!("http://{address}"),
            app,
            address,
            client: browser::client(),
            database: Some(database),
            server: Some(Box::new(server)),
            provider: Some(provider),
            store: Some(store),
            folder,
            question: OnceCell::new(),
        }
    }

    /// Only what sets a scene in a database, while the program itself serves at `address`: no server, nothing around it,
    /// and time goes by.
    pub async fn scene(database: TestDatabase, address: SocketAddr, url: &str) -> Self {
        telemetry::start(LogFormat::Pretty, Some("error"));
        let _installed_before = rustls::crypto::ring::default_provider().install_default();
        migrate::migrate(&database.settings).await.expect("the schema comes up");
        let variables = environment(address, url, "http://127.0.0.1:1", "http://127.0.0.1:1");
        let config = Config::read(|name| variables.get(name).cloned()).expect("a configuration for tests");
        let app = App::new(config, Clock::system()).await.expect("the handles are made");
        Self {
            origin: format!("http://{address}"),
            app,
            address,
            client: browser::client(),
            database: Some(database),
            server: None,
            provider: None,
            store: None,
            folder: Folder::new(),
            question: OnceCell::new(),
        }
    }

    /// A browser that has never been here.
    pub fn browser(&self) -> Browser {
        Browser::new(self.client.clone(), &self.origin)
    }

    /// A browser whose shop is at another address.
    pub fn browser_at(&self, origin: &str) -> Browser {
        Browser::new(self.client.clone(), origin)
    }

    /// Where the shop listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What time it is for the shop.
    pub fn now(&self) -> Timestamp {
        self.app.now()
    }

    /// Moves time on.
    pub fn advance(&self, seconds: i64) {
        self.app.clock.advance_seconds(seconds);
    }

    /// Where the shop tells its numbers, when it was opened to tell them.
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.server.as_ref().unwrap().metrics.as_ref().and_then(|metrics| metrics.address)
    }

    /// From now on the shop is leaving.
    pub fn drain(&self) {
        self.server.as_ref().unwrap().readiness.drain();
    }

    /// Pictures are gone until the test ends.
    pub async fn stop_object_store(&mut self) {
        self.store.take().expect("the object store runs").stop().await;
    }

    /// Nobody can sign in until the test ends.
    pub async fn stop_identity_provider(&mut self) {
        self.provider.take().expect("the identity provider runs").stop().await;
    }

    /// The database by a connection of its own, beside the shop's pool.
    pub fn database(&self) -> &TestDatabase {
        self.database.as_ref().unwrap()
    }

    /// The one number that `sql` asks for. A sum needs `CAST(… AS SIGNED)`.
    pub async fn scalar(&self, sql: &str) -> i64 {
        self.database().scalar(sql, []).await
    }

    /// The same with values for the question marks.
    pub async fn scalar_of(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> i64 {
        self.database().scalar(sql, values).await
    }

    /// Changes rows behind the shop's back; returns how many.
    pub async fn sql(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> u64 {
        self.database().execute(sql, values).await
    }

    /// The one id that `sql` asks for.
    pub async fn id_of(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> uuid::Uuid {
        self.database().id(sql, values).await
    }

    /// How many rows each table has.
    pub async fn row_counts(&self) -> BTreeMap<String, usize> {
        self.contents().await.counts()
    }

    /// Every row of every table, to compare with later.
    pub async fn contents(&self) -> Contents {
        let question = self.question.get_or_init(|| Question::of(self.database())).await;
        Contents::asked(self.database(), question).await
    }

    /// Fails when any row differs from `before`; `what` is what should have changed nothing.
    pub async fn assert_unchanged(&self, before: &Contents, what: &str) {
        let changes = before.changes(&self.contents().await);
        assert!(changes.is_empty(), "{what} changed:\n{}", changes.join("\n"));
    }

    /// Checks the books, ends everything and takes it away.
    pub async fn close(self) {
        let report = books::check(self.app.db.reads()).await.expect("the books can be read");
        assert!(report.is_clean(), "the books are wrong: {report:?}");
        self.abandon().await;
    }

    /// Ends everything and takes it away, whatever the books say.
    pub async fn abandon(mut self) {
        match self.server.take() {
            Some(server) => server.stop().await,
            None => self.app.db.clone().close().await,
        }
        if let Some(provider) = self.provider.take() {
            goes("the identity provider", provider.stop()).await;
        }
        if let Some(store) = self.store.take() {
            goes("the object store", store.stop()).await;
        }
        goes("the database", self.database.take().unwrap().remove()).await;
        self.folder.remove();
        tracing::info!("all is taken away");
    }
}

/// Waits until `what`, which is not what is tested, has gone; what does not goes with the process, and the log says so.
async fn goes(what: &str, gone: impl Future<Output = ()>) {
    if tokio::time::timeout(GOING, gone).await.is_err() {
        tracing::warn!("{what} has not gone within {GOING:?}");
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        let forgotten = self.server.is_some();
        assert!(!forgotten || std::thread::panicking(), "a test ends with shop.close().await");
    }
}

/// A directory that goes with its owner.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        let path = std::env::temp_dir().join(format!("awsomeshop-it-{}", uuid::Uuid::new_v4().simple()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn remove(&self) {
        let gone = std::fs::remove_dir_all(&self.0);
        assert!(gone.is_ok() || !self.0.exists(), "{} stays behind: {gone:?}", self.0.display());
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _removed_before = std::fs::remove_dir_all(&self.0);
    }
}

fn config(
    address: SocketAddr,
    database: &TestDatabase,
    provider: &IdentityProvider,
    store: &ObjectStore,
    changed: &[(&str, &str)],
) -> Config {
    let url = database.settings.url.expose_secret();
    let mut variables = environment(address, url, &provider.issuer, &store.endpoint_url);
    variables.extend(changed.iter().map(|(name, value)| (*name, (*value).to_owned())));
    Config::read(|name| variables.get(name).cloned()).expect("a configuration for tests")
}

/// What a shop at `address` is told.
pub fn environment(
    address: SocketAddr,
    database_url: &str,
    issuer: &str,
    endpoint_url: &str,
) -> BTreeMap<&'static str, String> {
    let variables = [
        ("SHOP_BIND", address.to_string()),
        ("SHOP_PUBLIC_URL", format!("http://{address}")),
        ("SHOP_TIME_ZONE", "Europe/Berlin".to_owned()),
        ("SHOP_CODE_KEY", CODE_KEY.to_owned()),
        ("SHOP_GROUP_ROLES", GROUP_ROLES.to_owned()),
        ("SHOP_OFFICES", OFFICES.to_owned()),
        ("DATABASE_URL", database_url.to_owned()),
        ("DATABASE_POOL_MIN", "1".to_owned()),
        ("DATABASE_POOL_MAX", "10".to_owned()),
        ("OIDC_ISSUER_URL", issuer.to_owned()),
        ("OIDC_CLIENT_ID", "shop".to_owned()),
        ("OIDC_CLIENT_SECRET", "shop-secret".to_owned()),
        ("S3_BUCKET", BUCKET.to_owned()),
        ("S3_ENDPOINT_URL", endpoint_url.to_owned()),
        ("AWS_REGION", "eu-central-1".to_owned()),
    ];
    variables.into_iter().collect()
}

async fn provider(shop: SocketAddr, clock: Clock) -> IdentityProvider {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let settings = ProviderSettings {
        client_id: "shop".to_owned(),
        client_secret: Some(SecretString::from("shop-secret")),
        redirect_uris: vec![format!("http://{shop}/sign-in/callback")],
        logout_uris: vec![format!("http://{shop}/signed-out")],
        personas: PEOPLE.iter().map(|(key, name, groups)| persona(key, name, groups)).collect(),
        key_file: folder.join("identity-provider.pem"),
        clock: Arc::new(move || clock.now()),
    };
    // Making the key takes seconds: the first test of all makes it while the others wait at this lock.
    let lock = tokio::task::spawn_blocking(move || {
        let lock = File::create(folder.join("identity-provider.lock")).unwrap();
        lock.lock().unwrap();
        lock
    });
    let _lock = lock.await.unwrap();
    identity_provider::start(listener, settings).await.expect("the identity provider starts")
}

fn persona(key: &str, name: &str, groups: &[&str]) -> Persona {
    Persona {
        key: key.to_owned(),
        subject: format!("subject-{key}"),
        name: name.to_owned(),
        email: format!("{key}@example.test"),
        employee_number: format!("E-{key}"),
        department: "Design".to_owned(),
        introduction: "Somebody of the tests.".to_owned(),
        groups: groups.iter().map(|group| (*group).to_owned()).collect(),
    }
}

async fn store(folder: &Path) -> ObjectStore {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let root = folder.join("objects");
    object_store::start(listener, &root, BUCKET, STORE_KEY, STORE_SECRET)
        .await
        .expect("the object store starts")
}
