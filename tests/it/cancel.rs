//! Cancelling: who may, until when, and that exactly what was taken comes back to where it was taken from.

mod race;

use awsomeshop::error::Error;
use awsomeshop::orders::cancel::{Request, Wanted, by_hr};
use awsomeshop::types::actor::Actor;
use awsomeshop::types::id::{OrderLineId, PersonId};
use awsomeshop::types::role::{Desk, Role};
use awsomeshop::types::time::Day;
use awsomeshop::urls;
use futures::FutureExt;

use crate::support::Shop;
use crate::support::browser::Browser;
use crate::support::html::Form;

const DAY_S: i64 = 86_400;
const OFFICE: &str = "office:berlin";

/// Somebody at the orders desk.
async fn desk(shop: &Shop) -> Browser {
    let hal = shop.person("hal").await;
    shop.role(hal, Role::Desk(Desk::Orders)).await;
    shop.browser_of(hal).await
}

async fn cancel(browser: &Browser, number: &str) -> u16 {
    browser.post(&urls::order_cancellation(number), &[]).await.status()
}

/// HR's form for an order, with a reason.
async fn desk_form(hr: &Browser, number: &str) -> Form {
    let page = hr.get(&urls::hr::order(number)).await.expect(200).html();
    page.form(&format!("form[action='{}']", urls::hr::order_cancellation(number)))
        .with("reason", "Out of production")
}

async fn balance(shop: &Shop, person: PersonId) -> i64 {
    shop.scalar_of("SELECT balance FROM accounts WHERE person_id = ?", [person.into()]).await
}

