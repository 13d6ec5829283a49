//! The same numbers for CloudWatch: lines of its embedded metric format, as its specification wants them.

use std::io::Read;
use std::process::{Command, Stdio};

use awsomeshop::platform::metrics::{self, ALL, Metric};
use awsomeshop::server::jobs::Job;
use awsomeshop::server::metrics::cloudwatch;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::support::{CODE_KEY, NOW, Shop};

const NAMESPACE: &str = "AWSomeShop/test";

/// What CloudWatch is told now.
async fn told(shop: &Shop) -> Vec<Value> {
    let numbers = metrics::install().unwrap();
    let lines = cloudwatch(&shop.app, NAMESPACE, numbers).await;
    lines.iter().map(|line| valid(line)).collect()
}

fn declared(name: &str) -> &'static Metric {
    ALL.iter().find(|metric| metric.name == name).unwrap_or_else(|| panic!("{name} is not declared"))
}

/// The line, held to every MUST of the specification.
fn valid(line: &str) -> Value {
    assert!(!line.contains('\n') && line.len() < 16 * 1_024, "one event of the log: {line}");
    let root: Value = serde_json::from_str(line).unwrap();
    let about = root["_aws"].as_object().unwrap();
    assert_eq!(about.keys().collect::<Vec<_>>(), ["CloudWatchMetrics", "Timestamp"]);
    assert!(about["Timestamp"].as_i64().unwrap() > 1_600_000_000_000, "in milliseconds");
    let directives = about["CloudWatchMetrics"].as_array().unwrap();
    assert_eq!(directives.len(), 1);
    let directive = directives[0].as_object().unwrap();
    assert_eq!(directive.keys().collect::<Vec<_>>(), ["Dimensions", "Metrics", "Namespace"]);
    assert_eq!(directive["Namespace"], NAMESPACE);
    let mut targets = 1;
    let sets = directive["Dimensions"].as_array().unwrap();
    assert!(!sets.is_empty());
    for dimension in sets.iter().flat_map(|set| set.as_array().unwrap()) {
        let value = root[dimension.as_str().unwrap()].as_str().unwrap();
        assert!(!value.is_empty() && value.is_ascii() && value.len() < 250, "{value}");
        targets += 1;
    }
    assert!(sets.iter().all(|set| set.as_array().unwrap().len() <= 9));
    let metrics = directive["Metrics"].as_array().unwrap();
    assert!((1..=100).contains(&metrics.len()));
    for metric in metrics {
        let metric = metric.as_object().unwrap();
        assert_eq!(metric.keys().collect::<Vec<_>>(), ["Name", "Unit"]);
        let name = metric["Name"].as_str().unwrap();
        let unit = if declared(name).unit == ::metrics::Unit::Seconds { "Seconds" } else { "Count" };
        assert_eq!(metric["Unit"], unit);
        let value = &root[name];
        if let Some(values) = value["Values"].as_array() {
            let counts = value["Counts"].as_array().unwrap();
            assert!(values.len() == counts.len() && (1..=100).contains(&values.len()));
            assert!(values.iter().all(Value::is_f64) && counts.iter().all(|count| count.as_u64() > Some(0)));
        } else {
            assert!(value.is_number(), "{name}: {value}");
        }
        targets += 1;
    }
    assert_eq!(root.as_object().unwrap().len(), targets, "nothing that no directive names: {root}");
    root
}

/// The value of a metric where these labels have these values.
fn value<'a>(lines: &'a [Value], name: &str, labels: &[(&str, &str)]) -> Option<&'a Value> {
    let mut found = lines.iter().filter(|line| labels.iter().all(|(label, value)| line[label] == *value));
    let line = found.find(|line| !line[name].is_null())?;
    assert!(found.all(|line| line[name].is_null()), "{name} twice");
    Some(&line[name])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_line_tells_what_happened_since_the_line_before() {
    let shop = Shop::open_with(&[("SHOP_METRICS_EMF_NAMESPACE", NAMESPACE)]).await;
    assert_eq!(shop.metrics_address(), None);
    let ann = shop.person("ann").await;
    shop.grant(ann, 250, None).await;
    let lamp = shop.product("Desk lamp", 100, 5).await;
    let browser = shop.browser();
    browser.sign_in("ann").await;
    let number = browser.redeem(&lamp, 1, "office:berlin").await;
    for _ in 0..3 {
        browser.get(&awsomeshop::urls::order(&number)).await.expect(200);
    }
    shop.browser().get("/sign-in/callback?state=nothing&code=none").await.expect(400);
    shop.job(Job::CheckBooks).await;
    shop.advance(90);

    let lines = told(&shop).await;
    let is = |name: &str, labels: &[(&str, &str)], what: Value| {
        assert_eq!(value(&lines, name, labels), Some(&what), "{name} {labels:?} in\n{lines:#?}");
    };
    assert!(lines.iter().all(|line| line["_aws"]["Timestamp"] == NOW.seconds() * 1_000 + 90_000));
    is("shop_points_moved_total", &[("kind", "grant")], json!(250));
    is("shop_points_moved_total", &[("kind", "redeem")], json!(100));
    is("shop_orders_placed_total", &[], json!(1));
    is("shop_sign_ins_total", &[("outcome", "begun")], json!(1));
    is("shop_sign_ins_total", &[("outcome", "succeeded")], json!(1));
    is("shop_sign_ins_total", &[("outcome", "failed")], json!(1));
    is("shop_people_active", &[], json!(1.0));
    is("shop_outbox_oldest_age_seconds", &[], json!(90.0));
    is("shop_outbox_given_up", &[], json!(0.0));
    is("shop_jobs_unwell", &[], json!(0.0));
    is("shop_books_broken_laws", &[], json!(0.0));
    is("shop_books_check_age_seconds", &[], json!(90.0));
    is("shop_database_connections_limit", &[("for", "write")], json!(limit_of_writers(&shop)));
    let took = value(&lines, "shop_request_duration_seconds", &[("route", "/orders/{number}")]).unwrap();
    let counts = took["Counts"].as_array().unwrap().iter().map(|count| count.as_u64().unwrap());
    assert_eq!(counts.sum::<u64>(), 3);
    let by_route = lines.iter().find(|line| line["route"] == "/orders/{number}").unwrap();
    assert_eq!(by_route["_aws"]["CloudWatchMetrics"][0]["Dimensions"], json!([["route"], []]));
    assert!(value(&lines, "shop_requests_total", &[("status", "4xx")]) == Some(&json!(1)));

    // Nothing is told twice, and what did not happen not at all; states are asked anew.
    shop.advance(60);
    let lines = told(&shop).await;
    assert_eq!(value(&lines, "shop_orders_placed_total", &[]), None);
    assert_eq!(value(&lines, "shop_requests_total", &[]), None);
    assert_eq!(value(&lines, "shop_books_check_age_seconds", &[]), Some(&json!(150.0)));
    browser.get("/").await.expect(200);
    let lines = told(&shop).await;
    assert_eq!(value(&lines, "shop_requests_total", &[("status", "2xx")]), Some(&json!(1)));
    shop.close().await;
}

