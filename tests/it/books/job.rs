//! The check that runs by itself: what `/health` tells of it, and that it sees one moment while the shop goes on.

use std::sync::atomic::{AtomicBool, Ordering};

use awsomeshop::auth::session;
use awsomeshop::reports::books;
use awsomeshop::server::jobs::Job;
use futures::FutureExt;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use serde_json::{Value, json};

use crate::support::Shop;

async fn health(shop: &Shop) -> Value {
    // What was found is repeated for two seconds; another shop over the same handles has found nothing yet.
    let health = awsomeshop::server::health::Health::new(awsomeshop::server::Readiness::default());
    let answer = awsomeshop::server::health::show(
        actix_web::web::Data::new(shop.app.clone()),
        actix_web::web::Data::new(health),
    );
    let body = actix_web::body::to_bytes(answer.await.into_body()).await.unwrap();
    serde_json::from_slice(&body).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn health_tells_what_the_last_check_found_and_when() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 500, None).await;
    assert_eq!(health(&shop).await["books"], json!({ "status": "unchecked", "broken": [] }));

    shop.job(Job::CheckBooks).await;
    let at = "2026-06-15T10:00:00Z";
    let report = health(&shop).await;
    assert_eq!(report["books"], json!({ "status": "ok", "checked_at": at, "broken": [] }));
    assert_eq!(report["status"], "ok");

    shop.advance(3 * 3_600 + 1);
    let report = health(&shop).await;
    assert_eq!(report["books"], json!({ "status": "stale", "checked_at": at, "broken": [] }));
    assert_eq!(report["status"], "degraded");

    shop.sql("UPDATE accounts SET balance = 501 WHERE balance = 500", []).await;
    shop.job(Job::CheckBooks).await;
    let report = health(&shop).await;
    let broken = ["balance-is-transfers", "balance-is-lots", "points-are-conserved"];
    let at = "2026-06-15T13:00:01Z";
    assert_eq!(report["books"], json!({ "status": "broken", "checked_at": at, "broken": broken }));
    assert_eq!(report["status"], "degraded");

    shop.sql("UPDATE accounts SET balance = 500 WHERE balance = 501", []).await;
    shop.job(Job::CheckBooks).await;
    assert_eq!(health(&shop).await["status"], "ok");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_snapshot_does_not_see_what_is_booked_after_it_began() {
    #[derive(FromQueryResult)]
    struct Count {
        sessions: i64,
    }
    async fn sessions(db: &impl ConnectionTrait) -> i64 {
        let sql = "SELECT COUNT(*) AS sessions FROM sessions";
        let sql = Statement::from_string(db.get_database_backend(), sql);
        Count::find_by_statement(sql).one(db).await.unwrap().unwrap().sessions
    }
    let shop = Shop::open().await;
    let (ann, now, db) = (shop.person("ann").await, shop.now(), shop.app.db.clone());
    let seen = shop.app.db.snapshot(|tx| {
        async move {
            let before = sessions(tx).await;
            db.write("test.session", move |tx| session::open(tx, now, ann).boxed()).await?;
            Ok((before, sessions(tx).await))
        }
        .boxed()
    });
    assert_eq!(seen.await.unwrap(), (0, 0));
    assert_eq!(sessions(shop.app.db.reads()).await, 1);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_check_while_orders_are_placed_and_cancelled_is_no_false_alarm() {
    const ORDERS: usize = 25;
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 1_000_000, None).await;
    let lamp = shop.product("Desk lamp", 10, 10_000).await;
    let browser = shop.browser_of(ann).await;
    let bought = AtomicBool::new(false);
    let buying = async {
        for _ in 0..ORDERS {
            let number = browser.redeem(&lamp, 1, "office:berlin").await;
            browser.post(&awsomeshop::urls::order_cancellation(&number), &[]).await.expect(303);
            // Confirming is limited to so many in a minute, by the shop's own clock.
            shop.advance(60);
        }
        bought.store(true, Ordering::SeqCst);
    };
    let checking = async {
        let mut checks = 0;
        while !bought.load(Ordering::SeqCst) {
            let report = books::check_at_once(&shop.app.db).await.unwrap();
            let broken: Vec<_> = report.broken().collect();
            assert!(broken.is_empty(), "a false alarm: {broken:?}");
            checks += 1;
        }
        checks
    };
    let ((), checks) = futures::join!(buying, checking);
    assert!(checks > 1, "the books were checked only {checks} times meanwhile");
    shop.close().await;
}
