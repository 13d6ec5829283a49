//! The cart: adding, changing, removing, and what it says when the shop has changed meanwhile.

use crate::support::{Shop, database};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_added_counts_and_the_total_follows() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 500, None).await;
    let lamp = shop.product("Desk lamp", 120, 5).await;
    let browser = shop.browser_of(ann).await;
    let id = lamp.id.to_string();
    for _ in 0..2 {
        browser.post("/cart/lines", &[("product", &id), ("quantity", "1")]).await.expect(303);
    }
    let page = browser.get("/cart").await.expect(200);
    assert!(page.text().contains("240") && page.text().contains("260"), "total and balance after: {page}");
    assert_eq!(page.html().text_of("#cart-count"), "2");

    let line = format!("/cart/lines/{id}");
    let changed =
        browser.ask(reqwest::Method::POST, &line).htmx("cart").form(&[("quantity", "3")]).send().await;
    let block = changed.expect(200);
    assert!(block.html().has("#cart") && !block.text().contains("<html"), "the block alone: {block}");
    assert!(block.text().contains("360"));

    browser.post(&format!("{line}/removal"), &[]).await.expect(303);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM cart_lines").await, 0);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_than_there_is_or_anything_but_a_plain_number_is_refused() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    let lamp = shop.product("Desk lamp", 120, 2).await;
    let browser = shop.browser_of(ann).await;
    let id = lamp.id.to_string();
    let before = shop.contents().await;
    for (quantity, status) in [
        ("3", 409),
        ("0", 400),
        ("51", 400),
        ("-1", 400),
        ("1.0", 400),
        ("1e3", 400),
        (" 1", 400),
        ("0x10", 400),
        ("٣", 400),
        ("9223372036854775808", 400),
    ] {
        browser.post("/cart/lines", &[("product", &id), ("quantity", quantity)]).await.expect(status);
    }
    browser.post("/cart/lines", &[("product", "nothing"), ("quantity", "1")]).await.expect(404);
    browser.post(&format!("/cart/lines/{id}"), &[("quantity", "1")]).await.expect(404);
    shop.assert_unchanged(&before, "a refused line").await;
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn prices_and_totals_from_the_browser_are_not_listened_to() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 500, None).await;
    let lamp = shop.product("Desk lamp", 120, 5).await;
    let browser = shop.browser_of(ann).await;
    let id = lamp.id.to_string();
    let fields = [
        ("product", id.as_str()),
        ("quantity", "1"),
        ("price", "1"),
        ("price_seen", "1"),
        ("person_id", "x"),
        ("total", "1"),
    ];
    browser.post("/cart/lines", &fields).await.expect(303);
    assert_eq!(shop.scalar("SELECT price_seen FROM cart_lines").await, 120);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lines_say_what_has_changed_since_they_were_added() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 5_000, None).await;
    let lamp = shop.product("Desk lamp", 120, 5).await;
    let browser = shop.browser_of(ann).await;
    let id = lamp.id.to_string();
    browser.post("/cart/lines", &[("product", &id), ("quantity", "3")]).await.expect(303);
    let said = [
        ("UPDATE products SET price = 130", vec!["120", "130"], true),
        ("UPDATE products SET stock = 2", vec!["2"], false),
        ("UPDATE products SET stock = 0", vec!["Sold out"], false),
        ("UPDATE products SET state = 'unlisted'", vec!["No longer offered"], false),
    ];
    for (change, words, can_check_out) in said {
        shop.sql(change, []).await;
        let page = browser.get("/cart").await.expect(200);
        let marks = page.html().all(".line .note, .line__mark, [data-mark]").join(" ");
        let text = if marks.is_empty() { page.html().text_of("#cart") } else { marks };
        for word in words {
            assert!(text.contains(word), "{change}: {text}");
        }
        assert_eq!(page.html().has("#cart a[href='/checkout']"), can_check_out, "{change}");
    }
    shop.sql("UPDATE products SET stock = 5, state = 'listed', price = 120", []).await;
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_empty_cart_leads_back_to_the_catalog_and_cannot_be_confirmed() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    let browser = shop.browser_of(ann).await;
    let page = browser.get("/cart").await.expect(200);
    assert!(page.html().has("main a[href='/']"));
    assert_eq!(browser.get("/checkout").await.expect(303).location(), "/cart");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_many_tabs_put_in_at_once_is_all_there() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    let lamp = shop.product("Desk lamp", 120, 50).await.id.to_string();
    let browser = shop.browser_of(ann).await;
    let one = [("product", lamp.as_str()), ("quantity", "1")];
    for added in futures::future::join_all((0..8).map(|_| browser.post("/cart/lines", &one))).await {
        added.expect(303);
    }
    assert_eq!(shop.scalar("SELECT quantity FROM cart_lines").await, 8);
    shop.close().await;
}

