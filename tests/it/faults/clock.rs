//! A machine whose clock is wrong.

use std::path::Path;

use super::say;
use super::server::{Durability, Server};
use super::stage::Stage;
use crate::support::database::asks_for_mysql;

/// What makes a program believe in another time; from the package `faketime`.
const FAKETIME: &str = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";
const HOUR_S: i64 = 3_600;
/// Placed at another time than the database's.
const AT_ANOTHER_TIME: &str =
    "SELECT COUNT(*) FROM orders WHERE ABS(TIMESTAMPDIFF(SECOND, placed_at, UTC_TIMESTAMP())) > 1800";
const ENDED: &str = "SELECT COUNT(*) FROM transfers WHERE kind = 'expire'";

/// C15: a task hours ahead ends nobody's points and signs nobody out, one a day behind keeps nobody's alive, and both write
/// down the time that everybody else does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_task_whose_clock_is_wrong_goes_by_the_databases() {
    if !asks_for_mysql() || !Path::new(FAKETIME).exists() {
        return say("skipped: it takes a database server and the package faketime");
    }
    let server = Server::up(Durability::AsInProduction);
    let mut stage = Box::pin(Stage::on(&server)).await;
    stage.program.set("LD_PRELOAD", FAKETIME.to_owned());
    stage.program.set("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned());
    let (now, ann) = (stage.shop.now(), stage.shop.person("ann").await);
    stage.shop.grant(ann, 10, Some(now.plus_seconds(HOUR_S))).await;
    for wrong in ["+3h", "-1d"] {
        stage.program.kill();
        stage.program.set("FAKETIME", wrong.to_owned());
        stage.program.start().await;
        // Whoever was killed has theirs still.
        stage.shop.sql("DELETE FROM leases", []).await;
        for job in ["expire-points", "forget-sessions"] {
            assert!(stage.program.command("job").arg(job).status().unwrap().success(), "{job}");
        }
        assert_eq!(stage.shop.scalar(ENDED).await, 0, "{wrong}");
        // Signed in by the clock of this machine, which is the database's.
        stage.is_whole().await;
        assert_eq!(stage.shop.scalar(AT_ANOTHER_TIME).await, 0, "{wrong}");
    }
    // A day behind, and what is over is over.
    stage.shop.grant(ann, 5, Some(stage.shop.now().plus_seconds(1))).await;
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    assert!(stage.program.command("job").arg("expire-points").status().unwrap().success());
    assert_eq!(stage.shop.scalar(ENDED).await, 1);
    assert!(stage.program.said().contains("the database's clock is followed"), "{}", stage.program.said());
    stage.close().await;
}
