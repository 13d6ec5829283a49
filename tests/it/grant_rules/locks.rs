//! A rule is held while it gives: whoever changes it at the same moment comes before or after, and is seen.
//! In a file nobody can come between, so on SQLite there is nothing to try.

use std::time::Duration;

use super::{apply_without_lease, given, hired};
use crate::support::{Shop, database};

/// By then the job waits for the rule that is held.
const MEANWHILE: Duration = Duration::from_millis(500);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rule_that_is_changed_while_the_job_is_at_it_gives_nothing_by_its_old_terms() {
    if !database::asks_for_mysql() {
        return;
    }
    let shop = Shop::open().await;
    hired(&shop, "ann", "2020-01-01").await;
    shop.monthly_rule(15, 10, "2026-06-01").await;
    let database = shop.database();

    database.run("START TRANSACTION").await;
    let changed = database.execute("UPDATE grant_rules SET amount = 7, version = version + 1", []).await;
    assert_eq!(changed, 1);
    let meanwhile = async {
        tokio::time::sleep(MEANWHILE).await;
        database.run("COMMIT").await;
    };
    let (made, ()) = futures::join!(apply_without_lease(&shop), meanwhile);

    assert_eq!(made.unwrap(), 0);
    assert_eq!(given(&shop).await, [""; 0]);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM grant_rule_rounds").await, 0, "the round stays open");
    assert_eq!(apply_without_lease(&shop).await.unwrap(), 1);
    assert_eq!(given(&shop).await, ["Ann Archer 7 2026-06"]);
    shop.close().await;
}
