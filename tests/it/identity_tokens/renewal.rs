//! Where the shop's knowledge of its provider comes from, when it is asked for again, and what outlives an outage.

use std::sync::atomic::Ordering;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::RSA_PKCS1_SHA256;
use serde_json::{Value, json};

use awsomeshop::platform::identity::{
    Identity, IdentityHealth, IdentitySettings, SignInProblem, TokenProblem,
};

use super::mint::{jwk, ours, rsa_signature, signed, theirs, token};
use super::provider::{NOW, at, house, settings};

#[actix_web::test]
async fn sign_in_begins_at_the_discovered_address_with_fresh_secrets() {
    let house = house();
    assert_eq!(house.said.discoveries.load(Ordering::SeqCst), 0);
    let first = house.identity.start(at(NOW)).await.unwrap();
    let second = house.identity.start(at(NOW)).await.unwrap();
    assert_eq!(house.said.discoveries.load(Ordering::SeqCst), 1);
    assert_ne!(first.state, second.state);
    assert_ne!(first.nonce, second.nonce);
    assert_ne!(first.verifier, second.verifier);
    let address = url::Url::parse(&first.address).unwrap();
    let said: std::collections::HashMap<_, _> = address.query_pairs().into_owned().collect();
    let digest = ring::digest::digest(&ring::digest::SHA256, first.verifier.as_bytes());
    assert!(first.address.starts_with(&format!("{}/authorize?kept=yes&", house.issuer)));
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", "shop"),
        ("redirect_uri", "http://127.0.0.1:9/sign-in/callback"),
        ("scope", "openid email profile"),
        ("state", &first.state),
        ("nonce", &first.nonce),
        ("code_challenge", &URL_SAFE_NO_PAD.encode(digest)),
        ("code_challenge_method", "S256"),
    ] {
        assert_eq!(said[name], value, "{name}");
    }
    house.close().await;
}

#[actix_web::test]
async fn a_discovery_document_that_is_not_our_issuers_is_refused() {
    let house = house();
    for issuer in ["https://evil.test".to_owned(), format!("{}/", house.issuer), house.issuer.to_uppercase()]
    {
        *house.said.issuer.lock().unwrap() = Some(issuer.clone());
        assert!(house.identity.start(at(NOW)).await.is_err(), "{issuer}");
    }
    *house.said.issuer.lock().unwrap() = None;
    for extra in [
        json!({ "jwks_uri": "file:///etc/passwd" }),
        json!({ "jwks_uri": null }),
        json!({ "token_endpoint": "javascript:alert(1)" }),
        json!({ "padding": "x".repeat(300 * 1024) }),
    ] {
        *house.said.extra.lock().unwrap() = extra.clone();
        assert!(house.identity.start(at(NOW)).await.is_err(), "{extra}");
    }
    *house.said.extra.lock().unwrap() = Value::Null;
    *house.said.keys.lock().unwrap() = json!([{ "kty": "unknown" }]);
    assert!(house.identity.start(at(NOW)).await.is_err());
    let redirected = Identity::new(settings(&format!("{}/redirects", house.issuer))).unwrap();
    let read_before = house.said.discoveries.load(Ordering::SeqCst);
    assert!(redirected.start(at(NOW)).await.is_err());
    assert_eq!(house.said.discoveries.load(Ordering::SeqCst), read_before, "a redirect was followed");
    house.close().await;
}

