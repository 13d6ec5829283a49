//! How the shop says no: every wrong request gets a page or a note of ours, with the headers of every answer, and nothing
//! of the inside.

mod panics;

use reqwest::Method;

use crate::support::Shop;
use crate::support::answer::Answer;
use crate::support::browser::Browser;
use crate::support::raw;

/// Words that only the inside knows.
const INSIDE: &[&str] = &[
    "sqlx",
    "sea_orm",
    "sqlite",
    "mysql",
    "select ",
    "panicked",
    "src/",
    ".rs",
    "cart_lines",
    "anyhow",
    "no such table",
];

const FORM: &str = "application/x-www-form-urlencoded";

async fn signed_in(shop: &Shop) -> Browser {
    let ann = shop.person("ann").await;
    shop.browser_of(ann).await
}

/// An error page of ours: the layout, a heading, a way back, no inside.
#[track_caller]
fn is_our_page(answer: &Answer, status: u16, heading: &str) {
    assert_eq!(answer.status(), status, "{answer}");
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
    let html = answer.html();
    assert_eq!(html.text_of("main h1"), heading);
    assert_eq!((html.count("header"), html.count("main"), html.count("footer")), (1, 1, 1));
    assert_eq!(html.attribute("html", "lang").as_deref(), Some("en"));
    assert!(html.attributes("main a", "href").contains(&"/".to_owned()), "no way back: {answer}");
    assert_eq!(
        html.text_of("main .mono"),
        answer.header("x-request-id").unwrap(),
        "what to tell the operator"
    );
    has_our_headers(answer);
    tells_nothing_of_the_inside(answer);
}

#[track_caller]
fn is_our_note(answer: &Answer, status: u16) {
    assert_eq!(answer.status(), status, "{answer}");
    assert_eq!(answer.header("hx-retarget"), Some("#toasts"));
    assert_eq!(answer.header("hx-reswap"), Some("beforeend"));
    assert_eq!(answer.html().count("[role=alert]"), 1, "{answer}");
    assert!(!answer.text().contains("<html"), "{answer}");
    has_our_headers(answer);
    tells_nothing_of_the_inside(answer);
}

#[track_caller]
fn has_our_headers(answer: &Answer) {
    let policy = answer.headers("content-security-policy");
    assert_eq!(policy.len(), 1, "{answer}");
    assert!(policy[0].starts_with("default-src 'none'; script-src 'self'; style-src 'self'; "), "{policy:?}");
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ] {
        assert_eq!(answer.headers(name), [value], "{name}: {answer}");
    }
    let id = answer.headers("x-request-id");
    assert!(id.len() == 1 && id[0].len() == 32 && id[0].chars().all(|c| c.is_ascii_hexdigit()), "{id:?}");
    for name in ["server", "x-powered-by", "access-control-allow-origin", "strict-transport-security"] {
        assert_eq!(answer.header(name), None, "{name}");
    }
    assert_eq!(answer.headers("cache-control").len(), 1, "{answer}");
}

