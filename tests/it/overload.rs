//! More than the shop can serve: the rest hears so at once, in a small answer with a time to come back, and nobody else
//! notices. And what is too large, too slow or packed never reaches a handler.

mod bodies;
mod one_session;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use awsomeshop::types::id::PersonId;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use reqwest::Method;
use sea_orm::sqlx::pool::PoolConnection;
use sea_orm::sqlx::{MySql, Sqlite};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::Shop;
use crate::support::answer::Answer;
use crate::support::browser::Browser;
use crate::support::raw;

/// With a pool of 2, one request looks around at a time, two change something and one pays; 16 more wait for each.
const SMALL: &[(&str, &str)] = &[("DATABASE_POOL_MAX", "2"), ("DATABASE_POOL_MIN", "1")];
const BROWSING: usize = 1;
const CHANGING: usize = 2;
const WAITING: usize = 16;
/// Beyond all of them.
const TOO_MANY: usize = 10;
/// The largest answer of a shop that has no time.
const BUSY_LIMIT_BYTES: usize = 2 * 1024;

/// All connections that read, taken away from the shop until this goes.
enum Readers {
    Sqlite(#[expect(dead_code, reason = "held")] Vec<PoolConnection<Sqlite>>),
    Mysql(#[expect(dead_code, reason = "held")] Vec<PoolConnection<MySql>>),
}

impl Readers {
    async fn take(shop: &Shop) -> Self {
        let reads = shop.app.db.reads().connection();
        if shop.database().is_sqlite() {
            let pool = reads.get_sqlite_connection_pool();
            let mut taken = Vec::new();
            for _ in 0..pool.options().get_max_connections() {
                taken.push(pool.acquire().await.unwrap());
            }
            return Self::Sqlite(taken);
        }
        let pool = reads.get_mysql_connection_pool();
        let mut taken = Vec::new();
        for _ in 0..pool.options().get_max_connections() {
            taken.push(pool.acquire().await.unwrap());
        }
        Self::Mysql(taken)
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

/// As many as it takes that none of them asks for more than one session gets.
async fn browsers_of(shop: &Shop, person: PersonId) -> Vec<Browser> {
    let mut browsers = Vec::new();
    for _ in 0..3 {
        browsers.push(shop.browser_of(person).await.impatient());
    }
    browsers
}

#[track_caller]
fn is_busy(answer: &Answer, status: u16, heading: &str) {
    assert_eq!(answer.status(), status, "{answer}");
    assert!(answer.body().len() <= BUSY_LIMIT_BYTES, "{} bytes", answer.body().len());
    let wait: u64 = answer.header("retry-after").expect("a time to come back").parse().unwrap();
    assert!((1..=6).contains(&wait), "{wait}");
    let html = answer.html();
    assert_eq!(html.text_of("main h1"), heading);
    assert_eq!(html.text_of("main .mono"), answer.header("x-request-id").unwrap());
    assert!(answer.header("content-security-policy").unwrap().starts_with("default-src 'none'"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beyond_the_room_the_shop_says_503_at_once_and_serves_who_waits() {
    let shop = Shop::open_with(SMALL).await;
    let ann = shop.person("ann").await;
    let browsers = browsers_of(&shop, ann).await;
    let browser = &browsers[0];
    browser.get("/").await.expect(200);
    let readers = Readers::take(&shop).await;

    let turns = browsers.iter().cycle();
    let mut asked: FuturesUnordered<_> =
        turns.take(BROWSING + WAITING + TOO_MANY).map(|browser| browser.get("/orders")).collect();
    for _ in 0..TOO_MANY {
        is_busy(&asked.next().await.unwrap(), 503, "The shop is very full");
    }
    // Before the patience of those who wait is over.
    drop(readers);
    let rest: Vec<u16> = asked.map(|answer| answer.status()).collect().await;
    assert_eq!(rest, vec![200; BROWSING + WAITING]);
    browser.get("/").await.expect(200);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beyond_the_room_what_costs_nothing_is_there_and_htmx_gets_a_note() {
    let shop = Shop::open_with(SMALL).await;
    let ann = shop.person("ann").await;
    let browsers = browsers_of(&shop, ann).await;
    let browser = &browsers[0];
    browser.get("/").await.expect(200);
    let readers = Readers::take(&shop).await;

    let turns = browsers.iter().cycle();
    let asked: FuturesUnordered<_> =
        turns.take(BROWSING + WAITING + 1).map(|browser| browser.get("/orders")).collect();
    let mut asked = asked.map(|answer| answer.status());
    assert_eq!(asked.next().await, Some(503), "there is no more room");
    let note = browser.ask(Method::GET, "/").htmx("results").send().await.expect(503);
    assert_eq!(note.header("hx-retarget"), Some("#toasts"));
    assert_eq!(note.html().count("[role=alert]"), 1);
    assert!(note.header("retry-after").is_some() && !note.text().contains("<html"), "{note}");
    shop.browser().get("/health").await.expect(200);
    shop.browser().get("/static/no-such.css").await.expect(404);

    drop(readers);
    asked.collect::<Vec<_>>().await;
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_changes_are_stuck_people_look_around_and_begin_to_pay() {
    let shop = Shop::open_with(SMALL).await;
    let lamp = shop.product("Desk lamp", 10, 100).await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 1_000, None).await;
    let browsers = browsers_of(&shop, ann).await;
    let browser = &browsers[0];
    let product = lamp.id.to_string();
    let line = [("product", product.as_str())];
    browser.post("/cart/lines", &line).await.expect(303);
    let lock = locked_carts(&shop).await;

    let turns = browsers.iter().cycle();
    let mut asked: FuturesUnordered<_> =
        turns.take(CHANGING + WAITING + TOO_MANY).map(|browser| browser.post("/cart/lines", &line)).collect();
    for _ in 0..TOO_MANY {
        is_busy(&asked.next().await.unwrap(), 503, "The shop is very full");
    }
    // Long enough for it to be noted that they are here, which nobody waits for.
    shop.advance(61);
    browser.get("/").await.expect(200);
    browser.get("/checkout").await.expect(200);
    lock.rollback().await.unwrap();

    let mut rest: BTreeMap<u16, usize> = BTreeMap::new();
    while let Some(answer) = asked.next().await {
        *rest.entry(answer.status()).or_default() += 1;
    }
    let added = rest.get(&303).copied().unwrap_or_default();
    assert!(rest.keys().all(|status| [303, 503].contains(status)), "{rest:?}");
    let pieces = shop.scalar("SELECT CAST(SUM(quantity) AS SIGNED) FROM cart_lines").await;
    assert_eq!(pieces, 1 + i64::try_from(added).unwrap(), "who was refused changed nothing");
    browser.post("/cart/lines", &line).await.expect(303);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_person_far_beyond_what_a_person_does_hears_429_and_nobody_else_does() {
    let shop = Shop::open().await;
    let (ann, ben) = (shop.person("ann").await, shop.person("ben").await);
    let (greedy, calm) = (shop.browser_of(ann).await, shop.browser_of(ben).await);
    let mut refused = None;
    // Refilled by a hundred a second meanwhile.
    for _ in 0..80 {
        let answers = futures::future::join_all((0..50).map(|_| greedy.get("/nowhere"))).await;
        refused = answers.into_iter().find(|answer| answer.status() == 429);
        if refused.is_some() {
            break;
        }
    }
    is_busy(&refused.expect("a limit after 1,000 at once"), 429, "A little too fast");
    calm.get("/").await.expect(200);
    shop.browser().get("/sign-in").await.expect(303);
    greedy.get("/health").await.expect(200);
    shop.close().await;
}

/// A head and as much of a body as there is.
fn post(shop: &Shop, path: &str, headers: &str, body: &str) -> String {
    let (address, origin) = (shop.address(), &shop.origin);
    format!("POST {path} HTTP/1.1\r\nHost: {address}\r\nOrigin: {origin}\r\n{headers}\r\n{body}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_too_large_is_refused_by_its_head_wherever_it_is_sent() {
    let shop = Shop::open().await;
    let promised = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1073741824\r\n";
    // A route that reads, one that does not, one for nobody, a wrong method, and no route at all.
    for path in ["/cart/lines", "/sign-out", "/checkout", "/health", "/nowhere", "/static/x.css"] {
        let answer = raw::send(shop.address(), &post(&shop, path, promised, "x=1")).await;
        assert_eq!(answer.status, 413, "{path}: {answer:?}");
        assert!(answer.head.contains("connection: close"), "{path}: {answer:?}");
        assert!(answer.body.contains("That is too much"), "{path}: {answer:?}");
    }
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_still_sending_what_is_too_large_gets_to_read_why() {
    let shop = Shop::open().await;
    let piece = vec![b'x'; 64 * 1024];
    let length = piece.len() * 40;
    let head = post(&shop, "/cart/lines", &format!("Content-Length: {length}\r\n"), "");
    let mut line = TcpStream::connect(shop.address()).await.unwrap();
    line.write_all(head.as_bytes()).await.unwrap();
    line.write_all(&piece).await.unwrap();
    line.readable().await.unwrap();
    for _ in 1..40 {
        line.write_all(&piece).await.expect("the shop still listens");
    }
    let mut answer = String::new();
    line.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("That is too much"), "{answer}");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_in_pieces_without_end_is_cut_at_the_limit() {
    let shop = Shop::open().await;
    let piece = format!("4000\r\n{}\r\n", "x".repeat(0x4000)).repeat(5);
    for path in ["/cart/lines", "/sign-out", "/nowhere", "/health"] {
        let request = post(&shop, path, "Transfer-Encoding: chunked\r\n", &piece);
        let answer = raw::send(shop.address(), &request).await;
        assert_eq!(answer.status, 413, "{path}: {answer:?}");
    }
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_packed_body_is_not_unpacked() {
    let shop = Shop::open().await;
    for coding in ["gzip", "br", "zstd", "deflate", "identity, gzip", "nonsense"] {
        let headers = format!(
            "Content-Type: application/x-www-form-urlencoded\r\nContent-Encoding: {coding}\r\n\
             Content-Length: 3\r\nConnection: close\r\n"
        );
        for path in ["/cart/lines", "/nowhere"] {
            let answer = raw::send(shop.address(), &post(&shop, path, &headers, "a=b")).await;
            assert_eq!(answer.status, 415, "{coding} {path}: {answer:?}");
        }
    }
    let plain = "Content-Encoding: identity\r\nContent-Length: 3\r\nConnection: close\r\n";
    assert_eq!(raw::send(shop.address(), &post(&shop, "/sign-out", plain, "a=b")).await.status, 303);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_has_limits_too() {
    let shop = Shop::open().await;
    let address = shop.address();
    let status_of = async |head: String| {
        let request = format!("{head}Host: {address}\r\nConnection: close\r\n\r\n");
        raw::send(address, &request).await.status
    };
    let get = |length: usize| format!("GET /{} HTTP/1.1\r\n", "a".repeat(length));
    assert_eq!(status_of(get(16 * 1024 - 1)).await, 404, "an address of 16 KB is read");
    assert_eq!(status_of(get(16 * 1024)).await, 414);
    assert_eq!(status_of(get(60_000)).await, 414);
    assert_eq!(status_of(get(64 * 1024)).await, 400, "no address at all");
    let headers = |count: usize| {
        let lines: String = (0..count).fold(String::new(), |lines, n| lines + &format!("x-{n}: y\r\n"));
        format!("GET /health HTTP/1.1\r\n{lines}")
    };
    assert_eq!(status_of(headers(90)).await, 200);
    assert_eq!(status_of(headers(100)).await, 431);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_that_two_servers_could_read_differently_is_refused() {
    let shop = Shop::open().await;
    let address = shop.address();
    for (what, request) in [
        (
            "two lengths",
            format!(
                "POST /sign-out HTTP/1.1\r\nHost: {address}\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\na=bc"
            ),
        ),
        (
            "a length and pieces",
            format!(
                "POST /sign-out HTTP/1.1\r\nHost: {address}\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            ),
        ),
        (
            "pieces not last",
            format!(
                "POST /sign-out HTTP/1.1\r\nHost: {address}\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n"
            ),
        ),
        ("two hosts", format!("GET /health HTTP/1.1\r\nHost: {address}\r\nHost: evil.example\r\n\r\n")),
        ("no host", "GET /health HTTP/1.1\r\n\r\n".to_owned()),
        ("a folded line", format!("GET /health HTTP/1.1\r\nHost: {address}\r\nx-folded: a\r\n b\r\n\r\n")),
        (
            "a negative length",
            format!("POST /sign-out HTTP/1.1\r\nHost: {address}\r\nContent-Length: -1\r\n\r\n"),
        ),
        (
            "a signed length",
            format!("POST /sign-out HTTP/1.1\r\nHost: {address}\r\nContent-Length: +3\r\n\r\na=b"),
        ),
        ("a space before the colon", format!("GET /health HTTP/1.1\r\nHost : {address}\r\n\r\n")),
    ] {
        let answer = raw::send(address, &request).await;
        assert_eq!(answer.status, 400, "{what}: {answer:?}");
    }
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_pool_is_not_taken_for_a_dead_database() {
    let shop = Shop::open().await;
    let readers = Readers::take(&shop).await;
    let report = shop.browser().get("/health").await.expect(200).json();
    assert_eq!(
        (report["status"].as_str(), report["components"]["database"]["status"].as_str()),
        (Some("ok"), Some("up"))
    );
    drop(readers);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shop_that_is_leaving_asks_for_no_further_request_on_a_connection() {
    let shop = Shop::open().await;
    let request = format!("GET /health HTTP/1.1\r\nHost: {}\r\n\r\n", shop.address());
    shop.drain();
    // The answer ends because the shop hangs up: `send` reads until then.
    let answer = raw::send(shop.address(), &request).await;
    assert_eq!(answer.status, 503);
    assert!(answer.head.contains("connection: close"), "{answer:?}");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_made_up_session_is_a_strangers() {
    let shop = Shop::open().await;
    let over = Arc::new(AtomicBool::new(false));
    let (limits, is_over) = (shop.app.limits.clone(), Arc::clone(&over));
    // Others at the same address, who ask as fast as they may.
    let others = std::thread::spawn(move || {
        while !is_over.load(Ordering::Relaxed) {
            let _refused = limits.visit_from([127, 0, 0, 1].into());
        }
    });
    let mut statuses = Vec::new();
    for attempt in 0..100 {
        let browser = shop.browser();
        browser.enter_with(&format!("made-up-{attempt}"));
        statuses.push(browser.get("/signed-out").await.status());
        if statuses.last() == Some(&429) {
            break;
        }
    }
    over.store(true, Ordering::Relaxed);
    others.join().unwrap();
    assert_eq!(statuses.last(), Some(&429), "{statuses:?}");
    shop.close().await;
}
