//! Nothing that a visitor says leads a browser out of the shop: not a field of the address, not one of a form, not a header.

use reqwest::Method;

use super::forms::{By, FORMS, Senders, Sent};
use crate::access::ROUTES;
use crate::support::answer::Answer;

/// Names that shops give to where one goes next.
const NAMES: [&str; 12] = [
    "next",
    "return_to",
    "return",
    "redirect",
    "redirect_uri",
    "url",
    "to",
    "then",
    "from",
    "after",
    "moved",
    "continue",
];
/// Ways of writing a place that is not here.
const ELSEWHERE: [&str; 9] = [
    "//evil.example/x",
    r"/\evil.example/x",
    "https://evil.example/x",
    "https:evil.example/x",
    "/..//evil.example/x",
    "/%2f%2fevil.example/x",
    "javascript:alert(1)//evil.example",
    "/x@evil.example",
    "/x\r\nLocation: https://evil.example/x",
];
/// Headers by which a proxy tells what the shop is called.
const HEADERS: [(&str, &str); 7] = [
    ("x-forwarded-host", "evil.example"),
    ("x-forwarded-server", "evil.example"),
    ("x-forwarded-proto", "gopher"),
    ("x-forwarded-port", "666"),
    ("x-host", "evil.example"),
    ("forwarded", "host=evil.example;proto=gopher"),
    ("referer", "https://evil.example/x"),
];

/// Where an answer sends a browser, by any of the ways there are.
fn leads_to(answer: &Answer) -> Vec<String> {
    let refresh = answer.header("refresh").and_then(|text| text.split_once("url="));
    let names = ["location", "hx-redirect", "hx-location", "hx-push-url", "content-location", "link"];
    let mut to: Vec<_> = names.iter().flat_map(|name| answer.headers(name)).map(str::to_owned).collect();
    to.extend(refresh.map(|(_, address)| address.to_owned()));
    to
}

fn stays(answer: &Answer, what: &str, provider: &str) -> usize {
    let to = leads_to(answer);
    for address in &to {
        let there = answer.url.join(address).unwrap();
        let is_here = there.origin() == answer.url.origin() && !address.starts_with("//");
        assert!(is_here || address.starts_with(provider), "{what} leads to {address}");
        assert!(!there.path().contains("evil.example"), "{what} leads to {address}");
    }
    to.len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_is_asked_leads_out_of_the_shop() {
    let senders = Senders::set().await;
    let scene = &senders.scene;
    let provider = scene.shop.app.config.identity.issuer.clone();
    let mut led = 0;
    for place in ELSEWHERE {
        let query = serde_urlencoded::to_string(NAMES.map(|name| (name, place))).unwrap();
        for (_, pattern, ..) in ROUTES.iter().filter(|(method, ..)| *method == "GET") {
            let path = format!("{}?{query}", scene.fill(pattern));
            for browser in [senders.browser(By::Ann), &scene.shop.browser()] {
                let mut ask = browser.ask(Method::GET, &path);
                let mut swap = browser.ask(Method::GET, &path).htmx("results");
                for (name, value) in HEADERS {
                    (ask, swap) = (ask.header(name, value), swap.header(name, value));
                }
                led += stays(&ask.send().await, &path, &provider);
                led += stays(&swap.send().await, &path, &provider);
            }
        }
    }
    assert!(led > 200, "only {led} answers led anywhere");
    let mut led = 0;
    // Files come in another body, which says nothing about where to go.
    let forms: Vec<_> = FORMS.iter().filter(|form| !form.brings_files()).collect();
    for form in &forms {
        let Sent { path, mut fields, .. } = senders.honest(form).await;
        let place = ELSEWHERE[led % ELSEWHERE.len()];
        fields.retain(|(name, _)| name != "next");
        let more =
            NAMES.iter().filter(|name| **name != "then").map(|name| ((*name).to_owned(), place.to_owned()));
        fields.extend(more);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let mut ask = senders.browser(form.by).ask(Method::POST, &path).form(&fields);
        for (name, value) in HEADERS {
            ask = ask.header(name, value);
        }
        led += stays(&ask.send().await, &path, &provider);
    }
    assert!(led >= forms.len() - 2, "only {led} forms led anywhere");
    senders.scene.shop.close().await;
}
