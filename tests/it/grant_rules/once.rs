//! Exactly once: three tasks at the same moment, a job killed in the middle, somebody who cannot be given anything.

use std::time::Duration;

use awsomeshop::server::jobs::{self, Job};

use super::{apply_without_lease, given, hired};
use crate::support::Shop;

const PEOPLE: usize = 30;

async fn a_company(shop: &Shop) {
    for n in 0..PEOPLE {
        hired(shop, &format!("p{n:02}"), "2020-01-01").await;
    }
    shop.monthly_rule(15, 10, "2026-06-01").await;
}

async fn everybody_has_theirs_once(shop: &Shop) {
    assert_eq!(given(shop).await.len(), PEOPLE);
    let people = i64::try_from(PEOPLE).unwrap();
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM accounts WHERE balance = 10").await, people);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM outbox_messages WHERE kind = 'grant-made'").await, people);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_tasks_at_once_give_once_even_if_no_lease_keeps_them_apart() {
    let shop = Shop::open().await;
    a_company(&shop).await;
    let (a, b, c) =
        futures::join!(apply_without_lease(&shop), apply_without_lease(&shop), apply_without_lease(&shop));
    assert_eq!(a.unwrap() + b.unwrap() + c.unwrap(), PEOPLE);
    everybody_has_theirs_once(&shop).await;
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM grant_rule_rounds WHERE closed_at IS NOT NULL").await, 1);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(clippy::disallowed_methods, reason = "the job is to be killed, and is awaited")]
async fn a_job_killed_in_the_middle_is_taken_up_by_the_next_task() {
    let shop = Shop::open().await;
    a_company(&shop).await;
    let app = shop.app.clone();
    let job = tokio::spawn(async move { jobs::run(&app, Job::ApplyRules).await });
    while given(&shop).await.len() < 3 {
        tokio::task::yield_now().await;
    }
    job.abort();
    assert!(job.await.is_err_and(|error| error.is_cancelled()), "it was not in the middle any more");
    // What was being written is finished or not there; a write is never half.
    tokio::time::timeout(Duration::from_secs(20), async {
        let mut before = given(&shop).await.len();
        loop {
            tokio::task::yield_now().await;
            let now = given(&shop).await.len();
            if now == before {
                break;
            }
            before = now;
        }
    })
    .await
    .unwrap();
    let some = given(&shop).await.len();
    assert!((3..PEOPLE).contains(&some), "{some}");
    // The dead task's lease runs out first.
    shop.job(Job::ApplyRules).await;
    assert!(given(&shop).await.len() < PEOPLE);
    shop.advance(901);
    shop.job(Job::ApplyRules).await;
    everybody_has_theirs_once(&shop).await;
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_who_cannot_be_given_holds_up_nobody_and_is_missed() {
    let shop = Shop::open().await;
    let rich = hired(&shop, "ann", "2020-01-01").await;
    hired(&shop, "ben", "2020-01-01").await;
    shop.grant(rich, 999_999_999, None).await;
    shop.monthly_rule(15, 10, "2026-06-01").await;
    assert!(apply_without_lease(&shop).await.is_err());
    assert_eq!(given(&shop).await, ["Ben Brook 10 2026-06"]);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM grant_rule_rounds").await, 0, "the round stays open");
    shop.close().await;
}
