//! Every page of the table behind a mask: written in another way, asked for through another address, or by a method
//! that a header claims. Whoever is let in by the honest address finds nothing; whoever is not, learns nothing.

use std::net::SocketAddr;

use reqwest::Method;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::forms::{By, Senders};
use crate::access::ROUTES;
use crate::support::browser::Browser;
use crate::support::{Shop, raw};
use awsomeshop::types::role::Role;
use awsomeshop::web::route::Who;

/// Headers by which some proxies and frameworks let a client choose another address or method.
const MASKS: [&str; 6] = [
    "x-original-url",
    "x-rewrite-url",
    "x-original-uri",
    "x-forwarded-uri",
    "x-forwarded-path",
    "x-forwarded-prefix",
];
const METHOD_MASKS: [&str; 3] = ["x-http-method-override", "x-http-method", "x-method-override"];

/// The same address as somebody would write it who hopes that two programs read it differently.
fn disguises(path: &str) -> Vec<String> {
    let rest = path.strip_prefix('/').unwrap();
    let first: String = rest.chars().take(1).collect();
    let mut disguises = vec![
        format!("//{rest}"),
        format!("/./{rest}"),
        format!("/%2e/{rest}"),
        format!("/x/../{rest}"),
        format!("/x/%2e%2e/{rest}"),
        format!("/static/../{rest}"),
        format!("/static/..%2f{rest}"),
        format!("/health/../{rest}"),
        format!("{path}/"),
        format!("{path}/."),
        format!("{path}/.."),
        format!("{path}%2f"),
        format!("{path};x.css"),
        format!("{path}%3bx.css"),
        format!("{path}.css"),
        format!("{path}/x.css"),
        format!("{path}%20"),
        format!("{path}%00"),
        format!("{path}%0d%0a"),
        format!("{path}\\"),
        format!("/{}{}", first.to_uppercase(), rest.chars().skip(1).collect::<String>()),
        format!("/%25{:x}{}", first.bytes().next().unwrap(), rest.chars().skip(1).collect::<String>()),
    ];
    if rest.contains('/') {
        disguises.push(format!("/{}", rest.replace('/', "//")));
        disguises.push(format!("/{}", rest.replace('/', "%2f")));
        disguises.push(format!("/{}", rest.replace('/', "%5c")));
        disguises.push(format!("/{}", rest.replace('/', "/./")));
    }
    disguises
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_page_is_found_behind_a_mask() {
    let senders = Senders::set().await;
    let scene = &senders.scene;
    let address = scene.shop.address();
    let pages = ROUTES.iter().filter(|(method, path, ..)| *method == "GET" && *path != "/");
    for (index, (_, pattern, who, _)) in pages.enumerate() {
        let path = scene.fill(pattern);
        // Somebody new at each page of HR's: one person asking for all of them would be too fast.
        let cookie = if matches!(who, Who::AnyDesk | Who::Hr(_)) {
            let somebody = scene.shop.person(&format!("admin{index}")).await;
            scene.shop.role(somebody, Role::SuperAdmin).await;
            scene.shop.browser_of(somebody).await.cookie_header()
        } else {
            senders.browser(By::Ann).cookie_header()
        };
        let honest = raw::get(address, &path, cookie.as_deref()).await;
        assert!([200, 303, 400].contains(&honest.status), "{path}: {}", honest.status);
        for disguise in disguises(&path) {
            // A file's own name may be asked for in as many ways as there are: it holds no secret.
            let masked = raw::get(address, &disguise, cookie.as_deref()).await;
            assert!([400, 404, 405].contains(&masked.status), "{disguise}: {}", masked.status);
            let nobody = raw::get(address, &disguise, None).await;
            assert!([303, 400, 404, 405].contains(&nobody.status), "{disguise} as nobody: {}", nobody.status);
            let is_sent_to_sign_in = nobody.head.contains("location: /sign-in?next=");
            assert!(nobody.status != 303 || is_sent_to_sign_in, "{disguise} as nobody: {}", nobody.head);
            assert!(!nobody.body.contains("Ann") && !nobody.body.contains(&scene.number), "{disguise}");
        }
    }
    senders.scene.shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_header_chooses_neither_another_address_nor_another_method() {
    let senders = Senders::set().await;
    let scene = &senders.scene;
    let (ann, nobody) = (senders.browser(By::Ann), scene.shop.browser());
    let before = scene.shop.contents().await;
    for (method, pattern, who, _) in ROUTES.iter() {
        let path = scene.fill(pattern);
        if *method == "GET" && *who != Who::Anyone {
            for mask in MASKS {
                let answer = nobody.ask(Method::GET, "/signed-out").header(mask, &path).send().await;
                assert_eq!(answer.html().text_of("main h1"), "You are signed out", "{mask}: {path}");
            }
        }
        if *method == "POST" {
            for mask in METHOD_MASKS {
                claims(ann, Method::GET, &path, mask, "POST").await;
                claims(ann, Method::PUT, &path, mask, "POST").await;
            }
            claims(ann, Method::GET, &format!("{path}?_method=POST"), "x-none", "").await;
        }
    }
    scene.shop.assert_unchanged(&before, "a method that a header claims").await;
    senders.scene.shop.close().await;
}

/// What is asked by one method stays asked by it, whatever a header says.
async fn claims(browser: &Browser, method: Method, path: &str, mask: &str, claimed: &str) {
    let plain = browser.ask(method.clone(), path).send().await;
    let masked = browser.ask(method.clone(), path).header(mask, claimed).send().await;
    assert_eq!(masked.status(), plain.status(), "{method} {path} with {mask}: {claimed}");
}

/// The status of the answer to these bytes, read as far as its head goes: the shop may listen a little longer.
async fn status_of(address: SocketAddr, request: &str) -> u16 {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    let head = String::from_utf8(head).unwrap();
    head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_asks_for_another_protocol_is_answered_as_what_it_is() {
    const UPGRADE: &str = "Connection: Upgrade\r\nUpgrade: websocket\r\n";
    let shop = Shop::open().await;
    let address = shop.address();
    // None of them has a body to wait for: 408 would say that the shop has waited.
    let requests: [(&str, &str, &[u16]); 6] = [
        ("GET /health", UPGRADE, &[200]),
        ("GET /cart", UPGRADE, &[303]),
        ("POST /sign-out", UPGRADE, &[303]),
        ("POST /sign-out", "Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 0\r\n", &[303]),
        ("CONNECT /health", "", &[405]),
        ("CONNECT other.test:443", "", &[400, 404, 405]),
    ];
    for (line, headers, statuses) in requests {
        let request = format!("{line} HTTP/1.1\r\nHost: {address}\r\n{headers}\r\n");
        let status = status_of(address, &request).await;
        assert!(statuses.contains(&status), "{line} {headers}: {status}");
    }
    shop.close().await;
}
