//! Forms that bring files may be large: whose are received, and how long a text among the files may be.

use awsomeshop::types::role::Desk;

use crate::support::Shop;
use crate::support::answer::Answer;
use crate::support::browser::Browser;
use crate::support::setting::Goods;

/// The largest form without files, and the longest text in one with files.
const FORM_LIMIT_BYTES: usize = 64 * 1024;

/// Sends a picture of so many bytes, which is none.
async fn send(browser: &Browser, goods: &Goods, bytes: usize) -> Answer {
    let (target, content) = (format!("/hr/products/{}/pictures", goods.id), vec![b'x'; bytes]);
    browser.upload(&target, &[("alt", "A lamp")], &[("files", "lamp.png", content.as_slice())]).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_sends_more_than_a_form_without_a_session() {
    let shop = Shop::open().await;
    let lamp = shop.product("Desk lamp", 200, 5).await;
    let before = shop.contents().await;
    let stranger = shop.browser();
    let refused = send(&stranger, &lamp, FORM_LIMIT_BYTES).await.expect(413);
    assert_eq!(refused.html().text_of("main h1"), "That is too much");
    // What is as small as a form is received, and they are sent to sign in.
    assert_eq!(send(&stranger, &lamp, 1_000).await.expect(303).location(), "/sign-in?after=form");
    // With a session it is received, and the guard looks whose it is.
    stranger.enter_with("made-up");
    let looked_at = send(&stranger, &lamp, FORM_LIMIT_BYTES).await.expect(303);
    assert_eq!(looked_at.location(), "/sign-in?after=form");
    shop.assert_unchanged(&before, "what nobody sent").await;
    send(&shop.hr(Desk::Products).await, &lamp, FORM_LIMIT_BYTES).await.expect(422);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_text_among_files_is_no_longer_than_a_form() {
    let shop = Shop::open().await;
    let lamp = shop.product("Desk lamp", 200, 5).await;
    let hr = shop.hr(Desk::Products).await;
    let target = format!("/hr/products/{}/pictures", lamp.id);
    let before = shop.contents().await;
    for (length, status) in [(FORM_LIMIT_BYTES, 422), (FORM_LIMIT_BYTES + 1, 413)] {
        let text = "x".repeat(length);
        let answer = hr.upload(&target, &[("alt", text.as_str())], &[]).await;
        assert_eq!(answer.status(), status, "{length}: {answer}");
    }
    shop.assert_unchanged(&before, "a text that is too long").await;
    shop.close().await;
}