#[track_caller]
fn tells_nothing_of_the_inside(answer: &Answer) {
    let text = answer.text().to_lowercase();
    for word in INSIDE {
        assert!(!text.contains(word), "{word}: {text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_there_is_a_page_of_the_shop() {
    let shop = Shop::open().await;
    let browser = signed_in(&shop).await;
    for path in [
        "/nowhere",
        "/orders/NONE-SUCH",
        "/products/no-such-thing",
        "/static/no-such.css",
        "/.env",
        "/wp-admin/",
    ] {
        is_our_page(&browser.get(path).await, 404, "Nothing here");
        is_our_page(&shop.browser().get("/nowhere").await, 404, "Nothing here");
    }
    // Who is signed in keeps the way around.
    assert!(browser.get("/nowhere").await.html().has("header a[href='/orders']"));
    assert!(!shop.browser().get("/nowhere").await.html().has("header a[href='/orders']"));
    let head = browser.ask(Method::HEAD, "/nowhere").send().await;
    assert_eq!((head.status(), head.body().len()), (404, 0));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_method_is_a_page_that_names_the_right_ones() {
    let shop = Shop::open().await;
    let browser = signed_in(&shop).await;
    let answer = browser.ask(Method::DELETE, "/orders").send().await;
    is_our_page(&answer, 405, "That is not how this works");
    assert_eq!(answer.header("allow"), Some("GET, HEAD"));
    let answer = browser.get("/cart/lines").await;
    assert_eq!((answer.status(), answer.header("allow")), (405, Some("POST")));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_that_is_no_form_of_ours_is_a_bad_request_and_changes_nothing() {
    let shop = Shop::open().await;
    let browser = signed_in(&shop).await;
    let lamp = shop.product("Desk lamp", 200, 5).await;
    let before = shop.contents().await;
    let good = format!("product={}&quantity=1", lamp.id);
    let bad = [
        (FORM, String::new()),
        (FORM, "quantity=1".to_owned()),
        (FORM, format!("product={}&quantity=two", lamp.id)),
        (FORM, format!("product={}&quantity=1&quantity=2", lamp.id)),
        (FORM, format!("product={0}&product={0}&quantity=1", lamp.id)),
        (FORM, format!("product={}&quantity=%FF", lamp.id)),
        (FORM, format!("product={}&quantity=+1", lamp.id)),
        (FORM, format!("product={}&quantity=99999999999999999999", lamp.id)),
        ("text/plain", good.clone()),
        ("application/json", format!("{{\"product\":\"{}\",\"quantity\":\"1\"}}", lamp.id)),
        ("multipart/form-data; boundary=x", "--x--".to_owned()),
    ];
    for (kind, body) in bad {
        let answer = browser.ask(Method::POST, "/cart/lines").body(kind, body.clone()).send().await;
        assert_eq!(answer.status(), 400, "{kind} {body}: {answer}");
        is_our_page(&answer, 400, "That did not make sense to us");
    }
    let no_kind = browser.ask(Method::POST, "/cart/lines").body(FORM, good.clone()).without("content-type");
    is_our_page(&no_kind.send().await, 400, "That did not make sense to us");
    shop.assert_unchanged(&before, "a form that is none").await;
    // The same request in order is accepted, so each of the above failed for its own reason.
    browser.ask(Method::POST, "/cart/lines").body(FORM, good).send().await.expect(303);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_beyond_the_limit_is_too_large() {
    let shop = Shop::open().await;
    let browser = signed_in(&shop).await;
    let before = shop.contents().await;
    let padding = "x".repeat(70 * 1024);
    let answer = browser.post("/cart/lines", &[("product", &padding), ("quantity", "1")]).await;
    is_our_page(&answer, 413, "That is too much");
    // At the limit it is read, and is no product.
    let fits = "x".repeat(64 * 1024 - "product=&quantity=1".len());
    let answer = browser.post("/cart/lines", &[("product", &fits), ("quantity", "1")]).await;
    assert_eq!(answer.status(), 404);
    let answer = browser.post("/cart/lines", &[("product", &format!("{fits}x")), ("quantity", "1")]).await;
    assert_eq!(answer.status(), 413);
    shop.assert_unchanged(&before, "a form that is too large").await;
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_from_another_site_is_refused_and_changes_nothing() {
    let shop = Shop::open().await;
    let browser = signed_in(&shop).await;
    let lamp = shop.product("Desk lamp", 200, 50).await;
    let (product, own) = (lamp.id.to_string(), shop.origin.clone());
    let fields = [("product", product.as_str()), ("quantity", "1")];
    // Sec-Fetch-Site, Origin, let in?
    let table = [
        (Some("same-origin"), Some(own.as_str()), true),
        (Some("same-origin"), None, true),
        (Some("none"), None, true),
        (None, Some(own.as_str()), true),
        (Some("same-site"), Some(own.as_str()), false),
        (Some("cross-site"), Some(own.as_str()), false),
        (Some("cross-site"), Some("https://evil.example"), false),
        (Some("cross-site"), None, false),
        (Some("something-new"), None, false),
        (None, Some("https://evil.example"), false),
        (None, Some("null"), false),
        (None, Some("http://127.0.0.1"), false),
        (None, None, false),
    ];
    for (site, origin, enters) in table {
        let before = shop.contents().await;
        let mut ask = browser.ask(Method::POST, "/cart/lines").form(&fields);
        ask = ask.without("sec-fetch-site").without("origin");
        if let Some(site) = site {
            ask = ask.header("sec-fetch-site", site);
        }
        if let Some(origin) = origin {
            ask = ask.header("origin", origin);
        }
        let answer = ask.send().await;
        if enters {
            assert_eq!((answer.status(), answer.location()), (303, "/cart"), "{site:?} {origin:?}");
        } else {
            is_our_page(&answer, 403, "This is not for you");
            shop.assert_unchanged(&before, &format!("a write from {site:?} {origin:?}")).await;
        }
    }
    // Without a cookie there is nothing to misuse: a program that says nothing is told to sign in.
    let program = shop.browser();
    let ask =
        program.ask(Method::POST, "/cart/lines").form(&fields).without("sec-fetch-site").without("origin");
    assert_eq!(ask.send().await.location(), "/sign-in?after=form");
    // Reading is for everyone: links from elsewhere work.
    browser.ask(Method::GET, "/cart").header("sec-fetch-site", "cross-site").send().await.expect(200);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn htmx_gets_a_note_in_place_of_a_page() {
    let shop = Shop::open().await;
    let browser = signed_in(&shop).await;
    let ask = |method, path| browser.ask(method, path).htmx("results");
    is_our_note(&ask(Method::GET, "/nowhere").send().await, 404);
    is_our_note(&ask(Method::DELETE, "/orders").send().await, 405);
    is_our_note(&ask(Method::POST, "/cart/lines").form(&[]).send().await, 400);
    is_our_note(
        &ask(Method::POST, "/cart/lines").form(&[]).header("sec-fetch-site", "cross-site").send().await,
        403,
    );
    // Going back in the browser wants the whole page.
    let restore = ask(Method::GET, "/nowhere").header("hx-history-restore-request", "true").send().await;
    is_our_page(&restore, 404, "Nothing here");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_breaks_inside_stays_inside() {
    let shop = Shop::open().await;
    let browser = signed_in(&shop).await;
    shop.sql("ALTER TABLE cart_lines RENAME TO mislaid", []).await;
    let answer = browser.get("/cart").await;
    is_our_page(&answer, 500, "That was our fault");
    let id = answer.header("x-request-id").unwrap().to_owned();
    assert!(answer.text().contains(&id), "the page names the request, so that somebody can ask about it");
    is_our_note(&browser.ask(Method::GET, "/orders").htmx("results").send().await, 500);
    // Who is not signed in needs no cart, and the shop is well.
    shop.browser().get("/signed-out").await.expect(200);
    shop.browser().get("/health").await.expect(200);
    shop.sql("ALTER TABLE mislaid RENAME TO cart_lines", []).await;
    browser.get("/cart").await.expect(200);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_asks_too_often_is_told_when_to_come_back() {
    let shop = Shop::open().await;
    let browser = signed_in(&shop).await;
    let mut answer = browser.get("/points.csv").await.expect(200);
    // Refilled by two a second meanwhile.
    for _ in 0..240 {
        answer = browser.get("/points.csv").await;
        if answer.status() != 200 {
            break;
        }
    }
    is_our_page(&answer, 429, "A little too fast");
    assert!(answer.header("retry-after").unwrap().parse::<u64>().unwrap() >= 1);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_carries_the_headers_of_the_house() {
    let shop = Shop::open().await;
    let browser = signed_in(&shop).await;
    let private = [
        "/",
        "/cart",
        "/checkout",
        "/orders",
        "/points",
        "/points.csv",
        "/addresses",
        "/addresses/new",
        "/sign-in",
        "/health",
    ];
    for path in private {
        let answer = browser.get(path).await;
        has_our_headers(&answer);
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        let nobody = shop.browser().get(path).await;
        has_our_headers(&nobody);
        assert_eq!(nobody.header("cache-control"), Some("no-store"), "{path}");
    }
    let asset = browser.get("/static/js/shop.js").await.expect(200);
    has_our_headers(&asset);
    assert_ne!(asset.header("cache-control"), Some("no-store"));
    let fragment = browser.ask(Method::GET, "/orders").htmx("results").send().await.expect(200);
    has_our_headers(&fragment);
    assert!(fragment.header("vary").unwrap().to_lowercase().contains("hx-request"));
    has_our_headers(&browser.post("/sign-out", &[]).await);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_policy_names_every_source_there_is() {
    let shop = Shop::open().await;
    let answer = shop.browser().get("/signed-out").await.expect(200);
    let pictures = shop.app.images.origin();
    assert_eq!(
        answer.header("content-security-policy").unwrap(),
        format!(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' {pictures}; connect-src 'self'; \
             form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
        )
    );
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_https_browsers_are_told_to_stay_there() {
    let shop = Shop::open_with(&[("SHOP_PUBLIC_URL", "https://shop.example.com")]).await;
    let answer = shop.browser().get("/signed-out").await;
    assert_eq!(answer.header("strict-transport-security"), Some("max-age=63072000; includeSubDomains"));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_id_of_a_request_is_ours_alone_and_new_each_time() {
    let shop = Shop::open().await;
    let browser = shop.browser();
    let ask =
        || browser.ask(Method::GET, "/health").header("x-request-id", "0123456789abcdef0123456789abcdef");
    let (first, second) = (ask().send().await, ask().send().await);
    assert_ne!(first.header("x-request-id"), Some("0123456789abcdef0123456789abcdef"));
    assert_ne!(first.header("x-request-id"), second.header("x-request-id"));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_that_is_not_ours_never_comes_back_in_an_answer() {
    let shop = Shop::open().await;
    let request = "GET /orders HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\n\
                   X-Forwarded-Proto: gopher\r\nForwarded: host=evil.example\r\nConnection: close\r\n\r\n";
    let answer = raw::send(shop.address(), request).await;
    assert_eq!(answer.status, 303);
    assert!(!answer.head.contains("evil") && !answer.body.contains("evil"), "{answer:?}");
    shop.close().await;
}

#[tokio::test]
async fn who_accepts_no_encoding_that_there_is_gets_the_page_as_it_is() {
    let shop = Shop::open().await;
    let browser = signed_in(&shop).await;
    for accepted in ["identity;q=0", "*;q=0", "zstd, *;q=0", "gzip;q=x"] {
        let ask = browser.ask(Method::GET, "/").header("accept-encoding", accepted);
        let answer = ask.send().await.expect(200);
        assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"), "{accepted}");
        assert_eq!(answer.header("content-encoding"), None, "{accepted}");
        has_our_headers(&answer);
    }
    shop.close().await;
}
