//! Clients that are slow, by accident or on purpose: each loses its own connection, and nobody else notices.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use crate::process::Program;
use crate::support::{Shop, raw};

/// What a trickle sends, and how often.
const DRIP: Duration = Duration::from_millis(500);
/// The latest end of each kind of slowness.
const HEAD_LIMIT: Duration = Duration::from_secs(10);
const BODY_LIMIT: Duration = Duration::from_secs(10);
const READER_LIMIT: Duration = Duration::from_mins(1);
/// When nothing has happened for this long, the connection is held without end.
const FOR_EVER: Duration = Duration::from_secs(70);

const IDLE: usize = 10_000;
/// Sockets of both ends are in two processes; each needs some more.
const FILES_NEEDED: usize = IDLE + 1_000;
const IDLE_MEMORY_LIMIT_MB: usize = 150;

/// Sends `begin`, then `drip` again and again; what came back until the shop hung up, and after how long.
async fn trickle(program: &Program, begin: &str, drip: &str) -> (String, Duration) {
    let mut stream = TcpStream::connect(program.address).await.unwrap();
    stream.write_all(begin.as_bytes()).await.unwrap();
    let began = Instant::now();
    let (mut read, mut write) = stream.split();
    let mut answer = Vec::new();
    let dripping = async {
        loop {
            tokio::time::sleep(DRIP).await;
            if write.write_all(drip.as_bytes()).await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    };
    let reading = async {
        let mut buffer = [0; 4_096];
        while let Ok(n @ 1..) = read.read(&mut buffer).await {
            answer.extend_from_slice(&buffer[..n]);
        }
    };
    tokio::select! {
        () = dripping => {}
        () = reading => {}
        () = tokio::time::sleep(FOR_EVER) => {}
    }
    (String::from_utf8_lossy(&answer).into_owned(), began.elapsed())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_sends_slowly_is_answered_408_or_cut_in_time() {
    let shop = Shop::open().await;
    let program = Program::alone(&shop, &[]).await;
    let address = program.address;
    let origin = &program.origin;
    let head = format!("GET / HTTP/1.1\r\nHost: {address}\r\nx-slow: ");
    let second = format!("GET /health HTTP/1.1\r\nHost: {address}\r\n\r\n{head}");
    let post = |path: &str, length: &str| {
        format!(
            "POST {path} HTTP/1.1\r\nHost: {address}\r\nOrigin: {origin}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n{length}\r\n\r\n"
        )
    };
    let (form, pieces) =
        (post("/sign-out", "Content-Length: 1000"), post("/nowhere", "Transfer-Encoding: chunked"));
    let silent = format!("{}abc", post("/checkout", "Content-Length: 100"));
    let (nothing, first, later, body, chunked, stalled) = futures::join!(
        trickle(&program, "", ""),
        trickle(&program, &head, "a"),
        trickle(&program, &second, "a"),
        trickle(&program, &form, "a"),
        trickle(&program, &pieces, "1\r\na\r\n"),
        trickle(&program, &silent, ""),
    );
    eprintln!(
        "cut after: nothing {:?} · head {:?} · later head {:?} · body {:?} · pieces {:?} · stalled body {:?}",
        nothing.1, first.1, later.1, body.1, chunked.1, stalled.1
    );
    for (what, (answer, took), limit) in [
        ("nothing", &nothing, HEAD_LIMIT),
        ("a first head", &first, HEAD_LIMIT),
        ("a form", &body, BODY_LIMIT + HEAD_LIMIT),
        ("pieces", &chunked, BODY_LIMIT + HEAD_LIMIT),
        ("a body that stops", &stalled, BODY_LIMIT),
    ] {
        assert!(answer.starts_with("HTTP/1.1 408 "), "{what}: {answer:?} after {took:?}");
        assert!(*took <= limit, "{what}: {took:?}");
    }
    assert!(later.0.starts_with("HTTP/1.1 200 ") && later.0.matches("HTTP/1.1").count() == 1, "{later:?}");
    assert!(later.1 <= HEAD_LIMIT, "a later head: {:?}", later.1);
    drop(program);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_read_is_cut_and_costs_no_memory() {
    const READERS: usize = 50;
    let shop = Shop::open().await;
    let program = Program::alone(&shop, &[]).await;
    let ann = shop.person("ann").await;
    shop.product("Desk lamp", 10, 10).await;
    let browser = program.browser_of(&shop, ann).await;
    browser.get("/").await.expect(200);
    let (files, (memory, _)) = (program.open_files(), program.memory_mb());
    let request =
        format!("GET /static/js/htmx.min.js HTTP/1.1\r\nHost: {}\r\n\r\n", program.address).repeat(200);
    let page = browser.get("/").await.expect(200);
    let script =
        page.html().attributes("script", "src").into_iter().find(|src| src.contains("htmx")).unwrap();
    let request = request.replace("/static/js/htmx.min.js", &script);
    let mut readers = Vec::new();
    for _ in 0..READERS {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4_096).unwrap();
        let mut stream = socket.connect(program.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        readers.push(stream);
    }
    let began = Instant::now();
    tokio::time::sleep(Duration::from_secs(2)).await;
    let (held, (used, _)) = (program.open_files(), program.memory_mb());
    assert!(held >= files + READERS * 9 / 10, "they are all there: {files} → {held}");
    browser.get("/").await.expect(200);
    while program.open_files() >= files + READERS / 10 && began.elapsed() < FOR_EVER {
        tokio::time::sleep(DRIP).await;
    }
    let took = began.elapsed();
    eprintln!(
        "{READERS} readers who read nothing: cut after {took:?}, memory {memory} → {used} → {} MB",
        program.memory_mb().0
    );
    assert!(took <= READER_LIMIT, "{} of {held} are still there", program.open_files());
    assert!(used <= memory + READERS, "{memory} → {used} MB");
    drop(readers);
    drop(program);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_idle_connections_disturb_nobody() {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let files = limits.lines().find_map(|line| line.strip_prefix("Max open files")).unwrap_or_default();
    let files: usize =
        files.split_whitespace().next().and_then(|soft| soft.parse().ok()).unwrap_or(usize::MAX);
    if files < FILES_NEEDED {
        eprintln!(
            "!!! SKIPPED: {FILES_NEEDED} open files are needed and {files} allowed; try `ulimit -n 20000`"
        );
        return;
    }
    let shop = Shop::open().await;
    let program = Program::alone(&shop, &[]).await;
    let ann = shop.person("ann").await;
    let browser = program.browser_of(&shop, ann).await;
    browser.get("/").await.expect(200);
    let (alone, _) = program.memory_mb();

    // Each has been answered once, as a browser's connection between two pages.
    let request = format!("GET /health HTTP/1.1\r\nHost: {}\r\n\r\n", program.address);
    let began = Instant::now();
    let mut idle = Vec::with_capacity(IDLE);
    while idle.len() < IDLE {
        let more = (0..250).map(|_| async {
            let mut stream = TcpStream::connect(program.address).await.unwrap();
            stream.write_all(request.as_bytes()).await.unwrap();
            let mut answer = [0; 12];
            stream.read_exact(&mut answer).await.unwrap();
            assert_eq!(&answer, b"HTTP/1.1 200");
            stream
        });
        idle.extend(futures::future::join_all(more).await);
    }
    let opened = began.elapsed();
    assert!(program.open_files() > IDLE);
    let mut took = Vec::new();
    for _ in 0..40 {
        let asked = Instant::now();
        browser.get("/").await.expect(200);
        took.push(asked.elapsed());
    }
    took.sort();
    let (memory, file) = program.memory_mb();
    eprintln!(
        "{IDLE} idle connections, opened in {opened:?}: a page takes {:?} (median), {:?} (worst); memory {alone} → {memory} MB and {file} MB of program",
        took[20], took[39]
    );
    assert!(took[20] <= Duration::from_millis(250), "a page takes {:?}", took[20]);
    assert!(memory <= IDLE_MEMORY_LIMIT_MB, "{memory} MB");
    drop(idle);
    browser.get("/").await.expect(200);
    drop(program);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_files_to_open_who_is_in_can_order_and_the_others_wait() {
    const MORE_FILES: usize = 40;
    let shop = Shop::open().await;
    let lamp = shop.product("Desk lamp", 10, 10).await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 100, None).await;
    let program = Program::alone(&shop, &[]).await;
    let browser = program.browser_of(&shop, ann).await;
    let product = lamp.id.to_string();
    browser.post("/cart/lines", &[("product", product.as_str())]).await.expect(303);
    let form =
        browser.get("/checkout").await.expect(200).html().form("form[method=post][action='/checkout']");

    let most = program.open_files() + MORE_FILES;
    program.allow_files(most);
    let mut idle = Vec::new();
    for _ in 0..2 * MORE_FILES {
        idle.push(TcpStream::connect(program.address).await.unwrap());
    }
    let began = Instant::now();
    while program.open_files() < most {
        assert!(began.elapsed() < HEAD_LIMIT, "{} of {most} files", program.open_files());
        tokio::time::sleep(DRIP / 10).await;
    }
    browser.submit(&form.with("delivery", "office:berlin")).await.expect(303);
    tokio::time::sleep(4 * DRIP).await;
    let (told, took) = (program.log().matches("Too many open files").count(), began.elapsed());
    assert!(
        told >= 1 && told <= 2 + 3 * usize::try_from(took.as_secs()).unwrap(),
        "{told} lines in {took:?}"
    );

    drop(idle);
    let stranger = tokio::time::timeout(HEAD_LIMIT, raw::get(program.address, "/health", None)).await;
    assert_eq!(stranger.expect("in time").status, 200);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM orders").await, 1);
    drop(program);
    shop.close().await;
}
