//! Which ID tokens the shop believes: a provider that says whatever a test wants, and the shop's own client.
//!
//! Every refused token is refused for its own reason, so that no row passes because of another row's rule.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may end here: what it needs is not there"
)]

mod mint;
mod provider;
mod renewal;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RSA_PSS_SHA384};
use serde_json::{Value, json};

use awsomeshop::platform::identity::{Claims, ProviderProblem, SignInProblem, TokenProblem as No};

use mint::{ec_key, jwk, ours, rsa_signature, signed, theirs, token};
use provider::{NONCE, NOW, house};

#[actix_web::test]
async fn an_honest_token_says_who_came() {
    let house = house();
    let claims = house.finish(&signed(&house.claims().to_string())).await.unwrap();
    let expected = Claims {
        issuer: house.issuer.clone(),
        subject: "ann-1".to_owned(),
        email: Some("ann@example.test".to_owned()),
        email_verified: true,
        name: Some("Ann Archer".to_owned()),
        employee_number: Some("E-1001".to_owned()),
        groups: vec!["hr-points".to_owned(), "hr-orders".to_owned()],
    };
    assert_eq!(claims, expected);
    house.close().await;
}

#[actix_web::test]
async fn the_accepted_variety_of_honest_tokens() {
    let house = house();
    for (what, changes) in [
        ("no token_use, as from a plain provider", json!({ "token_use": null })),
        ("aud as a list", json!({ "aud": ["shop"] })),
        ("several audiences and azp", json!({ "aud": ["shop", "other"], "azp": "shop" })),
        ("azp", json!({ "azp": "shop" })),
        ("nbf now", json!({ "nbf": NOW + 60 })),
        ("expired within the leeway", json!({ "exp": NOW - 59 })),
        ("issued five minutes ahead", json!({ "iat": NOW + 300 })),
    ] {
        let outcome = house.finish(&signed(&house.claims_with(&changes))).await;
        assert!(outcome.is_ok(), "{what}: {outcome:?}");
    }
    for (said, verified) in [
        (json!(true), true),
        (json!("true"), true),
        (json!(false), false),
        (json!("false"), false),
        (Value::Null, false),
    ] {
        let token = signed(&house.claims_with(&json!({ "email_verified": said })));
        assert_eq!(house.finish(&token).await.unwrap().email_verified, verified, "{said}");
    }
    for (said, groups) in [
        (json!("one"), vec!["one"]),
        (json!(["a", "b"]), vec!["a", "b"]),
        (json!([]), vec![]),
        (Value::Null, vec![]),
    ] {
        let token = signed(&house.claims_with(&json!({ "cognito:groups": said })));
        assert_eq!(house.finish(&token).await.unwrap().groups, groups, "{said}");
    }
    let payload = house.claims().to_string();
    let pss = token(r#"{"alg":"PS384","kid":"one","typ":"JWT"}"#, &payload, |text| {
        rsa_signature(ours(), &RSA_PSS_SHA384, text)
    });
    house.finish(&pss).await.unwrap();
    let ec = token(r#"{"alg":"ES256","kid":"ec"}"#, &payload, |text| {
        ec_key().sign(&SystemRandom::new(), text.as_bytes()).unwrap().as_ref().to_vec()
    });
    house.finish(&ec).await.unwrap();
    house.close().await;
}

