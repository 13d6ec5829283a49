//! From cart to order, as people do it.

use sea_orm::{FromQueryResult, Value};

use crate::support::Shop;
use crate::support::answer::Answer;
use crate::support::browser::Browser;
use crate::support::html::Form;
use crate::support::setting::Goods;

const CONFIRM_FORM: &str = "form[method=post][action='/checkout']";

/// Ann with so many points, five lamps of a price, and her browser.
async fn ann_and_lamps(points: i64, price: i64) -> (Shop, Browser, Goods) {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, points, None).await;
    let lamp = shop.product("Desk lamp", price, 5).await;
    let browser = shop.browser_of(ann).await;
    (shop, browser, lamp)
}

/// Puts one piece in and opens the confirm page.
async fn confirm(browser: &Browser, product: &str) -> Form {
    let added =
        browser.post("/cart/lines", &[("product", product), ("quantity", "1"), ("then", "checkout")]).await;
    browser.follow(added.expect(303)).await.expect(200).html().form(CONFIRM_FORM)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_employee_signs_in_finds_redeems_and_sees_it_in_the_books() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 500, None).await;
    let lamp = shop.product("Desk lamp", 120, 5).await;
    let browser = shop.browser();
    browser.sign_in("ann").await;
    let found = browser.get("/?q=lamp").await.expect(200);
    assert!(found.text().contains("Desk lamp"));
    browser.get("/products/desk-lamp").await.expect(200);

    let number = browser.redeem(&lamp, 2, "office:berlin").await;

    let page = browser.get(&format!("/orders/{number}")).await.expect(200);
    assert!(page.text().contains("Desk lamp") && page.text().contains("Lamp Street 1"));
    assert_eq!(shop.scalar("SELECT total FROM orders").await, 240);
    assert_eq!(shop.scalar("SELECT stock FROM products").await, 3);
    assert_eq!(shop.scalar("SELECT balance FROM accounts WHERE person_id IS NOT NULL").await, 260);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM cart_lines").await, 0);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM outbox_messages").await, 1);
    let statement = browser.get("/points").await.expect(200).text();
    assert!(statement.contains(&format!("/orders/{number}")) && statement.contains("260"));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_form_again_leads_to_the_same_order() {
    let (shop, browser, lamp) = ann_and_lamps(500, 120).await;
    let form = confirm(&browser, &lamp.id.to_string()).await.with("delivery", "office:berlin");

    let first = browser.submit(&form).await.expect(303);
    let before = shop.contents().await;
    let again = browser.submit(&form).await.expect(303);

    assert_eq!(again.location(), first.location());
    shop.assert_unchanged(&before, "the second submit").await;
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM orders").await, 1);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_changed_in_another_tab_is_shown_before_it_is_ordered() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 1_000, None).await;
    let (lamp, mug) = (shop.product("Desk lamp", 120, 5).await, shop.product("Mug", 120, 5).await);
    let browser = shop.browser_of(ann).await;
    let seen = confirm(&browser, &lamp.id.to_string()).await.with("delivery", "office:berlin");
    browser.post(&format!("/cart/lines/{}/removal", lamp.id), &[]).await.expect(303);
    let form = confirm(&browser, &mug.id.to_string()).await.with("delivery", "office:berlin");
    let before = shop.contents().await;
    browser.submit(&seen).await.expect(409);
    shop.assert_unchanged(&before, "a cart that nobody has seen").await;
    browser.submit(&form).await.expect(303);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM orders").await, 1);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_put_in_while_an_order_is_placed_stays() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 1_000, None).await;
    let (lamp, mug) = (shop.product("Desk lamp", 120, 5).await, shop.product("Mug", 120, 5).await);
    let browser = shop.browser_of(ann).await;
    let form = confirm(&browser, &lamp.id.to_string()).await.with("delivery", "office:berlin");
    // On a server the order waits for its product; in a file nobody can come between.
    let database = shop.database();
    if !database.is_sqlite() {
        database.run("START TRANSACTION").await;
        database.execute("UPDATE products SET stock = stock + 1 WHERE id = ?", [lamp.id.into()]).await;
    }
    let mug = mug.id.to_string();
    let meanwhile = async {
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        browser.post("/cart/lines", &[("product", &mug), ("quantity", "1")]).await.expect(303);
        if !database.is_sqlite() {
            database.run("ROLLBACK").await;
        }
    };
    let (placed, ()) = futures::join!(browser.submit(&form), meanwhile);
    placed.expect(303);
    let left =
        "SELECT COUNT(*) FROM cart_lines c JOIN products p ON p.id = c.product_id WHERE p.name = 'Mug'";
    assert_eq!((shop.scalar(left).await, shop.scalar("SELECT COUNT(*) FROM cart_lines").await), (1, 1));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_key_for_another_cart_or_total_is_refused() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 1_000, None).await;
    let (lamp, mug) = (shop.product("Desk lamp", 120, 5).await, shop.product("Mug", 120, 5).await);
    let browser = shop.browser_of(ann).await;
    let first = confirm(&browser, &lamp.id.to_string()).await.with("delivery", "office:berlin");
    browser.submit(&first).await.expect(303);
    let second = confirm(&browser, &mug.id.to_string()).await.with("delivery", "office:berlin");

    let before = shop.contents().await;
    browser.submit(&second.clone().with("key", first.value("key"))).await.expect(422);
    browser.submit(&first.clone().with("expected_total", "240")).await.expect(422);
    shop.assert_unchanged(&before, "a reused key").await;

    browser.submit(&second).await.expect(303);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM orders").await, 2);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_higher_price_is_asked_again_and_a_lower_one_is_taken() {
    let (shop, browser, lamp) = ann_and_lamps(500, 120).await;
    let form = confirm(&browser, &lamp.id.to_string()).await.with("delivery", "office:berlin");

    shop.sql("UPDATE products SET price = 130", []).await;
    let before = shop.contents().await;
    let refused = browser.submit(&form).await.expect(409);
    assert!(refused.text().contains("120") && refused.text().contains("130"), "{refused}");
    shop.assert_unchanged(&before, "a dearer order").await;
    let asked_again = refused.html().form(CONFIRM_FORM);
    assert_eq!(asked_again.value("expected_total"), "130");
    assert_eq!(asked_again.value("delivery"), "office:berlin", "what was chosen is kept");

    shop.sql("UPDATE products SET price = 100", []).await;
    browser.submit(&asked_again).await.expect(303);
    assert_eq!(shop.scalar("SELECT total FROM orders").await, 100);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_refusal_says_the_numbers_changes_nothing_and_keeps_the_cart() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 100, None).await;
    let lamp = shop.product("Desk lamp", 100, 1).await;
    let browser = shop.browser_of(ann).await;
    let form = confirm(&browser, &lamp.id.to_string()).await.with("delivery", "office:berlin");
    let changes = [
        ("UPDATE products SET price = 101", "UPDATE products SET price = 100", "1"),
        ("UPDATE products SET stock = 0", "UPDATE products SET stock = 1", "Desk lamp"),
        ("UPDATE products SET state = 'archived'", "UPDATE products SET state = 'listed'", "Desk lamp"),
    ];
    for (change, back, said) in changes {
        shop.sql(change, []).await;
        let before = shop.contents().await;
        let refused = browser.submit(&form).await.expect(409);
        assert!(refused.text().contains(said), "{change}: {refused}");
        shop.assert_unchanged(&before, change).await;
        shop.sql(back, []).await;
    }
    assert_eq!(shop.scalar("SELECT quantity FROM cart_lines").await, 1);
    browser.submit(&form).await.expect(303);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_few_points_are_told_to_the_point() {
    let (shop, browser, lamp) = ann_and_lamps(70, 100).await;
    let form = confirm(&browser, &lamp.id.to_string()).await.with("delivery", "office:berlin");
    let before = shop.contents().await;

    let refused = browser.submit(&form).await.expect(409);

    assert!(refused.text().contains("30 points"), "{refused}");
    shop.assert_unchanged(&before, "an order beyond the balance").await;
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn goods_need_somewhere_to_go_and_codes_do_not() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 500, None).await;
    let lamp = shop.product("Desk lamp", 100, 5).await;
    let voucher = shop.digital_product("Book voucher", 50, &["AAAA-1111", "BBBB-2222"]).await;
    let browser = shop.browser_of(ann).await;

    let form = confirm(&browser, &lamp.id.to_string()).await;
    let before = shop.contents().await;
    let refused = browser.submit(&form).await.expect(422);
    assert!(refused.html().has("#delivery-error"), "{refused}");
    shop.assert_unchanged(&before, "an order without delivery").await;
    browser.post(&format!("/cart/lines/{}/removal", lamp.id), &[]).await.expect(303);

    let number = browser.redeem(&voucher, 2, "").await;
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM orders WHERE state = 'fulfilled'").await, 1);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM codes WHERE order_line_id IS NOT NULL").await, 2);
    let page = browser.get(&format!("/orders/{number}")).await.expect(200).text();
    assert!(!page.contains("AAAA-1111") && !page.contains("BBBB-2222"), "codes are hidden until asked for");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_is_shown_to_its_owner_on_a_click_that_is_remembered_once() {
    let shop = Shop::open().await;
    let (ann, ben) = (shop.person("ann").await, shop.person("ben").await);
    shop.grant(ann, 500, None).await;
    let voucher = shop.digital_product("Book voucher", 50, &["AAAA-1111"]).await;
    let browser = shop.browser_of(ann).await;
    let number = browser.redeem(&voucher, 1, "").await;
    let code = shop.id_of("SELECT id FROM codes", []).await;
    let reveal = format!("/orders/{number}/codes/{code}/reveal");

    let other = shop.browser_of(ben).await;
    let before = shop.contents().await;
    other.post(&reveal, &[]).await.expect(404);
    shop.assert_unchanged(&before, "somebody else's look at a code").await;

    // It was sold by a task whose clock is ahead; the books hold in spite of it.
    shop.advance(-300);
    let shown = browser.ask(reqwest::Method::POST, &reveal).htmx("codes").form(&[]).send().await.expect(200);
    assert!(shown.text().contains("AAAA-1111"));
    browser.post(&reveal, &[]).await.expect(200);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM order_events WHERE kind = 'code-revealed'").await, 1);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM audit_events WHERE action = 'code.reveal'").await, 1);
    let sealed = shop.scalar("SELECT COUNT(*) FROM codes WHERE sealed LIKE '%AAAA-1111%'").await;
    assert_eq!(sealed, 0, "codes are sealed at rest");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_code_of_two_is_shown_and_only_in_the_answer_to_its_click() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 500, None).await;
    let all = ["AAAA-1111", "BBBB-2222"];
    let voucher = shop.digital_product("Book voucher", 50, &all).await;
    let browser = shop.browser_of(ann).await;
    let order = format!("/orders/{}", browser.redeem(&voucher, 2, "").await);
    let shown = |answer: &Answer| {
        let text = answer.text();
        let there: Vec<&str> = all.into_iter().filter(|code| text.contains(code)).collect();
        assert_eq!(answer.html().all("#codes output"), there);
        there
    };
    let reveal = async |end: &str| {
        let code = shop.id_of("SELECT id FROM codes WHERE last_four = ?", [end.into()]).await;
        shown(&browser.post(&format!("{order}/codes/{code}/reveal"), &[]).await.expect(200))
    };

    assert_eq!(reveal("1111").await, ["AAAA-1111"]);
    assert_eq!(shown(&browser.get(&order).await.expect(200)), [""; 0]);
    assert_eq!(reveal("2222").await, ["BBBB-2222"]);
    assert_eq!(reveal("1111").await, ["AAAA-1111"]);
    assert_eq!(shown(&browser.get(&order).await.expect(200)), [""; 0]);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM order_events WHERE kind = 'code-revealed'").await, 2);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn points_that_expire_first_are_spent_first() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    let (soon, later) = (shop.now().plus_days(10), shop.now().plus_days(100));
    shop.grant(ann, 100, None).await;
    shop.grant(ann, 100, Some(later)).await;
    shop.grant(ann, 100, Some(soon)).await;
    let lamp = shop.product("Desk lamp", 150, 5).await;

    shop.browser_of(ann).await.redeem(&lamp, 1, "office:berlin").await;

    let left = |at: Value| shop.scalar_of("SELECT remaining FROM lots WHERE expires_at = ?", [at]);
    assert_eq!(left(soon.into()).await, 0);
    assert_eq!(left(later.into()).await, 50);
    assert_eq!(shop.scalar("SELECT remaining FROM lots WHERE expires_at IS NULL").await, 100);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_has_lapsed_ends_before_an_order_is_paid_also_when_no_job_has_run() {
    #[derive(FromQueryResult)]
    struct Booked {
        kind: String,
        amount: i64,
        balance_after: i64,
    }
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 100, Some(shop.now().plus_days(1))).await;
    shop.grant(ann, 80, None).await;
    let lamp = shop.product("Desk lamp", 30, 5).await;
    shop.advance(86_400);
    shop.browser_of(ann).await.redeem(&lamp, 1, "office:berlin").await;
    let booked: Vec<Booked> =
        shop.database().rows("SELECT kind, amount, balance_after FROM transfers ORDER BY id").await;
    let booked: Vec<_> =
        booked.iter().map(|row| (row.kind.as_str(), row.amount, row.balance_after)).collect();
    assert_eq!(booked, [("grant", 100, 100), ("grant", 80, 180), ("expire", 100, 80), ("redeem", 30, 50)]);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lapsed_points_pay_nothing_even_before_the_job_has_run() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 100, Some(shop.now().plus_seconds(60))).await;
    shop.grant(ann, 50, None).await;
    let lamp = shop.product("Desk lamp", 60, 5).await;
    shop.advance(60);
    let browser = shop.browser_of(ann).await;

    let form = confirm(&browser, &lamp.id.to_string()).await.with("delivery", "office:berlin");
    let refused = browser.submit(&form).await.expect(409);

    assert!(refused.text().contains("10 points"), "{refused}");
    shop.job(awsomeshop::server::jobs::Job::ExpirePoints).await;
    shop.job(awsomeshop::server::jobs::Job::ExpirePoints).await;
    assert_eq!(shop.scalar("SELECT balance FROM accounts WHERE person_id IS NOT NULL").await, 50);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM transfers WHERE kind = 'expire'").await, 1);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deactivated_person_cannot_place_the_order_that_was_open() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 500, None).await;
    let lamp = shop.product("Desk lamp", 100, 5).await;
    let browser = shop.browser_of(ann).await;
    let form = confirm(&browser, &lamp.id.to_string()).await.with("delivery", "office:berlin");
    shop.deactivate(ann).await;
    let before = shop.contents().await;

    let refused = browser.submit(&form).await.expect(303);

    assert!(refused.location().starts_with("/sign-in"), "{refused}");
    shop.assert_unchanged(&before, "a deactivated person's order").await;
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_elses_order_is_as_good_as_none() {
    let shop = Shop::open().await;
    let (ann, ben) = (shop.person("ann").await, shop.person("ben").await);
    shop.grant(ann, 500, None).await;
    let lamp = shop.product("Desk lamp", 100, 5).await;
    let number = shop.browser_of(ann).await.redeem(&lamp, 1, "office:berlin").await;
    let browser = shop.browser_of(ben).await;
    browser.get(&format!("/orders/{number}")).await.expect(404);
    browser.get("/orders/0000-0000").await.expect(404);
    assert!(!browser.get("/orders").await.expect(200).text().contains(&number));
    shop.close().await;
}
