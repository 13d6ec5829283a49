//! What a fault is tried on: the program, a database, buyers, and the oracle that judges afterwards.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::future::join_all;
use sea_orm::FromQueryResult;
use secrecy::ExposeSecret;
use tokio::task::JoinHandle;

use super::driver::{self, Buyer, Log, Told};
use super::program::Program;
use super::proxy::Proxy;
use super::say;
use super::server::{Server, free_port, variable};
use crate::support::database::TestDatabase;
use crate::support::{self, Folder, Shop};

const STOCK: i64 = 100_000;
const PRICE: i64 = 10;
const BUYERS: usize = 12;

pub struct Stage {
    pub shop: Shop,
    pub program: Program,
    pub proxy: Option<Proxy>,
    pub buyers: Vec<Buyer>,
    pub log: Arc<Mutex<Log>>,
    folder: Folder,
}

/// Buyers at work in the background.
pub struct Load {
    stop: Arc<AtomicBool>,
    tasks: Vec<JoinHandle<()>>,
}

#[derive(FromQueryResult)]
struct Row {
    number: String,
    checkout_key: Vec<u8>,
    total: i64,
    state: String,
}

impl Row {
    fn is(&self, number: &str, state: &str, agreed: i64) -> bool {
        self.number == number && self.state == state && self.total == agreed
    }
}

impl Stage {
    /// The program on an SQLite file.
    pub async fn on_a_file() -> Self {
        Box::pin(Self::set(TestDatabase::create().await, None)).await
    }

    /// The program on an SQLite file in this folder.
    pub async fn on_a_file_of(folder: Folder) -> Self {
        Box::pin(Self::set(TestDatabase::in_a_file_of(folder).await, None)).await
    }

    /// The program on a server of ours.
    pub async fn on(server: &Server) -> Self {
        Box::pin(Self::set(TestDatabase::on(&server.url()).await, None)).await
    }

    /// The same through a proxy.
    pub async fn behind(server: &Server) -> Self {
        let url = url::Url::parse(&server.url()).unwrap();
        let proxy = Proxy::before(&format!("127.0.0.1:{}", url.port().unwrap())).await;
        Box::pin(Self::set(TestDatabase::on(&server.url()).await, Some(proxy))).await
    }

    async fn set(database: TestDatabase, proxy: Option<Proxy>) -> Self {
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let direct = database.settings.url.expose_secret().to_owned();
        let shop = Shop::scene(database, address, &direct).await;
        let folder = Folder::new();
        let variables = environment(address, &direct, proxy.as_ref());
        let mut program = Program::new(address, variables, folder.0.join("program.log"));
        program.start().await;
        let goods = shop.product("Desk lamp", PRICE, STOCK).await;
        let log = Arc::<Mutex<Log>>::default();
        let buyers = driver::buyers(&shop, &goods, BUYERS, &log).await;
        Self { shop, program, proxy, buyers, log, folder }
    }

    /// The buyers begin.
    #[expect(clippy::disallowed_methods, reason = "they are awaited by `Load::end`")]
    pub fn load(&self) -> Load {
        let stop = Arc::<AtomicBool>::default();
        let tasks = self.buyers.iter().map(|buyer| {
            let (buyer, stop) = (buyer.clone(), Arc::clone(&stop));
            tokio::spawn(async move { buyer.buy_until(&stop).await })
        });
        Load { tasks: tasks.collect(), stop }
    }

    /// Everything is well again: each buyer buys once more, all at once and at the first attempt, on as many connections
    /// as there are.
    pub async fn is_whole(&self) {
        let sent = join_all(self.buyers.iter().map(Buyer::buy)).await;
        assert_eq!(sent, vec![1; self.buyers.len()], "somebody had to ask twice\n{}", self.program.said());
    }

    /// What is wrong: nothing, one hopes.
    pub async fn judge(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        let rows: Vec<Row> =
            self.shop.database().rows("SELECT number, checkout_key, total, state FROM orders").await;
        let by_key: BTreeMap<String, &Row> = rows
            .iter()
            .map(|row| (uuid::Uuid::from_slice(&row.checkout_key).unwrap().to_string(), row))
            .collect();
        if by_key.len() != rows.len() {
            wrong.push(format!("{} orders for {} keys", rows.len(), by_key.len()));
        }
        let (ops, agreed) = {
            let log = self.log.lock().unwrap();
            (log.ops.clone(), log.agreed.clone())
        };
        let (mut placed, mut cancelled) = (0, 0);
        for (key, told) in &ops {
            match (told, by_key.get(key)) {
                (Told::Placed(number), Some(row)) if row.is(number, "placed", agreed[key]) => placed += 1,
                (Told::Cancelled(number), Some(row)) if row.is(number, "cancelled", agreed[key]) => {
                    cancelled += 1;
                }
                (Told::Refused(_), None) => {}
                (told, found) => {
                    wrong.push(format!("{key}: told {told:?}, there is {:?}", found.map(|row| &row.number)));
                }
            }
        }
        if placed + cancelled != rows.len() {
            wrong.push(format!(
                "{placed} orders and {cancelled} cancelled were told of, {} are there",
                rows.len()
            ));
        }
        let books = self.program.command("check-books").output().unwrap();
        if !books.status.success() {
            let said = String::from_utf8_lossy(&books.stdout);
            wrong.extend(said.lines().filter(|line| !line.starts_with("holds")).map(str::to_owned));
        }
        let sold: i64 = rows.iter().filter(|row| row.state != "cancelled").map(|row| row.total / PRICE).sum();
        let stock = self.shop.scalar("SELECT stock FROM products").await;
        if stock != STOCK - sold {
            wrong.push(format!("{stock} in stock with {sold} pieces sold"));
        }
        wrong
    }

    /// Nobody is inside a transaction while nothing happens.
    pub async fn is_at_rest(&self) -> bool {
        for _ in 0..50 {
            let open = self.shop.scalar("SELECT COUNT(*) FROM information_schema.innodb_trx").await;
            if open == 0 {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        false
    }

    /// The oracle must be content; then everything is taken away.
    pub async fn close(self) {
        assert_eq!(self.judge().await, [""; 0], "\n{}", self.program.said());
        {
            let log = self.log.lock().unwrap();
            assert_eq!(log.statuses.get(&500), None, "{:?}\n{}", log.statuses, self.program.said());
            assert_eq!(log.speechless, 0, "a 503 says when to come again");
            say(&format!("{} orders, {:?}, {} unanswered", log.ops.len(), log.statuses, log.unanswered));
        }
        self.abandon().await;
    }
}

impl Stage {
    /// Takes everything away whose books are wrong, as they should be.
    pub async fn abandon(self) {
        drop(self.program);
        self.shop.abandon().await;
        self.folder.remove();
    }
}

impl Load {
    /// Lets everybody finish what they are at.
    pub async fn end(self) {
        self.stop.store(true, Ordering::SeqCst);
        for task in self.tasks {
            task.await.unwrap();
        }
    }
}

fn environment(address: SocketAddr, direct: &str, proxy: Option<&Proxy>) -> BTreeMap<&'static str, String> {
    let url = proxy.map_or_else(|| direct.to_owned(), |proxy| proxy.reading_along_to(direct));
    let mut variables = support::environment(address, &url, "http://127.0.0.1:1", "http://127.0.0.1:1");
    variables.insert("SHOP_LOG", "pretty".to_owned());
    variables.insert("RUST_LOG", variable("FAULTS_LOG").unwrap_or_else(|| "warn".to_owned()));
    variables
}
