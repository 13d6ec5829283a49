//! The network between the shop and its database: cut exactly after COMMIT, slow, silent; and other sessions that hold what
//! a checkout wants.

use std::time::Duration;

use futures::future::join_all;

use super::driver::Buyer;
use super::server::{Durability, Server};
use super::stage::Stage;
use super::{NOBODY_WAITS, moments, rounds, some_time};
use crate::support::database::{TestDatabase, asks_for_mysql};

/// C7: the server has committed and nobody heard it. The shop does not guess: who asks again finds the order.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cut_after_commit_leaves_one_order() {
    if !asks_for_mysql() {
        return;
    }
    let server = Server::up(Durability::AsInProduction);
    let stage = Stage::behind(&server).await;
    let proxy = stage.proxy.as_ref().unwrap();
    let mut moments = moments();
    let load = stage.load();
    for _ in 0..rounds() {
        some_time(&mut moments, 400).await;
        proxy.cut_after_commits(2);
    }
    while proxy.commits_to_cut() > 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    load.end().await;
    let told = stage.log.lock().unwrap().statuses.get(&503).copied().unwrap_or_default();
    assert!(told > 0, "somebody was told that nobody knows");
    stage.is_whole().await;
    stage.close().await;
}

/// C5: all connections fall silent, again and again, while people buy.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_fall_silent_under_load_lose_no_order() {
    if !asks_for_mysql() {
        return;
    }
    let server = Server::up(Durability::AsInProduction);
    let stage = Stage::behind(&server).await;
    let proxy = stage.proxy.as_ref().unwrap();
    let load = stage.load();
    for _ in 0..3 {
        tokio::time::sleep(Duration::from_millis(700)).await;
        proxy.silence();
    }
    load.end().await;
    let slowest = stage.log.lock().unwrap().slowest;
    assert!(slowest < NOBODY_WAITS, "somebody waited {slowest:?}");
    stage.is_whole().await;
    assert!(stage.is_at_rest().await, "somebody is still inside a transaction");
    stage.close().await;
}

/// C6, C16, C20: everything takes longer, and everybody clicks twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_slow_line_a_double_click_is_one_order() {
    if !asks_for_mysql() {
        return;
    }
    let server = Server::up(Durability::AsInProduction);
    let stage = Stage::behind(&server).await;
    for latency in [20, 60] {
        stage.proxy.as_ref().unwrap().delay(Duration::from_millis(latency));
        let before = stage.shop.scalar("SELECT COUNT(*) FROM orders").await;
        let few = &stage.buyers[..4];
        let forms = join_all(few.iter().map(confirm)).await;
        // Who is told to come again does; both clicks hear of the same order.
        let clicks = few.iter().zip(&forms).flat_map(|(buyer, form)| (0..2).map(|_| buyer.insist(form)));
        join_all(clicks).await;
        let after = stage.shop.scalar("SELECT COUNT(*) FROM orders").await;
        assert_eq!(after - before, 4, "at {latency} ms");
    }
    stage.proxy.as_ref().unwrap().delay(Duration::ZERO);
    let keys = stage.shop.scalar("SELECT COUNT(DISTINCT checkout_key) FROM orders").await;
    assert_eq!(stage.shop.scalar("SELECT COUNT(*) FROM orders").await, keys);
    assert!(stage.program.command("check-books").status().unwrap().success());
    stage.shop.close().await;
}

async fn confirm(buyer: &Buyer) -> crate::support::html::Form {
    loop {
        if let Some(form) = buyer.confirm().await {
            return form;
        }
    }
}

/// C8, C9: another session holds a product for longer than anybody waits. Whoever wants it is told to come again, nothing
/// is half done, everybody else looks around as always; and when it is free, they have their orders.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_held_product_holds_up_its_buyers_only() {
    if !asks_for_mysql() {
        return;
    }
    let server = Server::up(Durability::AsInProduction);
    let stage = Stage::on(&server).await;
    let forms = join_all(stage.buyers.iter().map(confirm)).await;
    let holder = stage.shop.database();
    holder.run("START TRANSACTION").await;
    holder.execute("UPDATE products SET low_stock_at = low_stock_at", []).await;
    // MySQL skips an update that changes nothing, but not its lock.
    let waiting = stage
        .buyers
        .iter()
        .zip(&forms)
        .map(|(buyer, form)| buyer.send_and_leave(form, Duration::from_secs(20)));
    let looking = async {
        let mut seen = Vec::new();
        for _ in 0..20 {
            seen.push(stage.buyers[0].look("/orders").await);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        seen
    };
    let (_, seen) = futures::join!(join_all(waiting), looking);
    assert_eq!(seen, [Some(200); 20], "others look around\n{}", stage.program.said());
    let told = stage.log.lock().unwrap().statuses.get(&503).copied();
    assert_eq!(told, Some(stage.buyers.len()), "who wants it is told to come again");
    holder.run("ROLLBACK").await;
    // A write whose person was told to come again may still go on until its last attempt, and is whole or nothing.
    stage.is_whole().await;
    let keys = stage.shop.scalar("SELECT COUNT(DISTINCT checkout_key) FROM orders").await;
    assert_eq!(stage.shop.scalar("SELECT COUNT(*) FROM orders").await, keys);
    assert!(stage.program.command("check-books").status().unwrap().success());
    stage.abandon().await;
}

/// C9: a deadlock. Two checkouts and a foreign session want the same rows in opposite order; whoever the server picks, the
/// person gets an order.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deadlock_is_never_seen_by_a_person() {
    if !asks_for_mysql() {
        return;
    }
    let server = Server::up(Durability::AsInProduction);
    let stage = Stage::on(&server).await;
    let load = stage.load();
    let url = server.url();
    let name = stage.shop.database().name();
    let rival = TestDatabase::on(&url).await;
    for _ in 0..40 {
        // Products first, then accounts: the other way round than everybody else.
        rival.run(&format!("USE {name}")).await;
        rival.run("START TRANSACTION").await;
        rival.attempt("UPDATE products SET low_stock_at = low_stock_at + 1").await;
        rival
            .attempt(
                "UPDATE accounts SET created_at = created_at + INTERVAL 1 SECOND WHERE person_id IS NOT NULL",
            )
            .await;
        rival.run("ROLLBACK").await;
    }
    rival.remove().await;
    load.end().await;
    stage.is_whole().await;
    stage.close().await;
}