/// SQLite has one writer; of another server's connections the greater half writes.
fn limit_of_writers(shop: &Shop) -> f64 {
    let config = &shop.app.config.database;
    if config.url.expose_secret().starts_with("sqlite:") {
        1.0
    } else {
        f64::from(config.pool_max.div_ceil(2))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_is_a_number() {
    let shop = Shop::open_with(&[("SHOP_METRICS_EMF_NAMESPACE", NAMESPACE)]).await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 250, None).await;
    let lamp = shop.product("Desk lamp", 100, 5).await;
    shop.browser_of(ann).await.redeem(&lamp, 1, "office:berlin").await;
    // A mail that nobody can send any more, and a job that was last done a day ago; another one is of another version.
    shop.sql("UPDATE outbox_messages SET dead_at = created_at, attempts = 8", []).await;
    let sql = "INSERT INTO job_runs (name, every_s, done_at, last_error) SELECT 'make-marks', 3600, created_at, '' FROM people LIMIT 1";
    shop.sql(sql, []).await;
    shop.sql(&sql.replace("make-marks", "make-carts"), []).await;
    shop.job(Job::CheckBooks).await;
    shop.advance(24 * 3_600);
    let lines = told(&shop).await;
    let told = |name: &str| value(&lines, name, &[]).cloned();
    assert_eq!(told("shop_outbox_given_up"), Some(json!(1.0)));
    assert_eq!(told("shop_jobs_unwell"), Some(json!(1.0)));
    assert_eq!(told("shop_books_check_age_seconds"), Some(json!(86_400.0)));
    assert_eq!(told("shop_people_active"), Some(json!(0.0)));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_that_is_down_is_a_sign_in_that_failed() {
    let mut shop = Shop::open_with(&[("SHOP_METRICS_EMF_NAMESPACE", NAMESPACE)]).await;
    shop.stop_identity_provider().await;
    shop.browser().impatient().get("/sign-in").await.expect(503);
    let lines = told(&shop).await;
    assert_eq!(value(&lines, "shop_sign_ins_total", &[("outcome", "failed")]), Some(&json!(1)));
    assert_eq!(value(&lines, "shop_sign_ins_total", &[("outcome", "begun")]), None);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_program_tells_the_rest_when_it_ends_and_its_log_is_elsewhere() {
    let shop = Shop::open().await;
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let origin = format!("http://127.0.0.1:{port}");
    let config = &shop.app.config;
    let mut command = Command::new(env!("CARGO_BIN_EXE_awsomeshop"));
    command.arg("serve").env_clear().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let child = command.envs([
        ("SHOP_BIND", format!("127.0.0.1:{port}")),
        ("SHOP_PUBLIC_URL", origin.clone()),
        ("SHOP_METRICS_EMF_NAMESPACE", NAMESPACE.to_owned()),
        ("SHOP_LEAVE_DELAY_S", "0".to_owned()),
        ("SHOP_CODE_KEY", CODE_KEY.to_owned()),
        ("DATABASE_URL", shop.database().settings.url.expose_secret().to_owned()),
        ("OIDC_ISSUER_URL", config.identity.issuer.clone()),
        ("OIDC_CLIENT_ID", "shop".to_owned()),
        ("S3_BUCKET", "pictures".to_owned()),
        ("S3_ENDPOINT_URL", config.images.endpoint_url.clone().unwrap()),
        ("AWS_ACCESS_KEY_ID", "tests".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "only-for-tests".to_owned()),
    ]);
    let mut child = child.spawn().unwrap();
    let give_up = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while reqwest::get(format!("{origin}/health")).await.is_err() {
        assert!(
            child.try_wait().unwrap().is_none() && std::time::Instant::now() < give_up,
            "it does not open"
        );
        tokio::task::yield_now().await;
    }
    assert_eq!(reqwest::get(format!("{origin}/nowhere")).await.unwrap().status(), 404);
    assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
    let mut said = String::new();
    child.stdout.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(child.wait().unwrap().success());
    let lines: Vec<Value> = said.lines().map(valid).collect();
    assert_eq!(value(&lines, "shop_requests_total", &[("status", "4xx")]), Some(&json!(1)));
    shop.close().await;
}
