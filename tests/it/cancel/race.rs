//! Cancelling against everything else that may happen to an order at the same moment: one of the two comes first, and the
//! books are exact either way.

use std::collections::BTreeMap;

use awsomeshop::error::{Error, Refusal};
use awsomeshop::ledger::expire;
use awsomeshop::orders::cancel;
use awsomeshop::server::jobs::Job;
use awsomeshop::types::time::Timestamp;
use awsomeshop::urls;
use futures::FutureExt;
use futures::future::join_all;

use super::{OFFICE, balance, desk, desk_form};
use crate::metrics::numbers;
use crate::support::answer::Answer;
use crate::support::browser::Browser;
use crate::support::setting::Goods;
use crate::support::{Shop, database};

const ORDERS: usize = 24;

/// So many orders of one piece at 10 points, each with its owner's browser.
async fn orders(
    shop: &Shop,
    goods: &Goods,
    delivery: &str,
) -> Vec<(crate::support::browser::Browser, String)> {
    let mut placed = Vec::new();
    for index in 0..ORDERS {
        let person = shop.person(&format!("buyer{index}")).await;
        shop.grant(person, 100, None).await;
        let browser = shop.browser_of(person).await;
        let number = browser.redeem(goods, 1, delivery).await;
        placed.push((browser, number));
    }
    placed
}

