//! When the shop cannot tell who is asking, nobody is let in; and what is in its database lets nobody in either.

use std::collections::BTreeSet;

use awsomeshop::error::{Error, Refusal};
use awsomeshop::grants::single::{self, Ends, Grant};
use awsomeshop::platform::seal;
use awsomeshop::types::actor::Actor;
use awsomeshop::types::points::Points;
use awsomeshop::types::role::Role;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use futures::FutureExt;

use super::forms::{By, FORMS, Senders, send};
use crate::access::ROUTES;
use crate::support::{Shop, raw};
use awsomeshop::web::route::Who;

/// Bits of chance in a token, at least.
const LEAST_BITS: usize = 128;

#[test]
fn tokens_are_long_and_never_the_same() {
    let tokens: BTreeSet<_> = (0..10_000).map(|_| seal::new_token().unwrap()).collect();
    assert_eq!(tokens.len(), 10_000);
    for token in &tokens {
        let bytes = URL_SAFE_NO_PAD.decode(token).unwrap();
        assert!(bytes.len() * 8 >= LEAST_BITS, "{token}");
    }
    // No place in them is always the same.
    for place in 0..43 {
        let seen: BTreeSet<_> = tokens.iter().map(|token| token.as_bytes()[place]).collect();
        assert!(seen.len() >= 16, "place {place}: {seen:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_steals_the_database_is_nobody() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    let (honest, thief) = (shop.browser_of(ann).await, shop.browser());
    let token = honest.cookie("__Host-session").unwrap();
    let hash = seal::token_hash(&token);
    assert_eq!(
        shop.scalar_of("SELECT COUNT(*) FROM sessions WHERE token_hash = ?", [hash.clone().into()]).await,
        1
    );
    let hex: String = hash.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    let stolen = [
        hex.clone(),
        hex.to_uppercase(),
        format!("0x{hex}"),
        URL_SAFE_NO_PAD.encode(&hash),
        STANDARD.encode(&hash),
        ann.to_string(),
        String::new(),
        "%".to_owned(),
        token.to_uppercase(),
        token.chars().take(42).collect(),
        format!("{token}A"),
    ];
    for text in stolen {
        thief.enter_with(&text);
        assert_eq!(thief.get("/orders").await.status(), 303, "{text}");
    }
    honest.get("/orders").await.expect(200);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_counts_from_the_very_next_request_given_or_taken() {
    let shop = Shop::open().await;
    shop.person("ora").await;
    let browser = shop.browser();
    // The provider's groups say that she is at the orders desk, at this sign-in.
    browser.sign_in("ora").await;
    browser.get("/hr/orders").await.expect(200);
    for _ in 0..2 {
        assert_eq!(shop.sql("DELETE FROM person_roles", []).await, 1);
        browser.get("/hr/orders").await.expect(403);
        shop.sql("INSERT INTO person_roles (person_id, role) SELECT id, 'orders' FROM people", []).await;
        browser.get("/hr/orders").await.expect(200);
        shop.sql("UPDATE person_roles SET role = 'points'", []).await;
        browser.get("/hr/orders").await.expect(403);
    }
    // A role that nobody knows opens nothing.
    shop.sql("UPDATE person_roles SET role = 'Orders'", []).await;
    browser.get("/hr/orders").await.expect(403);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_it_cannot_be_told_who_is_asking_nobody_is_let_in() {
    let senders = Senders::set().await;
    let scene = &senders.scene;
    for table in ["sessions", "people", "person_roles", "accounts"] {
        let before = scene.shop.contents().await;
        scene.shop.sql(&format!("ALTER TABLE {table} RENAME TO mislaid"), []).await;
        for (method, pattern, who, _) in ROUTES.iter().filter(|(_, _, who, _)| *who != Who::Anyone) {
            let path = scene.fill(pattern);
            for browser in [senders.browser(By::Ann), senders.admin()] {
                let answer = if *method == "GET" {
                    browser.get(&path).await
                } else {
                    let form = FORMS.iter().find(|form| form.path == *pattern).unwrap();
                    let honest = form.sketch();
                    send(browser, &path, &honest).await
                };
                assert_eq!(answer.status(), 500, "{method} {path} for {who:?} without {table}");
                assert!(!answer.text().contains("Ann") && !answer.text().contains(&scene.number), "{path}");
            }
        }
        scene.shop.sql(&format!("ALTER TABLE mislaid RENAME TO {table}"), []).await;
        scene.shop.assert_unchanged(&before, &format!("a shop without {table}")).await;
    }
    senders.browser(By::Ann).get("/orders").await.expect(200);
    senders.scene.shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_file_but_those_of_the_shop_is_served() {
    let shop = Shop::open().await;
    let long = "a".repeat(300);
    let targets = [
        "/static/../Cargo.toml",
        "/static/../../etc/passwd",
        "/static/%2e%2e/Cargo.toml",
        "/static/%2e%2e%2fCargo.toml",
        "/static/..%5cCargo.toml",
        "/static/..\\Cargo.toml",
        "/static//etc/passwd",
        "/static/%2fetc%2fpasswd",
        "/static/js",
        "/static/js/",
        "/static/js/shop.js%00",
        "/static/js/shop.js%00.css",
        "/static/js/shop.js/",
        "/static/js/htmx.LICENSE.txt",
        "/static/js/SHOP.js",
        "/static/.env",
        "/static/C:%5cwindows",
        "/static/file:%2f%2f%2fetc%2fpasswd",
        "/static/",
        "/static",
        &format!("/static/{long}"),
        &format!("/static/{}", "../".repeat(100)),
    ];
    assert_eq!(raw::get(shop.address(), "/static/js/shop.js", None).await.status, 200);
    for target in targets {
        let answer = raw::get(shop.address(), target, None).await;
        assert!([400, 404].contains(&answer.status), "{target}: {}", answer.status);
        assert!(!answer.body.contains("root:") && !answer.body.contains("[package]"), "{target}");
    }
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_grants_points_to_themselves() {
    let shop = Shop::open().await;
    let (pia, ann) = (shop.person("pia").await, shop.person("ann").await);
    shop.role(pia, Role::SuperAdmin).await;
    let now = shop.now();
    let give = async |to| {
        let given = shop.app.db.write("test.grant", move |tx| {
            let (reason, note) = ("thank-you", "For me".to_owned());
            let grant = Grant { person_id: to, amount: Points(100), reason, note, ends: Ends::At(None) };
            single::give(tx, now, Actor::Person(pia), grant).boxed()
        });
        given.await
    };
    let before = shop.contents().await;
    let refused = give(pia).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::GrantToSelf))), "{refused:?}");
    shop.assert_unchanged(&before, "a grant to oneself").await;
    give(ann).await.unwrap();
    shop.close().await;
}
