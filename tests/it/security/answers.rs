//! What every answer carries, whoever asked for whatever and however it ended: the policy, nothing that may be kept,
//! cookies that only this host sees, a type that fits the body, and no word about what is inside.

use reqwest::Method;

use super::forms::{FORMS, Senders, Sent, send};
use crate::access::ROUTES;
use crate::support::Shop;
use crate::support::answer::Answer;
use crate::support::browser::Browser;

const HSTS: &str = "strict-transport-security";
const ALWAYS: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
];
const NEVER: [&str; 10] = [
    "server",
    "x-powered-by",
    "via",
    "access-control-allow-origin",
    "access-control-allow-credentials",
    "access-control-allow-methods",
    "access-control-allow-headers",
    "content-location",
    "public-key-pins",
    "x-xss-protection",
];
/// A browser keeps no larger cookie.
const LARGEST_COOKIE_BYTES: usize = 4_096;
/// A moment after all files that are allowed were taken, one more is; on a slow machine it is asked for after that.
const TRIES: usize = 5;

/// How everything ends that can be asked of a shop: what was asked, and the answer.
async fn everything(senders: &Senders) -> Vec<(String, Answer)> {
    let (scene, mut told) = (&senders.scene, Vec::new());
    let nobody = scene.shop.browser();
    let (ann, hal) = (senders.browser(super::forms::By::Ann), senders.admin());
    // Nobody takes every file four times a minute; the second half of it is another's.
    let other = scene.shop.super_admin().await;
    let everybody: [(&str, &Browser, &Browser); 3] =
        [("nobody", &nobody, &nobody), ("ann", ann, ann), ("hal", hal, &other)];
    for (name, browser, other) in everybody {
        for (method, pattern, ..) in ROUTES.iter() {
            let path = scene.fill(pattern);
            let mut ask = async |what: &str, request: crate::support::browser::Ask<'_>| {
                told.push((format!("{what} {path} as {name}"), request.send().await));
            };
            if *method == "GET" {
                ask("GET", browser.ask(Method::GET, &path)).await;
                ask("HEAD", browser.ask(Method::HEAD, &path)).await;
                ask("htmx", other.ask(Method::GET, &path).htmx("results")).await;
                ask(
                    "GET from elsewhere",
                    other.ask(Method::GET, &path).header("origin", "https://evil.example"),
                )
                .await;
            } else {
                let empty = browser.ask(Method::POST, &path).body("text/plain", "x");
                ask("no form to", empty.header("sec-fetch-site", "cross-site")).await;
                ask(
                    "htmx, no form to",
                    browser
                        .ask(Method::POST, &path)
                        .body("text/plain", "x")
                        .header("sec-fetch-site", "same-site")
                        .htmx("cart"),
                )
                .await;
            }
            let preflight = browser.ask(Method::OPTIONS, &path).header("origin", "https://evil.example");
            ask("preflight of", preflight.header("access-control-request-method", "POST")).await;
            ask("DELETE", browser.ask(Method::DELETE, &path)).await;
        }
        for path in [
            "/nowhere",
            "/.git/config",
            "/.env",
            "/metrics",
            "/debug",
            "/static/",
            "/static/js/",
            "/%ff",
            "/robots.txt",
        ] {
            told.push((format!("GET {path} as {name}"), browser.get(path).await.expect(404)));
            told.push((
                format!("htmx {path} as {name}"),
                browser.ask(Method::GET, path).htmx("x").send().await,
            ));
        }
        let large = "x".repeat(70 * 1024);
        told.push((format!("too much as {name}"), browser.post("/cart/lines", &[("product", &large)]).await));
    }
    told
}

/// The statuses that only a shop in trouble gives.
async fn trouble() -> Vec<(String, Answer)> {
    let mut shop = Shop::open().await;
    let ann = shop.person("ann").await;
    let browser = shop.browser_of(ann).await;
    let mut told = Vec::new();
    let mut too_often = browser.get("/points.csv").await.expect(200);
    for _ in 0..TRIES {
        while shop.app.limits.export(ann).is_ok() {}
        too_often = browser.get("/points.csv").await;
        if too_often.status() == 429 {
            break;
        }
    }
    told.push(("too often".to_owned(), too_often.expect(429)));
    shop.stop_identity_provider().await;
    told.push(("no provider".to_owned(), shop.browser().impatient().get("/sign-in").await.expect(503)));
    shop.sql("ALTER TABLE cart_lines RENAME TO mislaid", []).await;
    told.push(("no table".to_owned(), browser.get("/cart").await.expect(500)));
    told.push((
        "no table, htmx".to_owned(),
        browser.ask(Method::GET, "/orders").htmx("results").send().await.expect(500),
    ));
    shop.sql("ALTER TABLE mislaid RENAME TO cart_lines", []).await;
    shop.drain();
    told.push(("leaving".to_owned(), browser.get("/health").await.expect(503)));
    shop.close().await;
    told
}