fn counted(statuses: impl IntoIterator<Item = u16>) -> BTreeMap<u16, usize> {
    let mut counts = BTreeMap::new();
    for status in statuses {
        *counts.entry(status).or_default() += 1;
    }
    counts
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixteen_clicks_and_hr_give_the_points_back_once() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 100, None).await;
    let lamp = shop.product("Desk lamp", 30, 9).await;
    let (browser, hr) = (shop.browser_of(ann).await, desk(&shop).await);
    let number = browser.redeem(&lamp, 3, OFFICE).await;
    let form = desk_form(&hr, &number).await;
    let address = urls::order_cancellation(&number);

    let clicks = join_all((0..16).map(|_| async { browser.post(&address, &[]).await.status() }));
    let (clicks, hr) = futures::join!(clicks, hr.submit(&form));

    assert_eq!(counted(clicks), BTreeMap::from([(303, 16)]));
    assert!([303, 409].contains(&hr.status()), "{hr}");
    assert_eq!(balance(&shop, ann).await, 100);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM transfers WHERE kind = 'refund'").await, 1);
    assert_eq!(shop.scalar("SELECT stock FROM products").await, 9);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_people_of_hr_cancel_the_same_pieces_once() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 100, None).await;
    let lamp = shop.product("Desk lamp", 10, 9).await;
    let hr = desk(&shop).await;
    let number = shop.browser_of(ann).await.redeem(&lamp, 8, OFFICE).await;
    let line = format!("line-{}", shop.id_of("SELECT id FROM order_lines", []).await);
    let form = desk_form(&hr, &number).await.with(&line, "1");

    let answers = join_all((0..8).map(|_| hr.submit(&form))).await;

    assert_eq!(counted(answers.iter().map(Answer::status)), BTreeMap::from([(303, 1), (409, 7)]));
    assert_eq!(balance(&shop, ann).await, 30);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_is_cancelled_or_handed_over_never_both() {
    let shop = Shop::open().await;
    let lamp = shop.product("Desk lamp", 10, 100).await;
    let placed = orders(&shop, &lamp, OFFICE).await;
    let hr = desk(&shop).await;

    let races = placed.iter().map(async |(owner, number)| {
        let (cancellation, fulfilment) =
            (urls::order_cancellation(number), urls::hr::order_fulfilment(number));
        let (cancelled, handed_over) =
            futures::join!(owner.post(&cancellation, &[]), hr.post(&fulfilment, &[("note", "")]));
        (cancelled.status(), handed_over.status())
    });
    let outcomes = join_all(races).await;

    assert!(outcomes.iter().all(|both| [(303, 409), (409, 303)].contains(both)), "{outcomes:?}");
    let cancelled = i64::try_from(outcomes.iter().filter(|both| both.0 == 303).count()).unwrap();
    let orders = i64::try_from(ORDERS).unwrap();
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM orders WHERE state = 'cancelled'").await, cancelled);
    assert_eq!(
        shop.scalar("SELECT COUNT(*) FROM orders WHERE state = 'fulfilled'").await,
        orders - cancelled
    );
    assert_eq!(shop.scalar("SELECT stock FROM products").await, 100 - orders + cancelled);
    let points = "SELECT CAST(SUM(balance) AS SIGNED) FROM accounts WHERE person_id IS NOT NULL";
    assert_eq!(shop.scalar(points).await, 90 * orders + 10 * cancelled);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_is_seen_or_given_back_never_both() {
    let shop = Shop::open().await;
    let codes: Vec<String> = (0..ORDERS).map(|index| format!("CODE-{index:04}")).collect();
    let voucher =
        shop.digital_product("Voucher", 10, &codes.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let placed = orders(&shop, &voucher, "").await;
    let mut waiting = Vec::new();
    for (owner, number) in placed {
        let page = owner.get(&urls::order(&number)).await.expect(200).html();
        waiting.push((
            owner,
            urls::order_cancellation(&number),
            page.attribute("#codes form", "action").unwrap(),
        ));
    }

    let races = waiting.iter().map(async |(owner, cancellation, reveal)| {
        let (cancelled, shown) = futures::join!(owner.post(cancellation, &[]), owner.post(reveal, &[]));
        (cancelled.status(), shown.status(), shown.text().contains("CODE-"))
    });
    let outcomes = join_all(races).await;

    assert!(outcomes.iter().all(|all| [(303, 404, false), (409, 200, true)].contains(all)), "{outcomes:?}");
    let free = outcomes.iter().filter(|all| all.0 == 303).count();
    let free = i64::try_from(free).unwrap();
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM codes WHERE order_line_id IS NULL").await, free);
    assert_eq!(
        shop.scalar("SELECT COUNT(*) FROM codes WHERE order_line_id IS NULL AND revealed_at IS NOT NULL")
            .await,
        0
    );
    shop.close().await;
}

/// Sixteen orders of one piece of each of these, their lines in this order; each with its owner's browser.
async fn orders_of_each(shop: &Shop, name: &str, goods: [&Goods; 3]) -> Vec<(Browser, String)> {
    let mut placed = Vec::new();
    for index in 0..16 {
        let person = shop.person(&format!("{name}{index}")).await;
        shop.grant(person, 100, None).await;
        let browser = shop.browser_of(person).await;
        for wanted in goods {
            let product = wanted.id.to_string();
            browser.post("/cart/lines", &[("product", product.as_str())]).await.expect(303);
            // A cart is in the order in which things were put into it, and so are the lines of its order.
            shop.advance(1);
        }
        let confirm = browser.get("/checkout").await.expect(200).html();
        let form = confirm.form("form[method=post][action='/checkout']").with("delivery", OFFICE);
        let order = browser.submit(&form).await.expect(303);
        let number = order.location().strip_prefix("/orders/").unwrap().to_owned();
        placed.push((browser, number));
    }
    placed
}

/// A file has one writer at a time, of whom nobody can be in the way.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn orders_whose_lines_are_in_opposite_orders_are_cancelled_without_a_deadlock() {
    if !database::asks_for_mysql() {
        return;
    }
    let shop = Shop::open_with(&[("SHOP_METRICS_BIND", "127.0.0.1:0")]).await;
    let (lamp, mug) = (shop.product("Desk lamp", 10, 100).await, shop.product("Mug", 10, 100).await);
    let plant = shop.product("Plant", 10, 100).await;
    let mut placed = orders_of_each(&shop, "buyer", [&lamp, &mug, &plant]).await;
    placed.extend(orders_of_each(&shop, "other", [&plant, &mug, &lamp]).await);
    assert_eq!(shop.scalar("SELECT CAST(SUM(stock) AS SIGNED) FROM products").await, 300 - 96);

    let cancelled =
        join_all(placed.iter().map(async |(owner, number)| super::cancel(owner, number).await)).await;

    assert_eq!(counted(cancelled), BTreeMap::from([(303, 32)]));
    // Nobody would see a deadlock, since the write is begun again; there is none to see.
    let numbers = numbers(&shop).await;
    let repeated = numbers.iter().find(|line| line.starts_with("shop_database_writes_repeated_total"));
    assert_eq!(repeated, None);
    let as_at_first = "SELECT COUNT(*) FROM products WHERE stock = 100 AND redeemed = 0";
    assert_eq!(shop.scalar(as_at_first).await, 3);
    shop.close().await;
}

/// One cancellation, as seen at `now` by a task whose clock may be behind.
async fn cancel_at(shop: &Shop, now: Timestamp, number: &str) -> Result<(), Error> {
    let (number, policy) = (number.to_owned(), shop.app.config.cancelling);
    let ann = awsomeshop::types::id::PersonId(
        shop.id_of("SELECT person_id FROM orders WHERE number = ?", [number.as_str().into()]).await,
    );
    shop.app
        .db
        .write("test.cancel", move |tx| {
            let number = number.clone();
            async move { cancel::by_owner(tx, now, ann, &number, &policy).await }.boxed()
        })
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refund_and_the_end_of_its_lot_meet() {
    let shop = Shop::open().await;
    let lamp = shop.product("Desk lamp", 10, 100).await;
    let end = shop.now().plus_days(1);
    let mut numbers = Vec::new();
    for index in 0..ORDERS {
        let person = shop.person(&format!("buyer{index}")).await;
        shop.grant(person, 25, Some(end)).await;
        numbers.push(shop.browser_of(person).await.redeem(&lamp, 1, OFFICE).await);
    }
    shop.advance(86_400);
    // Half of them still live before the end by their task's clock, while the job has begun on another.
    let (early, late) = (end.plus_seconds(-1), end);

    let refunds = join_all(
        numbers
            .iter()
            .enumerate()
            .map(|(index, number)| cancel_at(&shop, if index % 2 == 0 { early } else { late }, number)),
    );
    let (refunds, first, second) =
        futures::join!(refunds, expire::run(&shop.app.db, late), expire::run(&shop.app.db, late));

    assert!(refunds.iter().all(Result::is_ok), "{refunds:?}");
    first.unwrap();
    second.unwrap();
    shop.job(Job::ExpirePoints).await;
    let orders = i64::try_from(ORDERS).unwrap();
    // Each person's 15 unspent points have lapsed. The 10 that came back either came in time, and lapsed with their lot,
    // or too late for it, and live in a lot of their own.
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM lots WHERE expires_at <= (SELECT MIN(x.expires_at) FROM lots x) AND remaining > 0").await, 0);
    let alive = "SELECT CAST(COALESCE(SUM(l.remaining), 0) AS SIGNED) FROM lots l JOIN transfers t ON t.id = l.transfer_id \
                 WHERE t.kind = 'refund'";
    let lapsed = "SELECT CAST(SUM(amount) AS SIGNED) FROM transfers WHERE kind = 'expire'";
    assert_eq!(shop.scalar(alive).await + shop.scalar(lapsed).await, 25 * orders);
    assert_eq!(
        shop.scalar("SELECT COUNT(*) FROM transfers WHERE kind = 'expire'").await,
        orders,
        "each lot ends once"
    );
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stale_clock_does_not_wake_a_lot_that_has_ended() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    let end = shop.now().plus_days(1);
    shop.grant(ann, 25, Some(end)).await;
    let lamp = shop.product("Desk lamp", 10, 9).await;
    let number = shop.browser_of(ann).await.redeem(&lamp, 1, OFFICE).await;
    expire::run(&shop.app.db, end).await.unwrap();
    assert_eq!(balance(&shop, ann).await, 0);

    cancel_at(&shop, end.plus_seconds(-1), &number).await.unwrap();

    assert_eq!(balance(&shop, ann).await, 10);
    expire::run(&shop.app.db, end).await.unwrap();
    assert_eq!(balance(&shop, ann).await, 10, "what came back has its grace");
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM transfers WHERE kind = 'expire'").await, 1);
    assert!(
        matches!(
            cancel_at(&shop, end, &number).await,
            Ok(()) | Err(Error::Refused(Refusal::OrderNotCancellable(_)))
        ),
        "a second time changes nothing"
    );
    assert_eq!(balance(&shop, ann).await, 10);
    shop.close().await;
}
