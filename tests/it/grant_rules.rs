//! Rules: what the shop gives by itself, exactly once each, however often and by however many tasks.

mod approval;
mod desk;
mod locks;
mod once;

use awsomeshop::grants::rules::apply::{self, Customs};
use awsomeshop::server::jobs::Job;
use awsomeshop::types::id::PersonId;
use awsomeshop::types::role::Desk;
use awsomeshop::types::rule_kind::RuleKind;
use awsomeshop::types::time::Day;
use awsomeshop::urls::hr;

use crate::support::Shop;

const DAY_S: i64 = 86_400;

/// Somebody who began to work here on a day, and was entered long ago.
async fn hired(shop: &Shop, key: &str, hired_on: &str) -> PersonId {
    let person = shop.person(key).await;
    let long_ago = shop.now().plus_days(-3_000);
    let sql = "UPDATE people SET hired_on = ?, created_at = ? WHERE id = ?";
    shop.sql(sql, [day(hired_on).into(), long_ago.into(), person.into()]).await;
    person
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// Who was given what, for which period, by rules.
async fn given(shop: &Shop) -> Vec<String> {
    #[derive(sea_orm::FromQueryResult)]
    struct Row {
        name: String,
        amount: i64,
        period: String,
    }
    let sql = "SELECT p.name, g.amount, g.period FROM grants g JOIN people p ON p.id = g.person_id \
               WHERE g.rule IS NOT NULL ORDER BY g.period, p.name";
    let rows: Vec<Row> = shop.database().rows(sql).await;
    rows.into_iter().map(|row| format!("{} {} {}", row.name, row.amount, row.period)).collect()
}

/// Until this day, ten in the morning UTC.
fn go_to(shop: &Shop, until: &str) {
    let there = day(until).start_in(chrono_tz::Tz::UTC).plus_seconds(10 * 3_600);
    shop.advance(there.seconds_since(shop.now()));
}

async fn apply_without_lease(shop: &Shop) -> awsomeshop::error::Result<usize> {
    apply::run(&shop.app.db, shop.now(), Customs::of(&shop.app)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_monthly_rule_gives_on_its_day_where_the_company_is_to_all_who_are_there() {
    let shop = Shop::open().await;
    hired(&shop, "ann", "2020-01-01").await;
    hired(&shop, "ben", "2026-07-01").await;
    hired(&shop, "cleo", "2026-06-30").await;
    let dan = hired(&shop, "dan", "2020-01-01").await;
    shop.deactivate(dan).await;
    shop.monthly_rule(31, 250, "2026-06-01").await;

    shop.job(Job::ApplyRules).await;
    assert_eq!(given(&shop).await, [""; 0], "it is the 15th");
    // 21:59 UTC of the 29th is the 29th in Berlin, and 22:00 the 30th, June's last.
    go_to(&shop, "2026-06-29");
    shop.advance(12 * 3_600 - 60);
    shop.job(Job::ApplyRules).await;
    assert_eq!(given(&shop).await, [""; 0]);
    shop.advance(60);
    for _ in 0..2 {
        shop.job(Job::ApplyRules).await;
        assert_eq!(given(&shop).await, ["Ann Archer 250 2026-06", "Cleo Crane 250 2026-06"]);
    }
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM outbox_messages WHERE kind = 'grant-made'").await, 2);
    // Whoever is entered later on the same day still gets theirs.
    let eve = shop.person("eve").await;
    shop.job(Job::ApplyRules).await;
    assert_eq!(shop.scalar_of("SELECT balance FROM accounts WHERE person_id = ?", [eve.into()]).await, 250);
    go_to(&shop, "2026-07-31");
    shop.job(Job::ApplyRules).await;
    assert_eq!(given(&shop).await.len(), 3 + 4);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn anniversaries_and_birthdays_come_each_year_also_to_those_of_the_29th_of_february() {
    let shop = Shop::open().await;
    let ann = hired(&shop, "ann", "2024-02-29").await;
    hired(&shop, "ben", "2026-02-28").await;
    shop.sql("UPDATE people SET birthday = ? WHERE id = ?", [day("1990-03-01").into(), ann.into()]).await;
    shop.rule(RuleKind::Anniversary, None, 500, "2026-06-01").await;
    shop.rule(RuleKind::Birthday, None, 50, "2026-06-01").await;
    for (today, expected) in [
        ("2027-02-27", vec![]),
        ("2027-02-28", vec!["Ann Archer 500 2027", "Ben Brook 500 2027"]),
        ("2027-03-01", vec!["Ann Archer 50 2027", "Ann Archer 500 2027", "Ben Brook 500 2027"]),
    ] {
        go_to(&shop, today);
        shop.job(Job::ApplyRules).await;
        let mut found = given(&shop).await;
        found.sort();
        assert_eq!(found, expected, "{today}");
    }
    go_to(&shop, "2028-02-29");
    shop.job(Job::ApplyRules).await;
    assert!(given(&shop).await.contains(&"Ann Archer 500 2028".to_owned()));
    assert_eq!(given(&shop).await.len(), 4, "Ben's was the 28th, which nobody was there for");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_signs_in_for_the_first_time_is_welcomed_once() {
    let shop = Shop::open().await;
    shop.person("ann").await;
    shop.rule(RuleKind::Welcome, None, 100, "2026-06-15").await;
    shop.job(Job::ApplyRules).await;
    assert_eq!(given(&shop).await, [""; 0]);
    shop.browser().sign_in("ann").await;
    shop.job(Job::ApplyRules).await;
    shop.advance(3 * DAY_S);
    shop.browser().sign_in("ann").await;
    shop.job(Job::ApplyRules).await;
    assert_eq!(given(&shop).await, ["Ann Archer 100 ever"]);
    // After the last run of a day, and before the first day of work.
    shop.advance(DAY_S / 2 - 10);
    shop.person("ben").await;
    shop.browser().sign_in("ben").await;
    hired(&shop, "cleo", "2026-06-21").await;
    shop.browser().sign_in("cleo").await;
    shop.advance(60);
    shop.job(Job::ApplyRules).await;
    let welcomed = ["Ann Archer 100 ever", "Ben Brook 100 ever"];
    assert_eq!(given(&shop).await, welcomed);
    shop.advance(DAY_S);
    shop.job(Job::ApplyRules).await;
    assert_eq!(given(&shop).await, welcomed, "not before the day");
    shop.advance(DAY_S);
    shop.job(Job::ApplyRules).await;
    assert_eq!(given(&shop).await.len(), 3);
    let open = "SELECT COUNT(*) FROM grant_rule_rounds WHERE closed_at IS NULL";
    assert_eq!(shop.scalar(open).await, 0);
    let first = "SELECT COUNT(*) FROM people WHERE first_signed_in_at = ?";
    assert_eq!(shop.scalar_of(first, [crate::support::NOW.into()]).await, 1);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_missed_before_somebody_was_entered_is_not_theirs_however_long_they_work_here() {
    let shop = Shop::open().await;
    hired(&shop, "ann", "2020-01-01").await;
    let rule = shop.monthly_rule(15, 250, "2026-07-01").await;
    // The shop is down over the day; who began to work here years ago is entered five days later.
    go_to(&shop, "2026-07-20");
    let ben = shop.person("ben").await;
    shop.sql("UPDATE people SET hired_on = ? WHERE id = ?", [day("2020-01-01").into(), ben.into()]).await;
    let desk = shop.hr(Desk::Points).await;
    let page = desk.get(&hr::rule_missed(rule)).await.expect(200).html();
    assert_eq!(page.all("#missed .pieces li"), ["Ann Archer 250 15 July 2026"]);
    desk.submit(&page.form("#missed form")).await.expect(303);
    for _ in 0..2 {
        shop.job(Job::ApplyRules).await;
        assert_eq!(given(&shop).await, ["Ann Archer 250 2026-07"]);
    }
    let balance = "SELECT balance FROM accounts WHERE person_id = ?";
    assert_eq!(shop.scalar_of(balance, [ben.into()]).await, 0);
    go_to(&shop, "2026-08-15");
    shop.job(Job::ApplyRules).await;
    assert_eq!(shop.scalar_of(balance, [ben.into()]).await, 250, "from then on it is theirs, too");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn there_are_fifty_rules_at_most_and_each_of_them_gives() {
    let shop = Shop::open().await;
    for _ in 0..49 {
        shop.monthly_rule(15, 1, "2026-06-01").await;
    }
    let desk = shop.hr(Desk::Points).await;
    let new = async || {
        let form = desk.get(&hr::new_rule("monthly")).await.expect(200).html().form("form.panel");
        form.with("day_of_month", "15").with("amount", "1").with("note", "Your points")
    };
    let (fiftieth, one_more) = (new().await, new().await);
    desk.submit(&fiftieth).await.expect(303);
    let before = shop.contents().await;
    let refused = desk.submit(&one_more).await.expect(409).html();
    let said = "There are 50 rules already, and no more are possible.";
    assert_eq!(refused.text_of("form.panel [role=alert]"), said);
    assert_eq!(refused.form("form.panel").value("note"), "Your points", "what was typed is kept");
    // The second click finds the rule that the first one made.
    desk.submit(&fiftieth).await.expect(303);
    shop.assert_unchanged(&before, "a rule too many").await;
    shop.job(Job::ApplyRules).await;
    assert_eq!(shop.scalar("SELECT COUNT(DISTINCT rule) FROM grants").await, 50);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn before_its_first_day_a_rule_gives_nothing() {
    let shop = Shop::open().await;
    hired(&shop, "ann", "2020-01-01").await;
    shop.monthly_rule(15, 250, "2026-06-16").await;
    shop.job(Job::ApplyRules).await;
    assert_eq!(given(&shop).await, [""; 0], "it is the 15th, and the rule begins tomorrow");
    go_to(&shop, "2026-07-15");
    shop.job(Job::ApplyRules).await;
    assert_eq!(given(&shop).await, ["Ann Archer 250 2026-07"]);
    shop.close().await;
}