#[actix_web::test]
async fn a_new_key_is_found_by_one_reading_and_a_flood_of_unknown_ones_causes_one_a_minute() {
    let house = house();
    let payload = house.claims().to_string();
    let named = |kid: &str, key: &'static rsa::RsaPrivateKey| {
        let header = json!({ "alg": "RS256", "kid": kid }).to_string();
        token(&header, &payload, |text| rsa_signature(key, &RSA_PKCS1_SHA256, text))
    };
    house.finish(&named("one", ours())).await.unwrap();
    assert_eq!(house.key_sets_read(), 1);
    *house.said.keys.lock().unwrap() = json!([jwk(ours(), "one"), jwk(theirs(), "two")]);
    let new = named("two", theirs());
    let both = futures::future::join(house.finish(&new), house.finish(&new)).await;
    assert!(both.0.is_ok() && both.1.is_ok(), "{both:?}");
    house.finish(&named("one", ours())).await.unwrap();
    house.finish(&named("two", theirs())).await.unwrap();
    assert_eq!(house.key_sets_read(), 2);
    for number in 0..50 {
        house.refused("flood", &named(&format!("none-{number}"), ours()), TokenProblem::Key).await;
    }
    assert_eq!(house.key_sets_read(), 2);
    house.now.fetch_add(60, Ordering::SeqCst);
    let flood: Vec<String> = (0..20).map(|number| named(&format!("none-{number}"), ours())).collect();
    let outcomes = futures::future::join_all(flood.iter().map(|token| house.finish(token))).await;
    assert!(outcomes.iter().all(|one| matches!(one, Err(SignInProblem::Refused(TokenProblem::Key)))));
    assert_eq!(house.key_sets_read(), 3);
    house.close().await;
}

#[actix_web::test]
async fn an_outage_leaves_the_last_good_keys_and_is_not_asked_about_by_everybody() {
    let house = house();
    let good = signed(&house.claims_with(&json!({ "exp": NOW + 1_000_000 })));
    house.finish(&good).await.unwrap();
    *house.said.broken.lock().unwrap() = true;
    house.now.fetch_add(3_600, Ordering::SeqCst);
    for _ in 0..10 {
        house.finish(&good).await.unwrap();
    }
    // One renewal was tried, twice on the wire because of its one retry.
    assert_eq!(house.said.discoveries.load(Ordering::SeqCst), 3);
    let late = at(house.now.load(Ordering::SeqCst));
    assert_eq!(house.identity.health(late), IdentityHealth { keys_loaded: true, age_s: Some(3_600) });
    *house.said.broken.lock().unwrap() = false;
    house.now.fetch_add(60, Ordering::SeqCst);
    house.finish(&good).await.unwrap();
    let late = at(house.now.load(Ordering::SeqCst));
    assert_eq!(house.identity.health(late).age_s, Some(0));
    house.close().await;
}

#[actix_web::test]
async fn a_provider_that_is_down_at_first_is_asked_again_once_for_all_who_wait() {
    let house = house();
    *house.said.broken.lock().unwrap() = true;
    assert_eq!(house.identity.health(at(NOW)), IdentityHealth { keys_loaded: false, age_s: None });
    let all = futures::future::join_all((0..20).map(|_| house.identity.start(at(NOW)))).await;
    assert!(all.iter().all(Result::is_err));
    assert_eq!(house.said.discoveries.load(Ordering::SeqCst), 2);
    *house.said.broken.lock().unwrap() = false;
    house.identity.start(at(NOW)).await.unwrap();
    house.close().await;
}

#[actix_web::test]
async fn signing_out_at_the_provider() {
    let house = house();
    assert_eq!(house.identity.sign_out_address(), None);
    house.identity.start(at(NOW)).await.unwrap();
    let back = "http%3A%2F%2F127.0.0.1%3A9%2Fsigned-out";
    let standard = format!("{}/logout?client_id=shop&post_logout_redirect_uri={back}", house.issuer);
    assert_eq!(house.identity.sign_out_address(), Some(standard));
    let logout_url = Some("https://shop.auth.eu-central-1.amazoncognito.com/logout".to_owned());
    let cognito = Identity::new(IdentitySettings { logout_url, ..settings(&house.issuer) }).unwrap();
    let expected =
        format!("https://shop.auth.eu-central-1.amazoncognito.com/logout?client_id=shop&logout_uri={back}");
    assert_eq!(cognito.sign_out_address(), Some(expected));
    house.close().await;
}

#[test]
fn an_issuer_that_can_be_overheard_is_refused() {
    for issuer in
        ["http://id.example.test", "ftp://127.0.0.1", "not an address", "http://127.0.0.1.evil.test"]
    {
        assert!(Identity::new(settings(issuer)).is_err(), "{issuer}");
    }
    for issuer in ["https://id.example.test", "http://localhost:9", "http://127.0.0.1:9", "http://[::1]:9"] {
        assert!(Identity::new(settings(issuer)).is_ok(), "{issuer}");
    }
}
