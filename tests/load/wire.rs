//! A client that costs next to nothing, so that what is measured is the shop: requests as they are on the wire, over
//! connections that are kept, at a rate that does not wait for answers.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// An answer later than this is lost.
const PATIENCE: Duration = Duration::from_secs(15);
/// Requests under way beyond this are not sent: the client would measure itself.
const MOST_UNDER_WAY: usize = 3_000;
const TICK: Duration = Duration::from_millis(5);

/// What came of one request; status 0 is a connection that broke or an answer that never came.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    pub status: u16,
    pub retry_after: bool,
    pub took: Duration,
}

/// Connections to the shop.
#[derive(Clone)]
pub struct Wire {
    address: SocketAddr,
    kept: Arc<Mutex<Vec<TcpStream>>>,
}

impl Wire {
    pub fn new(address: SocketAddr) -> Self {
        Self { address, kept: Arc::default() }
    }

    /// Sends a request and reads its answer.
    pub async fn ask(&self, request: &[u8]) -> Outcome {
        let began = Instant::now();
        let answered = tokio::time::timeout(PATIENCE, self.exchange(request)).await;
        let (status, retry_after) = answered.ok().flatten().unwrap_or((0, false));
        Outcome { status, retry_after, took: began.elapsed() }
    }

    async fn exchange(&self, request: &[u8]) -> Option<(u16, bool)> {
        let kept = self.kept.lock().unwrap().pop();
        let mut stream = match kept {
            Some(stream) => stream,
            None => TcpStream::connect(self.address).await.ok()?,
        };
        stream.write_all(request).await.ok()?;
        let mut bytes = Vec::with_capacity(16 * 1024);
        let end = loop {
            if stream.read_buf(&mut bytes).await.ok()? == 0 {
                return None;
            }
            if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
                break end;
            }
        };
        let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
        let header = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
        let length: usize =
            header("content-length:").and_then(|length| length.parse().ok()).unwrap_or_default();
        let whole = end + 4 + length;
        while bytes.len() < whole {
            if stream.read_buf(&mut bytes).await.ok()? == 0 {
                return None;
            }
        }
        if header("connection:") != Some("close") {
            self.kept.lock().unwrap().push(stream);
        }
        Some((head.split(' ').nth(1)?.parse().ok()?, header("retry-after:").is_some()))
    }

    /// One after another on so many lines for so long: what the shop does when it is never idle.
    pub async fn back_to_back(
        &self,
        lines: usize,
        duration: Duration,
        requests: &Arc<Vec<Vec<u8>>>,
    ) -> Vec<Outcome> {
        let mut set = JoinSet::new();
        for line in 0..lines {
            let (wire, requests) = (self.clone(), Arc::clone(requests));
            set.spawn(async move {
                let began = Instant::now();
                let mut outcomes = Vec::new();
                let mut next = line;
                while began.elapsed() < duration {
                    outcomes.push(wire.ask(&requests[next % requests.len()]).await);
                    next += lines;
                }
                outcomes
            });
        }
        set.join_all().await.concat()
    }

    /// `per_second` for so long, whether answers come or not; each request of `requests` in turn. What was not sent
    /// because too much was under way is told beside the outcomes.
    pub async fn at_rate(
        &self,
        per_second: f64,
        duration: Duration,
        requests: &Arc<Vec<Vec<u8>>>,
    ) -> (Vec<Outcome>, usize) {
        let mut set = JoinSet::new();
        let (mut outcomes, mut sent, mut unsent) = (Vec::new(), 0, 0);
        let began = Instant::now();
        while began.elapsed() < duration {
            while f64::from(sent) < began.elapsed().as_secs_f64() * per_second {
                if set.len() < MOST_UNDER_WAY {
                    let (wire, requests) = (self.clone(), Arc::clone(requests));
                    let index = usize::try_from(sent).unwrap() % requests.len();
                    set.spawn(async move { wire.ask(&requests[index]).await });
                } else {
                    unsent += 1;
                }
                sent += 1;
            }
            while let Some(done) = set.try_join_next() {
                outcomes.push(done.unwrap());
            }
            tokio::time::sleep(TICK).await;
        }
        outcomes.extend(set.join_all().await);
        (outcomes, unsent)
    }
}
