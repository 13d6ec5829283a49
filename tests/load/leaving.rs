//! A shop that leaves while people use it: nobody's request fails, nobody is signed out, nothing is half done.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::process::{Program, browser_at, free_port};
use crate::support::Shop;
use crate::support::browser::{Browser, client};
use crate::support::raw;

/// People who use the shop meanwhile.
const PEOPLE: usize = 8;
/// How often each clicks.
const THINKING: Duration = Duration::from_millis(40);
const RESTARTS: usize = 5;
/// After SIGTERM and the leave delay.
const EXIT_LIMIT: Duration = Duration::from_secs(30);

/// People who click until they are told to stop; what they were answered.
struct Crowd {
    stop: AtomicBool,
    people: Vec<Browser>,
}

impl Crowd {
    async fn at(shop: &Shop, origin: &str) -> Self {
        let mut people = Vec::new();
        for index in 0..PEOPLE {
            let person = shop.person(&format!("person{index}")).await;
            people.push(browser_at(shop, origin, person).await);
        }
        Self { stop: AtomicBool::new(false), people }
    }

    /// Page after page, and a change now and then.
    async fn use_the_shop(&self, product: &str) -> BTreeMap<u16, usize> {
        let one = async |browser: &Browser| {
            let mut counts: BTreeMap<u16, usize> = BTreeMap::new();
            while !self.stop.load(Ordering::Relaxed) {
                for answer in [
                    browser.get("/").await,
                    browser.get("/points").await,
                    browser.post("/cart/lines", &[("product", product)]).await,
                    browser.get("/cart").await,
                    browser.post(&format!("/cart/lines/{product}/removal"), &[]).await,
                ] {
                    *counts.entry(answer.status()).or_default() += 1;
                    tokio::time::sleep(THINKING).await;
                }
            }
            counts
        };
        let mut all: BTreeMap<u16, usize> = BTreeMap::new();
        for counts in futures::future::join_all(self.people.iter().map(one)).await {
            for (status, n) in counts {
                *all.entry(status).or_default() += n;
            }
        }
        all
    }
}

/// Every cart is locked until this is rolled back.
#[expect(clippy::disallowed_methods, reason = "a stranger at the database")]
async fn locked_carts(shop: &Shop) -> DatabaseTransaction {
    let immediate = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..Default::default()
    };
    let lock = shop.database().connection().begin_with_options(immediate).await.unwrap();
    lock.execute_unprepared("UPDATE cart_lines SET quantity = quantity").await.unwrap();
    lock
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_runs_when_the_shop_is_told_to_stop_is_finished() {
    let shop = Shop::open().await;
    let lamp = shop.product("Desk lamp", 10, 100).await;
    let mut program = Program::alone(&shop, &[]).await;
    let ann = shop.person("ann").await;
    let browser = program.browser_of(&shop, ann).await;
    let product = lamp.id.to_string();
    browser.post("/cart/lines", &[("product", &product)]).await.expect(303);
    // A write that has to wait, three seconds and more: the listener is long closed when it can go on.
    let lock = locked_carts(&shop).await;
    let mut kept = TcpStream::connect(program.address).await.unwrap();
    kept.write_all(format!("GET /health HTTP/1.1\r\nHost: {}\r\n\r\n", program.address).as_bytes())
        .await
        .unwrap();

    let line = [("product", product.as_str())];
    let running = browser.post("/cart/lines", &line);
    let told = Instant::now();
    let leaving = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        program.tell_to_stop();
        // Still there for who was sent here before the load balancer noticed, and says so.
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert_eq!(raw::get(program.address, "/health", None).await.status, 503);
        browser.get("/").await.expect(200);
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert!(TcpStream::connect(program.address).await.is_err(), "the listener is closed");
        lock.rollback().await.unwrap();
    };
    let (answer, ()) = futures::join!(running, leaving);
    answer.expect(303);
    assert_eq!(program.ended().await, Some(0));
    eprintln!("a running request was finished, exit after {:?}", told.elapsed());
    assert!(told.elapsed() <= EXIT_LIMIT);
    assert_eq!(shop.scalar("SELECT quantity FROM cart_lines").await, 2);
    drop(kept);
    drop(program);
    shop.close().await;
}

