//! What was missed: asked for in more than one go, and everybody in a file.

use awsomeshop::server::jobs::Job;
use awsomeshop::types::id::{PersonId, RuleId};
use awsomeshop::types::role::Desk;
use awsomeshop::types::rule_kind::RuleKind;
use awsomeshop::urls::hr;

use super::POINTS_DESK;
use crate::grant_rules::{given, go_to, hired};
use crate::support::Shop;
use crate::support::browser::Browser;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn days_missed_after_somebody_has_asked_for_their_month_can_be_asked_for_as_well() {
    let shop = Shop::open().await;
    hired(&shop, "ann", "2020-06-16").await;
    hired(&shop, "ben", "2020-06-20").await;
    let rule = shop.rule(RuleKind::Anniversary, None, 500, "2026-06-01").await;
    shop.hr(Desk::Points).await;
    let desk = async || shop.browser_of(PersonId(shop.id_of(POINTS_DESK, []).await)).await;
    let page = async || desk().await.get(&hr::rule_missed(rule)).await.expect(200).html();
    go_to(&shop, "2026-06-18");
    let first = page().await;
    assert_eq!(first.all("#missed .pieces li"), ["Ann Archer 500 16 June 2026"]);
    desk().await.submit(&first.form("#missed form")).await.expect(303);
    let asked = page().await;
    assert_eq!(
        (asked.count("#missed form"), asked.all("#missed .badge")),
        (0, vec!["Being given".to_owned()])
    );

    // The shop is down again before the job has been there, over Ben's day.
    go_to(&shop, "2026-06-22");
    let second = page().await;
    assert_eq!(
        second.all("#missed .pieces li"),
        ["Ann Archer 500 16 June 2026", "Ben Brook 500 20 June 2026"]
    );
    assert!(!second.has("#missed .badge"));
    desk().await.submit(&second.form("#missed form")).await.expect(303);
    let asked = page().await;
    assert_eq!(
        (asked.count("#missed form"), asked.all("#missed .badge")),
        (0, vec!["Being given".to_owned()])
    );
    shop.job(Job::ApplyRules).await;
    assert_eq!(given(&shop).await, ["Ann Archer 500 2026", "Ben Brook 500 2026"]);
    assert!(!page().await.has("#missed h3"));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_file_of_a_month_names_everybody_who_missed_something_in_it() {
    let shop = Shop::open().await;
    for number in 0..52 {
        hired(&shop, &format!("p{number:02}"), "2020-01-01").await;
    }
    let rule = shop.monthly_rule(16, 250, "2026-06-01").await;
    shop.sql("UPDATE people SET name = '=1+1' WHERE email = 'p07@example.test'", []).await;
    go_to(&shop, "2026-07-20");
    let desk = shop.hr(Desk::Points).await;
    let page = desk.get(&hr::rule_missed(rule)).await.expect(200).html();
    assert_eq!(page.count("#missed li:first-child .pieces li"), 50);
    let files = page.attributes("#missed a[download]", "href");
    assert_eq!(files, [hr::rule_missed_csv(rule, "2026-07"), hr::rule_missed_csv(rule, "2026-06")]);
    let file = desk.get(&files[0]).await.expect(200).text();
    let lines: Vec<_> = file.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(lines.len(), 53);
    assert_eq!(
        lines[..3],
        [
            "Person,Employee number,Day,Points,Exception",
            "'=1+1,E-p07,2026-07-16,250,",
            "p00,E-p00,2026-07-16,250,"
        ]
    );
    assert_eq!(lines[52], "p51,E-p51,2026-07-16,250,");
    let both = desk.get(&hr::rule_missed_csv(rule, "")).await.expect(200).text();
    assert_eq!(both.lines().count(), 105, "without a month it is all of them");
    desk.get(&hr::rule_missed_csv(rule, "x")).await.expect(400);
    shop.close().await;
}

/// Ann and Ben have missed July's 15th, Ben by an exception; HR has asked for July, and the job has not been there.
async fn asked_for_july(shop: &Shop) -> (RuleId, Browser) {
    hired(shop, "ann", "2020-01-01").await;
    let ben = hired(shop, "ben", "2020-01-01").await;
    let rule = shop.monthly_rule(15, 250, "2026-06-21").await;
    let never = "INSERT INTO grant_rule_overrides (rule_id, person_id, amount, at) VALUES (?, ?, NULL, ?)";
    shop.sql(never, [rule.into(), ben.into(), shop.now().into()]).await;
    go_to(shop, "2026-08-01");
    let desk = shop.hr(Desk::Points).await;
    let page = desk.get(&hr::rule_missed(rule)).await.expect(200).html();
    assert_eq!(page.all("#missed .pieces li"), ["Ann Archer 250 15 July 2026"]);
    desk.submit(&page.form("#missed form")).await.expect(303);
    (rule, desk)
}

async fn edit(desk: &Browser, rule: RuleId, field: &str, value: &str) {
    let form = desk.get(&hr::edit_rule(rule)).await.expect(200).html().form("form.panel");
    desk.submit(&form.with(field, value)).await.expect(303);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_asked_for_is_given_although_the_rule_has_another_day_by_now() {
    let shop = Shop::open().await;
    let (rule, desk) = asked_for_july(&shop).await;
    edit(&desk, rule, "day_of_month", "20").await;
    for _ in 0..2 {
        shop.job(Job::ApplyRules).await;
        assert_eq!(given(&shop).await, ["Ann Archer 250 2026-07"]);
    }
    let page = desk.get(&hr::rule_missed(rule)).await.expect(200).html();
    assert!(!page.has("#missed h3"));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_asked_for_is_not_given_when_the_rule_begins_later_by_now() {
    let shop = Shop::open().await;
    let (rule, desk) = asked_for_july(&shop).await;
    edit(&desk, rule, "starts_on", "2026-08-01").await;
    shop.job(Job::ApplyRules).await;
    assert_eq!(given(&shop).await, [""; 0]);
    // Neither is it forgotten.
    edit(&desk, rule, "starts_on", "2026-06-21").await;
    shop.job(Job::ApplyRules).await;
    assert_eq!(given(&shop).await, ["Ann Archer 250 2026-07"]);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_owed_it_since_the_job_began_is_given_what_was_asked_for() {
    let shop = Shop::open().await;
    let (rule, desk) = asked_for_july(&shop).await;
    shop.job(Job::ApplyRules).await;
    assert_eq!(given(&shop).await, ["Ann Archer 250 2026-07"]);
    let exceptions = desk.get(&hr::rule(rule)).await.expect(200).html();
    desk.submit(&exceptions.form("#exceptions tbody form")).await.expect(303);
    for _ in 0..2 {
        shop.job(Job::ApplyRules).await;
        assert_eq!(given(&shop).await, ["Ann Archer 250 2026-07", "Ben Brook 250 2026-07"]);
    }
    let closed = "SELECT COUNT(*) FROM grant_rule_rounds WHERE slot = '2026-07' AND closed_at IS NOT NULL";
    assert_eq!(shop.scalar(closed).await, 1);
    shop.close().await;
}
