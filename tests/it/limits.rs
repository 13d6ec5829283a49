//! Limits: so many of a product, so many orders and so many points for one person in a period; exactly so many.

use std::collections::BTreeMap;

use awsomeshop::catalog;
use awsomeshop::catalog::categories;
use awsomeshop::catalog::create;
use awsomeshop::catalog::details::Details;
use awsomeshop::checkout::place::Placed;
use awsomeshop::error::{Error, Refusal};
use awsomeshop::types::actor::Actor;
use awsomeshop::types::id::ProductId;
use awsomeshop::types::limit::{Limit, Period};
use awsomeshop::types::points::Points;
use awsomeshop::types::product_kind::{ProductKind, ProductState};
use awsomeshop::types::window::Window;
use awsomeshop::urls;
use futures::FutureExt;
use futures::future::join_all;

use crate::checkout_race::buy_one;
use crate::support::Shop;
use crate::support::browser::Browser;
use crate::support::html::Html;
use crate::support::setting::Goods;

const CONFIRM_FORM: &str = "form[method=post][action='/checkout']";
const OFFICE: &str = "office:berlin";
const HOUR_S: i64 = 3_600;
const DAY_S: i64 = 86_400;

/// A lamp of 10 points, a hundred of it, limited.
async fn lamp(shop: &Shop, limit: &str) -> Goods {
    let lamp = shop.product("Desk lamp", 10, 100).await;
    let limit: Limit = limit.parse().unwrap();
    let values = [limit.count.into(), limit.period.into(), lamp.id.into()];
    shop.sql("UPDATE products SET limit_count = ?, limit_period = ? WHERE id = ?", values).await;
    lamp
}

/// Ann with a thousand points, in her browser.
async fn ann(shop: &Shop) -> Browser {
    let ann = shop.person("ann").await;
    shop.grant(ann, 1_000, None).await;
    shop.browser_of(ann).await
}

async fn put_in_cart(browser: &Browser, goods: &Goods, quantity: i64) {
    let (product, quantity) = (goods.id.to_string(), quantity.to_string());
    browser.post("/cart/lines", &[("product", &product), ("quantity", &quantity)]).await.expect(303);
}

async fn page_of(browser: &Browser, goods: &Goods) -> Html {
    browser.get(&urls::product(&goods.slug)).await.expect(200).html()
}

/// What the page of a product says about its limit.
async fn said(browser: &Browser, goods: &Goods) -> String {
    let page = page_of(browser, goods).await;
    let notes = page
        .all(".columns__side .badge, .columns__side .note")
        .into_iter()
        .filter(|note| !note.contains("In stock"));
    notes.collect::<Vec<_>>().join(" | ")
}

