//! Exactly once: three tasks at the same moment, a job killed in the middle, somebody who cannot be given anything.

use std::time::Duration;

use awsomeshop::server::jobs::{self, Job};
use awsomeshop::types::role::Desk;
use awsomeshop::urls::hr;
use futures::future::join_all;

use super::{apply_without_lease, given, hired};
use crate::support::Shop;

const PEOPLE: usize = 30;
/// So many that there is time to change a rule while they are given theirs.
const MANY: usize = 200;

async fn a_company(shop: &Shop) {
    a_company_of(shop, PEOPLE).await;
}

async fn a_company_of(shop: &Shop, people: usize) {
    for n in 0..people {
        hired(shop, &format!("p{n:03}"), "2020-01-01").await;
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(clippy::disallowed_methods, reason = "the job runs beside whoever changes the rule, and is awaited")]
async fn a_rule_that_is_changed_in_the_middle_gives_nothing_more_by_its_old_terms() {
    let shop = Shop::open().await;
    a_company_of(&shop, MANY).await;
    let desk = shop.hr(Desk::Points).await;
    let rule = desk.get(&hr::rules()).await.expect(200).html().attributes("tbody th a", "href").remove(0);
    let form = desk.get(&format!("{rule}/edit")).await.expect(200).html().form("form.panel");
    let app = shop.app.clone();
    let job = tokio::spawn(async move { jobs::run(&app, Job::ApplyRules).await });
    while given(&shop).await.len() < 3 {
        tokio::task::yield_now().await;
    }
    desk.submit(&form.with("amount", "7")).await.expect(303);
    job.await.unwrap().unwrap();

    let some = given(&shop).await;
    assert!((3..MANY).contains(&some.len()), "it was not in the middle any more: {}", some.len());
    let late = "SELECT COUNT(*) FROM audit_events WHERE action = 'points.grant' \
                AND id > (SELECT id FROM audit_events WHERE action = 'rule.change')";
    assert_eq!(shop.scalar(late).await, 0, "by the old terms");
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM grant_rule_rounds").await, 0, "the round stays open");
    shop.job(Job::ApplyRules).await;
    let given = given(&shop).await;
    let by_new_terms = given.iter().filter(|line| line.ends_with(" 7 2026-06")).count();
    // Whoever has changed it is given theirs, too.
    assert_eq!((given.len(), by_new_terms), (MANY + 1, MANY + 1 - some.len()));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_form_makes_one_rule_however_often_it_is_sent() {
    let shop = Shop::open().await;
    let desk = shop.hr(Desk::Points).await;
    let page = desk.get(&hr::new_rule("monthly")).await.expect(200).html();
    let form = page.form("form.panel").with("amount", "250").with("note", "Your points");
    let clicks = join_all((0..8).map(|_| desk.submit(&form))).await;
    let rule = clicks[0].location().to_owned();
    for click in clicks {
        assert_eq!(click.expect(303).location(), rule);
    }
    let before = shop.contents().await;
    assert_eq!(desk.submit(&form).await.expect(303).location(), rule);
    let anew = desk.submit(&form.with("amount", "300")).await.expect(409).html().form("form.panel");
    shop.assert_unchanged(&before, "a form that has made its rule").await;
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM grant_rules").await, 1);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM audit_events WHERE action = 'rule.create'").await, 1);
    assert_ne!(desk.submit(&anew).await.expect(303).location(), rule);
    assert_eq!(shop.scalar("SELECT amount FROM grant_rules WHERE amount <> 250").await, 300);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_of_a_rule_is_one_change_however_often_it_is_sent() {
    const CHANGES: &str = "SELECT COUNT(*) FROM audit_events WHERE action = 'rule.change'";
    let shop = Shop::open().await;
    let rule = shop.monthly_rule(15, 250, "2026-06-01").await;
    let desk = shop.hr(Desk::Points).await;
    let form = async || desk.get(&hr::edit_rule(rule)).await.expect(200).html().form("form.panel");
    let first = form().await.with("amount", "300").with("note", "For all of us");
    for click in join_all((0..8).map(|_| desk.submit(&first))).await {
        assert_eq!(click.expect(303).location(), hr::rule(rule));
    }
    let before = shop.contents().await;
    assert_eq!(desk.submit(&first).await.expect(303).location(), hr::rule(rule));
    shop.assert_unchanged(&before, "the same click again").await;
    assert_eq!(shop.scalar("SELECT version FROM grant_rules WHERE amount = 300").await, 2);
    assert_eq!(shop.scalar(CHANGES).await, 1);

    // Different changes of one version are one change, and the others are told.
    let second = form().await;
    let all = (0..8).map(|n| {
        let (desk, form) = (desk.clone(), second.clone().with("amount", &format!("{}", 400 + n)));
        async move { desk.submit(&form).await.status() }
    });
    let mut statuses = join_all(all).await;
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409, 409, 409, 409, 409, 409, 409]);
    assert_eq!(shop.scalar("SELECT version FROM grant_rules WHERE amount >= 400").await, 3);
    assert_eq!(shop.scalar(CHANGES).await, 2);
    desk.submit(&first).await.expect(409);
    shop.close().await;
}