#[actix_web::test]
async fn one_key_alone_needs_no_name() {
    let house = house();
    *house.said.keys.lock().unwrap() = json!([jwk(ours(), "one")]);
    let payload = house.claims().to_string();
    let unnamed =
        token(r#"{"alg":"RS256"}"#, &payload, |text| rsa_signature(ours(), &RSA_PKCS1_SHA256, text));
    house.finish(&unnamed).await.unwrap();
    house.close().await;
}

#[actix_web::test]
async fn a_wrong_claim_is_refused() {
    let house = house();
    for (what, changes, why) in [
        ("other issuer", json!({ "iss": "http://127.0.0.1:1" }), No::Issuer),
        ("issuer with a slash", json!({ "iss": format!("{}/", house.issuer) }), No::Issuer),
        ("no issuer", json!({ "iss": null }), No::Malformed),
        ("other audience", json!({ "aud": "other" }), No::Audience),
        ("other audiences", json!({ "aud": ["other", "another"] }), No::Audience),
        ("no audience", json!({ "aud": null }), No::Audience),
        ("empty audience", json!({ "aud": [] }), No::Audience),
        ("audience as a number", json!({ "aud": 7 }), No::Malformed),
        ("audiences without azp", json!({ "aud": ["shop", "other"] }), No::AuthorizedParty),
        ("azp of another", json!({ "azp": "other" }), No::AuthorizedParty),
        (
            "azp of another beside several",
            json!({ "aud": ["shop", "other"], "azp": "other" }),
            No::AuthorizedParty,
        ),
        ("expired", json!({ "exp": NOW - 60 }), No::Expired),
        ("no exp", json!({ "exp": null }), No::Malformed),
        ("exp as text", json!({ "exp": (NOW + 3_600).to_string() }), No::Malformed),
        ("exp as a date", json!({ "exp": "2030-01-01T00:00:00Z" }), No::Malformed),
        ("not valid yet", json!({ "nbf": NOW + 61 }), No::NotBefore),
        ("nbf as text", json!({ "nbf": NOW.to_string() }), No::NotBefore),
        ("issued ahead", json!({ "iat": NOW + 301 }), No::IssuedAhead),
        ("no iat", json!({ "iat": null }), No::Malformed),
        ("iat as text", json!({ "iat": NOW.to_string() }), No::Malformed),
        ("nonce of another sign-in", json!({ "nonce": "another" }), No::Nonce),
        ("nonce that begins alike", json!({ "nonce": format!("{NONCE}x") }), No::Nonce),
        ("no nonce", json!({ "nonce": null }), No::Nonce),
        ("access token", json!({ "token_use": "access" }), No::TokenUse),
        ("token_use as a list", json!({ "token_use": ["id"] }), No::TokenUse),
        ("no subject", json!({ "sub": null }), No::Malformed),
        ("empty subject", json!({ "sub": "" }), No::Subject),
        ("endless subject", json!({ "sub": "x".repeat(256) }), No::Subject),
    ] {
        house.refused(what, &signed(&house.claims_with(&changes)), why).await;
    }
    house.close().await;
}

#[actix_web::test]
async fn a_claim_or_header_field_that_stands_twice_is_refused() {
    let house = house();
    let honest = house.claims().to_string();
    let open = honest.strip_suffix('}').unwrap();
    for extra in [
        r#""sub":"bob-2""#,
        r#""sub":"ann-1""#,
        r#""cognito:groups":["hr-admins"]"#,
        r#""token_use":"id""#,
        r#""\u0073ub":"bob-2""#,
    ] {
        house.refused(extra, &signed(&format!("{open},{extra}}}")), No::Duplicate).await;
    }
    let header = r#"{"alg":"none","alg":"RS256","kid":"one"}"#;
    let twice = token(header, &honest, |text| rsa_signature(ours(), &RSA_PKCS1_SHA256, text));
    house.refused("alg twice", &twice, No::Duplicate).await;
    house.close().await;
}

#[actix_web::test]
async fn a_wrong_signature_or_algorithm_is_refused() {
    let house = house();
    let payload = house.claims().to_string();
    let by_us = |text: &str| rsa_signature(ours(), &RSA_PKCS1_SHA256, text);
    let by_them = |text: &str| rsa_signature(theirs(), &RSA_PKCS1_SHA256, text);
    let public_pem = {
        use rsa::pkcs8::EncodePublicKey;
        ours().to_public_key().to_public_key_pem(rsa::pkcs8::LineEnding::LF).unwrap()
    };
    let by_public_key = |text: &str| {
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, public_pem.as_bytes());
        ring::hmac::sign(&key, text.as_bytes()).as_ref().to_vec()
    };
    for alg in ["none", "None", "NONE", ""] {
        let header = json!({ "alg": alg, "kid": "one" }).to_string();
        house.refused(alg, &token(&header, &payload, |_| Vec::new()), No::Algorithm).await;
        house.refused(alg, &token(&header, &payload, by_us), No::Algorithm).await;
    }
    let confused = token(r#"{"alg":"HS256","kid":"one"}"#, &payload, by_public_key);
    house.refused("HS256 with the public key", &confused, No::Algorithm).await;
    for (what, header, why) in [
        ("no alg", json!({ "kid": "one" }), No::Algorithm),
        ("alg as a number", json!({ "alg": 256, "kid": "one" }), No::Algorithm),
        ("encrypted", json!({ "alg": "RSA-OAEP", "kid": "one" }), No::Algorithm),
        ("EdDSA", json!({ "alg": "EdDSA", "kid": "one" }), No::Algorithm),
        ("another algorithm's name", json!({ "alg": "RS512", "kid": "one" }), No::Signature),
        ("no kid", json!({ "alg": "RS256" }), No::Key),
        ("unknown kid", json!({ "alg": "RS256", "kid": "nobody" }), No::Key),
        ("kid of the other kind", json!({ "alg": "RS256", "kid": "ec" }), No::Key),
        ("kid as a list", json!({ "alg": "RS256", "kid": ["one"] }), No::Malformed),
        ("critical extension", json!({ "alg": "RS256", "kid": "one", "crit": ["b64"] }), No::Malformed),
        ("access token's type", json!({ "alg": "RS256", "kid": "one", "typ": "at+jwt" }), No::Malformed),
    ] {
        house.refused(what, &token(&header.to_string(), &payload, by_us), why).await;
    }
    let their_key = jwk(theirs(), "theirs");
    for (what, header, why) in [
        ("their signature", json!({ "alg": "RS256", "kid": "one" }), No::Signature),
        ("their jwk", json!({ "alg": "RS256", "kid": "theirs", "jwk": their_key }), No::Key),
        ("their jwk, our kid", json!({ "alg": "RS256", "kid": "one", "jwk": their_key }), No::Signature),
        ("their jku", json!({ "alg": "RS256", "kid": "theirs", "jku": "http://127.0.0.1:1/" }), No::Key),
        ("their x5u", json!({ "alg": "RS256", "kid": "one", "x5u": "http://127.0.0.1:1/" }), No::Signature),
    ] {
        house.refused(what, &token(&header.to_string(), &payload, by_them), why).await;
    }
    house.close().await;
}

#[actix_web::test]
async fn what_is_no_token_is_refused() {
    let house = house();
    let honest = signed(&house.claims().to_string());
    let (head, signature) = honest.rsplit_once('.').unwrap();
    let (header, payload) = head.split_once('.').unwrap();
    let other = URL_SAFE_NO_PAD.encode(house.claims_with(&json!({ "sub": "bob-2" })));
    for (what, token, why) in [
        ("nothing", String::new(), No::Malformed),
        ("two parts", head.to_owned(), No::Malformed),
        ("four parts", format!("{honest}.x"), No::Malformed),
        ("five parts, as if encrypted", format!("{honest}.x.y"), No::Malformed),
        ("padding", format!("{header}=.{payload}.{signature}"), No::Malformed),
        ("no signature", format!("{head}."), No::Signature),
        ("half a signature", format!("{head}.{}", signature.split_at(100).0), No::Signature),
        ("another payload", format!("{header}.{other}.{signature}"), No::Signature),
        ("payload is a list", signed("[]"), No::Malformed),
        ("payload is no JSON", signed("{"), No::Malformed),
        ("100 KB", signed(&house.claims_with(&json!({ "x": "x".repeat(75_000) }))), No::TooLong),
    ] {
        house.refused(what, &token, why).await;
    }
    house.close().await;
}

#[actix_web::test]
async fn the_token_endpoints_other_answers() {
    let house = house();
    let refused = |outcome: Result<Claims, SignInProblem>| match outcome {
        Err(SignInProblem::Refused(problem)) => problem,
        other => panic!("{other:?}"),
    };
    let code = |word: &str| No::Code(word.to_owned());
    assert_eq!(refused(house.answer(400, r#"{"error":"invalid_grant"}"#).await), code("invalid_grant"));
    assert_eq!(refused(house.answer(400, r#"{"error":"<b>\nann@example.test"}"#).await), code("status 400"));
    assert_eq!(refused(house.answer(302, "").await), code("status 302"));
    assert_eq!(refused(house.answer(200, "<html>").await), No::Malformed);
    assert_eq!(refused(house.answer(200, r#"{"access_token":"x"}"#).await), No::Absent);
    for status in [500, 503, 429] {
        let outcome = house.answer(status, "{}").await;
        assert!(
            matches!(&outcome, Err(SignInProblem::Provider(ProviderProblem::Status(said))) if *said == status),
            "{outcome:?}"
        );
    }
    let outcome = house.answer(200, &"x".repeat(300 * 1024)).await;
    assert!(matches!(outcome, Err(SignInProblem::Provider(ProviderProblem::TooLong))), "{outcome:?}");
    house.close().await;
}