/// The stand-in for the load balancer: it asks `/health` and sends on to who is well.
struct Balancer {
    child: Child,
    file: PathBuf,
}

impl Balancer {
    fn start(front: std::net::SocketAddr, behind: &[std::net::SocketAddr]) -> Self {
        use std::fmt::Write;
        let mut lines = format!(
            "global\n  maxconn 2000\ndefaults\n  mode http\n  timeout connect 2s\n  timeout client 30s\n  \
             timeout server 30s\n  option http-keep-alive\n  http-reuse aggressive\n  retries 0\n\
             frontend shop\n  bind {front}\n  default_backend tasks\nbackend tasks\n  balance roundrobin\n  \
             option httpchk GET /health\n  default-server check inter 200ms fall 2 rise 1 pool-max-conn 64\n"
        );
        for (index, address) in behind.iter().enumerate() {
            writeln!(lines, "  server task{index} {address}").unwrap();
        }
        let file =
            std::env::temp_dir().join(format!("awsomeshop-load-{}.cfg", uuid::Uuid::new_v4().simple()));
        std::fs::write(&file, lines).unwrap();
        let child = Command::new("haproxy")
            .args(["-db", "-q", "-f"])
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self { child, file }
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        let _gone_before = self.child.kill();
        let _reaped_before = self.child.wait();
        let _removed_before = std::fs::remove_file(&self.file);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tasks_are_replaced_one_by_one_and_nobody_notices() {
    if Command::new("haproxy").arg("-v").output().is_err() {
        eprintln!("!!! SKIPPED: no haproxy here; try `apt-get install haproxy`");
        return;
    }
    let shop = Shop::open().await;
    let lamp = shop.product("Desk lamp", 10, 100).await;
    let front = free_port();
    let origin = format!("http://{front}");
    let addresses = [free_port(), free_port()];
    // What is trusted is who stands in front: the limits are for people, not for the balancer.
    let more = [("SHOP_LEAVE_DELAY_S", "2"), ("SHOP_TRUSTED_PROXIES", "127.0.0.1/32")];
    let mut tasks = Vec::new();
    for address in addresses {
        tasks.push(Program::start(&shop, address, &origin, &more).await);
    }
    let balancer = Balancer::start(front, &addresses);
    let began = Instant::now();
    while TcpStream::connect(front).await.is_err() || raw::get(front, "/health", None).await.status != 200 {
        assert!(began.elapsed() < EXIT_LIMIT, "haproxy does not start");
        tokio::time::sleep(THINKING).await;
    }
    let crowd = Crowd::at(&shop, &origin).await;
    let product = lamp.id.to_string();

    let rolling = async {
        for round in 0..RESTARTS {
            let task = &mut tasks[round % 2];
            task.tell_to_stop();
            assert_eq!(task.ended().await, Some(0), "{}", task.log());
            *task = Program::start(&shop, addresses[round % 2], &origin, &more).await;
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        crowd.stop.store(true, Ordering::Relaxed);
    };
    let (counts, ()) = futures::join!(crowd.use_the_shop(&product), rolling);

    eprintln!("{RESTARTS} restarts behind a proxy: {counts:?}");
    let answered: usize = counts.values().sum();
    assert!(answered > RESTARTS * PEOPLE, "{counts:?}");
    assert_eq!(counts.keys().copied().collect::<Vec<_>>(), [200, 303], "{counts:?}");
    // The very first sessions still hold: 303 above would lead to the sign-in otherwise.
    for person in &crowd.people {
        person.get("/").await.expect(200);
    }
    assert!(Browser::new(client(), &origin).get("/").await.status() == 303, "a stranger is asked to sign in");
    drop(balancer);
    drop(tasks);
    shop.close().await;
}
