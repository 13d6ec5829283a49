//! Cancelling at the desk while the order becomes another: what was typed stays, and what the shop says stands beside it.

use awsomeshop::types::id::PersonId;
use awsomeshop::urls;

use super::{OFFICE, buyer, shop_with_desk, show};
use crate::support::Shop;
use crate::support::html::{Form, Html};

const CHANGED: &str = "Somebody else changed this meanwhile. Please look at it as it is now, then try again.";

/// Where the form that cancels goes.
fn selector(number: &str) -> String {
    format!("form[action='{}']", urls::hr::order_cancellation(number))
}

/// The form that cancels, as a page has it.
fn form(page: &Html, number: &str) -> Form {
    page.form(&selector(number))
}

/// The line of the order that was sold at this price, as the form names it.
async fn line(shop: &Shop, price: i64) -> String {
    let id = shop.id_of("SELECT id FROM order_lines WHERE unit_price = ?", [price.into()]).await;
    format!("line-{id}")
}

async fn balance(shop: &Shop, person: PersonId) -> i64 {
    shop.scalar_of("SELECT balance FROM accounts WHERE person_id = ?", [person.into()]).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_cancels_too_late_finds_what_they_typed_and_can_send_it_again() {
    let (shop, hr) = shop_with_desk().await;
    let (ann, browser) = buyer(&shop, "ann").await;
    let (lamp, mug) = (shop.product("Desk lamp", 200, 9).await, shop.product("Mug", 30, 9).await);
    let id = lamp.id.to_string();
    browser.post("/cart/lines", &[("product", &id), ("quantity", "3")]).await.expect(303);
    let number = browser.redeem(&mug, 2, OFFICE).await;
    let (lamps, mugs) = (line(&shop, 200).await, line(&shop, 30).await);
    let old = form(&show(&hr, &number).await, &number);
    let late = old.clone().with("reason", "One is broken").with(&lamps, "1").with(&mugs, "0");
    assert_eq!(late.value("version"), "1");
    // Somebody else is faster.
    hr.submit(&old.with("reason", "Recalled").with(&lamps, "1").with(&mugs, "0")).await.expect(303);
    assert_eq!(balance(&shop, ann).await, 9_540);

    let before = shop.contents().await;
    let page = hr.submit(&late).await.expect(409).html();

    assert_eq!(page.text_of("[role=alert]"), CHANGED);
    assert_eq!(page.text_of(&format!("label[for='{lamps}']")), "Desk lamp: how many of 2");
    assert_eq!(page.count("[aria-invalid]"), 0);
    let again = form(&page, &number);
    let kept = ["version", "reason", lamps.as_str(), mugs.as_str()].map(|field| again.value(field));
    assert_eq!(kept, ["2", "One is broken", "1", "0"]);
    shop.assert_unchanged(&before, "a cancellation that came too late").await;

    hr.submit(&again).await.expect(303);

    assert_eq!(balance(&shop, ann).await, 9_740);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM orders WHERE state = 'placed' AND refunded = 400").await, 1);
    assert_eq!(form(&show(&hr, &number).await, &number).value(&lamps), "1");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_pieces_than_are_left_are_told_beside_what_was_typed() {
    let (shop, hr) = shop_with_desk().await;
    let (ann, browser) = buyer(&shop, "ann").await;
    let voucher = shop.digital_product("Voucher", 100, &["AAAA-1111", "AAAA-2222", "AAAA-3333"]).await;
    let number = browser.redeem(&voucher, 3, "").await;
    let vouchers = line(&shop, 100).await;
    let late = form(&show(&hr, &number).await, &number).with("reason", "Recalled");
    assert_eq!(late.value(&vouchers), "3");
    let codes = browser.get(&urls::order(&number)).await.expect(200).html();
    browser.post(&codes.attributes("#codes form", "action")[0], &[]).await.expect(200);

    let before = shop.contents().await;
    let page = hr.submit(&late).await.expect(409).html();

    assert_eq!(
        page.text_of("[role=alert]"),
        "A code of this order was shown, and what was seen cannot be given back."
    );
    assert_eq!(page.text_of(&format!("label[for='{vouchers}']")), "Voucher: how many of 2");
    let again = form(&page, &number);
    assert_eq!((again.value("reason"), again.value(&vouchers)), ("Recalled", "3"));
    shop.assert_unchanged(&before, "cancelling what was seen").await;

    hr.submit(&again.with(&vouchers, "2")).await.expect(303);

    assert_eq!(balance(&shop, ann).await, 9_900);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_that_was_handed_over_meanwhile_says_so_and_has_no_form_any_more() {
    let (shop, hr) = shop_with_desk().await;
    let (_, browser) = buyer(&shop, "ann").await;
    let mug = shop.product("Mug", 30, 9).await;
    let number = browser.redeem(&mug, 2, OFFICE).await;
    let late = form(&show(&hr, &number).await, &number).with("reason", "Recalled");
    hr.post(&urls::hr::order_fulfilment(&number), &[]).await.expect(303);
    let before = shop.contents().await;
    for (version, sentence) in
        [("1", CHANGED), ("2", "This has been handed over, so it can no longer be cancelled.")]
    {
        let page = hr.submit(&late.clone().with("version", version)).await.expect(409).html();
        assert_eq!(page.text_of("section [role=alert]"), sentence);
        assert!(!page.has(&selector(&number)), "there is nothing to be cancelled");
    }
    shop.assert_unchanged(&before, "cancelling what was handed over").await;
    assert!(!show(&hr, &number).await.has("#cancel-title"), "whoever opens it again asked for nothing");
    shop.close().await;
}
