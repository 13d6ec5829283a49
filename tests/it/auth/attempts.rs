//! Sign-ins that are open at once: in several windows of one browser, and by a whole office behind one address.

use std::net::IpAddr;

use crate::support::Shop;

use super::{SESSION_COOKIE, begun, open_sign_ins, sign_in_cookie, state_of};

/// How many may be open in one browser.
const MOST_OPEN: usize = 5;
/// Tries of what hardly ever needs a second one.
const TRIES: usize = 20;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_windows_that_sign_in_at_once_are_both_signed_in() {
    for is_first_back_first in [true, false] {
        let shop = Shop::open().await;
        shop.person("ann").await;
        let one = shop.browser();
        let other = one.clone();
        let mut back = [
            (one.pick("/sign-in?next=/cart", "ann").await, "/cart"),
            (other.pick("/sign-in?next=/orders", "ann").await, "/orders"),
        ];
        assert_eq!(open_sign_ins(&one), 2);
        if !is_first_back_first {
            back.reverse();
        }
        for (callback, wanted) in &back {
            assert_eq!(one.get(callback).await.expect(303).location(), *wanted);
            assert!(one.get(wanted).await.expect(200).text().contains("Ann Archer"));
        }
        assert_eq!(open_sign_ins(&one), 0);
        assert_eq!(shop.scalar("SELECT COUNT(*) FROM sign_in_attempts").await, 0);
        assert_eq!(shop.scalar("SELECT COUNT(*) FROM sessions").await, 1, "the browser has one session");
        // Each was good for one return.
        for (callback, _) in &back {
            one.get(callback).await.expect(400);
        }
        shop.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_that_fails_leaves_the_one_beside_it_open() {
    let shop = Shop::open().await;
    shop.person("ann").await;
    let browser = shop.browser();
    let callback = browser.pick("/sign-in", "ann").await;
    let state = begun(&browser, "/sign-in").await;
    browser.get(&format!("/sign-in/callback?state={state}&error=access_denied")).await.expect(403);
    assert_eq!(browser.cookie(&sign_in_cookie(&state)), None, "this one is over");
    assert!(browser.cookie(&sign_in_cookie(&state_of(&callback))).is_some());
    browser.get(&callback).await.expect(303);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_keeps_only_so_many_sign_ins_open() {
    let shop = Shop::open().await;
    shop.person("ann").await;
    let browser = shop.browser();
    for begun_so_far in 1..=MOST_OPEN + 2 {
        begun(&browser, "/sign-in").await;
        assert_eq!(open_sign_ins(&browser), begun_so_far.min(MOST_OPEN));
    }
    // The one that was begun last is among them.
    let callback = browser.pick("/sign-in", "ann").await;
    assert_eq!(open_sign_ins(&browser), MOST_OPEN);
    browser.get(&callback).await.expect(303);
    assert_eq!(open_sign_ins(&browser), MOST_OPEN - 1);
    shop.close().await;
}

/// Leaves no sign-in to this machine, until the next tenth of a second has passed.
fn use_up(shop: &Shop) {
    while shop.app.limits.sign_in(IpAddr::from([127, 0, 0, 1])).is_ok() {}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_has_begun_comes_back_however_many_sign_in_from_their_address() {
    let shop = Shop::open().await;
    shop.person("ann").await;
    let browsers: Vec<_> = (0..8).map(|_| shop.browser()).collect();
    let mut callbacks = Vec::new();
    for browser in &browsers {
        callbacks.push(browser.pick("/sign-in", "ann").await);
    }
    for (browser, callback) in browsers.iter().zip(&callbacks) {
        use_up(&shop);
        browser.get(callback).await.expect(303);
        assert!(browser.cookie(SESSION_COOKIE).is_some());
    }
    // Who begins, or comes back without having begun, is told to wait.
    let stranger = shop.browser();
    for target in ["/sign-in", &callbacks[0]] {
        let mut statuses = Vec::new();
        while statuses.last() != Some(&429) && statuses.len() < TRIES {
            use_up(&shop);
            statuses.push(stranger.get(target).await.status());
        }
        assert_eq!(statuses.last(), Some(&429), "{target}: {statuses:?}");
    }
    shop.close().await;
}
