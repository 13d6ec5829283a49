//! The provider and the shop's own client, through the door.

use std::collections::HashMap;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};

use reqwest::StatusCode;
use url::Url;

use super::*;
use crate::platform::identity::{Claims, Identity, IdentitySettings, SignInProblem, Start, TokenProblem};

const CALLBACK: &str = "http://127.0.0.1:9/sign-in/callback";
const SIGNED_OUT: &str = "http://127.0.0.1:9/signed-out";

struct House {
    provider: IdentityProvider,
    identity: Identity,
    seconds: Arc<AtomicI64>,
    http: reqwest::Client,
    folder: std::path::PathBuf,
}

fn at(seconds: i64) -> Timestamp {
    Timestamp(chrono::DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap())
}

fn persona(key: &str, name: &str, groups: &[&str]) -> Persona {
    Persona {
        key: key.to_owned(),
        subject: format!("subject-{key}"),
        name: name.to_owned(),
        email: format!("{key}@example.test"),
        employee_number: "E-1001".to_owned(),
        department: "Design".to_owned(),
        introduction: "Likes lamps.".to_owned(),
        groups: groups.iter().map(|group| (*group).to_owned()).collect(),
    }
}

async fn provider(key_file: &Path, clock: Clock, secret: Option<&str>) -> IdentityProvider {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let settings = ProviderSettings {
        client_id: "shop".to_owned(),
        client_secret: secret.map(SecretString::from),
        redirect_uris: vec![CALLBACK.to_owned()],
        logout_uris: vec![SIGNED_OUT.to_owned()],
        personas: vec![persona("ann", "Ann Marie Archer", &[]), persona("hal", "Hal", &["hr-admins"])],
        key_file: key_file.to_owned(),
        clock,
    };
    start(listener, settings).await.unwrap()
}

async fn house(secret: Option<&str>) -> House {
    let folder = std::env::temp_dir().join(format!("awsomeshop-{}", uuid::Uuid::now_v7()));
    let seconds = Arc::new(AtomicI64::new(0));
    let clock = Arc::clone(&seconds);
    let clock: Clock = Arc::new(move || at(clock.load(Ordering::SeqCst)));
    let provider = provider(&folder.join("keys/oidc.pem"), clock, secret).await;
    let identity = Identity::new(IdentitySettings {
        issuer: provider.issuer.clone(),
        client_id: "shop".to_owned(),
        client_secret: secret.map(SecretString::from),
        redirect_url: CALLBACK.to_owned(),
        logout_url: None,
        signed_out_url: SIGNED_OUT.to_owned(),
        groups_claim: "cognito:groups".to_owned(),
    })
    .unwrap();
    let no_redirects = reqwest::redirect::Policy::none();
    let http = reqwest::Client::builder().no_proxy().redirect(no_redirects).build().unwrap();
    House { provider, identity, seconds, http, folder }
}

fn location(answer: &reqwest::Response) -> Url {
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap()
}

fn query(address: &Url) -> HashMap<String, String> {
    address.query_pairs().into_owned().collect()
}

impl House {
    /// Picks a person on the provider's page; what comes back to the shop.
    async fn pick(&self, address: &str, person: &str) -> HashMap<String, String> {
        let answer = self.http.post(address).form(&[("person", person)]).send().await.unwrap();
        let back = location(&answer);
        assert!(back.as_str().starts_with(CALLBACK));
        query(&back)
    }

    async fn finish(&self, start: &Start, code: &str) -> Result<Claims, SignInProblem> {
        let now = at(self.seconds.load(Ordering::SeqCst));
        self.identity.finish(now, code, &start.verifier, &start.nonce).await
    }

    async fn token(&self, form: &[(&str, &str)]) -> (StatusCode, String) {
        let address = format!("{}/oauth2/token", self.provider.issuer);
        let answer = self.http.post(address).form(form).send().await.unwrap();
        assert_eq!(answer.headers()["cache-control"], "no-store");
        let status = answer.status();
        let said: serde_json::Value = answer.json().await.unwrap();
        (status, said["error"].as_str().unwrap_or_default().to_owned())
    }

