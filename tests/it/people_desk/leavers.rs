//! What becomes of the points of people who have left.

use awsomeshop::ledger::leavers;
use awsomeshop::server::jobs::Job;
use awsomeshop::types::id::PersonId;
use awsomeshop::types::role::Desk;
use awsomeshop::urls;
use futures::future::join_all;

use super::{desk, trail};
use crate::support::Shop;

const DAY_S: i64 = 86_400;
const KEEP: &[(&str, &str)] = &[("SHOP_LEAVER_POINTS_DAYS", "30")];
const EXPIRED: &str = "SELECT COUNT(*) FROM transfers WHERE kind = 'expire'";

async fn balance(shop: &Shop, person: PersonId) -> i64 {
    shop.scalar_of("SELECT balance FROM accounts WHERE person_id = ?", [person.into()]).await
}

/// Cancels an order as HR does.
async fn cancel(shop: &Shop, number: &str) {
    let orders = shop.hr(Desk::Orders).await;
    let page = orders.get(&urls::hr::order(number)).await.expect(200).html();
    let form = page.form(&format!("form[action='{}']", urls::hr::order_cancellation(number)));
    orders.submit(&form.with("reason", "Nobody fetched it")).await.expect(303);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn points_of_leavers_end_when_the_last_day_is_over_once() {
    let shop = Shop::open_with(KEEP).await;
    let (_, hr) = desk(&shop).await;
    let (ann, ben) = (shop.person("ann").await, shop.person("ben").await);
    for person in [ann, ben] {
        shop.grant(person, 100, None).await;
        shop.grant(person, 40, Some(shop.now().plus_days(300))).await;
    }
    hr.post(&urls::hr::person_deactivation(ann), &[("reason", "Left")]).await.expect(303);
    let page = hr.get(&urls::hr::person(ann)).await.expect(200).html();
    assert!(page.text_of("main").contains("What is left is kept until 15 July 2026."));
    // Noon of 15 June; the thirtieth day after it is over at midnight of 15 July.
    let left_s = 30 * DAY_S + 12 * 3_600;
    shop.advance(left_s - 1);
    shop.job(Job::ExpireLeavers).await;
    assert_eq!((balance(&shop, ann).await, shop.scalar(EXPIRED).await), (140, 0));
    shop.advance(1);
    for _ in 0..3 {
        shop.job(Job::ExpireLeavers).await;
    }
    assert_eq!((balance(&shop, ann).await, shop.scalar(EXPIRED).await), (0, 2));
    assert_eq!(balance(&shop, ben).await, 140, "Ben is still here");
    let told = trail(&shop, ann).await.pop().unwrap();
    assert_eq!(told, ("person.points-end".to_owned(), r#"{"after":0,"before":140}"#.to_owned()));
    // Coming back brings nothing back, and nothing ends a second time.
    shop.deactivate(ben).await;
    let hr = shop.browser_of(super::id_of(&shop, "hr-people").await).await;
    hr.post(&urls::hr::person_reactivation(ann), &[("reason", "Back")]).await.expect(303);
    shop.grant(ann, 7, None).await;
    shop.job(Job::ExpireLeavers).await;
    assert_eq!((balance(&shop, ann).await, balance(&shop, ben).await), (7, 140));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_back_in_time_keeps_everything_and_leaving_again_counts_anew() {
    let shop = Shop::open_with(KEEP).await;
    let (me, hr) = desk(&shop).await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 100, None).await;
    hr.post(&urls::hr::person_deactivation(ann), &[("reason", "Left")]).await.expect(303);
    shop.advance(29 * DAY_S);
    let hr = shop.browser_of(me).await;
    hr.post(&urls::hr::person_reactivation(ann), &[("reason", "Back")]).await.expect(303);
    shop.advance(5 * DAY_S);
    shop.job(Job::ExpireLeavers).await;
    assert_eq!(balance(&shop, ann).await, 100);
    shop.deactivate(ann).await;
    shop.advance(30 * DAY_S);
    shop.job(Job::ExpireLeavers).await;
    assert_eq!(balance(&shop, ann).await, 100, "the thirty days begin again");
    shop.advance(DAY_S);
    shop.job(Job::ExpireLeavers).await;
    assert_eq!(balance(&shop, ann).await, 0);
    shop.close().await;
}

/// In a file nobody can come between.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_back_while_the_job_is_at_them_keeps_everything() {
    let shop = Shop::open_with(KEEP).await;
    let database = shop.database();
    if database.is_sqlite() {
        return shop.close().await;
    }
    let ann = shop.person("ann").await;
    shop.grant(ann, 100, None).await;
    shop.deactivate(ann).await;
    shop.advance(31 * DAY_S);
    let now = shop.now();
    let left_before = shop.app.config.leaving.left_before(now).unwrap();

    database.run("START TRANSACTION").await;
    let back = "UPDATE people SET is_active = TRUE, left_at = NULL WHERE id = ?";
    assert_eq!(database.execute(back, [ann.into()]).await, 1);
    let meanwhile = async {
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        database.run("COMMIT").await;
    };
    let (ended, ()) = futures::join!(leavers::run(&shop.app.db, now, left_before), meanwhile);

    assert_eq!(ended.unwrap(), 0);
    assert_eq!(balance(&shop, ann).await, 100);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_policy_points_are_kept_for_ever() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 100, None).await;
    shop.deactivate(ann).await;
    shop.advance(4_000 * DAY_S);
    shop.job(Job::ExpireLeavers).await;
    assert_eq!(balance(&shop, ann).await, 100);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tasks_at_the_same_time_end_each_lot_once_also_without_the_lease() {
    let shop = Shop::open_with(KEEP).await;
    for index in 0..20 {
        let person = shop.person(&format!("person{index}")).await;
        shop.grant(person, 10, None).await;
        shop.grant(person, 20, Some(shop.now().plus_days(300))).await;
        shop.deactivate(person).await;
    }
    shop.advance(31 * DAY_S);
    let now = shop.now();
    let left_before = shop.app.config.leaving.left_before(now).unwrap();
    let (bare, by_lease) = futures::join!(
        join_all((0..3).map(|_| leavers::run(&shop.app.db, now, left_before))),
        join_all((0..3).map(|_| shop.job(Job::ExpireLeavers)))
    );
    assert!(bare.iter().all(Result::is_ok), "{bare:?}");
    assert_eq!(by_lease.len(), 3);
    assert_eq!(shop.scalar(EXPIRED).await, 40);
    assert_eq!(shop.scalar("SELECT CAST(SUM(balance) AS SIGNED) FROM accounts").await, 0);
    let acts = "SELECT COUNT(*) FROM audit_events WHERE action = 'person.points-end'";
    assert_eq!(shop.scalar(acts).await, 20);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_back_to_a_leaver_afterwards_ends_as_well() {
    let shop = Shop::open_with(KEEP).await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 500, None).await;
    let lamp = shop.product("Desk lamp", 200, 5).await;
    let number = shop.browser_of(ann).await.redeem(&lamp, 1, "office:berlin").await;
    shop.deactivate(ann).await;
    shop.advance(31 * DAY_S);
    shop.job(Job::ExpireLeavers).await;
    assert_eq!(balance(&shop, ann).await, 0);
    cancel(&shop, &number).await;
    assert_eq!(balance(&shop, ann).await, 200);
    shop.job(Job::ExpireLeavers).await;
    assert_eq!(balance(&shop, ann).await, 0);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_began_before_ends_nothing_that_was_booked_since() {
    let shop = Shop::open_with(KEEP).await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 500, None).await;
    let lamp = shop.product("Desk lamp", 200, 5).await;
    let number = shop.browser_of(ann).await.redeem(&lamp, 1, "office:berlin").await;
    shop.deactivate(ann).await;
    shop.advance(40 * DAY_S);
    let began = shop.now();
    shop.advance(5);
    cancel(&shop, &number).await;
    let ended = |now| leavers::run(&shop.app.db, now, began);
    assert_eq!((ended(began).await.unwrap(), balance(&shop, ann).await), (0, 500));
    shop.advance(1);
    assert_eq!((ended(shop.now()).await.unwrap(), balance(&shop, ann).await), (1, 0));
    shop.close().await;
}
