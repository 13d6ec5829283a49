//! POST /oauth2/token: a code for an ID token.
//!
//! - Every mistake is an OAuth error in JSON; which of the code's conditions was not met is not told.
//! - The token's claims are Cognito's, its audience a string as Cognito writes it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use openidconnect::CsrfToken;
use ring::digest::{SHA256, digest};
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Provider;
use super::authorize::Grant;
use crate::types::time::Timestamp;

/// How long an ID token is good, in seconds.
const TOKEN_LIFE_S: i64 = 3_600;
/// RFC 7636: how long a verifier is.
const VERIFIER_BYTES: std::ops::RangeInclusive<usize> = 43..=128;

#[derive(Deserialize)]
struct Trade {
    grant_type: Option<String>,
    code: Option<String>,
    redirect_uri: Option<String>,
    code_verifier: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
}

/// POST /oauth2/token
pub(super) async fn create(
    provider: web::Data<Provider>,
    http: HttpRequest,
    body: web::Bytes,
) -> HttpResponse {
    // A field that occurs twice is an error of the parser, as RFC 6749 §3.2 wants it.
    let Ok(trade) = serde_urlencoded::from_bytes::<Trade>(&body) else {
        return refused(StatusCode::BAD_REQUEST, "invalid_request");
    };
    if !is_the_client(&provider, &http, &trade) {
        return refused(StatusCode::UNAUTHORIZED, "invalid_client");
    }
    match trade.grant_type.as_deref() {
        Some("authorization_code") => {}
        Some(_) => return refused(StatusCode::BAD_REQUEST, "unsupported_grant_type"),
        None => return refused(StatusCode::BAD_REQUEST, "invalid_request"),
    }
    let (Some(code), Some(verifier)) = (&trade.code, &trade.code_verifier) else {
        return refused(StatusCode::BAD_REQUEST, "invalid_request");
    };
    let now = (provider.settings.clock)();
    let grant = provider.codes.take(now, code).filter(|grant| {
        Some(&grant.redirect_uri) == trade.redirect_uri.as_ref()
            && VERIFIER_BYTES.contains(&verifier.len())
            && URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes())) == grant.challenge
    });
    let Some(grant) = grant else {
        return refused(StatusCode::BAD_REQUEST, "invalid_grant");
    };
    match provider.key.sign(&claims(&provider, grant, now)) {
        Ok(id_token) => no_store(StatusCode::OK).json(json!({
            "id_token": id_token,
            "access_token": CsrfToken::new_random_len(32).secret(),
            "token_type": "Bearer",
            "expires_in": TOKEN_LIFE_S,
        })),
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "identity provider: no token");
            refused(StatusCode::INTERNAL_SERVER_ERROR, "server_error")
        }
    }
}

fn claims(provider: &Provider, grant: Grant, now: Timestamp) -> Value {
    let person = grant.person;
    let mut claims = json!({
        "iss": provider.issuer,
        "aud": provider.settings.client_id,
        "sub": person.subject,
        "cognito:username": person.subject,
        "token_use": "id",
        "iat": now.0.timestamp(),
        "exp": now.0.timestamp() + TOKEN_LIFE_S,
        "auth_time": grant.at.0.timestamp(),
        "name": person.name,
        "email": person.email,
        "email_verified": true,
        "custom:employee_id": person.employee_number,
    });
    if let Some(object) = claims.as_object_mut() {
        if !person.groups.is_empty() {
            object.insert("cognito:groups".to_owned(), json!(person.groups));
        }
        if let Some(nonce) = grant.nonce {
            object.insert("nonce".to_owned(), json!(nonce));
        }
    }
    claims
}

/// Whether the request comes from the one client, with its secret if it has one, by Basic or in the form.
fn is_the_client(provider: &Provider, http: &HttpRequest, trade: &Trade) -> bool {
    let basic = basic(http);
    let (id, secret) = match &basic {
        Some((id, secret)) => (Some(id), Some(secret)),
        None => (trade.client_id.as_ref(), trade.client_secret.as_ref()),
    };
    // Whoever names themselves twice names the same one.
    let agrees = trade.client_id.is_none() || trade.client_id.as_ref() == id;
    let known = id == Some(&provider.settings.client_id) && agrees;
    match &provider.settings.client_secret {
        None => known,
        Some(wanted) => known && secret.is_some_and(|secret| secret == wanted.expose_secret()),
    }
}

/// The client's name and secret from the Authorization header: each form-encoded, then base64 of both.
fn basic(http: &HttpRequest) -> Option<(String, String)> {
    let header = http.headers().get("authorization")?.to_str().ok()?;
    let decoded = String::from_utf8(STANDARD.decode(header.strip_prefix("Basic ")?).ok()?).ok()?;
    // Form-encoded text holds neither ':' nor '=', so the two halves are one pair of a form.
    let pair = decoded.replacen(':', "=", 1);
    let (id, secret) = url::form_urlencoded::parse(pair.as_bytes()).next()?;
    Some((id.into_owned(), secret.into_owned()))
}

fn refused(status: StatusCode, error: &str) -> HttpResponse {
    let mut response = no_store(status);
    if status == StatusCode::UNAUTHORIZED {
        response.insert_header(("www-authenticate", "Basic realm=\"token\""));
    }
    response.json(json!({ "error": error }))
}

fn no_store(status: StatusCode) -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response.insert_header(("cache-control", "no-store"));
    response
}
