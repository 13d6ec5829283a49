//! Entering a product and changing it: what is kept, what is refused beside its field, and two people at once.

use super::*;

const AUDITED: &str = "SELECT COUNT(*) FROM audit_events WHERE action = ?";

#[tokio::test]
async fn a_new_product_is_a_draft_that_only_the_desk_sees() {
    let (shop, hr) = desk().await;
    let filled = lamp_form(&hr).await.with("terms", "No returns.").with("how_to_use", "Switch it on.");
    let filled = filled.with("limit_count", "2").with("limit_period", "year").with("low_stock_at", "4");
    let address = enter(&hr, &filled).await;
    // A second click finds the first one's product.
    assert_eq!(enter(&hr, &filled).await, address);

    let shown = page(&hr, &address).await;
    assert_eq!(shown.text_of("h1"), "Desk Lamp");
    assert_eq!(shown.text_of(".head .badge"), "Draft");
    let facts = shown.text_of("main");
    for told in ["300 points", "/products/desk-lamp", "2 a year", "Switch it on.", "No returns.", "from 4 on"]
    {
        assert!(facts.contains(told), "{told} in {facts}");
    }
    assert_eq!(
        shown.attribute("a[href$='/pictures']", "href"),
        Some(format!("{address}/pictures")),
        "the way to the pictures"
    );
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM products WHERE state = 'draft'").await, 1);
    assert_eq!(shop.scalar_of(AUDITED, ["product.create".into()]).await, 1);
    let ann = ann(&shop, 1_000).await;
    assert_eq!(ann.get("/products/desk-lamp").await.status(), 404);
    assert!(page(&ann, "/").await.text_of("#results").contains("No products"));
    shop.close().await;
}

#[tokio::test]
async fn what_does_not_fit_is_said_beside_its_field_and_kept() {
    let (shop, hr) = desk().await;
    let good = lamp_form(&hr).await.with("terms", "No\r\nreturns.");
    let nobody = "00000000-0000-7000-8000-000000000000";
    let long = "x".repeat(121);
    let too_long = "ü".repeat(10_001);
    let wrong = [
        ("name", "", "Please fill this in."),
        ("name", " ", "Please fill this in."),
        ("name", long.as_str(), "Please keep this to 120 characters."),
        ("slug", "Desk Lamp", "Please use small letters a to z, digits and dashes."),
        ("category", nobody, "Please choose from the list."),
        ("category", "light", "Please choose from the list."),
        ("kind", "virtual", "Please choose from the list."),
        ("price", "", "Please fill this in."),
        ("price", "0", "Please choose a number from 1 to 1,000,000,000."),
        ("price", "1000000001", "Please choose a number from 1 to 1,000,000,000."),
        ("price", "12.5", "Please enter a whole number."),
        ("description", "\r\n", "Please fill this in."),
        ("description", too_long.as_str(), "Please keep this to 20,000 characters."),
        ("visible_from", "tomorrow", "Please enter a date."),
        ("visible_until", "2026-02-30", "Please enter a date."),
        ("limit_count", "0", "Please choose a number from 1 to 1,000,000,000."),
        ("limit_count", "many", "Please enter a whole number."),
        ("low_stock_at", "-1", "Please enter a whole number."),
        ("low_stock_at", "", "Please fill this in."),
    ];
    let before = shop.contents().await;
    for (field, value, sentence) in wrong {
        let answer = hr.submit(&good.clone().with(field, value)).await.expect(422);
        let html = answer.html();
        assert_eq!(html.all("main .field__error"), [sentence], "{field}={value}");
        assert!(html.has(&format!("[name={field}][aria-invalid=true]")), "{field}={value}");
        let kept = html.html_form();
        if field != "terms" {
            assert_eq!(kept.value("terms").replace("\r\n", "\n"), "No\nreturns.");
        }
        assert_eq!(kept.value("key"), good.value("key"));
    }
    let two = good.clone().with("visible_from", "2026-07-02").with("visible_until", "2026-07-01");
    let answer = hr.submit(&two).await.expect(422).html();
    assert_eq!(answer.all("main .field__error"), ["The end of this range is before its start."]);
    let many = good.clone().with("name", "").with("price", "").with("limit_count", "x");
    assert_eq!(hr.submit(&many).await.expect(422).html().count("main .field__error"), 3);
    shop.assert_unchanged(&before, "a form that does not fit").await;
    shop.close().await;
}

