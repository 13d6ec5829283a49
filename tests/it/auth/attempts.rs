//! Sign-ins that are open at once: in several windows of one browser, and by a whole office behind one address.

use std::net::IpAddr;

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};

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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_callback_that_comes_twice_at_once_is_answered_once() {
    let shop = Shop::open().await;
    shop.person("ann").await;
    let browser = shop.browser();
    let callback = browser.pick("/sign-in", "ann").await;
    let (one, other) = futures::join!(browser.get(&callback), browser.get(&callback));
    let mut statuses = [one.status(), other.status()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 400]);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM sessions").await, 1);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM sign_in_attempts").await, 0);
    shop.close().await;
}

/// Uses up every sign-in that is open; who finds one before this is committed waits for it.
#[expect(clippy::disallowed_methods, reason = "a stranger at the database")]
async fn take_all(shop: &Shop) -> DatabaseTransaction {
    let immediate = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..Default::default()
    };
    let other = shop.database().connection().begin_with_options(immediate).await.unwrap();
    other.execute_unprepared("DELETE FROM sign_in_attempts").await.unwrap();
    other
}

/// Waits until so many of the shop's connections write, or wait to.
async fn until_writing(shop: &Shop, connections: usize) {
    while shop.app.db.in_use()[1].1 != connections {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_finds_a_sign_in_and_comes_too_late_to_take_it_is_not_signed_in() {
    let shop = Shop::open().await;
    shop.person("ann").await;
    let browser = shop.browser();
    let callback = browser.pick("/sign-in", "ann").await;
    until_writing(&shop, 0).await;
    let other = take_all(&shop).await;
    let taken = async {
        until_writing(&shop, 1).await;
        other.commit().await.unwrap();
    };
    let (late, ()) = futures::join!(browser.get(&callback), taken);
    late.expect(400);
    assert_eq!(browser.cookie(SESSION_COOKIE), None);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM sessions").await, 0);
    shop.close().await;
}
