//! Pages of a shop with 10,000 people, 2,000 products and 500,000 orders beside those of a shop with one full page of
//! everything and of one with nothing: how many times as long they take, by the median of visits that take turns.
//!
//! ```sh
//! TEST_DATABASE=mysql TEST_MYSQL_URL=mysql://… cargo bench --bench scale
//! ```
//!
//! The server should have memory for all of it (`innodb_buffer_pool_size` of 2 GB or more), and nothing else to do.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a measurement ends where something it needs is not there, and says what it found"
)]

#[expect(dead_code, reason = "the house has more than a measurement needs")]
#[path = "../load/process.rs"]
mod process;
#[expect(dead_code, reason = "the house has more than a measurement needs")]
#[path = "../it/support/mod.rs"]
mod support;

use std::time::{Duration, Instant};

use awsomeshop::reports::books;
use awsomeshop::types::id::PersonId;
use uuid::Uuid;

use crate::process::Program;
use crate::support::Shop;
use crate::support::browser::Browser;

const FILL: &str = include_str!("fill.sql");
/// Nothing but who looks and what cannot be left out; one full page of everything; and the shop the shop is made for:
/// people, products, orders.
const SIZES: [(u64, u64, u64); 3] = [(2, 1, 2), (60, 60, 120), (10_000, 2_000, 500_000)];
const ROUNDS: usize = 21;
/// Visits of one person are counted, so they are shared by several.
const BROWSERS: usize = 12;
/// Jobs that say when they were done; one of the twelve waits for another at first, and has its turn minutes later.
const JOBS: i64 = 11;
const MOST_SETTLING: Duration = Duration::from_mins(15);
/// What a page may take, and how many times what it takes in a small shop.
const PAGE_LIMIT: Duration = Duration::from_millis(200);
const RATIO_LIMIT: f64 = 1.5;

const HR_PAGES: &[&str] = &[
    "/hr",
    "/hr/people",
    "/hr/people?q=cleo",
    "/hr/people?q=nobody",
    "/hr/people?department=Department+7",
    "/hr/people?sort=-balance",
    "/hr/people?page=5",
    "/hr/people/01900000-0000-7000-8000-000000000002",
    "/hr/points",
    "/hr/points?kind=grant",
    "/hr/points?note=thank",
    "/hr/points?note=nothing",
    "/hr/points?sort=-amount",
    "/hr/points/people/01900000-0000-7000-8000-000000000002",
    "/hr/points/grants/new?person=01900000-0000-7000-8000-000000000002",
    "/hr/points/runs",
    "/hr/points/runs/new?kind=many",
    "/hr/points/runs/new?kind=many&department=Department+7",
    "/hr/points/rules",
    "/hr/products",
    "/hr/products?q=lamp",
    "/hr/products?sort=stock",
    "/hr/products/01930000-0000-7000-8000-000000000001/stock",
    "/hr/orders",
    "/hr/orders?state=all",
    "/hr/orders?state=fulfilled",
    "/hr/orders?state=all&q=cleo",
    "/hr/orders?state=all&product=thing-1",
    "/hr/orders?state=all&product=lamp",
    "/hr/orders?state=all&department=Department+7",
    "/hr/orders?state=all&q=cleo&product=lamp&department=Department+7",
    "/hr/orders/0009-H5K1",
    "/hr/reports",
    "/hr/reports?range=last-month",
    "/hr/reports?range=this-year",
    "/hr/reports?from=2026-03-05&to=2026-07-21",
    "/hr/reports/transfers",
    "/hr/reports/people?range=this-year",
    "/hr/reports/products?range=this-year",
    "/hr/reports/products?show=never",
    "/hr/reports/expiring?days=90",
    "/hr/audit",
    "/hr/audit?q=thing",
    "/hr/audit?action=order.place",
    "/hr/audit?by=ada",
];
const PAGES_OF_ALL: &[&str] = &[
    "/",
    "/?q=lamp",
    "/?category=home",
    "/?sort=points",
    "/products/thing-1",
    "/points",
    "/orders",
    "/cart",
];

