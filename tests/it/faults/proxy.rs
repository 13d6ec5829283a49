//! What stands between the shop and its database server when the network is to blame: connections that fall silent,
//! answers that take their time, a cut exactly after COMMIT was sent, and one after it was done.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

pub struct Proxy {
    port: u16,
    silences: watch::Sender<usize>,
    faults: Faults,
}

/// What goes wrong on all connections.
#[derive(Clone, Default)]
struct Faults {
    latency_ms: Arc<AtomicU64>,
    commits_to_cut: Arc<AtomicU64>,
    answers_to_swallow: Arc<AtomicU64>,
}

/// One connection.
#[derive(Clone)]
struct Wire {
    silences: watch::Receiver<usize>,
    cuts: watch::Sender<bool>,
    swallows_the_answer: Arc<AtomicBool>,
    faults: Faults,
}

impl Proxy {
    /// Before the server at `host:port`.
    #[expect(clippy::disallowed_methods, reason = "it stands there as long as the test does")]
    pub async fn before(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (silences, heard) = watch::channel(0);
        let (faults, server) = (Faults::default(), server.to_owned());
        let told = faults.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let Ok(server) = TcpStream::connect(&server).await else { continue };
                let wire = Wire {
                    silences: heard.clone(),
                    cuts: watch::channel(false).0,
                    swallows_the_answer: Arc::default(),
                    faults: told.clone(),
                };
                let (from_client, to_client) = client.into_split();
                let (from_server, to_server) = server.into_split();
                tokio::spawn(pass_on(from_client, to_server, wire.clone(), true));
                tokio::spawn(pass_on(from_server, to_client, wire, false));
            }
        });
        Self { port, silences, faults }
    }

    /// The address of a database on the server, by way of the proxy.
    pub fn on_the_way_to(&self, url: &str) -> String {
        let mut through = url::Url::parse(url).unwrap();
        through.set_port(Some(self.port)).unwrap();
        through.to_string()
    }

    /// The same with nothing encrypted, so that the proxy can read along.
    pub fn reading_along_to(&self, url: &str) -> String {
        let mut through = url::Url::parse(&self.on_the_way_to(url)).unwrap();
        through.query_pairs_mut().append_pair("ssl-mode", "DISABLED");
        through.to_string()
    }

    /// Connections that are open now say nothing any more; new ones work.
    pub fn silence(&self) {
        self.silences.send_modify(|count| *count += 1);
    }

    /// Every packet to the server takes so much longer.
    pub fn delay(&self, latency: Duration) {
        self.faults.latency_ms.store(u64::try_from(latency.as_millis()).unwrap(), Ordering::SeqCst);
    }

    /// The next so many COMMITs reach the server, and their connection is cut before the answer comes.
    pub fn cut_after_commits(&self, count: u64) {
        self.faults.commits_to_cut.store(count, Ordering::SeqCst);
    }

    /// COMMITs still to be cut.
    pub fn commits_to_cut(&self) -> u64 {
        self.faults.commits_to_cut.load(Ordering::SeqCst)
    }

    /// The next so many COMMITs are carried out by the server, and their connection ends in place of its answer.
    pub fn swallow_answers_to_commits(&self, count: u64) {
        self.faults.answers_to_swallow.store(count, Ordering::SeqCst);
    }

    /// COMMITs still to be left without their answer.
    pub fn answers_to_swallow(&self) -> u64 {
        self.faults.answers_to_swallow.load(Ordering::SeqCst)
    }
}

async fn pass_on(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut wire: Wire, to_server: bool) {
    wire.silences.borrow_and_update();
    let mut cut = wire.cuts.subscribe();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = tokio::select! {
            read = from.read(&mut buffer) => read,
            _ = cut.changed() => return,
            _ = wire.silences.changed() => return std::future::pending().await,
        };
        let Ok(length @ 1..) = read else { return };
        let packet = &buffer[..length];
        let delay = wire.faults.latency_ms.load(Ordering::SeqCst);
        if to_server && delay > 0 {
            tokio::time::sleep(Duration::from_millis(delay)).await;
        }
        let is_commit = to_server && is_commit(packet);
        let is_cut = is_commit && take_one(&wire.faults.commits_to_cut);
        if is_cut {
            // Nobody hears the answer, whatever it is.
            wire.cuts.send_replace(true);
        }
        if is_commit && take_one(&wire.faults.answers_to_swallow) {
            wire.swallows_the_answer.store(true, Ordering::SeqCst);
        }
        if !to_server && wire.swallows_the_answer.load(Ordering::SeqCst) {
            // Whatever the server has answered, it has done it by now.
            return;
        }
        if to.write_all(packet).await.is_err() {
            return;
        }
        if is_cut {
            // The server reads what it was sent before it learns that nobody is there.
            return tokio::time::sleep(Duration::from_millis(300)).await;
        }
    }
}

/// A command packet of MySQL: three bytes of length, a number, `COM_QUERY`, the text.
fn is_commit(packet: &[u8]) -> bool {
    packet.get(4) == Some(&3) && packet.get(5..).is_some_and(|text| text.eq_ignore_ascii_case(b"COMMIT"))
}

fn take_one(left: &AtomicU64) -> bool {
    left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok()
}
