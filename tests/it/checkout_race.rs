//! Many at once: exact counts, nothing sold twice, nobody below zero, no deadlock that a person sees.

use std::collections::BTreeMap;

use awsomeshop::cart::change;
use awsomeshop::checkout::place::{self, DeliverTo, Placed, Placement};
use awsomeshop::error::{Error, Refusal, Result};
use awsomeshop::platform::dialect;
use awsomeshop::types::checkout_key::CheckoutKey;
use awsomeshop::types::id::{PersonId, ProductId};
use awsomeshop::types::points::Points;
use awsomeshop::types::quantity::Quantity;
use futures::FutureExt;
use futures::future::join_all;

use crate::metrics::numbers;
use crate::support::Shop;
use crate::support::browser::Browser;
use crate::support::html::Form;
use crate::support::raw;
use crate::support::setting::Goods;

const CONFIRM_FORM: &str = "form[method=post][action='/checkout']";
const BUYERS: usize = 64;
/// How often a transaction is begun anew that the shop was too busy for, as a patient browser asks again.
const MOST_TRIES: usize = 5;

/// So many people with points, each looking at the confirm page of one piece.
async fn buyers(shop: &Shop, name: &str, n: usize, points: i64, goods: &[&Goods]) -> Vec<(Browser, Form)> {
    let mut waiting = Vec::new();
    for index in 0..n {
        let person = shop.person(&format!("{name}{index}")).await;
        shop.grant(person, points, None).await;
        let browser = shop.browser_of(person).await;
        for wanted in goods {
            let product = wanted.id.to_string();
            browser.post("/cart/lines", &[("product", product.as_str())]).await.expect(303);
            // A cart is in the order in which things were put into it.
            shop.advance(1);
        }
        let form = browser.get("/checkout").await.expect(200).html().form(CONFIRM_FORM);
        waiting.push((browser, form.with("delivery", "office:berlin")));
    }
    waiting
}