/// A shop of some size, with people who look around in it.
struct Filled {
    shop: Shop,
    program: Program,
    hr: Vec<Browser>,
    others: Vec<Browser>,
}

fn person(number: u128) -> PersonId {
    PersonId(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + number))
}

impl Filled {
    async fn of((people, products, orders): (u64, u64, u64)) -> Self {
        let shop = Shop::open().await;
        let began = Instant::now();
        let fill = FILL
            .replace("{people}", &people.to_string())
            .replace("{products}", &products.to_string())
            .replace("{orders}", &orders.to_string());
        for statement in fill.split(";\n").filter(|statement| !statement.trim().is_empty()) {
            shop.database().run(statement).await;
        }
        eprintln!("{orders} orders are there after {:.0} s", began.elapsed().as_secs_f64());
        let program = Program::alone(&shop, &[]).await;
        let (mut hr, mut others) = (Vec::new(), Vec::new());
        for _ in 0..BROWSERS {
            hr.push(program.browser_of(&shop, person(1)).await);
            others.push(program.browser_of(&shop, person(2)).await);
        }
        let filled = Self { shop, program, hr, others };
        filled.settle().await;
        filled
    }

    /// Waits until each job has been done once: what they do at first is not what they do all day.
    async fn settle(&self) {
        let began = Instant::now();
        while self.shop.scalar("SELECT COUNT(*) FROM job_runs WHERE done_at IS NOT NULL").await < JOBS {
            assert!(began.elapsed() < MOST_SETTLING, "the jobs do not end: {}", self.program.log());
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }

    async fn visit(&self, path: &str, round: usize) -> Duration {
        let people = if path.starts_with("/hr") { &self.hr } else { &self.others };
        let browser = &people[round % people.len()];
        let began = Instant::now();
        browser.get(path).await.expect(200);
        began.elapsed()
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// One page in every shop, in turns.
async fn measure(shops: &[Filled], path: &str) -> Vec<Duration> {
    let mut times = vec![Vec::new(); shops.len()];
    for round in 0..=ROUNDS {
        for (shop, times) in shops.iter().zip(&mut times) {
            let took = shop.visit(path, round).await;
            // Whoever comes first warms what all others find warm.
            if round > 0 {
                times.push(took);
            }
        }
    }
    times.into_iter().map(median).collect()
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    assert!(
        support::database::asks_for_mysql(),
        "it takes a MySQL server: TEST_DATABASE=mysql TEST_MYSQL_URL=…"
    );
    let mut shops = Vec::new();
    for size in SIZES {
        shops.push(Box::pin(Filled::of(size)).await);
    }
    let began = Instant::now();
    let report = books::check(shops.last().unwrap().shop.app.db.long_reads()).await.unwrap();
    assert!(report.is_clean(), "{report:?}");
    eprintln!("check-books of the full shop: {:.1} s", began.elapsed().as_secs_f64());
    eprintln!("{:>8} {:>8} {:>8}  {:>7} {:>7}  page", "nothing", "a page", "full", "/nothing", "/page");
    let (mut slow, mut uneven) = (Vec::new(), Vec::new());
    for path in PAGES_OF_ALL.iter().chain(HR_PAGES) {
        let times = measure(&shops, path).await;
        let [nothing, page, full] = times[..] else { panic!("three shops") };
        let ratio = full.div_duration_f64(page);
        eprintln!(
            "{:>8.2} {:>8.2} {:>8.2}  {:>7.2} {ratio:>7.2}  {path}",
            nothing.as_secs_f64() * 1e3,
            page.as_secs_f64() * 1e3,
            full.as_secs_f64() * 1e3,
            full.div_duration_f64(nothing),
        );
        if full > PAGE_LIMIT {
            slow.push(*path);
        }
        if ratio > RATIO_LIMIT {
            uneven.push(*path);
        }
    }
    eprintln!("over {PAGE_LIMIT:?}: {slow:?}\nover {RATIO_LIMIT} times a small shop: {uneven:?}");
    for Filled { shop, program, .. } in shops {
        drop(program);
        shop.abandon().await;
    }
}