    async fn close(self) {
        self.provider.stop().await;
        std::fs::remove_dir_all(self.folder).unwrap();
    }
}

fn code_refused(outcome: Result<Claims, SignInProblem>, word: &str) {
    match outcome {
        Err(SignInProblem::Refused(TokenProblem::Code(said))) => assert_eq!(said, word),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_person_signs_in_with_and_without_a_client_secret() {
    for secret in [None, Some("s3 cret:/=&ü")] {
        let house = house(secret).await;
        let start = house.identity.start(at(0)).await.unwrap();
        let back = house.pick(&start.address, "hal").await;
        assert_eq!(back["state"], start.state);
        let claims = house.finish(&start, &back["code"]).await.unwrap();
        assert_eq!(claims.issuer, house.provider.issuer);
        assert_eq!(claims.subject, "subject-hal");
        assert_eq!(claims.email.as_deref(), Some("hal@example.test"));
        assert!(claims.email_verified);
        assert_eq!(claims.name.as_deref(), Some("Hal"));
        assert_eq!(claims.employee_number.as_deref(), Some("E-1001"));
        assert_eq!(claims.groups, ["hr-admins"]);
        let start = house.identity.start(at(0)).await.unwrap();
        let back = house.pick(&start.address, "ann").await;
        assert!(house.finish(&start, &back["code"]).await.unwrap().groups.is_empty());
        house.close().await;
    }
}

#[tokio::test]
async fn a_code_works_once_for_its_own_sign_in_and_for_a_minute() {
    let house = house(None).await;
    let start = house.identity.start(at(0)).await.unwrap();
    let other = house.identity.start(at(0)).await.unwrap();

    let code = &house.pick(&start.address, "ann").await["code"];
    house.finish(&start, code).await.unwrap();
    code_refused(house.finish(&start, code).await, "invalid_grant");

    let code = &house.pick(&start.address, "ann").await["code"];
    code_refused(house.finish(&other, code).await, "invalid_grant");
    code_refused(house.finish(&start, code).await, "invalid_grant");

    let code = &house.pick(&start.address, "ann").await["code"];
    let wrong_nonce = Start { nonce: other.nonce, ..start };
    let outcome = house.finish(&wrong_nonce, code).await;
    assert!(matches!(outcome, Err(SignInProblem::Refused(TokenProblem::Nonce))), "{outcome:?}");

    let code = &house.pick(&wrong_nonce.address, "ann").await["code"];
    house.seconds.store(61, Ordering::SeqCst);
    code_refused(house.finish(&wrong_nonce, code).await, "invalid_grant");
    house.close().await;
}

#[tokio::test]
async fn the_page_lists_everybody_and_guards_itself() {
    let house = house(None).await;
    let start = house.identity.start(at(0)).await.unwrap();
    let page = house.http.get(&start.address).send().await.unwrap();
    assert_eq!(page.status(), StatusCode::OK);
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("default-src 'none'"), "{policy}");
    assert!(policy.contains("form-action 'self' http://127.0.0.1:9;"), "{policy}");
    assert_eq!(page.headers()["cache-control"], "no-store");
    assert_eq!(page.headers()["x-frame-options"], "DENY");
    let html = page.text().await.unwrap();
    for text in ["Ann Marie Archer", "AA", "Likes lamps.", "/oauth2/authorize?"] {
        assert!(html.contains(text), "{text}: {html}");
    }
    house.close().await;
}

#[tokio::test]
async fn a_wrong_request_is_told_so_and_sent_nowhere_unknown() {
    let house = house(None).await;
    let start = house.identity.start(at(0)).await.unwrap();
    let changed = |name: &str, value: Option<&str>| {
        let mut address = Url::parse(&start.address).unwrap();
        let mut pairs = query(&address);
        match value {
            Some(value) => pairs.insert(name.to_owned(), value.to_owned()),
            None => pairs.remove(name),
        };
        address.query_pairs_mut().clear().extend_pairs(pairs);
        String::from(address)
    };
    for (name, value) in [
        ("client_id", Some("other")),
        ("client_id", None),
        ("redirect_uri", Some("http://127.0.0.1:9/sign-in/callback/")),
        ("redirect_uri", Some("http://evil.test/")),
        ("redirect_uri", None),
    ] {
        let answer = house.http.get(changed(name, value)).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{name} {value:?}");
        assert!(answer.headers().get("location").is_none());
    }
    for (name, value, error) in [
        ("response_type", Some("token"), "unsupported_response_type"),
        ("response_type", None, "invalid_request"),
        ("scope", Some("email"), "invalid_scope"),
        ("code_challenge", None, "invalid_request"),
        ("code_challenge_method", Some("plain"), "invalid_request"),
        ("code_challenge_method", None, "invalid_request"),
    ] {
        let answer = house.http.get(changed(name, value)).send().await.unwrap();
        let back = query(&location(&answer));
        assert_eq!(back["error"], error, "{name} {value:?}");
        assert_eq!(back["state"], start.state);
    }
    assert_eq!(house.pick(&start.address, "nobody").await["error"], "access_denied");
    house.close().await;
}

#[tokio::test]
async fn the_token_endpoint_speaks_in_oauth_errors() {
    let house = house(Some("right")).await;
    let start = house.identity.start(at(0)).await.unwrap();
    let back = house.pick(&start.address, "ann").await;
    let good = [
        ("client_id", "shop"),
        ("client_secret", "right"),
        ("grant_type", "authorization_code"),
        ("code", &back["code"]),
        ("redirect_uri", CALLBACK),
        ("code_verifier", &start.verifier),
    ];
    let with =
        |name: &str, value: &'static str| good.map(|(n, v)| if n == name { (n, value) } else { (n, v) });
    let unauthorized = (StatusCode::UNAUTHORIZED, "invalid_client".to_owned());
    assert_eq!(house.token(&with("client_id", "other")).await, unauthorized);
    assert_eq!(house.token(&with("client_secret", "wrong")).await, unauthorized);
    let bad = |word: &str| (StatusCode::BAD_REQUEST, word.to_owned());
    assert_eq!(house.token(&with("grant_type", "password")).await, bad("unsupported_grant_type"));
    assert_eq!(house.token(&good[..5]).await, bad("invalid_request"));
    let twice = [good.as_slice(), &[("code", "x")]].concat();
    assert_eq!(house.token(&twice).await, bad("invalid_request"));
    assert_eq!(house.token(&good).await, (StatusCode::OK, String::new()));
    assert_eq!(house.token(&good).await, bad("invalid_grant"));
    let back = house.pick(&start.address, "ann").await;
    let elsewhere =
        [good[0], good[1], good[2], ("code", &back["code"]), ("redirect_uri", SIGNED_OUT), good[5]];
    assert_eq!(house.token(&elsewhere).await, bad("invalid_grant"));
    house.close().await;
}

#[tokio::test]
async fn signing_out_leads_only_to_registered_addresses() {
    let house = house(None).await;
    assert_eq!(house.identity.sign_out_address(), None);
    house.identity.start(at(0)).await.unwrap();
    let standard = house.identity.sign_out_address().unwrap();
    let cognito = standard.replace("post_logout_redirect_uri", "logout_uri");
    for address in [&standard, &cognito] {
        let answer = house.http.get(address).send().await.unwrap();
        assert_eq!(location(&answer).as_str(), SIGNED_OUT);
    }
    for address in [cognito.replace("signed-out", "evil"), cognito.replace("=shop", "=other")] {
        let answer = house.http.get(address).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    }
    house.close().await;
}

#[tokio::test]
async fn the_key_outlives_a_restart_and_only_its_owner_can_read_it() {
    let house = house(None).await;
    let file = house.folder.join("keys/oidc.pem");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let again = provider(&file, Arc::new(|| at(0)), None).await;
    let mut sets = Vec::new();
    for issuer in [&house.provider.issuer, &again.issuer] {
        let address = format!("{issuer}/.well-known/jwks.json");
        sets.push(house.http.get(address).send().await.unwrap().text().await.unwrap());
    }
    assert_eq!(sets[0], sets[1]);
    again.stop().await;
    house.close().await;
}
