//! `awsomeshop serve` as a process of its own, on the books of a [`Shop`].

use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use awsomeshop::auth::session;
use awsomeshop::types::id::PersonId;
use awsomeshop::types::time::Clock;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures::FutureExt;
use secrecy::ExposeSecret;

use crate::support::Shop;
use crate::support::browser::{Browser, client};
use crate::support::raw;

/// How long the program may take to begin or to end.
const PATIENCE: Duration = Duration::from_mins(1);
const PAUSE: Duration = Duration::from_millis(20);

/// The program while it runs; killed when dropped.
pub struct Program {
    pub address: SocketAddr,
    pub origin: String,
    child: Child,
    log: PathBuf,
}

/// A port nobody listens on now.
pub fn free_port() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

impl Program {
    /// Starts it on `address`, which people know as `origin`, and waits until it is well.
    pub async fn start(shop: &Shop, address: SocketAddr, origin: &str, more: &[(&str, &str)]) -> Self {
        let config = &shop.app.config;
        let log = std::env::temp_dir().join(format!("awsomeshop-load-{}.log", uuid::Uuid::new_v4().simple()));
        let mut command = Command::new(env!("CARGO_BIN_EXE_awsomeshop"));
        let credentials = config.images.credentials.as_ref().unwrap();
        command
            .arg("serve")
            .env_clear()
            .env("SHOP_BIND", address.to_string())
            .env("SHOP_PUBLIC_URL", origin)
            .env("SHOP_CODE_KEY", STANDARD.encode(config.code_key.0))
            .env("SHOP_OFFICES", "Berlin: Lamp Street 1, 10115 Berlin")
            .env("SHOP_LEAVE_DELAY_S", "1")
            .env("DATABASE_URL", config.database.url.expose_secret())
            .env("DATABASE_POOL_MIN", "1")
            .env("OIDC_ISSUER_URL", &config.identity.issuer)
            .env("OIDC_CLIENT_ID", &config.identity.client_id)
            .env("OIDC_CLIENT_SECRET", "shop-secret")
            .env("S3_BUCKET", &config.images.bucket)
            .env("S3_ENDPOINT_URL", config.images.endpoint_url.as_ref().unwrap())
            .env("AWS_REGION", &config.images.region)
            .env("AWS_ACCESS_KEY_ID", &credentials.0)
            .env("AWS_SECRET_ACCESS_KEY", credentials.1.expose_secret())
            .env("RUST_LOG", "warn,awsomeshop=warn,actix_http=off")
            .envs(more.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(&log).unwrap());
        let mut program = Self {
            address,
            origin: origin.to_owned(),
            child: command.spawn().expect("the program starts"),
            log,
        };
        program.until_well().await;
        program
    }

    /// On a port of its own, under its own address.
    pub async fn alone(shop: &Shop, more: &[(&str, &str)]) -> Self {
        let address = free_port();
        Self::start(shop, address, &format!("http://{address}"), more).await
    }

    async fn until_well(&mut self) {
        let began = Instant::now();
        while tokio::net::TcpStream::connect(self.address).await.is_err()
            || raw::get(self.address, "/health", None).await.status != 200
        {
            let ended = self.child.try_wait().unwrap();
            assert!(
                ended.is_none() && began.elapsed() < PATIENCE,
                "it does not start: {ended:?}: {}",
                self.log()
            );
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// A person's browser at this door.
    pub async fn browser_of(&self, shop: &Shop, person_id: PersonId) -> Browser {
        browser_at(shop, &self.origin, person_id).await
    }

    /// SIGTERM.
    pub fn tell_to_stop(&self) {
        let sent = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Waits for its end; the exit code.
    pub async fn ended(&mut self) -> Option<i32> {
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            assert!(began.elapsed() < PATIENCE, "it does not end: {}", self.log());
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// What it logged: warnings and worse.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Its memory, in megabytes: what it has for itself, and the pages of the program file in it, which are many and
    /// depend on how it was built.
    pub fn memory_mb(&self) -> (usize, usize) {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() / 1024
        };
        (line("RssAnon:"), line("RssFile:"))
    }

    /// It may hold no more than so many sockets and files open from now on.
    pub fn allow_files(&self, most: usize) {
        let (pid, most) = (self.child.id().to_string(), format!("--nofile={most}:"));
        let limited = Command::new("prlimit").args(["--pid", &pid, &most]).status().unwrap();
        assert!(limited.success());
    }

    /// How many sockets and files it holds open.
    pub fn open_files(&self) -> usize {
        std::fs::read_dir(format!("/proc/{}/fd", self.child.id())).unwrap().count()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _gone_before = self.child.kill();
        let _reaped_before = self.child.wait();
        if std::thread::panicking() {
            eprintln!("the program said:\n{}", self.log());
        }
        let _removed_before = std::fs::remove_file(&self.log);
    }
}

/// A person's browser at any door of these books, signed in by the clock of the programs, which is the machine's.
pub async fn browser_at(shop: &Shop, origin: &str, person_id: PersonId) -> Browser {
    let now = Clock::system().now();
    let opened = shop.app.db.write("test.session", move |tx| session::open(tx, now, person_id).boxed());
    let token = opened.await.unwrap_or_else(|error| panic!("a session: {error:#}"));
    let browser = Browser::new(client(), origin);
    browser.enter_with(&token);
    browser
}
