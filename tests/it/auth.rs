//! Coming in and going out, as browsers do it: by way of the identity provider, back with a code, out by a form.

mod admission;
mod attempts;
mod cookies;
mod sessions;

use reqwest::Method;

use crate::support::browser::Browser;
use crate::support::{Shop, raw};

const SIGN_IN_COOKIES: &str = "__Host-sign-in-";
const SESSION_COOKIE: &str = "__Host-session";

/// The name of the cookie of the sign-in with this state.
pub fn sign_in_cookie(state: &str) -> String {
    format!("{SIGN_IN_COOKIES}{}", state.chars().take(8).collect::<String>())
}

/// How many sign-ins a browser has open.
fn open_sign_ins(browser: &Browser) -> usize {
    browser.cookie_header().unwrap_or_default().matches(SIGN_IN_COOKIES).count()
}

/// What the problem page says.
fn sentence(answer: &crate::support::answer::Answer) -> String {
    answer.html().text_of("main p:not(.small)")
}

fn state_of(callback: &str) -> String {
    let address = url::Url::parse(callback).unwrap();
    address.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned()
}

/// The state of a sign-in that has begun.
async fn begun(browser: &Browser, begin: &str) -> String {
    state_of(browser.get(begin).await.expect(303).location())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_in_leads_to_where_the_person_wanted_to_go() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    let browser = shop.browser();
    let turned_away = browser.get("/orders?q=lamp").await.expect(303);
    assert_eq!(turned_away.location(), "/sign-in?next=%2Forders%3Fq%3Dlamp");

    let back = browser.sign_in_from(turned_away.location(), "ann").await.expect(303);

    assert_eq!(back.location(), "/orders?q=lamp");
    assert_eq!(back.header("cache-control"), Some("no-store"));
    assert_eq!(open_sign_ins(&browser), 0, "the sign-in is over");
    let page = browser.get(back.location()).await.expect(200);
    assert!(page.text().contains("Ann Archer"));
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM sign_in_attempts").await, 0);
    assert_eq!(shop.scalar_of("SELECT COUNT(*) FROM sessions WHERE person_id = ?", [ann.into()]).await, 1);
    // Signed in already: straight on.
    assert_eq!(browser.get("/sign-in?next=/cart").await.expect(303).location(), "/cart");
    assert_eq!(browser.get("/sign-in?next=//evil.test").await.expect(303).location(), "/");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_led_out_of_the_shop() {
    let shop = Shop::open().await;
    let traps = [
        "//evil.test",
        r"/\evil.test",
        "https:evil.test",
        "/..//evil.test",
        "javascript:alert(1)",
        "@evil.test",
    ];
    shop.person("ann").await;
    for trap in traps {
        let query = serde_urlencoded::to_string([("next", trap)]).unwrap();
        let back = shop.browser().sign_in_from(&format!("/sign-in?{query}"), "ann").await.expect(303);
        assert_eq!(back.location(), "/", "{trap}");
    }
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_callback_works_once_and_only_in_the_browser_that_began() {
    let shop = Shop::open().await;
    shop.person("ann").await;
    let (ann, mallory) = (shop.browser(), shop.browser());

    // Somebody else's browser, without the cookie and with one of its own.
    let callback = ann.pick("/sign-in", "ann").await;
    assert_eq!(sentence(&mallory.get(&callback).await.expect(400)), expired());
    let own = sign_in_cookie(&begun(&mallory, "/sign-in").await);
    assert_eq!(sentence(&mallory.get(&callback).await.expect(400)), expired());
    // Nor with that one under the name of the other.
    let name = sign_in_cookie(&state_of(&callback));
    mallory.set_cookie(&name, &mallory.cookie(&own).unwrap());
    assert_eq!(sentence(&mallory.get(&callback).await.expect(400)), expired());
    assert_eq!(mallory.cookie(SESSION_COOKIE), None);

    let cookie = ann.cookie(&name).unwrap();
    ann.get(&callback).await.expect(303);
    let session = ann.cookie(SESSION_COOKIE).unwrap();
    let before = shop.contents().await;
    assert_eq!(sentence(&ann.get(&callback).await.expect(400)), expired());
    ann.set_cookie(&name, &cookie);
    assert_eq!(sentence(&ann.get(&callback).await.expect(400)), expired());
    shop.assert_unchanged(&before, "a replayed callback").await;
    assert_eq!(ann.cookie(SESSION_COOKIE), Some(session), "who is signed in stays it");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_state_must_be_the_one_that_was_given() {
    let shop = Shop::open().await;
    shop.person("ann").await;
    let browser = shop.browser();
    let callback = browser.pick("/sign-in", "ann").await;
    let state = state_of(&callback);
    let before = shop.contents().await;
    let alike: String = state.chars().take(8).collect();
    for forged in [String::new(), "wrong".to_owned(), alike, format!("{state}x"), format!("{state}%20")] {
        let answer = browser.get(&callback.replace(&state, &forged)).await.expect(400);
        assert_eq!(sentence(&answer), expired(), "{forged:?}");
        assert_eq!(browser.cookie(SESSION_COOKIE), None);
    }
    browser.get("/sign-in/callback").await.expect(400);
    shop.assert_unchanged(&before, "a state that was not given").await;
    // A link that somebody else has made takes nobody's sign-in away.
    browser.get(&callback).await.expect(303);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM sessions").await, 1);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM sign_in_attempts").await, 0);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_attempt_ends_after_ten_minutes() {
    let shop = Shop::open().await;
    let browser = shop.browser();
    let state = begun(&browser, "/sign-in").await;
    let cookie = browser.cookie(&sign_in_cookie(&state)).unwrap();
    shop.advance(599);
    let no = browser.get(&format!("/sign-in/callback?state={state}&error=access_denied")).await;
    assert_eq!(no.status(), 403, "in time it is the provider's no: {no}");

    let state = begun(&browser, "/sign-in").await;
    assert_ne!(browser.cookie(&sign_in_cookie(&state)).unwrap(), cookie);
    shop.advance(600);
    let late = browser.get(&format!("/sign-in/callback?state={state}&error=access_denied")).await.expect(400);
    assert_eq!(sentence(&late), expired());
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_provider_says_is_not_repeated() {
    let shop = Shop::open().await;
    for (error, status) in [("access_denied", 403), ("server_error", 400), ("<script>evil()</script>", 400)] {
        let browser = shop.browser();
        let state = begun(&browser, "/sign-in?next=/cart").await;
        let fields = [
            ("state", state.as_str()),
            ("error", error),
            ("error_description", "<b>evil</b>"),
            ("code", "evil"),
        ];
        let query = serde_urlencoded::to_string(fields).unwrap();
        let answer = browser.get(&format!("/sign-in/callback?{query}")).await.expect(status);
        let text = answer.text();
        assert!(!text.contains("evil") && !text.contains(error) && !text.contains(&state), "{text}");
        assert_eq!(answer.html().attribute("main a.button", "href").unwrap(), "/sign-in?next=%2Fcart");
    }
    let twice = shop.browser().get("/sign-in/callback?state=evil&state=evil").await.expect(400);
    assert!(!twice.text().contains("evil"));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_that_is_not_good_signs_nobody_in() {
    let shop = Shop::open().await;
    shop.person("ann").await;
    let browser = shop.browser();
    let state = begun(&browser, "/sign-in").await;
    browser.get(&format!("/sign-in/callback?state={state}&code=made-up")).await.expect(403);
    assert_eq!(browser.cookie(SESSION_COOKIE), None);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM people WHERE issuer IS NOT NULL").await, 0);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_provider_the_sign_in_says_so_and_who_is_in_stays_in() {
    let mut shop = Shop::open().await;
    let ann = shop.person("ann").await;
    let inside = shop.browser_of(ann).await;
    shop.stop_identity_provider().await;
    let answer = shop.browser().impatient().get("/sign-in?next=/cart").await.expect(503);
    assert_eq!(answer.header("retry-after"), Some("5"));
    assert_eq!(answer.html().attribute("main a.button", "href").unwrap(), "/sign-in?next=%2Fcart");
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM sign_in_attempts").await, 0);
    inside.get("/cart").await.expect(200);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sign_in_begins_at_the_public_name_of_the_shop() {
    let shop = Shop::open().await;
    let (address, home) = (shop.address(), shop.address().to_string());
    let ask = |target: &str, host: &str| {
        format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
    };
    for host in ["evil.test", &format!("localhost:{}", address.port()), "127.0.0.1"] {
        let answer = raw::send(address, &ask("/sign-in?next=/cart", host)).await;
        assert_eq!(answer.status, 303, "{host}");
        let expected = format!("location: http://{home}/sign-in?next=%2fcart&moved=1\r\n");
        assert!(answer.head.contains(&expected), "{host}: {}", answer.head);
        assert!(!answer.head.contains("set-cookie"), "{host}");
        // A proxy that renames every request sends nobody round and round.
        let moved = raw::send(address, &ask("/sign-in?next=/cart&moved=1", host)).await;
        assert!(moved.head.contains("/oauth2/authorize?"), "{host}: {}", moved.head);
    }
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_sent_too_late_is_said_to_be_lost() {
    let shop = Shop::open().await;
    let answer = shop.browser().get("/sign-in?after=form&next=/cart").await.expect(200);
    assert!(sentence(&answer).starts_with("Your session had ended"));
    assert_eq!(answer.html().attribute("main a.button", "href").unwrap(), "/sign-in?next=%2Fcart");
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM sign_in_attempts").await, 0);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_swap_goes_to_the_sign_in_as_a_whole_page() {
    let shop = Shop::open().await;
    let browser = shop.browser();
    let answer = browser.ask(Method::GET, "/sign-in").htmx("results").send().await.expect(200);
    assert!(answer.header("hx-redirect").unwrap().contains("/oauth2/authorize?"));
    shop.close().await;
}

fn expired() -> &'static str {
    "The sign-in took too long, or was begun in another window."
}
