//! Cookies that the shop has not set. A browser keeps names that begin with `__Host-` for this host alone, but a page of a
//! neighbouring host may plant any other name, also one that only reads like ours.

use reqwest::header::{COOKIE, HeaderValue};

use crate::support::{Shop, browser};

use super::{SESSION_COOKIE, expired, sentence, sign_in_cookie, state_of};

const FLASH_COOKIE: &str = "__Host-flash";

/// The cart as somebody with exactly this line of cookies sees it: the status, and the page.
async fn cart(shop: &Shop, line: &[u8]) -> (u16, String) {
    let line = HeaderValue::from_bytes(line).unwrap();
    let ask = browser::client().get(format!("{}/cart", shop.origin)).header(COOKIE, line);
    let answer = ask.send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_that_only_reads_like_ours_opens_nothing() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    let token = shop.browser_of(ann).await.cookie(SESSION_COOKIE).unwrap();
    for name in ["%5F%5FHost-session", "%5f_Host-session", "__Host%2Dsession", "__host-session", "session"] {
        let planted = shop.browser();
        planted.set_cookie(name, &token);
        assert_eq!(planted.get("/cart").await.expect(303).location(), "/sign-in?next=%2Fcart", "{name}");
    }
    // Spaces that a program may take away and a browser does not.
    for space in ["\u{a0}", "\u{85}", "\u{2003}", "\u{3000}"] {
        let line = format!("{space}{SESSION_COOKIE}{space}={token}");
        assert_eq!(cart(&shop, line.as_bytes()).await.0, 303, "{space:?}");
    }
    assert_eq!(cart(&shop, format!("{SESSION_COOKIE}={token}").as_bytes()).await.0, 200);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_planted_beside_the_real_cookie_changes_nobody() {
    let shop = Shop::open().await;
    let (ann, ben) = (shop.person("ann").await, shop.person("ben").await);
    let real = shop.browser_of(ann).await.cookie(SESSION_COOKIE).unwrap();
    let planted = shop.browser_of(ben).await.cookie(SESSION_COOKIE).unwrap();
    let line = format!("%5F%5FHost-session={planted}; {SESSION_COOKIE}={real}");
    // What is no text at all hides nothing beside it, either.
    let noise: [&[u8]; 3] = [b"theme=\xff; ", line.as_bytes(), b"; \xfe\xfd=1"];
    for line in [line.as_bytes(), &noise.concat()] {
        let (status, page) = cart(&shop, line).await;
        assert_eq!(status, 200);
        assert!(page.contains("Ann Archer") && !page.contains("Ben Brook"), "{page}");
    }
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_signed_in_as_somebody_else_by_a_planted_sign_in() {
    let shop = Shop::open().await;
    shop.person("ann").await;
    shop.person("ben").await;
    let planted = |name: &str| name.replace("__Host", "%5F%5FHost");
    let (mallory, victim) = (shop.browser(), shop.browser());
    let trap = mallory.pick("/sign-in", "ben").await;
    let name = sign_in_cookie(&state_of(&trap));
    let token = mallory.cookie(&name).unwrap();

    victim.set_cookie(&planted(&name), &token);
    assert_eq!(sentence(&victim.get(&trap).await.expect(400)), expired());
    assert_eq!(victim.cookie(SESSION_COOKIE), None);

    // Beside a sign-in of their own, it changes nothing about it.
    let callback = victim.pick("/sign-in?next=/cart", "ann").await;
    victim.set_cookie(&planted(&sign_in_cookie(&state_of(&callback))), &token);
    assert_eq!(victim.get(&callback).await.expect(303).location(), "/cart");
    assert!(victim.get("/cart").await.expect(200).text().contains("Ann Archer"));
    // The trap was good for one browser.
    mallory.get(&trap).await.expect(303);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_messages_of_the_shop_are_shown() {
    let shop = Shop::open().await;
    let browser = shop.browser();
    let endless = format!("flash-{}", "x".repeat(3_000));
    for key in ["flash-no-such-message", "flash-", "flash-cart-added ", "auth-signed-out", endless.as_str()] {
        let forged = serde_urlencoded::to_string([("key", key), ("name", "evil")]).unwrap();
        browser.set_cookie(FLASH_COOKIE, &forged);
        let page = browser.get("/signed-out").await.expect(200);
        assert_eq!(page.html().count(".flash"), 0, "{key}: {page}");
        assert_eq!(browser.cookie(FLASH_COOKIE), None, "it is not brought again");
    }
    // What a message says of a name is shown to the letter.
    let name = "Salt & 100%41 pepper; +1";
    let said = serde_urlencoded::to_string([("key", "flash-cart-added"), ("name", name)]).unwrap();
    browser.set_cookie(FLASH_COOKIE, &said);
    let page = browser.get("/signed-out").await.expect(200);
    assert_eq!(page.html().text_of(".flash span"), format!("{name} is in your cart."));
    shop.close().await;
}
