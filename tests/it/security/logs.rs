//! What the program writes down: a person walks through the whole shop, does everything right and everything wrong, and
//! nothing of what is theirs, and no secret of the house, stands in the log. The program runs as it does in production, as
//! a process of its own that tells JSON, once as it is and once told to tell everything.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;

use awsomeshop::types::time::Clock;
use reqwest::Method;
use secrecy::ExposeSecret;
use serde_json::Value;
use url::Url;

use crate::access::Scene;
use crate::auth::sign_in_cookie;
use crate::support::browser::Browser;
use crate::support::{CODE_KEY, Shop, raw};

/// Secrets of the environment, to be found again.
const MAIL_SECRET: &str = "canary-mail-password";
const STORE_KEY: &str = "CANARYACCESSKEYID";
const STORE_SECRET: &str = "canary/store/secret/canary/store/secret";
/// What the scene's voucher says.
const CODE: &str = "AAAA-BBBB-1111";
/// What a person types, to be found again.
const TYPED: [&str; 6] = [
    "Canary Recipient",
    "Canary Street 77",
    "Canarytown",
    "+49 30 7700770",
    "canary-searched",
    "canary-posted",
];

const ADDRESS: [(&str, &str); 6] = [
    ("recipient", TYPED[0]),
    ("line1", TYPED[1]),
    ("postcode", "10115"),
    ("city", TYPED[2]),
    ("country", "DE"),
    ("phone", TYPED[3]),
];

/// The shop as a process of its own, beside a shop of the test's that lends it database and stand-ins.
struct Process {
    child: Child,
    log: Option<JoinHandle<String>>,
    origin: String,
}

impl Process {
    async fn start(shop: &Shop, log_filter: Option<&str>) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let config = &shop.app.config;
        let mut command = Command::new(env!("CARGO_BIN_EXE_awsomeshop"));
        command.arg("serve").env_clear().stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        command.envs([
            ("SHOP_BIND", format!("127.0.0.1:{port}")),
            ("SHOP_PUBLIC_URL", shop.origin.clone()),
            ("SHOP_CODE_KEY", CODE_KEY.to_owned()),
            ("SHOP_OFFICES", "Berlin: Lamp Street 1".to_owned()),
            ("DATABASE_URL", shop.database().settings.url.expose_secret().to_owned()),
            ("OIDC_ISSUER_URL", config.identity.issuer.clone()),
            ("OIDC_CLIENT_ID", "shop".to_owned()),
            ("OIDC_CLIENT_SECRET", "shop-secret".to_owned()),
            ("S3_BUCKET", "pictures".to_owned()),
            ("S3_ENDPOINT_URL", config.images.endpoint_url.clone().unwrap()),
            ("AWS_REGION", "eu-central-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", STORE_KEY.to_owned()),
            ("AWS_SECRET_ACCESS_KEY", STORE_SECRET.to_owned()),
            // Nobody listens there.
            ("SMTP_URL", format!("smtp://mailer:{MAIL_SECRET}@127.0.0.1:9")),
            ("SHOP_MAIL_FROM", "Shop <shop@example.test>".to_owned()),
        ]);
        if let Some(filter) = log_filter {
            command.env("RUST_LOG", filter);
        }
        let mut child = command.spawn().unwrap();
        let mut stderr = child.stderr.take().unwrap();
        let log = std::thread::spawn(move || {
            let mut text = String::new();
            stderr.read_to_string(&mut text).unwrap();
            text
        });
        let origin = format!("http://127.0.0.1:{port}");
        let mut process = Self { child, log: Some(log), origin };
        process.is_open().await;
        process
    }

    async fn is_open(&mut self) {
        let address = Url::parse(&self.origin).unwrap().socket_addrs(|| None).unwrap()[0];
        let give_up = std::time::Instant::now() + std::time::Duration::from_secs(30);
        while tokio::net::TcpStream::connect(address).await.is_err() {
            assert!(self.child.try_wait().unwrap().is_none(), "the program ended: {}", self.read());
            assert!(std::time::Instant::now() < give_up, "the program does not open");
            tokio::task::yield_now().await;
        }
    }

    /// Ends it and tells what it has written.
    fn end(mut self) -> String {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.read()
    }

    fn read(&mut self) -> String {
        self.log.take().unwrap().join().unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ended_before = self.child.kill();
    }
}

/// Everything somebody can do, right and wrong; what must not be written down of it.
async fn everything(scene: &Scene, process: &Process) -> Vec<String> {
    let mut secrets: Vec<String> = TYPED.iter().map(|text| (*text).to_owned()).collect();
    let browser = scene.shop.browser_at(&process.origin);
    secrets.extend(signs_in(&browser, &process.origin).await);
    secrets.push(does_right(scene, &browser).await);
    does_wrong(&browser).await;
    // Things that break.
    scene.shop.sql("ALTER TABLE cart_lines RENAME TO mislaid", []).await;
    browser.get("/cart").await.expect(500);
    scene.shop.sql("ALTER TABLE mislaid RENAME TO cart_lines", []).await;
    browser.post("/sign-out", &[]).await.expect(303);
    // Lines that would forge a line of the log.
    let address = Url::parse(&process.origin).unwrap().socket_addrs(|| None).unwrap()[0];
    for target in ["/%0d%0a{%22level%22:%22ERROR%22}", "/%1b[31mred", "/orders/%0a{\"canary\":1}"] {
        raw::get(address, target, None).await;
    }
    secrets
}

