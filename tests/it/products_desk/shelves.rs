//! On and off the shelves: employees notice at once, and nothing that is not on offer can be ordered.

use awsomeshop::catalog::stock::{self, Take};
use awsomeshop::error::{Error, Refusal};
use awsomeshop::types::actor::Actor;
use awsomeshop::types::id::OrderId;
use awsomeshop::types::points::Points;
use awsomeshop::types::quantity::Quantity;
use serde_json::json;

use super::*;
use crate::grant_runs::stage::trail;

const CONFIRM: &str = "form[method=post][action='/checkout']";
const DAY_S: i64 = 86_400;

async fn names(browser: &Browser) -> Vec<String> {
    page(browser, "/").await.all("#results .card__name a")
}

#[tokio::test]
async fn what_is_listed_and_unlisted_shows_at_the_next_request() {
    let (shop, hr) = desk().await;
    let (address, lamp) = listed_lamp(&hr, "5").await;
    let ann = ann(&shop, 1_000).await;
    assert_eq!(names(&ann).await, ["Desk Lamp"]);
    let shown = page(&hr, &address).await;
    assert_eq!(shown.text_of(".head .badge"), "Listed");
    assert_eq!(shown.attributes("a[href='/products/desk-lamp']", "href").len(), 1);

    press(&hr, &address, "unlisted").await.expect(303);
    assert_eq!(names(&ann).await, [""; 0]);
    assert_eq!(ann.get("/products/desk-lamp").await.status(), 404);
    assert_eq!(put_into_cart(&ann, &lamp).await.status(), 409);
    press(&hr, &address, "listed").await.expect(303);
    assert_eq!(names(&ann).await, ["Desk Lamp"]);
    put_into_cart(&ann, &lamp).await.expect(303);
    let steps = "SELECT COUNT(*) FROM audit_events WHERE action IN ('product.list', 'product.unlist')";
    assert_eq!(shop.scalar(steps).await, 3);
    shop.close().await;
}

#[tokio::test]
async fn what_was_archived_stays_in_carts_and_cannot_be_ordered() {
    let (shop, hr) = desk().await;
    let (address, lamp) = listed_lamp(&hr, "5").await;
    let ann = ann(&shop, 1_000).await;
    put_into_cart(&ann, &lamp).await.expect(303);
    let confirm = page(&ann, "/checkout").await.form(CONFIRM).with("delivery", "office:berlin");
    press(&hr, &address, "archived").await.expect(303);

    let before = shop.contents().await;
    let refused = ann.submit(&confirm).await.expect(409);
    assert!(refused.html().text_of("main").contains("Desk Lamp is no longer offered."));
    shop.assert_unchanged(&before, "an order of what was archived").await;
    let cart = page(&ann, "/cart").await;
    assert!(cart.text_of("main").contains("No longer offered"), "{}", cart.text_of("main"));
    assert!(!cart.has("a[href='/checkout']:not([aria-disabled])"));

    // From the archive it comes back unlisted, and then onto the shelves.
    assert_eq!(press(&hr, &address, "listed").await.status(), 409);
    press(&hr, &address, "unlisted").await.expect(303);
    press(&hr, &address, "listed").await.expect(303);
    ann.submit(&confirm).await.expect(303);
    let change = json!({ "before": { "state": "listed" }, "after": { "state": "archived" } });
    let subject = format!("product {}", lamp.id);
    assert_eq!(trail(&shop, "product.archive").await, [json!(["hr-products", subject, change])]);
    shop.close().await;
}

#[tokio::test]
async fn a_window_of_time_opens_and_closes_where_the_company_is() {
    let (shop, hr) = desk().await;
    // It is noon of 15 June in Berlin.
    let filled = lamp_form(&hr).await.with("visible_from", "2026-06-16").with("visible_until", "2026-06-17");
    let address = enter(&hr, &filled).await;
    adjust(&hr, &address, "received", "5").await.expect(303);
    press(&hr, &address, "listed").await.expect(303);
    let product = id_of(&address).to_string();
    let line = [("product", product.as_str()), ("quantity", "1")];
    ann(&shop, 1_000).await;
    let edit = form(&hr, &format!("{address}/edit")).await;
    assert_eq!((edit.value("visible_from"), edit.value("visible_until")), ("2026-06-16", "2026-06-17"));

    shop.advance(12 * 3_600 - 1);
    let (hr, ann) = (again(&shop, "hr-products").await, again(&shop, "ann").await);
    assert_eq!(page(&hr, &address).await.text_of(".head .badge"), "Listed, not yet shown");
    assert_eq!((names(&ann).await.len(), ann.get("/products/desk-lamp").await.status()), (0, 404));
    assert_eq!(ann.post("/cart/lines", &line).await.status(), 409);
    shop.advance(1);
    assert_eq!(page(&hr, &address).await.text_of(".head .badge"), "Listed");
    assert_eq!(names(&ann).await, ["Desk Lamp"]);
    ann.post("/cart/lines", &line).await.expect(303);
    let confirm = page(&ann, "/checkout").await.form(CONFIRM).with("delivery", "office:berlin");

    shop.advance(2 * DAY_S);
    let (hr, ann) = (again(&shop, "hr-products").await, again(&shop, "ann").await);
    assert_eq!(page(&hr, &address).await.text_of(".head .badge"), "Listed, no longer shown");
    assert_eq!(names(&ann).await, [""; 0]);
    let before = shop.contents().await;
    assert_eq!(ann.submit(&confirm).await.status(), 409);
    assert_eq!(ann.post(&format!("/cart/lines/{product}"), &[("quantity", "2")]).await.status(), 409);
    shop.assert_unchanged(&before, "an order after the window has closed").await;
    // Whoever has it in the cart still sees what it was.
    assert!(page(&ann, "/products/desk-lamp").await.text_of("main").contains("This is no longer offered."));
    hr.submit(&form(&hr, &format!("{address}/edit")).await.with("visible_until", "")).await.expect(303);
    ann.submit(&confirm).await.expect(303);
    shop.close().await;
}

