//! More visitors than the shop can serve: it goes on serving as many as before, says so to the rest at once, and who pays
//! is served. `LOAD_SECONDS` makes each step longer.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::process::Program;
use crate::support::Shop;
use crate::support::browser::Browser;
use crate::support::setting::Goods;
use crate::wire::{Outcome, Wire};

const BUYERS: usize = 120;
const LINES: usize = 16;
const CONFIRM_FORM: &str = "form[method=post][action='/checkout']";
/// The share of what the shop can do that is paid for in the flood, and how much of it must succeed.
const PAYING_SHARE: f64 = 0.2;
const MOST_FAILED: usize = BUYERS / 100;
const DEADLINE: Duration = Duration::from_secs(10);

/// What came of many requests.
struct Sum {
    by_status: BTreeMap<u16, usize>,
    served: Vec<Duration>,
    refused: Vec<Duration>,
}

impl Sum {
    /// Everything was answered by the deadline, and who was refused knows when to come back.
    #[track_caller]
    fn of(outcomes: &[Outcome]) -> Self {
        let mut sum = Self { by_status: BTreeMap::new(), served: Vec::new(), refused: Vec::new() };
        for outcome in outcomes {
            *sum.by_status.entry(outcome.status).or_default() += 1;
            assert!(outcome.took <= DEADLINE, "later than the deadline: {outcome:?}");
            if [429, 503].contains(&outcome.status) {
                assert!(outcome.retry_after, "{outcome:?}");
                sum.refused.push(outcome.took);
            } else {
                sum.served.push(outcome.took);
            }
        }
        sum.served.sort();
        sum.refused.sort();
        sum
    }

    #[track_caller]
    fn has_only(&self, statuses: &[u16]) {
        assert!(self.by_status.keys().all(|status| statuses.contains(status)), "{:?}", self.by_status);
    }
}

fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    sorted.get(sorted.len().saturating_sub(1) * percent / 100).copied().unwrap_or_default()
}

#[expect(clippy::cast_precision_loss, clippy::as_conversions, reason = "counts of a few seconds")]
fn rate(count: usize, duration: Duration) -> f64 {
    count as f64 / duration.as_secs_f64()
}

#[expect(clippy::disallowed_methods, reason = "how long to measure is told from outside")]
fn step() -> Duration {
    let seconds = std::env::var("LOAD_SECONDS").ok().and_then(|seconds| seconds.parse().ok());
    Duration::from_secs(seconds.unwrap_or(3))
}

fn get(program: &Program, browser: &Browser, path: &str) -> Vec<u8> {
    let cookies = browser.cookie_header().unwrap();
    format!("GET {path} HTTP/1.1\r\nHost: {}\r\nCookie: {cookies}\r\n\r\n", program.address).into_bytes()
}

/// People who each look at the confirm page of one piece, and what they would send.
async fn buyers(shop: &Shop, program: &Program, goods: &[Goods]) -> (Vec<Browser>, Vec<Vec<u8>>) {
    let (mut people, mut submits) = (Vec::new(), Vec::new());
    for index in 0..BUYERS {
        let person = shop.person(&format!("buyer{index}")).await;
        shop.grant(person, 100, None).await;
        let browser = program.browser_of(shop, person).await;
        let product = goods[index % goods.len()].id.to_string();
        browser.post("/cart/lines", &[("product", &product)]).await.expect(303);
        let form = browser.get("/checkout").await.expect(200).html().form(CONFIRM_FORM);
        let form = form.with("delivery", "office:berlin");
        let body = serde_urlencoded::to_string(&form.fields).unwrap();
        submits.push(
            format!(
                "POST /checkout HTTP/1.1\r\nHost: {}\r\nOrigin: {}\r\nCookie: {}\r\nContent-Type: \
                 application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
                program.address,
                program.origin,
                browser.cookie_header().unwrap(),
                body.len()
            )
            .into_bytes(),
        );
        people.push(browser);
    }
    (people, submits)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_visitors_takes_nothing_from_who_pays() {
    let shop = Shop::open().await;
    let program = Program::alone(&shop, &[]).await;
    let mut goods = Vec::new();
    for index in 0..20 {
        goods.push(shop.product(&format!("Desk lamp {index}"), 10, 1_000).await);
    }
    let (people, submits) = buyers(&shop, &program, &goods).await;
    let paths = ["/", "/points", "/cart", "/orders"];
    let visits =
        (0..BUYERS * paths.len()).map(|n| get(&program, &people[n % BUYERS], paths[n % paths.len()]));
    let visits: Arc<Vec<Vec<u8>>> = Arc::new(visits.collect());
    let health = format!("GET /health HTTP/1.1\r\nHost: {}\r\n\r\n", program.address).into_bytes();
    let health = Arc::new(vec![health]);
    let (wire, aside) = (Wire::new(program.address), Wire::new(program.address));

    let warm = Sum::of(&wire.back_to_back(LINES, step(), &visits).await);
    let alone = Sum::of(&wire.back_to_back(LINES, step(), &visits).await);
    alone.has_only(&[200]);
    let peak = rate(alone.served.len().max(warm.served.len()), step());
    eprintln!("peak {peak:.0}/s, p99 {:?}", percentile(&alone.served, 99));

    for factor in [1.0, 2.0, 4.0, 8.0] {
        let ((flood, unsent), (checks, _)) = futures::join!(
            wire.at_rate(peak * factor, step(), &visits),
            aside.at_rate(20.0, step(), &health),
        );
        let (flood, checks) = (Sum::of(&flood), Sum::of(&checks));
        eprintln!(
            "{factor} × peak: served {:.2} of the peak, p99 {:?}; refused {} (p99 {:?}), not sent {unsent}; /health p99 {:?}",
            rate(flood.served.len(), step()) / peak,
            percentile(&flood.served, 99),
            flood.refused.len(),
            percentile(&flood.refused, 99),
            percentile(&checks.served, 99),
        );
        flood.has_only(&[200, 429, 503]);
        checks.has_only(&[200]);
        assert!(!flood.served.is_empty());
        assert!(factor < 4.0 || !flood.refused.is_empty(), "nobody was refused at {factor} × the peak");
    }

    let paying = peak * PAYING_SHARE;
    let submits = Arc::new(submits);
    let duration = Duration::from_secs_f64(rate(BUYERS, Duration::from_secs(1)) / paying);
    let ((flood, unsent), (bought, _)) = futures::join!(
        wire.at_rate(peak * 4.0, duration, &visits),
        aside.at_rate(paying, duration, &submits),
    );
    let (flood, bought) = (Sum::of(&flood), Sum::of(&bought));
    eprintln!(
        "4 × peak for {duration:?} (served {}, refused {}, not sent {unsent}) and {} checkouts: {:?}, p99 {:?}",
        flood.served.len(),
        flood.refused.len(),
        bought.by_status.values().sum::<usize>(),
        bought.by_status,
        percentile(&bought.served, 99),
    );
    flood.has_only(&[200, 429, 503]);
    bought.has_only(&[303, 503]);
    assert!(bought.refused.len() <= MOST_FAILED, "{:?}", bought.by_status);
    let orders = shop.scalar("SELECT COUNT(*) FROM orders WHERE state <> 'pending'").await;
    assert_eq!(orders, i64::try_from(bought.served.len()).unwrap(), "one for each that was confirmed");
    assert_eq!(program.log().matches("panicked").count(), 0, "{}", program.log());

    // Nothing stays behind: the next visitor is served at once.
    Sum::of(&wire.back_to_back(1, Duration::from_millis(200), &visits).await).has_only(&[200]);
    drop(program);
    shop.close().await;
}
