//! `/metrics`: on a listener of its own, about the shop and about nobody.

mod cloudwatch;

use std::collections::{BTreeMap, BTreeSet};

use awsomeshop::error::Error;
use awsomeshop::platform::metrics::{self, ALL, Kind, Metric};
use awsomeshop::server::jobs::Job;

use crate::support::Shop;

/// What the shop tells, line by line.
pub async fn numbers(shop: &Shop) -> Vec<String> {
    let address = shop.metrics_address().expect("an address for numbers");
    let answer = reqwest::get(format!("http://{address}/metrics")).await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.text().await.unwrap().lines().map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_numbers_are_about_the_shop_and_never_about_a_person() {
    let shop = Shop::open_with(&[("SHOP_METRICS_BIND", "127.0.0.1:0")]).await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 250, None).await;
    let lamp = shop.product("Desk lamp", 100, 5).await;
    let browser = shop.browser_of(ann).await;
    let number = browser.redeem(&lamp, 1, "office:berlin").await;
    browser.get(&awsomeshop::urls::order(&number)).await.expect(200);
    browser.get("/nowhere/at-all").await.expect(404);
    let line =
        [("product", lamp.id.to_string()), ("quantity", "1".to_owned()), ("then", "checkout".to_owned())];
    let line: Vec<(&str, &str)> = line.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let added = browser.post("/cart/lines", &line).await.expect(303);
    let confirm = browser.follow(added).await.expect(200);
    shop.sql("UPDATE products SET price = 120", []).await;
    let form = confirm.html().form("form[method=post][action='/checkout']").with("delivery", "office:berlin");
    browser.submit(&form).await.expect(409);
    shop.job(Job::CheckBooks).await;
    shop.advance(90);

    let numbers = numbers(&shop).await;
    let told = |line: &str| {
        assert!(numbers.iter().any(|told| told == line), "{line}\nis not in\n{}", numbers.join("\n"));
    };
    told(r#"shop_requests_total{method="GET",route="/orders/{number}",status="2xx"} 1"#);
    told(r#"shop_requests_total{method="GET",route="unmatched",status="4xx"} 1"#);
    told(r#"shop_requests_total{method="POST",route="/checkout",status="3xx"} 1"#);
    told(r#"shop_requests_total{method="POST",route="/checkout",status="4xx"} 1"#);
    told(r#"shop_request_duration_seconds_count{method="POST",route="/checkout"} 2"#);
    told("shop_orders_placed_total 1");
    told(r#"shop_points_moved_total{kind="grant"} 250"#);
    told(r#"shop_points_moved_total{kind="redeem"} 100"#);
    told(r#"shop_orders_refused_total{reason="PriceChanged"} 1"#);
    told("shop_outbox_oldest_age_seconds 90");
    told("shop_books_broken_laws 0");
    told("shop_books_check_age_seconds 90");
    told("shop_people_active 1");
    told("shop_outbox_given_up 0");
    told("shop_jobs_unwell 0");
    told("# HELP shop_orders_placed_total Orders placed");
    told("# TYPE shop_request_duration_seconds histogram");
    assert!(numbers.iter().any(|line| line.starts_with(r#"shop_database_connections_in_use{for="write"} "#)));
    for (what, whose) in
        [("a name", "Ann"), ("an address", "example"), ("a person", &ann.to_string()), ("an order", &number)]
    {
        assert!(!numbers.iter().any(|line| line.contains(whose)), "the numbers tell {what}");
    }
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn broken_books_are_a_number_too() {
    let shop = Shop::open_with(&[("SHOP_METRICS_BIND", "127.0.0.1:0")]).await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 250, None).await;
    assert!(!numbers(&shop).await.iter().any(|line| line.starts_with("shop_books_check")));
    shop.sql("UPDATE accounts SET balance = 251 WHERE balance = 250", []).await;
    shop.job(Job::CheckBooks).await;
    assert!(numbers(&shop).await.contains(&"shop_books_broken_laws 3".to_owned()));
    shop.sql("UPDATE accounts SET balance = 250 WHERE balance = 251", []).await;
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_public_is_told_no_numbers_and_without_an_address_nobody_is() {
    let shop = Shop::open_with(&[("SHOP_METRICS_BIND", "127.0.0.1:0")]).await;
    shop.browser().get("/metrics").await.expect(404);
    let address = shop.metrics_address().unwrap();
    assert_eq!(reqwest::get(format!("http://{address}/")).await.unwrap().status(), 404);
    shop.close().await;

    let silent = Shop::open().await;
    assert!(silent.metrics_address().is_none());
    silent.browser().get("/metrics").await.expect(404);
    silent.close().await;
}

const DASHBOARD: &str = include_str!("../../ops/grafana/dashboard.json");

/// Every expression of the dashboard, however deep it lies.
fn expressions(part: &serde_json::Value, found: &mut Vec<String>) {
    match part {
        serde_json::Value::Object(fields) => {
            found.extend(fields.get("expr").and_then(|expression| expression.as_str()).map(str::to_owned));
            fields.values().for_each(|field| expressions(field, found));
        }
        serde_json::Value::Array(parts) => parts.iter().for_each(|part| expressions(part, found)),
        _ => {}
    }
}

/// The metrics an expression names; a part of a histogram is named by the histogram.
fn metrics_in(expression: &str, histograms: &BTreeSet<String>) -> BTreeSet<String> {
    let words = expression.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let named = words.filter(|word| word.starts_with("shop_")).map(|word| {
        let stem = ["_bucket", "_sum", "_count"].iter().find_map(|part| word.strip_suffix(part));
        stem.filter(|stem| histograms.contains(*stem)).unwrap_or(word)
    });
    named.map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_dashboard_shows_every_number_and_no_other() {
    let shop = Shop::open_with(&[("SHOP_METRICS_BIND", "127.0.0.1:0")]).await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 250, None).await;
    shop.browser().get("/health").await.expect(200);
    shop.job(Job::CheckBooks).await;
    // What needs a flood, or a day, to be counted by itself.
    metrics::request_refused("browsing");
    metrics::write_repeated();
    metrics::order_placed();
    metrics::order_refused(&Error::NotFound);
    metrics::points_moved("grant", 250);
    metrics::sign_in("begun");
    metrics::job_ran("CheckBooks", true);
    let kinds: BTreeMap<String, String> = numbers(&shop)
        .await
        .iter()
        .filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' '))
        .map(|(name, kind)| (name.to_owned(), kind.to_owned()))
        .collect();
    let told: BTreeSet<String> = kinds.keys().cloned().collect();
    let histograms =
        kinds.iter().filter(|(_, kind)| *kind == "histogram").map(|(name, _)| name.clone()).collect();

    let mut asked = Vec::new();
    expressions(&serde_json::from_str(DASHBOARD).unwrap(), &mut asked);
    let shown: BTreeSet<String> =
        asked.iter().flat_map(|expression| metrics_in(expression, &histograms)).collect();
    assert_eq!(shown, told, "left: on the dashboard, right: what /metrics tells");
    for expression in &asked {
        assert!(
            !metrics_in(expression, &histograms).is_empty(),
            "{expression} asks for nothing of the shop's"
        );
    }
    shop.close().await;
}

const IN_WORDS: &str = include_str!("../../docs/metrics.md");

/// The row of the table that tells of it.
fn row(metric: &Metric) -> String {
    let ticked =
        |labels: &[&str]| labels.iter().map(|label| format!("`{label}`")).collect::<Vec<_>>().join(", ");
    let sets =
        metric.sets.iter().map(|set| if set.is_empty() { "the whole".to_owned() } else { ticked(set) });
    let kind = match metric.kind {
        Kind::Counter => "counter",
        Kind::Gauge => "gauge",
        Kind::Histogram => "histogram",
    };
    format!(
        "| `{}` | {kind} | {} | {} | {} | {} |",
        metric.name,
        metric.unit.as_str(),
        ticked(metric.labels),
        sets.collect::<Vec<_>>().join("; "),
        metric.meaning
    )
}

#[test]
fn the_table_tells_of_every_number_and_of_no_other() {
    let rows: Vec<&str> = IN_WORDS.lines().filter(|line| line.starts_with("| `shop_")).collect();
    let declared: Vec<String> = ALL.iter().map(|metric| row(metric)).collect();
    assert_eq!(rows, declared, "left: docs/metrics.md, right: as it is declared");
}
