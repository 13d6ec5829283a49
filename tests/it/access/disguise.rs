//! Addresses that mean a private page and are written in another way: for a cache, a proxy or a filter on the path they
//! would be something else.

use super::Scene;
use crate::support::raw;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_in_disguise_opens_nothing() {
    let scene = Scene::set().await;
    let browser = scene.shop.browser_of(scene.ann).await;
    let cookie = browser.cookie_header();
    let number = &scene.number;
    // The proof that the cookie and the number are good.
    let honest = raw::get(scene.shop.address(), &format!("/orders/{number}"), cookie.as_deref()).await;
    assert_eq!(honest.status, 200);
    assert!(honest.body.contains(number.as_str()));
    let disguises = [
        "//orders".to_owned(),
        "/orders/".to_owned(),
        "/ORDERS".to_owned(),
        "/orders/.".to_owned(),
        "/orders/..".to_owned(),
        "/orders/%2e".to_owned(),
        "/orders/%2e%2e/orders".to_owned(),
        "/./orders".to_owned(),
        "/static/../orders".to_owned(),
        "/static/%2e%2e/orders".to_owned(),
        "/static/..%2forders".to_owned(),
        "/orders;x".to_owned(),
        "/orders;x.css".to_owned(),
        "/orders.css".to_owned(),
        "/orders%20".to_owned(),
        "/orders%00".to_owned(),
        "/orders%0a".to_owned(),
        "/orders%3fx.css".to_owned(),
        "/orders%23x.css".to_owned(),
        "/orders%2f".to_owned(),
        "/orders%5c".to_owned(),
        format!("//orders/{number}"),
        format!("/orders//{number}"),
        format!("/orders%2f{number}"),
        format!("/orders/{number}/"),
        format!("/orders/{number}/."),
        format!("/orders/{number}/x.css"),
        format!("/orders/{number}/%2e%2e/x.css"),
        format!("/orders/{number}%2fx.css"),
        format!("/orders/{number}.css"),
        format!("/orders/{number};x"),
        format!("/orders/{number};x.css"),
        format!("/orders/{number}%3bx.css"),
        format!("/orders/{number}%00"),
        format!("/orders/{number}%0ax.css"),
        format!("/orders/{number}%20"),
        format!("/orders/{number}%3fx.css"),
        format!("/orders/x{number}"),
        format!("/orders/{number}'--"),
        format!("/orders/{number}%25"),
    ];
    for target in &disguises {
        let owner = raw::get(scene.shop.address(), target, cookie.as_deref()).await;
        assert_eq!(owner.status, 404, "{target} as its owner: {}", owner.body);
        let nobody = raw::get(scene.shop.address(), target, None).await;
        assert!([303, 404].contains(&nobody.status), "{target} as nobody: {}", nobody.status);
        assert!(
            !nobody.body.contains("Ann") && !nobody.body.contains("Voucher"),
            "{target}: {}",
            nobody.body
        );
    }
    scene.shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guarded_page_stays_guarded_however_its_address_is_written() {
    let scene = Scene::set().await;
    let address = scene.shop.address();
    for target in ["/%6frders", "/orders?", "/orders?x.css", "/orders?/../static/x.css", "/orders#x"] {
        let nobody = raw::get(address, target, None).await;
        assert!([303, 400, 404].contains(&nobody.status), "{target}: {}", nobody.status);
        assert_eq!(nobody.body.find("<table"), None, "{target}");
    }
    let absolute = raw::get(address, "http://evil.example/orders", None).await;
    assert!([303, 400, 404].contains(&absolute.status), "{}", absolute.status);
    assert!(!absolute.head.contains("evil.example"), "{}", absolute.head);
    scene.shop.close().await;
}