/// In a file nobody can come between.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_another_tab_raises_while_it_is_ordered_stays() {
    if !database::asks_for_mysql() {
        return;
    }
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 1_000, None).await;
    let lamp = shop.product("Desk lamp", 120, 5).await.id;
    let browser = shop.browser_of(ann).await;
    let product = lamp.to_string();
    let line = [("product", product.as_str()), ("quantity", "1"), ("then", "checkout")];
    let added = browser.post("/cart/lines", &line).await.expect(303);
    let confirm = browser.follow(added).await.expect(200).html();
    let form = confirm.form("form[method=post][action='/checkout']").with("delivery", "office:berlin");

    // The order has read the cart and waits for its product.
    let database = shop.database();
    database.run("START TRANSACTION").await;
    database.execute("UPDATE products SET stock = stock + 1 WHERE id = ?", [lamp.into()]).await;
    let meanwhile = async {
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        let one_more = [("product", product.as_str()), ("quantity", "1")];
        browser.post("/cart/lines", &one_more).await.expect(303);
        database.run("ROLLBACK").await;
    };
    let (placed, ()) = futures::join!(browser.submit(&form), meanwhile);

    placed.expect(303);
    assert_eq!(shop.scalar("SELECT quantity FROM order_lines").await, 1);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM cart_lines").await, 1);
    assert_eq!(shop.scalar("SELECT quantity FROM cart_lines").await, 2, "as the other tab shows it");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cart_holds_fifty_different_things_and_more_of_each() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    for n in 1..=49 {
        shop.product(&format!("Thing {n}"), 1, 5).await;
    }
    let all = "INSERT INTO cart_lines (person_id, product_id, quantity, price_seen, added_at) \
               SELECT ?, id, 1, price, created_at FROM products";
    assert_eq!(shop.sql(all, [ann.into()]).await, 49);
    let fiftieth = shop.product("Lamp", 1, 5).await.id.to_string();
    let one_more = shop.product("Mug", 1, 5).await.id.to_string();
    let browser = shop.browser_of(ann).await;
    let add =
        async |product: &str| browser.post("/cart/lines", &[("product", product), ("quantity", "1")]).await;
    add(&fiftieth).await.expect(303);
    let before = shop.contents().await;
    let refused = add(&one_more).await.expect(409).html();
    let said = "A cart holds up to 50 different things. Please remove one first.";
    assert!(refused.text_of("main").contains(said), "{}", refused.text_of("main"));
    shop.assert_unchanged(&before, "one thing too many").await;

    // More of what it holds is no other thing.
    add(&fiftieth).await.expect(303);
    browser.post(&format!("/cart/lines/{fiftieth}/removal"), &[]).await.expect(303);
    add(&one_more).await.expect(303);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM cart_lines").await, 50);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cart_holds_fifty_of_one_thing_and_says_of_which() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    let mug = shop.product("Mug", 1, 60).await.id.to_string();
    let browser = shop.browser_of(ann).await;
    browser.post("/cart/lines", &[("product", &mug), ("quantity", "50")]).await.expect(303);
    let refused =
        browser.post("/cart/lines", &[("product", &mug), ("quantity", "1")]).await.expect(409).html();
    let said = "You can have up to 50 of Mug in your cart.";
    assert!(refused.text_of("main").contains(said), "{}", refused.text_of("main"));
    assert_eq!(shop.scalar("SELECT quantity FROM cart_lines").await, 50);
    shop.close().await;
}
