//! The house the tests live in keeps its own promises.

use awsomeshop::server::jobs::Job;
use awsomeshop::types::points::Points;

use crate::support::html::Html;
use crate::support::{NOW, PEOPLE, Shop};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_of_the_list_signs_in_through_the_identity_provider() {
    let shop = Shop::open().await;
    for (key, name, _) in PEOPLE {
        shop.person(key).await;
        let browser = shop.browser();
        let page = browser.sign_in(key).await;
        assert!(page.text().contains(name), "{key}: {page}");
        assert!(browser.cookie("__Host-session").is_some());
        browser.visit("/orders").await.expect(200);
    }
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_points_and_goods_are_there_when_they_are_set_up() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 1_000, Some(NOW.plus_days(30))).await;
    let lamp = shop.product("Desk lamp", 200, 120).await;
    let voucher = shop.digital_product("Voucher", 50, &["AAAA-1", "BBBB-2"]).await;
    assert_eq!(lamp.price, Points(200));
    let browser = shop.browser_of(ann).await;
    let number = browser.redeem(&lamp, 3, "office:berlin").await;
    browser.redeem(&voucher, 1, "").await;
    let stock = "SELECT stock FROM products WHERE id = ?";
    assert_eq!(shop.scalar_of(stock, [lamp.id.into()]).await, 117);
    assert_eq!(shop.scalar_of(stock, [voucher.id.into()]).await, 1);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM orders").await, 2);
    assert_eq!(shop.row_counts().await["orders"], 2);
    assert_eq!(shop.scalar("SELECT balance FROM accounts WHERE person_id IS NOT NULL").await, 350);
    browser.get(&format!("/orders/{number}")).await.expect(200);
    browser.get(&format!("/products/{}", lamp.slug)).await.expect(200);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn time_stands_still_until_it_is_moved() {
    let shop = Shop::open().await;
    assert_eq!(NOW.iso(), "2026-06-15T10:00:00Z");
    let ann = shop.person("ann").await;
    shop.grant(ann, 100, Some(NOW.plus_seconds(60))).await;
    shop.job(Job::ExpirePoints).await;
    assert_eq!(shop.scalar("SELECT balance FROM accounts WHERE person_id IS NOT NULL").await, 100);
    assert_eq!(shop.now(), NOW);
    shop.advance(60);
    shop.job(Job::ExpirePoints).await;
    assert_eq!(shop.scalar("SELECT balance FROM accounts WHERE person_id IS NOT NULL").await, 0);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn any_changed_row_is_noticed() {
    let shop = Shop::open().await;
    shop.person("ann").await;
    let before = shop.contents().await;
    shop.assert_unchanged(&before, "nothing").await;
    shop.sql("UPDATE people SET department = 'Other'", []).await;
    let changes = before.changes(&shop.contents().await);
    assert_eq!(changes.len(), 2, "{changes:?}");
    assert!(changes[0].starts_with("- people: ") && changes[1].starts_with("+ people: "), "{changes:?}");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[should_panic(expected = "the books are wrong")]
async fn wrong_books_fail_the_test() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 100, None).await;
    shop.sql("UPDATE accounts SET balance = balance + 1 WHERE person_id = ?", [ann.into()]).await;
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[should_panic(expected = "a test ends with shop.close().await")]
async fn a_test_that_does_not_close_its_shop_fails() {
    let _shop = Shop::open().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_its_identity_provider_the_shop_still_serves_who_is_signed_in() {
    let mut shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.stop_identity_provider().await;
    shop.browser_of(ann).await.get("/orders").await.expect(200);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_shop_has_a_database_of_its_own() {
    let (one, two) = futures::join!(Shop::open(), Shop::open());
    one.person("ann").await;
    assert_eq!(one.scalar("SELECT COUNT(*) FROM people").await, 1);
    assert_eq!(two.scalar("SELECT COUNT(*) FROM people").await, 0);
    assert!(two.database().connection().ping().await.is_ok());
    one.close().await;
    two.close().await;
}

#[test]
fn a_form_is_sent_as_a_browser_would_send_it() {
    let html = Html::of(
        "<form method=post action=/x><input name=a value=1><input type=checkbox name=b value=2>\
         <input type=checkbox name=c checked><input type=radio name=d value=x><input type=radio name=d value=y checked>\
         <select name=e><option value=1>One<option value=2 selected>Two</select><textarea name=f>t &amp; u</textarea>\
         <input name=g disabled value=3><input value=nameless><button name=h value=4>Go</button></form>",
    );
    let form = html.form("form");
    assert_eq!((form.method.as_str(), form.action.as_str()), ("post", "/x"));
    let sent = [("a", "1"), ("c", "on"), ("d", "y"), ("e", "2"), ("f", "t & u")];
    assert_eq!(form.fields, sent.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert_eq!(html.form_fields("form"), form.fields);
    let pressed = form.with("a", "9").with("h", "4");
    assert_eq!((pressed.value("a"), pressed.value("h")), ("9", "4"));
    assert_eq!(html.text_of("button"), "Go");
    assert_eq!(html.all("option"), ["One", "Two"]);
    assert_eq!(html.attribute("textarea", "name").as_deref(), Some("f"));
}