#[tokio::test]
async fn what_changes_under_a_checkout_is_judged_by_stock_itself() {
    let (shop, hr) = desk().await;
    let (_, lamp) = listed_lamp(&hr, "5").await;
    let (now, order_id) = (shop.now(), OrderId::new());
    let withdrawn: fn(&Refusal) -> bool =
        |why| matches!(why, Refusal::Withdrawn { name } if name == "Desk Lamp");
    let dearer: fn(&Refusal) -> bool =
        |why| matches!(why, Refusal::PriceChanged { was: Points(300), now: Points(301) });
    let sold_out: fn(&Refusal) -> bool = |why| matches!(why, Refusal::OutOfStock { .. });
    let soon = now.plus_seconds(1);
    for (change, at, is_expected) in [
        ("visible_from = ?", soon, withdrawn),
        ("visible_from = NULL, visible_until = ?", now, withdrawn),
        ("visible_until = ?, state = 'unlisted'", soon, withdrawn),
        ("visible_until = ?, state = 'listed', price = 301", soon, dearer),
        ("visible_until = ?, price = 300, stock = 0", soon, sold_out),
    ] {
        shop.sql(&format!("UPDATE products SET {change} WHERE id = ?"), [at.into(), lamp.id.into()]).await;
        let taken = shop.app.db.write("test.take", move |tx| {
            let take = Take { product_id: lamp.id, quantity: Quantity::ONE, unit_price: Points(300) };
            Box::pin(async move { stock::take(tx, now, Actor::Shop, order_id, &take).await })
        });
        let refused = taken.await;
        assert!(matches!(&refused, Err(Error::Refused(why)) if is_expected(why)), "{change}: {refused:?}");
    }
    shop.sql("UPDATE products SET stock = 5 WHERE id = ?", [lamp.id.into()]).await;
    shop.close().await;
}

#[tokio::test]
async fn a_button_pressed_twice_does_it_once_and_an_old_page_does_nothing() {
    let (shop, hr) = desk().await;
    let address = enter(&hr, &lamp_form(&hr).await).await;
    let state = format!("{address}/state");
    let list = [("state", "listed"), ("version", "1")];
    hr.post(&state, &list).await.expect(303);
    let before = shop.contents().await;
    hr.post(&state, &list).await.expect(303);
    let stale = hr.post(&state, &[("state", "archived"), ("version", "1")]).await.expect(409);
    assert!(stale.html().text_of("[role=alert]").contains("Somebody else changed this meanwhile."));
    assert_eq!(hr.post(&state, &[("state", "draft"), ("version", "2")]).await.status(), 409);
    assert_eq!(hr.post(&state, &[("state", "gone"), ("version", "2")]).await.status(), 400);
    shop.assert_unchanged(&before, "what was done already, or cannot be,").await;
    shop.close().await;
}

#[tokio::test]
async fn only_a_draft_without_a_past_can_be_removed() {
    let (shop, hr) = desk().await;
    let draft = enter(&hr, &lamp_form(&hr).await).await;
    let stocked = enter(&hr, &lamp_form(&hr).await).await;
    adjust(&hr, &stocked, "received", "1").await.expect(303);
    adjust(&hr, &stocked, "lost", "1").await.expect(303);
    let pictured = enter(&hr, &lamp_form(&hr).await).await;
    let picture = "INSERT INTO pictures (id, product_id, position, object_key, widths, alt, created_at) \
                   SELECT id, id, 0, 'x', '320', '', created_at FROM products WHERE id = ?";
    shop.sql(picture, [id_of(&pictured).into()]).await;
    let (listed, _) = listed_lamp(&hr, "0").await;
    let before = shop.contents().await;
    for address in [&stocked, &pictured, &listed] {
        assert!(!page(&hr, address).await.has("form[action$='/removal']"), "{address}");
        let refused = hr.post(&format!("{address}/removal"), &[]).await.expect(409);
        assert!(refused.html().text_of("[role=alert]").contains("can be archived but not removed"));
    }
    shop.assert_unchanged(&before, "a refused removal").await;
    let removal = page(&hr, &draft).await.form("form[action$='/removal']");
    assert_eq!(hr.submit(&removal).await.expect(303).location(), "/hr/products");
    assert_eq!(hr.get(&draft).await.status(), 404);
    assert_eq!(hr.submit(&removal).await.expect(303).location(), "/hr/products", "twice is once");
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM audit_events WHERE action = 'product.remove'").await, 1);
    shop.close().await;
}