#[tokio::test]
async fn an_address_is_free_until_it_was_listed_and_the_kind_until_there_was_stock() {
    let (shop, hr) = desk().await;
    let first = enter(&hr, &lamp_form(&hr).await).await;
    let second = enter(&hr, &lamp_form(&hr).await).await;
    let edit = form(&hr, &format!("{second}/edit")).await;
    assert_eq!(edit.value("slug"), "desk-lamp-2");
    let taken = hr.submit(&edit.clone().with("slug", "desk-lamp")).await.expect(422).html();
    assert_eq!(taken.all("main .field__error"), ["This is taken already. Please choose another."]);
    hr.submit(&edit.with("slug", "night-lamp").with("kind", "digital")).await.expect(303);
    let new = lamp_form(&hr).await.with("slug", "night-lamp");
    assert_eq!(hr.submit(&new).await.status(), 422, "a chosen address is not numbered");

    press(&hr, &second, "listed").await.expect(303);
    let before = shop.contents().await;
    let edit = form(&hr, &format!("{second}/edit")).await;
    let fixed = hr.submit(&edit.clone().with("slug", "other")).await.expect(422).html();
    assert_eq!(fixed.all("main .field__error"), ["This can no longer be changed."]);
    shop.assert_unchanged(&before, "another address").await;
    // Nothing of it ever was in stock.
    hr.submit(&edit.with("kind", "physical")).await.expect(303);

    adjust(&hr, &first, "received", "1").await.expect(303);
    let edit = form(&hr, &format!("{first}/edit")).await;
    let fixed = hr.submit(&edit.with("kind", "digital")).await.expect(422).html();
    assert_eq!(fixed.all("main .field__error"), ["This can no longer be changed."]);
    shop.close().await;
}

#[tokio::test]
async fn of_two_who_edit_at_once_the_second_is_told_and_loses_nothing() {
    let (shop, hr) = desk().await;
    let address = enter(&hr, &lamp_form(&hr).await).await;
    let other = shop.super_admin().await;
    let mine = form(&hr, &format!("{address}/edit")).await;
    let theirs = form(&other, &format!("{address}/edit")).await;
    other.submit(&theirs.with("price", "350").with("terms", "Ask first.")).await.expect(303);

    let before = shop.contents().await;
    let mine = mine.with("name", "Better Lamp").with("price", "320");
    let answer = hr.submit(&mine).await.expect(409).html();
    shop.assert_unchanged(&before, "an edit of what has changed").await;
    let note = answer.text_of("[role=alert]");
    assert!(note.contains("Somebody else has changed this"), "{note}");
    assert_eq!(answer.all(".theirs dt"), ["Name", "Points", "Terms"]);
    assert_eq!(answer.all(".theirs dd"), ["Desk Lamp", "350", "Ask first."]);
    let again = answer.html_form();
    assert_eq!((again.value("name"), again.value("price")), ("Better Lamp", "320"));
    hr.submit(&again).await.expect(303);

    let told = "SELECT COUNT(*) FROM products WHERE name = 'Better Lamp' AND price = 320 AND version = 3";
    assert_eq!(shop.scalar(told).await, 1);
    assert_eq!(shop.scalar_of(AUDITED, ["product.edit".into()]).await, 2);
    // The same once more says nothing new, so nothing is written.
    let before = shop.contents().await;
    let same = form(&hr, &format!("{address}/edit")).await;
    hr.submit(&same).await.expect(303);
    shop.assert_unchanged(&before, "an edit that says what is so").await;
    shop.close().await;
}

