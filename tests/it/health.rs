//! `GET /health`: what the load balancer believes and what the operator reads; and the command by which a container asks.

use std::process::Command;

use serde_json::{Value, json};

use crate::support::Shop;

/// The report without what differs from one moment to the next.
fn steady(mut report: Value) -> Value {
    for component in report["components"].as_object_mut().unwrap().values_mut() {
        let latency = component.as_object_mut().unwrap().remove("latency_ms").unwrap();
        assert!(latency.as_u64().unwrap() < 2_000, "{latency}");
    }
    report
}

fn up() -> Value {
    json!({ "status": "up" })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shop_that_is_well_says_so_component_by_component() {
    let shop = Shop::open().await;
    let answer = shop.browser().get("/health").await.expect(200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(
        steady(answer.json()),
        json!({
            "status": "ok",
            "version": env!("CARGO_PKG_VERSION"),
            "components": { "database": up(), "object_store": up(), "identity_keys": up(), "outbox": up() },
            "books": { "status": "unchecked", "broken": [] },
        })
    );
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_sign_in_it_tells_how_old_the_identity_providers_keys_are() {
    let shop = Shop::open().await;
    shop.person("ann").await;
    shop.browser().sign_in("ann").await;
    shop.advance(90);
    let report = shop.browser().get("/health").await.expect(200).json();
    assert_eq!(report["components"]["identity_keys"]["age_s"], 90);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_pictures_the_shop_is_degraded_and_stays_in_service() {
    let mut shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.stop_object_store().await;
    let report = steady(shop.browser().get("/health").await.expect(200).json());
    assert_eq!(report["status"], "degraded");
    let down = json!({ "status": "down" });
    assert_eq!(
        report["components"],
        json!({ "database": up(), "object_store": down, "identity_keys": up(), "outbox": up() })
    );
    shop.browser_of(ann).await.get("/").await.expect(200);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mail_that_nobody_delivers_is_told() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 100, None).await;
    let voucher = shop.digital_product("Voucher", 100, &["AAAA-BBBB-1111"]).await;
    shop.browser_of(ann).await.redeem(&voucher, 1, "").await;
    shop.advance(301);
    let report = steady(shop.browser().get("/health").await.expect(200).json());
    assert_eq!(report["status"], "degraded");
    assert_eq!(report["components"]["outbox"], json!({ "status": "down" }));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shop_that_is_leaving_says_503_and_still_serves() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    let browser = shop.browser_of(ann).await;
    shop.drain();
    let report = browser.get("/health").await.expect(503).json();
    assert_eq!(report["status"], "draining");
    assert_eq!(report["components"]["database"]["status"], "up");
    browser.get("/").await.expect(200);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_asks_where_the_shop_listens_and_no_proxy() {
    let shop = Shop::open().await;
    let port = shop.address().port();
    let asked = async |bind: String| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_awsomeshop"));
        program.arg("healthcheck").env_clear().env("SHOP_BIND", bind);
        // Nobody listens there.
        program.env("HTTP_PROXY", "http://127.0.0.1:9").env("http_proxy", "http://127.0.0.1:9");
        tokio::task::spawn_blocking(move || program.output().unwrap().status.code()).await.unwrap()
    };
    assert_eq!(asked(format!("127.0.0.1:{port}")).await, Some(0));
    assert_eq!(asked(format!("0.0.0.0:{port}")).await, Some(0));
    // Another address of this machine, at which this shop does not listen.
    assert_eq!(asked(format!("127.0.0.2:{port}")).await, Some(1));
    assert_eq!(asked(format!("somewhere:{port}")).await, Some(1));
    shop.drain();
    assert_eq!(asked(format!("127.0.0.1:{port}")).await, Some(1), "it is leaving");
    shop.close().await;
}