/// Whether the confirm page can be reached, or leads back to the cart.
async fn can_confirm(browser: &Browser) -> bool {
    let answer = browser.get("/checkout").await;
    let cart = browser.get("/cart").await.expect(200).html();
    let can = answer.status() == 200;
    assert_eq!(cart.has("#to-checkout"), can, "cart and confirm page agree");
    if !can {
        assert_eq!(answer.expect(303).location(), "/cart");
    }
    can
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_product_page_counts_down_and_then_says_from_when_on_it_can_be_had_again() {
    let shop = Shop::open().await;
    let browser = ann(&shop).await;
    let lamp = lamp(&shop, "3/month").await;
    assert_eq!(said(&browser, &lamp).await, "3 of 3 left this month");

    browser.redeem(&lamp, 1, OFFICE).await;

    assert_eq!(said(&browser, &lamp).await, "2 of 3 left this month");
    let page = page_of(&browser, &lamp).await;
    assert_eq!(page.attribute("#quantity", "max").unwrap(), "2");
    put_in_cart(&browser, &lamp, 1).await;
    assert_eq!(page_of(&browser, &lamp).await.attribute("#quantity", "max").unwrap(), "1");
    put_in_cart(&browser, &lamp, 1).await;
    assert_eq!(said(&browser, &lamp).await, "2 of 3 left this month, and in your cart already.");
    browser.post(&format!("/cart/lines/{}/removal", lamp.id), &[]).await.expect(303);

    browser.redeem(&lamp, 2, OFFICE).await;

    let page = page_of(&browser, &lamp).await;
    assert_eq!(
        said(&browser, &lamp).await,
        "You have redeemed your 3 for this month. From 1 July 2026 you can again."
    );
    assert!(!page.has("form.offer") && !page.text_of("main").contains("Leaves you"), "nothing is offered");
    let ben = shop.person("ben").await;
    let ben = shop.browser_of(ben).await;
    assert!(said(&ben, &lamp).await.starts_with("3 of 3 left this month"), "ann's are hers alone");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cart_beyond_a_limit_says_so_and_goes_no_further_in_any_way() {
    let shop = Shop::open().await;
    let browser = ann(&shop).await;
    let lamp = lamp(&shop, "3/week").await;
    put_in_cart(&browser, &lamp, 2).await;
    let waiting =
        browser.get("/checkout").await.expect(200).html().form(CONFIRM_FORM).with("delivery", OFFICE);
    shop.sql("UPDATE products SET limit_count = 1", []).await;
    assert!(!can_confirm(&browser).await);
    let cart = browser.get("/cart").await.expect(200).html();
    assert_eq!(
        cart.text_of(".line .note--bad"),
        "Only 1 of 1 left for you this week. Please reduce the quantity."
    );
    assert_eq!(cart.attribute(&format!("#quantity-{}", lamp.id), "max").unwrap(), "1");
    let before = shop.contents().await;

    let refused = browser.submit(&waiting).await.expect(409);

    let words = "Each person can redeem 1 of Desk lamp a week, and you have 1 left. Nothing was redeemed.";
    assert!(refused.text().contains(words), "{refused}");
    shop.assert_unchanged(&before, "an order beyond the limit").await;
    shop.sql("UPDATE products SET limit_count = 2", []).await;
    assert!(can_confirm(&browser).await);
    browser.submit(&waiting).await.expect(303);

    put_in_cart(&browser, &lamp, 1).await;
    assert!(!can_confirm(&browser).await);
    let cart = browser.get("/cart").await.expect(200).html();
    let none =
        "You have redeemed your 2 for this week. Please remove it to go on, or come back from 22 June 2026.";
    assert_eq!(cart.text_of(".line .note--bad"), none);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_cancelled_can_be_had_again_piece_by_piece() {
    let all = "You have redeemed 3 of these, and that is all that each person can have.";
    comes_back_piece_by_piece("3/ever", all, "1 of 3 left for you").await;
    let all = "You have redeemed your 3 for this year. From 1 January 2027 you can again.";
    comes_back_piece_by_piece("3/year", all, "1 of 3 left this year").await;
}

async fn comes_back_piece_by_piece(limit: &str, all: &str, one_left: &str) {
    let shop = Shop::open().await;
    let browser = ann(&shop).await;
    let lamp = lamp(&shop, limit).await;
    let number = browser.redeem(&lamp, 3, OFFICE).await;
    assert_eq!(said(&browser, &lamp).await, all);
    let line = shop.id_of("SELECT id FROM order_lines", []).await;
    let desk = shop.person("hal").await;
    shop.role(desk, "orders".parse().unwrap()).await;
    let desk = shop.browser_of(desk).await;
    let form = desk.get(&urls::hr::order(&number)).await.expect(200).html();
    let form = form.form(&format!("form[action='{}']", urls::hr::order_cancellation(&number)));
    let one = form.with("reason", "Broken").with(&format!("line-{line}"), "1");
    desk.submit(&one).await.expect(303);

    assert_eq!(shop.scalar("SELECT cancelled FROM order_lines").await, 1);
    assert_eq!(said(&browser, &lamp).await, one_left);
    put_in_cart(&browser, &lamp, 2).await;
    assert!(!can_confirm(&browser).await);
    browser.post(&format!("/cart/lines/{}/removal", lamp.id), &[]).await.expect(303);
    let second = browser.redeem(&lamp, 1, OFFICE).await;
    put_in_cart(&browser, &lamp, 1).await;
    assert!(!can_confirm(&browser).await);

    browser.post(&urls::order_cancellation(&second), &[]).await.expect(303);
    assert!(can_confirm(&browser).await);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_week_ends_at_midnight_where_the_company_is() {
    // It is Monday noon in Berlin, ten in the evening in Auckland, midnight in Honolulu.
    let zones = [
        ("Europe/Berlin", 6 * DAY_S + 12 * HOUR_S),
        ("Pacific/Auckland", 6 * DAY_S + 2 * HOUR_S),
        ("Pacific/Honolulu", 7 * DAY_S),
    ];
    for (zone, left_of_it_s) in zones {
        let shop = Shop::open_with(&[("SHOP_TIME_ZONE", zone)]).await;
        let ann_id = shop.person("ann").await;
        shop.grant(ann_id, 100, None).await;
        let lamp = lamp(&shop, "1/week").await;
        shop.browser_of(ann_id).await.redeem(&lamp, 1, OFFICE).await;
        shop.advance(left_of_it_s - 1);
        let browser = shop.browser_of(ann_id).await;
        put_in_cart(&browser, &lamp, 1).await;
        assert!(!can_confirm(&browser).await, "{zone}");

        shop.advance(1);

        assert!(can_confirm(&browser).await, "{zone}");
        let form = browser.get("/checkout").await.expect(200).html().form(CONFIRM_FORM);
        browser.submit(&form.with("delivery", OFFICE)).await.expect(303);
        assert_eq!(shop.scalar("SELECT COUNT(*) FROM orders").await, 2, "{zone}");
        assert!(!said(&browser, &lamp).await.contains("of 1 left"), "{zone}");
        shop.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_tabs_at_once_get_exactly_what_the_limit_leaves() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 1_000, None).await;
    let lamp = lamp(&shop, "3/month").await;
    let browser = shop.browser_of(ann).await;
    browser.redeem(&lamp, 2, OFFICE).await;
    put_in_cart(&browser, &lamp, 1).await;
    let mut tabs = Vec::new();
    for _ in 0..8 {
        tabs.push(
            browser.get("/checkout").await.expect(200).html().form(CONFIRM_FORM).with("delivery", OFFICE),
        );
    }
    let mut counts: BTreeMap<u16, usize> = BTreeMap::new();
    for answer in join_all(tabs.iter().map(|form| browser.submit(form))).await {
        *counts.entry(answer.status()).or_default() += 1;
    }
    assert_eq!(counts, BTreeMap::from([(303, 1), (409, 7)]));
    assert_eq!(shop.scalar("SELECT CAST(SUM(quantity) AS SIGNED) FROM order_lines").await, 3);
    assert_eq!(shop.scalar("SELECT stock FROM products").await, 97);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_places_so_many_orders_and_a_cancelled_one_is_none() {
    let shop = Shop::open_with(&[("SHOP_LIMIT_ORDERS", "2/month")]).await;
    let browser = ann(&shop).await;
    let lamp = shop.product("Desk lamp", 10, 100).await;
    let first = browser.redeem(&lamp, 1, OFFICE).await;
    put_in_cart(&browser, &lamp, 1).await;
    let early = browser.get("/checkout").await.expect(200).html().form(CONFIRM_FORM).with("delivery", OFFICE);
    let late = browser.get("/checkout").await.expect(200).html().form(CONFIRM_FORM).with("delivery", OFFICE);
    browser.submit(&early).await.expect(303);
    put_in_cart(&browser, &lamp, 1).await;
    assert!(!can_confirm(&browser).await);
    let cart = browser.get("/cart").await.expect(200).html().text_of("#cart");
    let all = "You have placed all the orders there are for one person this month: 2.";
    assert!(cart.contains(&format!("{all} From 1 July 2026 you can again.")), "{cart}");
    let before = shop.contents().await;
    let refused = browser.submit(&late).await.expect(409);
    assert!(refused.text().contains(&format!("{all} Nothing was redeemed.")), "{refused}");
    shop.assert_unchanged(&before, "an order too many").await;

    browser.post(&urls::order_cancellation(&first), &[]).await.expect(303);

    assert!(can_confirm(&browser).await);
    browser.submit(&late).await.expect(303);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM orders WHERE state <> 'cancelled'").await, 2);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_redeems_so_many_points_and_what_came_back_does_not_count() {
    let shop = Shop::open_with(&[("SHOP_LIMIT_POINTS", "50/year")]).await;
    let browser = ann(&shop).await;
    let lamp = shop.product("Desk lamp", 10, 100).await;
    let first = browser.redeem(&lamp, 3, OFFICE).await;
    put_in_cart(&browser, &lamp, 2).await;
    assert!(can_confirm(&browser).await, "the last point is within the limit");
    put_in_cart(&browser, &lamp, 1).await;
    assert!(!can_confirm(&browser).await);
    let cart = browser.get("/cart").await.expect(200).html().text_of("#cart");
    let words = "Each person can redeem 50 points a year, and you have 20 of them left.";
    assert!(cart.contains(&format!("{words} From 1 January 2027 it is 50 again.")), "{cart}");

    browser.post(&urls::order_cancellation(&first), &[]).await.expect(303);

    assert!(can_confirm(&browser).await);
    let form = browser.get("/checkout").await.expect(200).html().form(CONFIRM_FORM).with("delivery", OFFICE);
    browser.submit(&form).await.expect(303);
    assert_eq!(shop.scalar("SELECT CAST(SUM(total - refunded) AS SIGNED) FROM orders").await, 30);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_orders_at_once_exactly_as_many_are_placed_as_the_shop_allows() {
    let shop = Shop::open_with(&[("SHOP_LIMIT_ORDERS", "7/week"), ("SHOP_LIMIT_POINTS", "55/ever")]).await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 1_000, None).await;
    let mut shelf = Vec::new();
    for index in 0..24 {
        shelf.push(shop.product(&format!("Thing {index}"), 10, 1).await);
    }

    let results = join_all(shelf.iter().map(|goods| buy_one(&shop, ann, goods.id, 10))).await;

    let beyond = Refusal::PointLimitReached { limit: Points(55), left: Points(5), period: Period::Ever };
    let placed = results.iter().filter(|result| matches!(result, Ok(Placed::Now(_)))).count();
    let refused =
        results.iter().filter(|result| matches!(result, Err(Error::Refused(why)) if *why == beyond)).count();
    assert_eq!((placed, refused), (5, 19), "{results:?}");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_product_is_entered_with_its_limit_and_the_books_remember_it() {
    let shop = Shop::open().await;
    let (now, id) = (shop.now(), ProductId::new());
    let created = shop.app.db.write("test.product", move |tx| {
        async move {
            let category_id = categories::add(tx, now, Actor::Shop, "Light".to_owned()).await?;
            let new = Details {
                category_id,
                kind: ProductKind::Physical,
                name: "Lamp".to_owned(),
                slug: None,
                description: "It shines.".to_owned(),
                terms: String::new(),
                how_to_use: String::new(),
                price: Points(10),
                low_stock_at: 0,
                limit: "2/year".parse().ok(),
                window: Window::default(),
            };
            create::create(tx, now, Actor::Shop, id, ProductState::Listed, new).await
        }
        .boxed()
    });
    created.await.unwrap();
    let product = catalog::find(shop.app.db.reads(), id).await.unwrap().unwrap();
    assert_eq!(Limit::of(product.limit_count, product.limit_period), "2/year".parse().ok());
    let audited =
        "SELECT COUNT(*) FROM audit_events WHERE action = 'product.create' AND details LIKE '%2/year%'";
    assert_eq!(shop.scalar(audited).await, 1);
    for wrong in ["limit_count = 0", "limit_count = NULL", "limit_period = NULL", "limit_period = 'day'"] {
        let sql = format!("UPDATE products SET {wrong}");
        let done = sea_orm::ConnectionTrait::execute_unprepared(shop.database().connection(), &sql).await;
        assert!(done.is_err(), "{wrong}");
    }
    shop.close().await;
}