/// Looks around, redeems something and looks at a code; the key of the order.
async fn does_right(scene: &Scene, browser: &Browser) -> String {
    let number = scene.number.as_str();
    for path in [
        "/",
        "/?q=canary-searched",
        "/orders",
        "/points",
        "/points.csv",
        "/addresses/new",
        "/cart",
        "/checkout",
    ] {
        browser.get(path).await.expect(200);
    }
    browser.post("/addresses", &ADDRESS).await.expect(303);
    browser.get(&format!("/orders/{number}")).await.expect(200);
    let shown = browser.post(&scene.fill("/orders/{number}/codes/{id}/reveal"), &[]).await.expect(200);
    assert!(shown.text().contains(CODE));
    let confirm = browser.get("/checkout").await.html().form("form[action='/checkout']");
    let key = confirm.value("key").to_owned();
    let confirm = confirm.with("delivery", "office:berlin");
    browser.submit(&confirm).await.expect(303);
    key
}

/// What is refused.
async fn does_wrong(browser: &Browser) {
    browser.post("/addresses", &[("recipient", "canary-posted")]).await.expect(422);
    browser.post("/cart/lines", &[("product", "canary-posted"), ("quantity", "1")]).await.expect(404);
    browser.post("/cart/lines", &[("canary-posted", "canary-posted")]).await.expect(400);
    browser
        .ask(Method::POST, "/cart/lines")
        .body("application/x-www-form-urlencoded", "product=canary-posted&product=canary-posted")
        .send()
        .await
        .expect(400);
    browser.ask(Method::POST, "/cart/lines").body("text/plain", "canary-posted").send().await.expect(400);
    browser.post("/cart/lines", &[("product", &"canary-posted".repeat(6_000))]).await.expect(413);
    browser.get("/canary-searched").await.expect(404);
    // A message that the shop does not have.
    browser.set_cookie("__Host-flash", "key=flash-canary-posted&name=canary-posted");
    browser.get("/orders").await.expect(200);
    browser.get("/hr/orders?q=canary-searched").await.expect(403);
    browser.get("/orders/canary-searched?q=canary-searched").await.expect(404);
    let elsewhere =
        browser.ask(Method::POST, "/addresses").form(&ADDRESS).header("sec-fetch-site", "cross-site");
    elsewhere.header("origin", "https://canary-posted.example").send().await.expect(403);
    let odd = browser
        .ask(Method::GET, "/orders")
        .header("x-request-id", "canary-posted")
        .header("user-agent", "canary-posted");
    odd.header("referer", "https://canary-posted.example")
        .header("x-forwarded-for", "canary-posted")
        .send()
        .await
        .expect(200);
    loop {
        if browser.get("/points.csv").await.status() == 429 {
            break;
        }
    }
}

/// Comes in by way of the provider, after every way that fails; the secrets of it.
async fn signs_in(browser: &Browser, origin: &str) -> Vec<String> {
    let mut secrets = Vec::new();
    let fields = |callback: &str| -> Vec<String> {
        Url::parse(callback).unwrap().query_pairs().map(|(_, value)| value.into_owned()).collect()
    };
    let here = |callback: &str| {
        let away = Url::parse(callback).unwrap();
        format!("{origin}{}?{}", away.path(), away.query().unwrap())
    };
    for spoil in ["state", "code", "error", ""] {
        let callback = browser.pick("/sign-in?moved=1&next=/orders?q=canary-searched", "ann").await;
        secrets.extend(fields(&callback));
        secrets.push(browser.cookie(&sign_in_cookie(&fields(&callback)[1])).unwrap());
        let callback = here(&callback);
        let answer = match spoil {
            "" => browser.get(&callback).await.expect(303),
            "error" => {
                let state = &fields(&callback)[1];
                browser
                    .get(&format!(
                        "/sign-in/callback?error=canary-posted&error_description=canary-posted&state={state}"
                    ))
                    .await
                    .expect(400)
            }
            field => browser.get(&callback.replace(&format!("{field}="), &format!("{field}=x"))).await,
        };
        assert!(answer.status() >= 300, "{spoil}");
    }
    secrets.push(browser.cookie("__Host-session").unwrap());
    secrets
}