#[tokio::test]
async fn the_audit_trail_knows_before_and_after() {
    let (shop, hr) = desk().await;
    let address = enter(&hr, &lamp_form(&hr).await).await;
    let edit = form(&hr, &format!("{address}/edit")).await;
    hr.submit(&edit.with("price", "350").with("limit_count", "3")).await.expect(303);
    let details = "SELECT COUNT(*) FROM audit_events WHERE action = 'product.edit' AND actor_id IS NOT NULL \
        AND REPLACE(CAST(details AS CHAR), ' ', '') LIKE '%\"before\":{\"limit\":null,\"price\":300}%' \
        AND REPLACE(CAST(details AS CHAR), ' ', '') LIKE '%\"after\":{\"limit\":\"3/month\",\"price\":350}%'";
    assert_eq!(shop.scalar(details).await, 1);
    shop.close().await;
}

#[tokio::test]
async fn edits_of_one_version_at_once_are_one_edit() {
    let (shop, hr) = desk().await;
    let address = enter(&hr, &lamp_form(&hr).await).await;
    let edit = form(&hr, &format!("{address}/edit")).await;
    let all = (0..8).map(|n| {
        let (hr, form) = (hr.clone(), edit.clone().with("price", &format!("{}", 400 + n)));
        async move { hr.submit(&form).await.status() }
    });
    let mut statuses = futures::future::join_all(all).await;
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409, 409, 409, 409, 409, 409, 409]);
    assert_eq!(shop.scalar("SELECT version FROM products").await, 2);
    assert_eq!(shop.scalar_of(AUDITED, ["product.edit".into()]).await, 1);
    shop.close().await;
}

#[tokio::test]
async fn an_edit_that_is_sent_again_is_one_edit_until_somebody_else_makes_another() {
    let (shop, hr) = desk().await;
    let address = enter(&hr, &lamp_form(&hr).await).await;
    let edit = form(&hr, &format!("{address}/edit")).await.with("price", "350").with("slug", "night-lamp");
    for click in futures::future::join_all((0..8).map(|_| hr.submit(&edit))).await {
        assert_eq!(click.expect(303).location(), address);
    }
    let before = shop.contents().await;
    assert_eq!(hr.submit(&edit).await.expect(303).location(), address);
    shop.assert_unchanged(&before, "the same click again").await;
    assert_eq!(shop.scalar("SELECT version FROM products WHERE price = 350").await, 2);
    assert_eq!(shop.scalar_of(AUDITED, ["product.edit".into()]).await, 1);

    let another = form(&hr, &format!("{address}/edit")).await.with("price", "400");
    hr.submit(&another).await.expect(303);
    let before = shop.contents().await;
    let late = hr.submit(&edit).await.expect(409).html();
    assert_eq!(late.all(".theirs dt"), ["Points"]);
    assert_eq!(late.all(".theirs dd"), ["400"]);
    shop.assert_unchanged(&before, "an edit of what has changed").await;
    shop.close().await;
}

#[tokio::test]
async fn products_that_are_not_there_are_not_found() {
    let (shop, hr) = desk().await;
    for id in ["nothing", "00000000-0000-7000-8000-000000000000"] {
        for rest in ["", "/edit", "/stock", "/stock.csv", "/codes", "/codes.csv"] {
            assert_eq!(hr.get(&format!("/hr/products/{id}{rest}")).await.status(), 404, "{id}{rest}");
        }
    }
    let address = enter(&hr, &lamp_form(&hr).await).await;
    for rest in ["/codes", "/codes.csv"] {
        assert_eq!(hr.get(&format!("{address}{rest}")).await.status(), 404, "a lamp has no codes");
    }
    shop.close().await;
}