/// What remains in the lots, by the points they began with.
async fn lot(shop: &Shop, granted: i64) -> i64 {
    shop.scalar_of("SELECT remaining FROM lots WHERE granted = ?", [granted.into()]).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_owner_cancels_and_everything_is_as_before() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 300, Some(shop.now().plus_days(40))).await;
    shop.grant(ann, 500, None).await;
    let lamp = shop.product("Desk lamp", 200, 5).await;
    let browser = shop.browser_of(ann).await;
    let number = browser.redeem(&lamp, 2, OFFICE).await;
    assert_eq!((balance(&shop, ann).await, lot(&shop, 300).await, lot(&shop, 500).await), (400, 0, 400));
    let page = browser.get(&urls::order(&number)).await.expect(200).html();
    let form = page.form(&format!("form[action='{}']", urls::order_cancellation(&number)));
    assert!(page.text_of("main").contains("400 points come back at once"), "{}", page.text_of("main"));

    let done = browser.submit(&form).await.expect(303);

    assert_eq!(done.location(), urls::order(&number));
    assert_eq!((balance(&shop, ann).await, lot(&shop, 300).await, lot(&shop, 500).await), (800, 300, 500));
    assert_eq!(shop.scalar("SELECT stock FROM products").await, 5);
    assert_eq!(shop.scalar("SELECT redeemed FROM products").await, 0);
    assert_eq!(
        shop.scalar("SELECT COUNT(*) FROM orders WHERE state = 'cancelled' AND refunded = 400").await,
        1
    );
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM audit_events WHERE action = 'order.cancel'").await, 1);
    let page = browser.follow(done).await.expect(200).html();
    assert!(!page.has(&format!("form[action='{}']", urls::order_cancellation(&number))));
    assert!(page.text_of(".badge--cancelled").contains("Cancelled"));
    let statement = browser.get("/points").await.expect(200).html();
    assert!(statement.all("#statement tbody tr")[0].contains(&format!("Given back for order {number}")));

    let before = shop.contents().await;
    assert_eq!(cancel(&browser, &number).await, 303, "a second click finds it done");
    shop.assert_unchanged(&before, "cancelling again").await;
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_owner_is_told_why_it_is_too_late() {
    let shop = Shop::open_with(&[("SHOP_CANCEL_WITHIN_DAYS", "3")]).await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 5_000, None).await;
    let lamp = shop.product("Desk lamp", 200, 9).await;
    let voucher = shop.digital_product("Voucher", 100, &["AAAA-1111", "AAAA-2222"]).await;
    let (browser, hr) = (shop.browser_of(ann).await, desk(&shop).await);
    let begun = browser.redeem(&lamp, 1, OFFICE).await;
    hr.post(&urls::hr::order_preparation(&begun), &[]).await.expect(303);
    let handed_over = browser.redeem(&lamp, 1, OFFICE).await;
    hr.post(&urls::hr::order_fulfilment(&handed_over), &[("note", "Desk 4")]).await.expect(303);
    let shown = browser.redeem(&voucher, 1, "").await;
    let reveal = browser.get(&urls::order(&shown)).await.expect(200).html().form("#codes form");
    browser.submit(&reveal).await.expect(200);
    let late = browser.redeem(&lamp, 1, OFFICE).await;
    let in_time = browser.redeem(&voucher, 1, "").await;
    shop.advance(3 * DAY_S - 1);
    let browser = shop.browser_of(ann).await;
    assert_eq!(cancel(&browser, &in_time).await, 303, "a second before the window closes");
    shop.advance(1);
    let before = shop.contents().await;
    for (number, why) in [
        (&begun, "is being prepared already"),
        (&handed_over, "has been handed over"),
        (&shown, "A code of this order was shown"),
        (&late, "The time to cancel this order is over"),
    ] {
        let page = browser.get(&urls::order(number)).await.expect(200).html();
        assert!(page.text_of("main").contains(why), "{why} on the page");
        assert!(
            !page.has(&format!("form[action='{}']", urls::order_cancellation(number))),
            "{why}: no button"
        );
        let answer = browser.post(&urls::order_cancellation(number), &[]).await.expect(409);
        assert!(answer.text().contains(why), "{why}: {answer}");
    }
    shop.assert_unchanged(&before, "what was refused").await;
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_nobody_saw_goes_to_the_next_buyer_and_no_longer_opens_for_the_first() {
    let shop = Shop::open().await;
    let (ann, ben) = (shop.person("ann").await, shop.person("ben").await);
    shop.grant(ann, 100, None).await;
    shop.grant(ben, 100, None).await;
    let voucher = shop.digital_product("Voucher", 100, &["AAAA-1111"]).await;
    let (first, second) = (shop.browser_of(ann).await, shop.browser_of(ben).await);
    let given_up = first.redeem(&voucher, 1, "").await;
    let old_form = first.get(&urls::order(&given_up)).await.expect(200).html().form("#codes form");

    assert_eq!(cancel(&first, &given_up).await, 303);
    let number = second.redeem(&voucher, 1, "").await;

    first.submit(&old_form).await.expect(404);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM codes WHERE revealed_at IS NOT NULL").await, 0);
    let page = second.get(&urls::order(&number)).await.expect(200).html();
    assert!(second.submit(&page.form("#codes form")).await.expect(200).text().contains("AAAA-1111"));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hr_cancels_by_line_at_the_price_it_was_sold_for() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 2_000, None).await;
    let (lamp, mug) = (shop.product("Desk lamp", 200, 5).await, shop.product("Mug", 30, 5).await);
    let (browser, hr) = (shop.browser_of(ann).await, desk(&shop).await);
    browser
        .post("/cart/lines", &[("product", lamp.id.to_string().as_str()), ("quantity", "3")])
        .await
        .expect(303);
    let number = browser.redeem(&mug, 2, OFFICE).await;
    assert_eq!(balance(&shop, ann).await, 1_340);
    shop.sql("UPDATE products SET price = price * 2", []).await;
    let lamps = shop.id_of("SELECT id FROM order_lines WHERE unit_price = 200", []).await;
    let mugs = shop.id_of("SELECT id FROM order_lines WHERE unit_price = 30", []).await;
    let (lamps, mugs) = (format!("line-{lamps}"), format!("line-{mugs}"));
    let form = desk_form(&hr, &number).await;
    assert_eq!((form.value(&lamps), form.value(&mugs)), ("3", "2"));

    hr.submit(&form.clone().with(&lamps, "2").with(&mugs, "0")).await.expect(303);

    assert_eq!(balance(&shop, ann).await, 1_740);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM orders WHERE state = 'placed' AND refunded = 400").await, 1);
    let before = shop.contents().await;
    let again = hr.submit(&form.with(&lamps, "2").with(&mugs, "0")).await.expect(409);
    assert!(again.text().contains("Somebody else changed this meanwhile"), "a double click cancels once");
    let form = desk_form(&hr, &number).await;
    assert_eq!((form.value(&lamps), form.value(&mugs)), ("1", "2"));
    hr.submit(&form.clone().with(&lamps, "2")).await.expect(409);
    hr.submit(&form.clone().with(&lamps, "0").with(&mugs, "0")).await.expect(422);
    hr.submit(&form.clone().with(&lamps, "-1")).await.expect(422);
    let kept = hr.submit(&form.clone().with("reason", " ").with(&lamps, "0")).await.expect(422).html();
    assert_eq!(
        kept.attribute(&format!("[name='{lamps}']"), "value").as_deref(),
        Some("0"),
        "what was typed is kept"
    );
    hr.submit(&form.clone().with("version", "")).await.expect(400);
    shop.assert_unchanged(&before, "what was refused").await;

    hr.submit(&form).await.expect(303);

    assert_eq!(balance(&shop, ann).await, 2_000);
    assert_eq!(
        shop.scalar("SELECT COUNT(*) FROM orders WHERE state = 'cancelled' AND refunded = 660").await,
        1
    );
    assert_eq!(shop.scalar("SELECT CAST(SUM(stock) AS SIGNED) FROM products").await, 10);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hr_cannot_cancel_what_was_handed_over_or_seen() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 2_000, None).await;
    let lamp = shop.product("Desk lamp", 200, 5).await;
    let voucher = shop.digital_product("Voucher", 100, &["AAAA-1111", "AAAA-2222", "AAAA-3333"]).await;
    let (browser, hr) = (shop.browser_of(ann).await, desk(&shop).await);
    browser
        .post("/cart/lines", &[("product", voucher.id.to_string().as_str()), ("quantity", "3")])
        .await
        .expect(303);
    let number = browser.redeem(&lamp, 1, OFFICE).await;
    let codes = browser.get(&urls::order(&number)).await.expect(200).html();
    let action = codes.attributes("#codes form", "action")[0].clone();
    browser.post(&action, &[]).await.expect(200);
    let whole = |version: i64| [("version", version.to_string()), ("reason", "Recall".to_owned())];
    let post = async |version: i64| {
        let fields = whole(version);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        hr.post(&urls::hr::order_cancellation(&number), &fields).await
    };
    let before = shop.contents().await;
    assert!(
        post(1).await.expect(409).text().contains("A code of this order was shown"),
        "not the whole of it"
    );
    shop.assert_unchanged(&before, "what was refused").await;

    hr.submit(&desk_form(&hr, &number).await).await.expect(303);

    assert_eq!(balance(&shop, ann).await, 1_900, "all but the code that was seen");
    assert_eq!(
        shop.scalar("SELECT COUNT(*) FROM orders WHERE state = 'fulfilled' AND refunded = 400").await,
        1
    );
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM codes WHERE order_line_id IS NULL").await, 2);
    assert!(post(2).await.expect(409).text().contains("A code of this order was shown"));
    let lamps = browser.redeem(&lamp, 1, OFFICE).await;
    hr.post(&urls::hr::order_fulfilment(&lamps), &[("note", "")]).await.expect(303);
    let page = hr.get(&urls::hr::order(&lamps)).await.expect(200).html();
    let notes = format!("main form:not([action='{}'])", urls::hr::order_notes(&lamps));
    assert_eq!(page.count(&notes), 0, "nothing is left to do but to write notes");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn points_of_a_lapsed_lot_come_back_with_a_grace_period() {
    let zone = [("SHOP_TIME_ZONE", "Pacific/Auckland"), ("SHOP_REFUND_GRACE_DAYS", "7")];
    let shop = Shop::open_with(&zone).await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 150, Some(shop.now().plus_days(2))).await;
    shop.grant(ann, 260, Some(shop.now().plus_days(30))).await;
    shop.grant(ann, 370, None).await;
    let lamp = shop.product("Desk lamp", 200, 5).await;
    let number = shop.browser_of(ann).await.redeem(&lamp, 2, OFFICE).await;
    assert_eq!((lot(&shop, 150).await, lot(&shop, 260).await, lot(&shop, 370).await), (0, 10, 370));
    shop.advance(2 * DAY_S);
    let browser = shop.browser_of(ann).await;
    let page = browser.get(&urls::order(&number)).await.expect(200).html();
    assert!(page.text_of("main").contains("are good for 7 more days"), "the button says so");

    assert_eq!(cancel(&browser, &number).await, 303);

    assert_eq!((lot(&shop, 150).await, lot(&shop, 260).await, lot(&shop, 370).await), (0, 260, 370));
    let grace = "SELECT COUNT(*) FROM lots l JOIN transfers t ON t.id = l.transfer_id \
                 WHERE t.kind = 'refund' AND l.granted = 150 AND l.remaining = 150 AND l.expires_at = ?";
    // The 17th of June and seven days, to the end of that day where the company is.
    let ends = Day::parse("2026-06-24").unwrap().end_in(chrono_tz::Pacific::Auckland);
    assert_eq!(shop.scalar_of(grace, [ends.into()]).await, 1);
    assert_eq!(balance(&shop, ann).await, 780);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_part_goes_back_to_what_was_drawn_last_and_never_twice() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 150, Some(shop.now().plus_days(20))).await;
    shop.grant(ann, 260, Some(shop.now().plus_days(30))).await;
    let lamp = shop.product("Desk lamp", 100, 5).await;
    let (browser, hr) = (shop.browser_of(ann).await, desk(&shop).await);
    let number = browser.redeem(&lamp, 4, OFFICE).await;
    assert_eq!((lot(&shop, 150).await, lot(&shop, 260).await), (0, 10));
    let line = format!("line-{}", shop.id_of("SELECT id FROM order_lines", []).await);
    let mut found = Vec::new();
    for _ in 0..4 {
        hr.submit(&desk_form(&hr, &number).await.with(&line, "1")).await.expect(303);
        found.push((lot(&shop, 150).await, lot(&shop, 260).await));
    }
    assert_eq!(found, [(0, 110), (0, 210), (50, 260), (150, 260)]);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_left_gets_the_points_back_all_the_same_and_zero_days_is_never() {
    let shop = Shop::open_with(&[("SHOP_CANCEL_WITHIN_DAYS", "0")]).await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 200, None).await;
    let lamp = shop.product("Desk lamp", 200, 5).await;
    let (browser, hr) = (shop.browser_of(ann).await, desk(&shop).await);
    let number = browser.redeem(&lamp, 1, OFFICE).await;
    assert_eq!(cancel(&browser, &number).await, 409);
    shop.deactivate(ann).await;

    hr.submit(&desk_form(&hr, &number).await).await.expect(303);

    assert_eq!(balance(&shop, ann).await, 200);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_queue_shows_what_waits_oldest_first() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 2_000, None).await;
    let lamp = shop.product("Desk lamp", 100, 9).await;
    let (browser, hr) = (shop.browser_of(ann).await, desk(&shop).await);
    let mut numbers = Vec::new();
    for _ in 0..4 {
        numbers.push(browser.redeem(&lamp, 1, OFFICE).await);
        shop.advance(60);
    }
    hr.post(&urls::hr::order_preparation(&numbers[0]), &[]).await.expect(303);
    hr.post(&urls::hr::order_fulfilment(&numbers[1]), &[("note", "")]).await.expect(303);
    assert_eq!(cancel(&browser, &numbers[2]).await, 303);
    let listed = async |query: &str| {
        let page = hr.get(&format!("/hr/orders{query}")).await.expect(200).html();
        page.attributes("#orders tbody th a", "href")
    };
    assert_eq!(listed("").await, [urls::hr::order(&numbers[0]), urls::hr::order(&numbers[3])]);
    assert_eq!(listed("?state=fulfilled").await, [urls::hr::order(&numbers[1])]);
    assert_eq!(listed("?state=cancelled").await, [urls::hr::order(&numbers[2])]);
    assert_eq!(listed(&format!("?q={}", numbers[3].to_lowercase())).await, [urls::hr::order(&numbers[3])]);
    assert_eq!(listed("?q=nobody").await, [""; 0]);
    assert_eq!(hr.post(&urls::hr::order_preparation(&numbers[1]), &[]).await.status(), 409);
    let long = "x".repeat(501);
    hr.post(&urls::hr::order_fulfilment(&numbers[3]), &[("note", &long)]).await.expect(422);
    hr.get(&urls::hr::order("AW-0000-0000")).await.expect(404);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fewer_than_no_pieces_of_a_line_are_no_cancellation() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 300, None).await;
    let lamp = shop.product("Desk lamp", 100, 5).await;
    let number = shop.browser_of(ann).await.redeem(&lamp, 2, OFFICE).await;
    let line = OrderLineId(shop.id_of("SELECT id FROM order_lines", []).await);
    let (now, policy) = (shop.now(), shop.app.config.cancelling);
    let before = shop.contents().await;
    for lines in [vec![(line, -1), (line, 2)], vec![(line, 0)], vec![(OrderLineId::new(), 1)]] {
        let version = shop.scalar("SELECT version FROM orders").await;
        let wanted = Wanted::Lines(lines.clone());
        let request = Request { number: number.clone(), version, wanted, reason: "Broken".to_owned() };
        let asked = shop.app.db.write("test.cancel", move |tx| {
            let request = request.clone();
            async move { by_hr(tx, now, Actor::Shop, &request, &policy).await }.boxed()
        });
        let refused = asked.await;
        assert!(matches!(refused, Err(Error::Malformed(_))), "{lines:?}: {refused:?}");
    }
    shop.assert_unchanged(&before, "a cancellation of nothing").await;
    shop.close().await;
}