/// All at once; how many answers of each status.
async fn submit_all(waiting: &[(Browser, Form)]) -> BTreeMap<u16, usize> {
    let answers = join_all(waiting.iter().map(|(browser, form)| browser.submit(form))).await;
    let mut counts = BTreeMap::new();
    for answer in answers {
        *counts.entry(answer.status()).or_default() += 1;
    }
    counts
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_buyers_of_ten_pieces_make_ten_orders() {
    let shop = Shop::open().await;
    let lamp = shop.product("Desk lamp", 10, 10).await;
    let waiting = buyers(&shop, "buyer", BUYERS, 100, &[&lamp]).await;

    let counts = submit_all(&waiting).await;

    assert_eq!(counts, BTreeMap::from([(303, 10), (409, BUYERS - 10)]));
    assert_eq!(shop.scalar("SELECT stock FROM products").await, 0);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM orders").await, 10);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_double_click_places_one_order() {
    let shop = Shop::open().await;
    let lamp = shop.product("Desk lamp", 10, 100).await;
    let waiting = buyers(&shop, "buyer", BUYERS / 2, 100, &[&lamp]).await;
    let twice: Vec<_> = waiting.iter().chain(&waiting).cloned().collect();

    let counts = submit_all(&twice).await;

    assert_eq!(counts, BTreeMap::from([(303, BUYERS)]), "both clicks lead to the order");
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM orders").await, 32);
    assert_eq!(shop.scalar("SELECT stock FROM products").await, 68);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn carts_in_opposite_orders_never_deadlock() {
    let shop = Shop::open_with(&[("SHOP_METRICS_BIND", "127.0.0.1:0")]).await;
    let (lamp, mug) = (shop.product("Desk lamp", 10, 100).await, shop.product("Mug", 10, 100).await);
    let plant = shop.product("Plant", 10, 100).await;
    let mut waiting = buyers(&shop, "buyer", 16, 100, &[&lamp, &mug, &plant]).await;
    waiting.extend(buyers(&shop, "other", 16, 100, &[&plant, &mug, &lamp]).await);

    let counts = submit_all(&waiting).await;

    assert_eq!(counts, BTreeMap::from([(303, 32)]));
    // Nobody would see a deadlock, since the write is begun again; there is none to see.
    let numbers = numbers(&shop).await;
    let repeated = numbers.iter().find(|line| line.starts_with("shop_database_writes_repeated_total"));
    assert_eq!(repeated, None);
    assert_eq!(shop.scalar("SELECT CAST(SUM(stock) AS SIGNED) FROM products").await, 300 - 96);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_code_goes_to_one_buyer() {
    let shop = Shop::open().await;
    let voucher = shop.digital_product("Book voucher", 10, &["AAAA-1111"]).await;
    let waiting = buyers(&shop, "buyer", 16, 100, &[&voucher]).await;

    let counts = submit_all(&waiting).await;

    assert_eq!(counts, BTreeMap::from([(303, 1), (409, 15)]));
    shop.close().await;
}

/// One transaction that puts a piece into the cart and places it, as one of many windows of the same person.
pub(crate) async fn buy_one(
    shop: &Shop,
    person_id: PersonId,
    product_id: ProductId,
    price: i64,
) -> Result<Placed> {
    let (now, limits) = (shop.now(), shop.app.config.limits);
    let office = shop.app.config.offices[0].clone();
    let placement = Placement {
        key: CheckoutKey::mint(),
        person_id,
        expected_total: Points(price),
        cart: None,
        deliver_to: Some(DeliverTo::Office(office)),
    };
    let mut bought = Err(Error::Unavailable("nobody has asked"));
    for _ in 0..MOST_TRIES {
        let placement = placement.clone();
        let buy = shop.app.db.write("test.buy", move |tx| {
            let placement = placement.clone();
            async move {
                change::add(tx, now, person_id, product_id, Quantity::ONE).await?;
                place::place(tx, now, placement, &limits).await
            }
            .boxed()
        });
        bought = buy.await;
        if !matches!(bought, Err(Error::Unavailable(_))) {
            break;
        }
    }
    bought
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_an_outage_a_key_tells_of_its_own_order_and_of_no_other() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 60, None).await;
    let lamp = shop.digital_product("Book voucher", 10, &["AAAA-1111"]).await;
    let (key, now, limits) = (CheckoutKey::mint(), shop.now(), shop.app.config.limits);
    let (expected_total, cart) = (Points(10), None);
    let placement = Placement { key, person_id: ann, expected_total, cart, deliver_to: None };
    let wanted = placement.clone();
    let placed = shop.app.db.write("test.buy", move |tx| {
        let wanted = wanted.clone();
        async move {
            change::add(tx, now, ann, lamp.id, Quantity::ONE).await?;
            place::place(tx, now, wanted, &limits).await
        }
        .boxed()
    });
    let Placed::Now(number) = placed.await.unwrap() else { panic!("it is placed for the first time") };
    let before = async |placement| place::before(shop.app.db.reads(), &placement).await;
    assert!(matches!(before(placement.clone()).await, Ok(Some(Placed::Before(known))) if known == number));
    let cheaper = Placement { expected_total: Points(9), ..placement.clone() };
    let other_cart = Placement { cart: Some("another".to_owned()), ..placement.clone() };
    for other in [cheaper, other_cart] {
        assert!(matches!(before(other).await, Err(Error::Refused(Refusal::KeyReused))));
    }
    assert!(matches!(before(Placement { key: CheckoutKey::mint(), ..placement }).await, Ok(None)));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_balance_for_ten_pays_ten_orders_of_sixty_four() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 60, Some(shop.now().plus_days(5))).await;
    shop.grant(ann, 45, None).await;
    let mut shelf = Vec::new();
    for index in 0..BUYERS {
        shelf.push(shop.product(&format!("Thing {index}"), 10, 1).await);
    }

    let results = join_all(shelf.iter().map(|goods| buy_one(&shop, ann, goods.id, 10))).await;

    let placed = results.iter().filter(|result| matches!(result, Ok(Placed::Now(_)))).count();
    let short = Refusal::NotEnoughPoints { short_by: Points(5) };
    let refused =
        results.iter().filter(|result| matches!(result, Err(Error::Refused(why)) if *why == short)).count();
    assert_eq!((placed, refused), (10, BUYERS - 10), "{results:?}");
    assert_eq!(shop.scalar("SELECT balance FROM accounts WHERE person_id IS NOT NULL").await, 5);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_windows_of_one_cart_place_it_once() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 1_000, None).await;
    let lamp = shop.product("Desk lamp", 10, 100).await;
    let browser = shop.browser_of(ann).await;
    browser.post("/cart/lines", &[("product", lamp.id.to_string().as_str())]).await.expect(303);
    let mut waiting = Vec::new();
    for _ in 0..16 {
        let form = browser.get("/checkout").await.expect(200).html().form(CONFIRM_FORM);
        waiting.push((browser.clone(), form.with("delivery", "office:berlin")));
    }

    let counts = submit_all(&waiting).await;

    assert_eq!(counts, BTreeMap::from([(303, 1), (409, 15)]), "the cart is empty for the others");
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM orders").await, 1);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_hangs_up_and_sends_the_form_again_has_one_order() {
    let shop = Shop::open().await;
    let lamp = shop.product("Desk lamp", 10, 100).await;
    let waiting = buyers(&shop, "buyer", 24, 100, &[&lamp]).await;
    for (browser, form) in &waiting {
        let body = serde_urlencoded::to_string(&form.fields).unwrap();
        let (cookie, length) = (browser.cookie_header().unwrap(), body.len());
        let (host, origin) = (shop.address(), &shop.origin);
        let request = format!(
            "POST /checkout HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nCookie: {cookie}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        raw::send_and_hang_up(shop.address(), &request).await;
    }

    let counts = submit_all(&waiting).await;

    assert_eq!(counts, BTreeMap::from([(303, 24)]));
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM orders").await, 24);
    assert_eq!(shop.scalar("SELECT stock FROM products").await, 76);
    shop.close().await;
}

/// Changes a price as HR does: at once, while others buy.
async fn reprice(shop: &Shop, product_id: ProductId, price: i64) {
    let changed = shop.app.db.write("test.price", move |tx| {
        let values = [price.into(), product_id.into()];
        async move { dialect::execute(tx, "UPDATE products SET price = ? WHERE id = ?", values).await }
            .boxed()
    });
    assert_eq!(changed.await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_a_price_rises_nobody_pays_more_than_they_saw() {
    let shop = Shop::open().await;
    let lamp = shop.product("Desk lamp", 10, 100).await;
    let waiting = buyers(&shop, "buyer", BUYERS, 100, &[&lamp]).await;

    let (counts, ()) = futures::join!(submit_all(&waiting), reprice(&shop, lamp.id, 20));

    let placed = counts.get(&303).copied().unwrap_or_default();
    let refused = counts.get(&409).copied().unwrap_or_default();
    assert_eq!(placed + refused, BUYERS, "{counts:?}");
    let placed = i64::try_from(placed).unwrap();
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM orders WHERE total = 10").await, placed);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM orders").await, placed);
    assert_eq!(shop.scalar("SELECT stock FROM products").await, 100 - placed);
    // Whoever was refused sees the new price and may agree to it.
    let late = submit_all(&waiting).await;
    assert_eq!(late.values().sum::<usize>(), BUYERS);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM orders").await, placed, "the same form stays refused");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn once_somebody_is_deactivated_no_order_of_theirs_comes_after_it() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 1_000, None).await;
    let mut shelf = Vec::new();
    for index in 0..BUYERS {
        shelf.push(shop.product(&format!("Thing {index}"), 10, 1).await);
    }

    let buying = join_all(shelf.iter().map(|goods| buy_one(&shop, ann, goods.id, 10)));
    let (results, ()) = futures::join!(buying, shop.deactivate(ann));

    let inactive = |result: &Result<Placed>| matches!(result, Err(Error::Refused(Refusal::PersonInactive)));
    let placed = results.iter().filter(|result| matches!(result, Ok(Placed::Now(_)))).count();
    assert_eq!(placed + results.iter().filter(|result| inactive(result)).count(), BUYERS, "{results:?}");
    let after = "SELECT COUNT(*) FROM audit_events o JOIN audit_events d ON o.id > d.id \
                 WHERE o.action = 'order.place' AND d.action = 'person.deactivate'";
    assert_eq!(shop.scalar(after).await, 0);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM audit_events WHERE action = 'person.deactivate'").await, 1);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM orders").await, i64::try_from(placed).unwrap());
    let late = shop.product("Late", 10, 1).await;
    let refused = buy_one(&shop, ann, late.id, 10).await;
    assert!(inactive(&refused), "{refused:?}");
    shop.close().await;
}
