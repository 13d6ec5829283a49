//! What one person may do only so often in a minute: once more is refused, with when to come back, and nothing is done.

use awsomeshop::error::Result;
use awsomeshop::types::id::PersonId;
use awsomeshop::types::role::Role;
use awsomeshop::urls;

use crate::access::{ROUTES, Scene};
use crate::support::Shop;
use crate::support::answer::Answer;
use crate::support::browser::Browser;
use crate::support::html::Form;

/// A moment after all that is allowed was used up, one more is; on a slow machine the form comes in after that.
const TRIES: usize = 5;

/// Ann with a thousand points, and her browser.
async fn ann() -> (Shop, PersonId, Browser) {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 1_000, None).await;
    let browser = shop.browser_of(ann).await;
    (shop, ann, browser)
}

/// Sends a form that is in order when no more of its kind are allowed. Before the limit it ends with `done`.
async fn is_refused(
    shop: &Shop,
    browser: &Browser,
    done: u16,
    form: impl AsyncFn() -> Form,
    one_more: impl Fn() -> Result<()>,
) {
    for _ in 0..TRIES {
        let form = form().await;
        let before = shop.contents().await;
        while one_more().is_ok() {}
        let answer = browser.submit(&form).await;
        if answer.status() == 429 {
            assert_eq!(answer.header("retry-after"), Some("1"), "{answer}");
            assert_eq!(answer.html().text_of("main h1"), "A little too fast");
            shop.assert_unchanged(&before, &form.action).await;
            return;
        }
        answer.expect(done);
    }
    panic!("nobody is ever told that it was too often");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_too_many_is_not_placed() {
    let (shop, ann, browser) = ann().await;
    let product = shop.product("Desk lamp", 10, 50).await.id.to_string();
    let confirmed = async || {
        let line = [("product", product.as_str()), ("quantity", "1"), ("then", "checkout")];
        let added = browser.post("/cart/lines", &line).await.expect(303);
        let confirm = browser.follow(added).await.expect(200).html();
        confirm.form("form[method=post][action='/checkout']").with("delivery", "office:berlin")
    };
    is_refused(&shop, &browser, 303, confirmed, || shop.app.limits.checkout(ann)).await;
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_too_many_is_not_shown() {
    let (shop, ann, browser) = ann().await;
    let codes: [&str; TRIES] = ["AAAA-1111", "AAAA-2222", "AAAA-3333", "AAAA-4444", "AAAA-5555"];
    let voucher = shop.digital_product("Book voucher", 10, &codes).await;
    let hidden = async || {
        let number = browser.redeem(&voucher, 1, "").await;
        browser.get(&urls::order(&number)).await.expect(200).html().form("#codes form")
    };
    is_refused(&shop, &browser, 200, hidden, || shop.app.limits.reveal(ann)).await;
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancellation_too_many_gives_nothing_back() {
    let (shop, ann, browser) = ann().await;
    let lamp = shop.product("Desk lamp", 10, 50).await;
    let placed = async || {
        let number = browser.redeem(&lamp, 1, "office:berlin").await;
        let page = browser.get(&urls::order(&number)).await.expect(200).html();
        page.form(&format!("form[action='{}']", urls::order_cancellation(&number)))
    };
    is_refused(&shop, &browser, 303, placed, || shop.app.limits.cancellation(ann)).await;
    shop.close().await;
}

/// What the shop says to somebody who asks for a file when no more are allowed.
async fn one_file_too_many(shop: &Shop, person: PersonId, browser: &Browser, path: &str) -> Answer {
    for _ in 0..TRIES {
        while shop.app.limits.export(person).is_ok() {}
        let answer = browser.get(path).await;
        if answer.status() != 200 {
            return answer;
        }
    }
    panic!("{path} is handed out as often as anybody asks");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_too_many_is_not_handed_out_whichever_it_is() {
    let scene = Scene::set().await;
    let hal = scene.shop.person("hal").await;
    scene.shop.role(hal, Role::SuperAdmin).await;
    let browser = scene.shop.browser_of(hal).await;
    let is_file = |path: &&str| path.rsplit('.').next() == Some("csv");
    let files: Vec<&str> = ROUTES.iter().map(|(_, path, ..)| *path).filter(is_file).collect();
    assert!(files.contains(&"/points.csv") && files.contains(&"/hr/audit.csv"), "{files:?}");
    for file in files {
        let path = scene.fill(file);
        let answer = one_file_too_many(&scene.shop, hal, &browser, &path).await.expect(429);
        assert_eq!(answer.header("retry-after"), Some("1"), "{path}");
        assert_eq!(answer.html().text_of("main h1"), "A little too fast", "{path}");
    }
    scene.shop.close().await;
}
