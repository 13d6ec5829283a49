//! A provider that says whatever a test wants, and the shop's own client in front of it.

use std::net::TcpListener;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpResponse, HttpServer, web};
use serde_json::{Value, json};

use awsomeshop::platform::identity::{Claims, Identity, IdentitySettings, SignInProblem, TokenProblem};
use awsomeshop::types::time::Timestamp;

use super::mint::{ec_jwk, jwk, ours};

pub(super) const NOW: i64 = 1_790_000_000;
pub(super) const NONCE: &str = "the-nonce-of-this-sign-in";

pub(super) fn at(seconds: i64) -> Timestamp {
    Timestamp(chrono::DateTime::from_timestamp(seconds, 0).unwrap())
}

#[derive(Default)]
pub(super) struct Said {
    pub(super) issuer: Mutex<Option<String>>,
    pub(super) keys: Mutex<Value>,
    pub(super) answer: Mutex<(u16, String)>,
    pub(super) extra: Mutex<Value>,
    pub(super) discoveries: AtomicU64,
    pub(super) key_sets: AtomicU64,
    /// From then on everything is a 500.
    pub(super) broken: Mutex<bool>,
}

pub(super) struct House {
    pub(super) said: Arc<Said>,
    pub(super) identity: Identity,
    pub(super) issuer: String,
    pub(super) handle: ServerHandle,
    pub(super) now: AtomicI64,
}

async fn discovery(said: web::Data<Arc<Said>>, http: actix_web::HttpRequest) -> HttpResponse {
    said.discoveries.fetch_add(1, Ordering::SeqCst);
    if *said.broken.lock().unwrap() {
        return HttpResponse::InternalServerError().finish();
    }
    let here = format!("http://{}", http.connection_info().host());
    let mut document = json!({
        "issuer": said.issuer.lock().unwrap().clone().unwrap_or_else(|| here.clone()),
        "authorization_endpoint": format!("{here}/authorize?kept=yes"),
        "token_endpoint": format!("{here}/token"),
        "jwks_uri": format!("{here}/jwks"),
        "end_session_endpoint": format!("{here}/logout"),
    });
    if let Value::Object(extra) = said.extra.lock().unwrap().clone() {
        document.as_object_mut().unwrap().extend(extra);
    }
    HttpResponse::Ok().json(document)
}

async fn key_set(said: web::Data<Arc<Said>>) -> HttpResponse {
    said.key_sets.fetch_add(1, Ordering::SeqCst);
    if *said.broken.lock().unwrap() {
        return HttpResponse::InternalServerError().finish();
    }
    HttpResponse::Ok().json(json!({ "keys": *said.keys.lock().unwrap() }))
}

async fn answer(said: web::Data<Arc<Said>>) -> HttpResponse {
    let (status, body) = said.answer.lock().unwrap().clone();
    let status = actix_web::http::StatusCode::from_u16(status).unwrap();
    HttpResponse::build(status).content_type("application/json").body(body)
}

async fn elsewhere() -> HttpResponse {
    HttpResponse::Found().insert_header(("location", "/.well-known/openid-configuration")).finish()
}

pub(super) fn settings(issuer: &str) -> IdentitySettings {
    IdentitySettings {
        issuer: issuer.to_owned(),
        client_id: "shop".to_owned(),
        client_secret: None,
        redirect_url: "http://127.0.0.1:9/sign-in/callback".to_owned(),
        logout_url: None,
        signed_out_url: "http://127.0.0.1:9/signed-out".to_owned(),
        groups_claim: "cognito:groups".to_owned(),
    }
}

pub(super) fn house() -> House {
    let said = Arc::new(Said::default());
    *said.keys.lock().unwrap() = json!([jwk(ours(), "one"), ec_jwk()]);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    let shared = Arc::clone(&said);
    let server = HttpServer::new(move || {
        App::new()
            .app_data(web::Data::new(Arc::clone(&shared)))
            .route("/.well-known/openid-configuration", web::get().to(discovery))
            .route("/redirects/.well-known/openid-configuration", web::get().to(elsewhere))
            .route("/jwks", web::get().to(key_set))
            .route("/token", web::post().to(answer))
    })
    .workers(1)
    .disable_signals()
    .listen(listener)
    .unwrap()
    .run();
    let handle = server.handle();
    #[expect(clippy::disallowed_methods, reason = "the handle stops it when the test closes the house")]
    actix_web::rt::spawn(server);
    let identity = Identity::new(settings(&issuer)).unwrap();
    House { said, identity, issuer, handle, now: AtomicI64::new(NOW) }
}

impl House {
    /// What an honest provider says of Ann.
    pub(super) fn claims(&self) -> Value {
        json!({
            "iss": self.issuer, "aud": "shop", "sub": "ann-1", "nonce": NONCE, "token_use": "id",
            "iat": NOW, "exp": NOW + 3_600, "auth_time": NOW,
            "email": "ann@example.test", "email_verified": true, "name": "Ann Archer",
            "custom:employee_id": "E-1001", "cognito:groups": ["hr-points", "hr-orders"],
        })
    }

    /// The honest claims with some of them replaced; `null` takes one away.
    pub(super) fn claims_with(&self, changes: &Value) -> String {
        let mut claims = self.claims();
        let object = claims.as_object_mut().unwrap();
        for (name, value) in changes.as_object().unwrap() {
            match value {
                Value::Null => object.remove(name),
                value => object.insert(name.clone(), value.clone()),
            };
        }
        claims.to_string()
    }

    pub(super) async fn finish(&self, token: &str) -> Result<Claims, SignInProblem> {
        let body = json!({ "id_token": token, "access_token": "x", "token_type": "Bearer" });
        self.answer(200, &body.to_string()).await
    }

    pub(super) async fn answer(&self, status: u16, body: &str) -> Result<Claims, SignInProblem> {
        *self.said.answer.lock().unwrap() = (status, body.to_owned());
        let now = at(self.now.load(Ordering::SeqCst));
        self.identity.finish(now, "a-code", "a-verifier", NONCE).await
    }

    pub(super) async fn refused(&self, what: &str, token: &str, why: TokenProblem) {
        match self.finish(token).await {
            Err(SignInProblem::Refused(problem)) => assert_eq!(problem, why, "{what}"),
            other => panic!("{what}: {other:?}"),
        }
    }

    pub(super) fn key_sets_read(&self) -> u64 {
        self.said.key_sets.load(Ordering::SeqCst)
    }

    pub(super) async fn close(self) {
        self.handle.stop(false).await;
    }
}
