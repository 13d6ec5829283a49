//! Where a write may come from: the whole table of what a browser can say, asked through the door.

use reqwest::Method;

use crate::support::Shop;

/// What `Sec-Fetch-Site` can be; `None` is absent.
const SITES: [Option<&str>; 9] = [
    Some("same-origin"),
    Some("none"),
    Some("same-site"),
    Some("cross-site"),
    Some(""),
    Some("Same-Origin"),
    Some("same-origin, cross-site"),
    Some("something-new"),
    None,
];
const WRITES: [&str; 4] = ["POST", "PUT", "PATCH", "DELETE"];
const READS: [&str; 2] = ["GET", "HEAD"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_our_own_pages_may_write() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    // One session may ask only so often: a new one for each method. Without a cookie there is less to tell apart.
    let mut visitors = Vec::new();
    for method in WRITES.iter().chain(&READS) {
        visitors.push((*method, shop.browser_of(ann).await, true));
    }
    visitors.extend(["POST", "GET"].map(|method| (method, shop.browser(), false)));
    let (host, port) = ("127.0.0.1", shop.address().port());
    let own = shop.origin.clone();
    let origins = [
        Some(own.clone()),
        Some("https://evil.example".to_owned()),
        Some("null".to_owned()),
        Some(String::new()),
        Some(format!("https://{host}:{port}")),
        Some(format!("http://{host}")),
        Some(format!("http://{host}:1")),
        Some(format!("{own}.evil.example")),
        Some(format!("{own}/")),
        Some(format!("{own}, https://evil.example")),
        Some(own.replace(host, "localhost")),
        Some(own.to_uppercase()),
        None,
    ];
    let before = shop.contents().await;
    let mut rows = 0;
    for (method, browser, has_cookie) in visitors {
        for site in SITES {
            for origin in &origins {
                let may = match (site, origin) {
                    _ if READS.contains(&method) => true,
                    (Some(site), _) => site == "same-origin" || site == "none",
                    (None, Some(origin)) => *origin == own,
                    (None, None) => !has_cookie,
                };
                // Nothing is sent along, so what may enter has no product to put into the cart.
                let mut ask = browser.ask(method.parse::<Method>().unwrap(), "/cart/lines");
                ask = ask.without("sec-fetch-site").without("origin");
                if let Some(site) = site {
                    ask = ask.header("sec-fetch-site", site);
                }
                if let Some(origin) = origin {
                    ask = ask.header("origin", origin);
                }
                let status = ask.send().await.status();
                let entered = match method {
                    "POST" if has_cookie => 400,
                    "POST" => 303,
                    _ => 405,
                };
                assert_eq!(
                    status,
                    if may { entered } else { 403 },
                    "{method} by {site:?} from {origin:?}, cookie: {has_cookie}"
                );
                rows += 1;
            }
        }
    }
    assert_eq!(rows, (6 + 2) * 9 * 13);
    shop.assert_unchanged(&before, "the whole table").await;
    shop.close().await;
}
