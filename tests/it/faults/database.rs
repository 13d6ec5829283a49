//! The database server is killed, frozen, restarted, read-only; or has given its durability up.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::server::{Durability, Server};
use super::stage::Stage;
use super::{NOBODY_WAITS, moments, rounds, some_time, the_program_is_killed};
use crate::support::database::asks_for_mysql;

/// How soon after the database the shop is well again: a second or two, and more where a machine does other things besides.
const WELL_AGAIN: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_program_loses_no_order_on_a_server() {
    if asks_for_mysql() {
        let server = Server::up(Durability::AsInProduction);
        Box::pin(the_program_is_killed(Stage::on(&server).await)).await;
    }
}

/// Asks for a page until it comes, or too long.
async fn is_well_again(stage: &Stage) {
    let began = Instant::now();
    while stage.buyers[0].look("/").await != Some(200) {
        assert!(began.elapsed() < WELL_AGAIN, "the shop is not back\n{}", stage.program.said());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// C2: what was acknowledged outlives the server.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_database_loses_nothing_that_was_acknowledged() {
    if !asks_for_mysql() {
        return;
    }
    let server = Server::up(Durability::AsInProduction);
    let stage = Stage::on(&server).await;
    let promise = "SELECT CAST(@@innodb_flush_log_at_trx_commit * 10 + @@sync_binlog AS SIGNED)";
    assert_eq!(stage.shop.scalar(promise).await, 11, "as durable as in production");
    let mut moments = moments();
    let load = stage.load();
    for _ in 0..rounds() {
        some_time(&mut moments, 900).await;
        server.kill();
        server.start();
    }
    load.end().await;
    is_well_again(&stage).await;
    stage.is_whole().await;
    assert!(stage.is_at_rest().await, "somebody is still inside a transaction");
    stage.close().await;
}

/// The oracle itself: on a server that has given durability up, the same fault must not pass.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_durability_the_oracle_notices() {
    if !asks_for_mysql() {
        return;
    }
    let server = Server::up(Durability::None);
    let stage = Stage::on(&server).await;
    // Written down for good; what comes now is not, for up to a second.
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    let mut lost = Vec::new();
    for _ in 0..5 {
        stage.buyers[0].buy().await;
        server.kill();
        server.start();
        lost = stage.judge().await;
        if !lost.is_empty() {
            break;
        }
    }
    assert!(lost.iter().any(|line| line.contains("there is None")), "nothing was lost: {lost:?}");
    stage.abandon().await;
}

/// The oracle itself: without the unique key two orders come of one form.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_unique_key_the_oracle_notices() {
    if !asks_for_mysql() {
        return;
    }
    let server = Server::up(Durability::AsInProduction);
    let stage = Stage::on(&server).await;
    stage.shop.sql("CREATE INDEX orders_of_person ON orders (person_id)", []).await;
    stage.shop.sql("ALTER TABLE orders DROP INDEX orders_checkout_key", []).await;
    let buyer = &stage.buyers[0];
    let form = buyer.confirm().await.unwrap();
    let late = Duration::from_secs(10);
    let twice = (0..2).map(|_| buyer.send_and_leave(&form, late));
    futures::future::join_all(twice).await;
    // The cart was emptied by the first: fill it behind the shop's back, as a slower second window would have it.
    buyer.confirm().await.unwrap();
    buyer.send_and_leave(&form, late).await;
    let wrong = stage.judge().await;
    assert!(wrong.iter().any(|line| line.contains("orders for")), "{wrong:?}");
    stage.abandon().await;
}

/// C3: maintenance under load. Meanwhile people are told to come again, and nobody sees a 500.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_database_restarts_people_are_told_to_come_again() {
    if !asks_for_mysql() {
        return;
    }
    let server = Server::up(Durability::AsInProduction);
    let stage = Stage::on(&server).await;
    let load = stage.load();
    tokio::time::sleep(Duration::from_millis(500)).await;
    server.shut_down();
    for _ in 0..20 {
        assert_eq!(stage.program.health().await, Some(200), "the shop itself is well");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    server.start();
    is_well_again(&stage).await;
    load.end().await;
    let unavailable = stage.log.lock().unwrap().statuses.get(&503).copied().unwrap_or_default();
    assert!(unavailable > 0, "somebody was told");
    stage.is_whole().await;
    stage.close().await;
}

/// C4: a server that holds its connections and says nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_database_is_frozen_nobody_waits_for_ever() {
    if !asks_for_mysql() {
        return;
    }
    let server = Server::up(Durability::AsInProduction);
    let stage = Stage::on(&server).await;
    let load = stage.load();
    tokio::time::sleep(Duration::from_millis(500)).await;
    server.freeze();
    let well = AtomicBool::new(true);
    for _ in 0..60 {
        well.fetch_and(stage.program.health().await == Some(200), Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    server.thaw();
    assert!(well.load(Ordering::SeqCst), "the shop itself answers all along");
    is_well_again(&stage).await;
    load.end().await;
    let slowest = stage.log.lock().unwrap().slowest;
    assert!(slowest < NOBODY_WAITS, "somebody waited {slowest:?}");
    stage.is_whole().await;
    assert!(stage.is_at_rest().await, "somebody is still inside a transaction");
    stage.close().await;
}

/// C49: a server that was demoted. People look around and nobody writes; when it may write again, all is as before.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_read_only_server_people_look_around_and_order_later() {
    if !asks_for_mysql() {
        return;
    }
    let server = Server::up(Durability::AsInProduction);
    let stage = Stage::on(&server).await;
    let buyer = &stage.buyers[0];
    let form = buyer.confirm().await.unwrap();
    // Whoever may do everything may also write to a read-only server; a global read lock stops them, too.
    let holder = stage.shop.database();
    holder.run("FLUSH TABLES WITH READ LOCK").await;
    let (seen, ()) =
        futures::join!(buyer.look("/orders"), buyer.send_and_leave(&form, Duration::from_secs(20)));
    assert_eq!(seen, Some(200));
    assert_eq!(holder.scalar("SELECT COUNT(*) FROM orders", []).await, 0);
    holder.run("UNLOCK TABLES").await;
    assert!(stage.log.lock().unwrap().statuses.contains_key(&503), "whoever wrote was told to come again");
    stage.is_whole().await;
    stage.close().await;
}

/// C33: tables get columns and indexes while people buy from them; nobody hears of a fault.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_a_newer_version_changes_the_schema_people_go_on_buying() {
    if !asks_for_mysql() {
        return;
    }
    let server = Server::up(Durability::AsInProduction);
    let stage = Stage::on(&server).await;
    let mut moments = moments();
    let load = stage.load();
    for round in 0..rounds() {
        for table in ["orders", "accounts", "lots", "products", "transfers", "stock_moves"] {
            let database = stage.shop.database();
            database.run(&format!("ALTER TABLE {table} ADD COLUMN newer{round} BIGINT NULL")).await;
            database.run(&format!("CREATE INDEX newer{round}_of_{table} ON {table} (newer{round})")).await;
        }
        some_time(&mut moments, 200).await;
    }
    load.end().await;
    is_well_again(&stage).await;
    stage.is_whole().await;
    stage.close().await;
}
