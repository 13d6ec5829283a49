//! The end of points: the job that lets lots end, the notices before it, and the lease under which any number of tasks
//! run them once.

use awsomeshop::dev::mailbox;
use awsomeshop::grants::single::{self, Ends, Grant};
use awsomeshop::ledger::expire::{self, DueLot};
use awsomeshop::ledger::warn;
use awsomeshop::platform::config::Config;
use awsomeshop::platform::lease;
use awsomeshop::server::jobs::Job;
use awsomeshop::types::actor::Actor;
use awsomeshop::types::id::{LotId, PersonId};
use awsomeshop::types::points::Points;
use awsomeshop::types::time::Day;
use futures::FutureExt;
use futures::future::join_all;

use crate::support::{Folder, Shop};

const DAY_S: i64 = 86_400;
const EXPIRED: &str = "SELECT COUNT(*) FROM transfers WHERE kind = 'expire'";
const NOTICES: &str = "SELECT COUNT(*) FROM outbox_messages WHERE kind = 'points-expiring'";

async fn balance(shop: &Shop, person: PersonId) -> i64 {
    shop.scalar_of("SELECT balance FROM accounts WHERE person_id = ?", [person.into()]).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_policy_comes_from_the_configuration() {
    let shop =
        Shop::open_with(&[("SHOP_POINTS_EXPIRE", "end-of-year:0"), ("SHOP_TIME_ZONE", "Pacific/Auckland")])
            .await;
    let zone = shop.app.config.time_zone;
    let (now, person_id, policy) = (shop.now(), shop.person("ann").await, shop.app.config.points_expire);
    let given = shop.app.db.write("test.grant", move |tx| {
        let (note, ends) = ("Thank you".to_owned(), Ends::ByPolicy { policy, zone });
        let grant = Grant { person_id, amount: Points(10), reason: "thank-you", note, ends };
        single::give(tx, now, Actor::Shop, grant).boxed()
    });
    given.await.unwrap();
    let ends = Day::parse("2026-12-31").unwrap().end_in(zone);
    assert_eq!(shop.scalar_of("SELECT COUNT(*) FROM lots WHERE expires_at = ?", [ends.into()]).await, 1);
    let problems =
        Config::read(|name| (name == "SHOP_POINTS_EXPIRE").then(|| "soon".to_owned())).unwrap_err();
    assert!(
        problems.0.iter().any(|problem| problem.starts_with("SHOP_POINTS_EXPIRE: is not never, months:N")),
        "{problems}"
    );
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lot_ends_when_the_local_day_is_over_and_not_a_second_before() {
    let shop = Shop::open_with(&[("SHOP_TIME_ZONE", "Pacific/Auckland")]).await;
    let zone = shop.app.config.time_zone;
    let ann = shop.person("ann").await;
    let end = shop.now().day_in(zone).plus_days(1).end_in(zone);
    shop.grant(ann, 100, Some(end)).await;
    shop.grant(ann, 40, None).await;
    shop.advance(end.seconds_since(shop.now()) - 1);
    shop.job(Job::ExpirePoints).await;
    assert_eq!((balance(&shop, ann).await, shop.scalar(EXPIRED).await), (140, 0));
    shop.advance(1);
    for _ in 0..3 {
        shop.job(Job::ExpirePoints).await;
    }
    assert_eq!((balance(&shop, ann).await, shop.scalar(EXPIRED).await), (40, 1));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jobs_at_the_same_time_end_each_lot_once_also_without_the_lease() {
    let shop = Shop::open().await;
    for index in 0..20 {
        let person = shop.person(&format!("person{index}")).await;
        shop.grant(person, 10, Some(shop.now().plus_days(1))).await;
        shop.grant(person, 20, Some(shop.now().plus_days(1))).await;
    }
    shop.advance(DAY_S);
    let now = shop.now();

    let (bare, by_lease) = futures::join!(
        join_all((0..4).map(|_| expire::run(&shop.app.db, now))),
        join_all((0..4).map(|_| shop.job(Job::ExpirePoints)))
    );

    assert!(bare.iter().all(Result::is_ok), "{bare:?}");
    assert_eq!(by_lease.len(), 4);
    assert_eq!(shop.scalar(EXPIRED).await, 40);
    assert_eq!(shop.scalar("SELECT CAST(SUM(balance) AS SIGNED) FROM accounts").await, 0);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_that_cannot_be_done_holds_up_no_other() {
    let shop = Shop::open().await;
    let mut people = Vec::new();
    for index in 0..5 {
        let person = shop.person(&format!("person{index}")).await;
        shop.grant(person, 10, Some(shop.now().plus_days(1))).await;
        people.push(person);
    }
    shop.advance(DAY_S);
    let broken = "UPDATE accounts SET balance = balance - 5 WHERE person_id = ?";
    shop.sql(broken, [people[2].into()]).await;

    assert!(expire::run(&shop.app.db, shop.now()).await.is_err(), "the failure is told");

    assert_eq!(shop.scalar(EXPIRED).await, 4);
    shop.sql("UPDATE accounts SET balance = balance + 5 WHERE person_id = ?", [people[2].into()]).await;
    assert_eq!(expire::run(&shop.app.db, shop.now()).await.unwrap(), 1);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dry_run_lists_what_would_end_and_changes_nothing() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    let end = shop.now().plus_days(1);
    shop.grant(ann, 100, Some(end)).await;
    shop.grant(ann, 70, Some(end.plus_days(1))).await;
    shop.advance(DAY_S);
    let before = shop.contents().await;

    let (lots, count) = expire::due(&shop.app.db, shop.now(), 10).await.unwrap();

    let lot_id = LotId(shop.id_of("SELECT id FROM lots WHERE granted = 100", []).await);
    let expected =
        DueLot { lot_id, employee_number: Some("E-ann".to_owned()), points: Points(100), expires_at: end };
    assert_eq!((lots, count), (vec![expected], 1));
    shop.assert_unchanged(&before, "a dry run").await;
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_finds_the_lease_held_does_nothing_until_it_runs_out() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 100, Some(shop.now().plus_days(1))).await;
    shop.advance(DAY_S);
    let db = &shop.app.db;
    let now = shop.now();
    let inner = lease::alone(db, now, "expire-points", async {
        shop.job(Job::ExpirePoints).await;
        assert_eq!(shop.scalar(EXPIRED).await, 0, "somebody is at it");
        Ok(7)
    });
    assert_eq!(Box::pin(inner).await.unwrap(), Some(7));
    // Somebody takes it and dies.
    let held = "UPDATE leases SET held_until = ? WHERE name = 'expire-points'";
    assert_eq!(shop.sql(held, [now.plus_seconds(60).into()]).await, 1);
    shop.job(Job::ExpirePoints).await;
    assert_eq!(shop.scalar(EXPIRED).await, 0);
    shop.advance(60);
    shop.job(Job::ExpirePoints).await;
    assert_eq!(shop.scalar(EXPIRED).await, 1);
    // Whose clock is hours ahead keeps nobody else away.
    assert_eq!(shop.sql(held, [now.plus_seconds(3 * 3_600).into()]).await, 1);
    assert_eq!(lease::alone(db, shop.now(), "expire-points", async { Ok(2) }).await.unwrap(), Some(2));
    // A job that fails gives it back.
    let failing: awsomeshop::error::Result<()> = Err(awsomeshop::error::Error::NotFound);
    assert!(lease::alone(db, shop.now(), "expire-points", async { failing }).await.is_err());
    assert_eq!(lease::alone(db, shop.now(), "expire-points", async { Ok(1) }).await.unwrap(), Some(1));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_are_told_thirty_days_before_and_seven_days_before_and_once_each() {
    let folder = Folder::new();
    let mailbox = mailbox::start(std::net::TcpListener::bind("127.0.0.1:0").unwrap(), &folder.0).unwrap();
    let from = ("SHOP_MAIL_FROM", "Shop <shop@example.test>");
    let shop = Shop::open_with(&[("SMTP_URL", &mailbox.url()), from]).await;
    let zone = shop.app.config.time_zone;
    let (ann, ben, gone) = (shop.person("ann").await, shop.person("ben").await, shop.person("gone").await);
    let end = shop.now().day_in(zone).plus_days(40).end_in(zone);
    shop.grant(ann, 1_000, Some(end)).await;
    shop.grant(ann, 234, Some(end)).await;
    shop.grant(ann, 55, None).await;
    shop.grant(ben, 10, Some(end.plus_days(1))).await;
    shop.grant(gone, 10, Some(end)).await;
    shop.deactivate(gone).await;
    let told = async |shop: &Shop| {
        join_all((0..3).map(|_| warn::run(&shop.app.db, shop.now()))).await.into_iter().for_each(|r| {
            r.unwrap();
        });
        shop.job(Job::WarnOfExpiry).await;
        shop.scalar(NOTICES).await
    };
    shop.advance(end.seconds_since(shop.now()) - 30 * DAY_S - 1);
    assert_eq!(told(&shop).await, 0);
    shop.advance(1);
    assert_eq!(told(&shop).await, 1, "both lots of Ann's in one notice, nobody who has left");
    shop.advance(DAY_S);
    assert_eq!(told(&shop).await, 2, "Ben a day later");
    shop.advance(22 * DAY_S - 1);
    assert_eq!(told(&shop).await, 2);
    shop.advance(1);
    assert_eq!(told(&shop).await, 3);
    shop.grant(ben, 99, Some(shop.now().plus_days(2))).await;
    assert_eq!(told(&shop).await, 4, "points that begin so late are told of once");
    shop.advance(DAY_S);
    assert_eq!(told(&shop).await, 5);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM expiry_warnings").await, 5);
    shop.job(Job::DeliverOutbox).await;
    let letters = crate::notices::letter::Letter::all(&folder.0);
    let subjects = letters
        .iter()
        .filter(|letter| letter.header("To").contains("ann@"))
        .map(|letter| letter.header("Subject"));
    assert_eq!(subjects.collect::<Vec<_>>(), ["1,234 points are good until 25 July 2026"; 2]);
    let ann = letters.iter().find(|letter| letter.header("To").contains("ann@")).unwrap();
    assert!(ann.part("text/plain").contains("1,234 of your points are good until 25 July 2026"), "{ann:?}");
    assert!(ann.html().text_of("body").contains("What expires first is always spent first"));
    mailbox.stop();
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_points_page_says_what_is_over_soon() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 100, Some(shop.now().plus_days(31))).await;
    let browser = shop.browser_of(ann).await;
    assert!(!browser.get("/points").await.expect(200).html().has(".balance .note"));
    shop.grant(ann, 40, Some(shop.now().plus_days(30))).await;
    shop.grant(ann, 2, Some(shop.now().plus_days(3))).await;
    let page = browser.get("/points").await.expect(200).html();
    assert_eq!(
        page.text_of(".balance .note"),
        "42 points are over within 30 days, the first after 18 June 2026."
    );
    shop.close().await;
}
