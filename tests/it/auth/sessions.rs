//! What a session is, and everything that ends it.

use awsomeshop::people::deactivate;
use awsomeshop::platform::seal;
use awsomeshop::server::jobs::Job;
use awsomeshop::types::actor::Actor;
use futures::FutureExt;
use reqwest::Method;

use crate::support::Shop;
use crate::support::browser::Browser;

use super::SESSION_COOKIE;

/// The longest pause, and the longest session, in seconds.
const IDLE_S: i64 = 30 * 60;
const ABSOLUTE_S: i64 = 8 * 60 * 60;
/// How long a sign-in may take.
const SIGN_IN_S: i64 = 10 * 60;

async fn is_in(browser: &Browser) -> bool {
    match browser.get("/cart").await {
        answer if answer.status() == 200 => true,
        answer => {
            assert_eq!(answer.expect(303).location(), "/sign-in?next=%2Fcart");
            false
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_is_kept_as_a_hash_and_is_new_at_each_sign_in() {
    let shop = Shop::open().await;
    shop.person("ann").await;
    let browser = shop.browser();
    browser.sign_in("ann").await;
    let first = browser.cookie(SESSION_COOKIE).unwrap();
    let with_hash = "SELECT COUNT(*) FROM sessions WHERE token_hash = ?";
    assert_eq!(shop.scalar_of(with_hash, [seal::token_hash(&first).into()]).await, 1);
    assert_eq!(
        shop.scalar_of(with_hash, [first.clone().into_bytes().into()]).await,
        0,
        "never the token itself"
    );

    // The browser still has its first session when a second sign-in ends.
    let other = shop.browser();
    let callback = other.pick("/sign-in", "ann").await;
    other.enter_with(&first);
    other.get(&callback).await.expect(303);
    let second = other.cookie(SESSION_COOKIE).unwrap();
    assert_ne!(first, second);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM sessions").await, 1, "the old one is ended");
    assert!(is_in(&other).await);
    assert!(!is_in(&browser).await);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_was_put_into_the_browser_before_is_worth_nothing_after() {
    let shop = Shop::open().await;
    shop.person("ann").await;
    let browser = shop.browser();
    browser.enter_with("planted");
    browser.sign_in("ann").await;
    assert_ne!(browser.cookie(SESSION_COOKIE).unwrap(), "planted");
    browser.enter_with("planted");
    assert!(!is_in(&browser).await);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_ends_half_an_hour_after_the_last_request() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    let browser = shop.browser_of(ann).await;
    for _ in 0..3 {
        shop.advance(IDLE_S - 1);
        assert!(is_in(&browser).await);
    }
    shop.advance(IDLE_S);
    assert!(!is_in(&browser).await);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn however_busy_a_session_ends_after_eight_hours() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    let browser = shop.browser_of(ann).await;
    let step = 25 * 60;
    let mut passed = 0;
    while passed + step < ABSOLUTE_S {
        shop.advance(step);
        passed += step;
        assert!(is_in(&browser).await, "after {passed} s");
    }
    shop.advance(ABSOLUTE_S - 1 - passed);
    assert!(is_in(&browser).await);
    shop.advance(1);
    assert!(!is_in(&browser).await);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_deactivated_is_out_at_the_next_request_and_stays_out() {
    let shop = Shop::open().await;
    let (ann, hal) = (shop.person("ann").await, shop.person("hal").await);
    let browser = shop.browser();
    browser.sign_in("ann").await;
    let (now, actor) = (shop.now(), Actor::Person(hal));
    for _twice in 0..2 {
        let write =
            shop.app.db.write("test", move |tx| deactivate::deactivate(tx, now, actor, ann, "Left").boxed());
        write.await.unwrap();
    }
    assert!(!is_in(&browser).await);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM sessions").await, 0);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM audit_events WHERE action = 'person.deactivate'").await, 1);

    let before = shop.contents().await;
    let refused = shop.browser().sign_in_from("/sign-in", "ann").await.expect(403);
    assert_eq!(super::sentence(&refused), "Your account in the shop is not active. Please ask HR.");
    shop.assert_unchanged(&before, "the refused sign-in").await;

    let write =
        shop.app.db.write("test", move |tx| deactivate::reactivate(tx, now, actor, ann, "Back").boxed());
    write.await.unwrap();
    assert!(!is_in(&browser).await, "an ended session does not come back");
    shop.browser().sign_in("ann").await;
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_out_ends_the_session_here_and_leads_on_to_the_provider() {
    let shop = Shop::open().await;
    shop.person("ann").await;
    let browser = shop.browser();
    let page = browser.sign_in("ann").await;
    let token = browser.cookie(SESSION_COOKIE).unwrap();

    let out = browser.submit(&page.html().form("form[action='/sign-out']")).await.expect(303);

    assert_eq!(out.location(), "/signed-out?from=shop");
    assert_eq!(out.header("clear-site-data"), Some("\"cache\""));
    assert_eq!(browser.cookie(SESSION_COOKIE), None);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM sessions").await, 0);
    let said = browser.get(out.location()).await.expect(200);
    let link = said.html().attribute("main p a", "href").unwrap();
    assert!(link.contains("/logout?client_id=shop&"), "{link}");
    assert_eq!(said.header("refresh"), Some(format!("1; url={link}").as_str()));
    let back = browser.get(&link).await.expect(303);
    assert_eq!(back.location(), format!("{}/signed-out", shop.origin));
    let home = browser.get(back.location()).await.expect(200);
    assert_eq!(home.header("refresh"), None, "nobody is sent round and round");

    browser.enter_with(&token);
    assert!(!is_in(&browser).await, "the token is worth nothing any more");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_out_without_a_session_is_fine_and_from_elsewhere_is_not() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    let nobody = shop.browser();
    assert_eq!(nobody.post("/sign-out", &[]).await.expect(303).location(), "/signed-out?from=shop");
    let browser = shop.browser_of(ann).await;
    let foreign = browser.ask(reqwest::Method::POST, "/sign-out").header("sec-fetch-site", "cross-site");
    foreign.send().await.expect(403);
    assert!(is_in(&browser).await);
    assert_eq!(
        browser.get("/signed-out").await.expect(303).location(),
        "/",
        "who is in is not told to be out"
    );
    shop.close().await;
}

#[tokio::test]
async fn a_page_that_asks_by_itself_keeps_no_session_open() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    let browser = shop.browser_of(ann).await;
    for _ in 0..3 {
        shop.advance(IDLE_S / 3);
        browser.ask(Method::GET, "/points").htmx("progress").send().await;
    }
    assert!(!is_in(&browser).await);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_over_is_forgotten_to_the_second_and_what_is_not_is_kept() {
    let shop = Shop::open().await;
    super::begun(&shop.browser(), "/sign-in").await;
    shop.advance(1);
    super::begun(&shop.browser(), "/sign-in").await;
    shop.advance(SIGN_IN_S - 1);
    let now = shop.now();
    let (ann, ben, cleo) = (shop.person("ann").await, shop.person("ben").await, shop.person("cleo").await);
    let browser = shop.browser_of(ann).await;
    shop.browser_of(ben).await;
    shop.browser_of(cleo).await;
    // Began and was last used so many seconds ago: still good for a second, unused for too long, too old.
    let sessions = [(ann, ABSOLUTE_S - 1, IDLE_S - 1), (ben, IDLE_S, IDLE_S), (cleo, ABSOLUTE_S, 0)];
    for (person, began, used) in sessions {
        let (began, used) = (now.plus_seconds(-began), now.plus_seconds(-used));
        let sql = "UPDATE sessions SET created_at = ?, last_seen_at = ? WHERE person_id = ?";
        assert_eq!(shop.sql(sql, [began.into(), used.into(), person.into()]).await, 1);
    }

    shop.job(Job::ForgetSessions).await;

    assert_eq!(shop.scalar("SELECT COUNT(*) FROM sessions").await, 1);
    assert_eq!(shop.scalar_of("SELECT COUNT(*) FROM sessions WHERE person_id = ?", [ann.into()]).await, 1);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM sign_in_attempts").await, 1);
    let open = "SELECT COUNT(*) FROM sign_in_attempts WHERE expires_at = ?";
    assert_eq!(shop.scalar_of(open, [now.plus_seconds(1).into()]).await, 1);
    assert!(is_in(&browser).await);

    shop.advance(1);
    shop.job(Job::ForgetSessions).await;

    assert_eq!(shop.scalar("SELECT COUNT(*) FROM sessions").await, 0);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM sign_in_attempts").await, 0);
    shop.close().await;
}