fn is_in_order(what: &str, answer: &Answer, policy: &str, is_https: bool) {
    assert_eq!(answer.headers("content-security-policy"), [policy], "{what}");
    for (name, value) in ALWAYS {
        assert_eq!(answer.headers(name), [value], "{what}: {name}");
    }
    for name in NEVER {
        assert_eq!(answer.header(name), None, "{what}: {name}");
    }
    assert_eq!(answer.header(HSTS).is_some(), is_https, "{what}: {HSTS}");
    assert_eq!(answer.headers("x-request-id").len(), 1, "{what}");
    let is_file = answer.url.path().starts_with("/static/") && answer.status() == 200;
    if !is_file {
        assert_eq!(answer.headers("cache-control"), ["no-store"], "{what}");
        for name in ["etag", "last-modified", "expires", "age"] {
            assert_eq!(answer.header(name), None, "{what}: {name}");
        }
    }
    fits_its_type(what, answer);
    for cookie in answer.headers("set-cookie") {
        stays_here(what, cookie);
    }
}

fn fits_its_type(what: &str, answer: &Answer) {
    let Some(kind) = answer.header("content-type") else {
        assert!(answer.body().is_empty(), "{what}: a body of no type");
        return;
    };
    if answer.body().is_empty() {
        return;
    }
    match kind {
        "text/html; charset=utf-8" => {
            assert!(answer.text().trim_start().starts_with('<'), "{what} is no HTML");
            let vary = answer.headers("vary").join(", ").to_lowercase();
            assert!(vary.contains("hx-request"), "{what}: a page and a fragment have one address: {vary}");
        }
        "application/json" => assert!(answer.json().is_object(), "{what}"),
        "text/csv; charset=utf-8" => {
            let disposition = answer.header("content-disposition").unwrap();
            assert!(disposition.starts_with("attachment; filename=\""), "{what}: {disposition}");
        }
        "text/javascript; charset=utf-8" => assert!(!answer.text().contains("<html"), "{what}"),
        other => panic!("{what} is {other}"),
    }
}

fn stays_here(what: &str, cookie: &str) {
    let mut parts = cookie.split("; ");
    let (name, value) = parts.next().unwrap().split_once('=').unwrap();
    let mut attributes: Vec<_> = parts.filter(|part| !part.starts_with("Expires=")).collect();
    attributes.sort_unstable();
    let mut expected = vec!["HttpOnly", "Path=/", "SameSite=Lax", "Secure"];
    if value.is_empty() {
        expected.insert(1, "Max-Age=0");
    }
    assert!(name.starts_with("__Host-"), "{what}: {cookie}");
    assert_eq!(attributes, expected, "{what}: {cookie}");
    assert!(cookie.len() < LARGEST_COOKIE_BYTES, "{what}: {cookie}");
    assert!(!value.starts_with("eyJ"), "{what}: no token of the provider's leaves the shop");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_there_is_is_in_order() {
    let senders = Senders::set().await;
    let policy = senders.scene.shop.browser().get("/signed-out").await;
    let policy = policy.header("content-security-policy").unwrap();
    let mut told = everything(&senders).await;
    for form in FORMS {
        let Sent { path, fields, .. } = senders.honest(form).await;
        let answer = send(senders.browser(form.by), &path, &fields).await;
        told.push((format!("POST {}", form.path), answer));
    }
    for begin in ["/sign-in", "/sign-in?next=/cart"] {
        let browser = senders.scene.shop.browser();
        told.push((begin.to_owned(), browser.get(begin).await));
        told.push(("back".to_owned(), browser.sign_in_from(begin, "ann").await.expect(303)));
    }
    let statuses: std::collections::BTreeSet<_> = told.iter().map(|(_, answer)| answer.status()).collect();
    assert_eq!(statuses.into_iter().collect::<Vec<_>>(), [200, 303, 400, 403, 404, 405, 413]);
    for (what, answer) in &told {
        is_in_order(what, answer, policy, false);
    }
    // Pictures come from another port in each shop, so its policy is another.
    for (what, answer) in Box::pin(trouble()).await {
        let own = answer.header("content-security-policy").unwrap().to_owned();
        is_in_order(&what, &answer, &own, false);
        let without = |policy: &str| policy.split("127.0.0.1").next().unwrap().to_owned();
        assert_eq!(without(&own), without(policy), "{what}");
    }
    senders.scene.shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_https_every_answer_says_to_stay_there() {
    let shop = Shop::open_with(&[("SHOP_PUBLIC_URL", "https://shop.example.com")]).await;
    let ann = shop.person("ann").await;
    let (inside, nobody) = (shop.browser_of(ann).await, shop.browser());
    for path in
        ["/", "/cart", "/orders", "/nowhere", "/health", "/signed-out", "/static/js/shop.js", "/sign-in"]
    {
        for browser in [&inside, &nobody] {
            for method in [Method::GET, Method::HEAD, Method::DELETE] {
                let answer = browser.ask(method.clone(), path).send().await;
                assert_eq!(answer.headers(HSTS), ["max-age=63072000; includeSubDomains"], "{method} {path}");
            }
        }
    }
    shop.close().await;
}