async fn walked(log_filter: Option<&str>) -> (String, Vec<String>) {
    let scene = Box::pin(Scene::set()).await;
    let shop = &scene.shop;
    let ahead = Clock::system().now().0.timestamp() - shop.now().0.timestamp();
    shop.advance(ahead);
    let process = Process::start(shop, log_filter).await;
    let mut secrets = everything(&scene, &process).await;
    secrets.extend([CODE_KEY, MAIL_SECRET, STORE_KEY, STORE_SECRET, "shop-secret"].map(str::to_owned));
    secrets.extend([CODE, "Ann Archer", "ann@example.test", "subject-ann", "E-ann"].map(str::to_owned));
    let database = Url::parse(shop.database().settings.url.expose_secret()).unwrap();
    secrets.extend(database.password().filter(|password| !password.is_empty()).map(str::to_owned));
    let log = process.end();
    scene.shop.close().await;
    (log, secrets)
}

/// The lines of a log, each an object.
fn lines(log: &str) -> Vec<Value> {
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("no JSON, {error}: {line}")))
        .collect();
    for line in &lines {
        let is_ours = line["target"].as_str().is_some_and(|target| target.starts_with("awsomeshop"));
        for field in ["timestamp", "level", "target"] {
            assert!(line[field].is_string(), "{line}");
        }
        assert!(line["message"].is_string() || !is_ours, "{line}");
    }
    lines
}

fn holds_none_of(log: &str, secrets: &[String]) {
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        let found = log.lines().find(|line| line.contains(secret.as_str()));
        assert_eq!(found, None, "{secret} is written down");
    }
}

/// How many lines say this.
fn said(lines: &[Value], message: &str) -> usize {
    lines.iter().filter(|line| line["message"] == message).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_tells_what_happened_and_nothing_of_anybody() {
    let (log, secrets) = Box::pin(walked(None)).await;
    holds_none_of(&log, &secrets);
    let lines = lines(&log);
    for (message, times) in [
        ("a sign-in failed: nobody here began it, or too long ago", 1),
        ("a sign-in failed: the identity provider's answer is not believed", 1),
        ("a sign-in failed at the identity provider", 1),
        ("signed in", 1),
        ("signed out", 1),
        ("an order was placed", 1),
        ("a write from another origin was refused", 1),
        ("a request was not allowed", 1),
        ("somebody asked too often", 1),
        ("a request failed in the database", 1),
    ] {
        assert_eq!(said(&lines, message), times, "{message}:\n{log}");
    }
    // Who it was, by an id that means nothing outside of the shop.
    let refused =
        lines.iter().find(|line| line["message"] == "a write from another origin was refused").unwrap();
    assert_eq!(refused["span"]["person"].as_str().map(str::len), Some(36), "{refused}");
    assert!(lines.iter().all(|line| line["level"] != "DEBUG" && line["level"] != "TRACE"), "{log}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nor_when_it_tells_everything() {
    let (log, secrets) = Box::pin(walked(Some("trace"))).await;
    holds_none_of(&log, &secrets);
    assert!(lines(&log).iter().any(|line| line["level"] == "TRACE"));
}

#[test]
fn a_program_that_cannot_start_says_why_without_its_secrets() {
    let secrets = ["canary-database", "canary-key", "canary-client", "canary-mail"];
    let run = |changed: &[(&str, &str)]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_awsomeshop"));
        command.arg("serve").env_clear().stdin(Stdio::null());
        command.envs([
            ("SHOP_BIND", "127.0.0.1:0"),
            ("SHOP_PUBLIC_URL", "https://shop.example.com"),
            ("SHOP_CODE_KEY", CODE_KEY),
            ("DATABASE_URL", "mysql://shop:canary-database@127.0.0.1:9/shop"),
            ("OIDC_ISSUER_URL", "https://id.example.com"),
            ("OIDC_CLIENT_ID", "shop"),
            ("OIDC_CLIENT_SECRET", "canary-client"),
            ("S3_BUCKET", "pictures"),
            ("SMTP_URL", "smtps://mailer:canary-mail@mail.example.com"),
            ("SHOP_MAIL_FROM", "Shop <shop@example.test>"),
            ("RUST_LOG", "trace"),
        ]);
        let done = command.envs(changed.iter().copied()).output().unwrap();
        assert!(!done.status.success());
        let said = [done.stdout, done.stderr].concat();
        let said = String::from_utf8(said).unwrap();
        for secret in secrets {
            assert!(!said.contains(secret), "{secret}: {said}");
        }
        said
    };
    for (name, value) in [
        ("SHOP_CODE_KEY", "canary-key"),
        ("DATABASE_URL", "postgres://shop:canary-database@db/shop"),
        ("DATABASE_URL", "mysql://shop:canary-database@db.example.com/shop"),
        ("DATABASE_URL", "mysql://shop:canary-database@127.0.0.1:port/shop"),
        ("SMTP_URL", "http://mailer:canary-mail@mail.example.com"),
        ("SMTP_URL", "smtp://mailer:canary-mail@mail.example.com"),
    ] {
        let said = run(&[(name, value)]);
        assert!(said.contains(&format!("{name}: ")), "{name}={value}: {said}");
    }
    // The database does not answer.
    let said = run(&[]);
    assert!(said.contains("database"), "{said}");
}
