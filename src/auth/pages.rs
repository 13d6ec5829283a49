//! The way in and the way out, as a browser goes them. Every refusal is a calm page with a way on; nothing of what the
//! request brought is repeated on it.

pub mod callback;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use futures::FutureExt;
use serde::Deserialize;
use url::Url;

use crate::auth::attempts::{self, Attempt};
use crate::auth::{return_to, session};
use crate::error::{Error, Result};
use crate::platform::app::App;
use crate::platform::config::Config;
use crate::platform::identity::Start;
use crate::platform::metrics;
use crate::platform::seal;
use crate::urls;
use crate::web::htmx::Htmx;
use crate::web::page::Page;
use crate::web::{client_address, render, session as cookies};

/// When to try again after the identity provider could not be reached, in seconds.
const RETRY_AFTER_S: u64 = 5;
/// How long the page that says "signed out" is seen before the browser goes on to the provider, in seconds.
const GO_ON_AFTER_S: u32 = 1;

#[derive(Template)]
#[template(path = "auth/problem.html")]
struct ProblemPage {
    page: Page,
    sentence: String,
    retry: String,
}

#[derive(Template)]
#[template(path = "auth/signed_out.html")]
struct SignedOutPage {
    page: Page,
    provider_sign_out: Option<String>,
}

/// How somebody came to the sign-in.
#[derive(Deserialize)]
pub struct Entrance {
    /// Where to go afterwards.
    #[serde(default)]
    next: String,
    /// `form` when the session had ended before a form was sent.
    #[serde(default)]
    after: String,
    /// There when the browser was sent here from another name of the shop.
    moved: Option<String>,
}

/// How somebody came to the page that says "signed out".
#[derive(Deserialize)]
pub struct Leaving {
    /// `shop` right after signing out here, when the provider does not know yet.
    #[serde(default)]
    from: String,
}

/// `GET /sign-in`: on to the identity provider. Whoever is signed in already goes where they want to go.
///
/// # Errors
/// [`Error::TooMany`] beyond the limit of one address; when the database fails.
pub async fn new(
    app: web::Data<App>,
    request: HttpRequest,
    page: Page,
    htmx: Htmx,
    query: web::Query<Entrance>,
) -> Result<HttpResponse> {
    let next = return_to::within_shop(&query.next);
    if page.viewer.is_some() {
        return Ok(render::see_other(&htmx, &next));
    }
    // Cookies are kept for one host: begin where the provider will send the browser back to. Once only, because a proxy
    // may give every request another host.
    if query.moved.is_none() && !is_at_home(&app.config, &request) {
        return Ok(render::see_other(&htmx, &elsewhere(&app.config, &query)));
    }
    if query.after == "form" {
        let sentence = page.say("auth-problem-after-form").to_string();
        return render::page(&ProblemPage { page, sentence, retry: urls::sign_in(&next) });
    }
    app.limits.sign_in(client_address::of(&request, &app.config.trusted_proxies))?;
    let now = app.now();
    let Start { address, state, nonce, verifier } = match app.identity.start(now).await {
        Err(Error::Unavailable(_)) => {
            metrics::sign_in("failed");
            return unavailable(page, &next);
        }
        started => started?,
    };
    let attempt = Attempt { state: state.clone(), nonce, verifier, return_to: next };
    let token =
        app.db.write("sign_in.begin", move |tx| attempts::begin(tx, now, attempt.clone()).boxed()).await?;
    metrics::sign_in("begun");
    let begun = cookies::sign_in_cookie(&state, token);
    let response = render::with_cookie(render::see_other(&htmx, &address), &begun);
    Ok(cookies::sign_ins_given_up(&request).iter().fold(response, render::with_cookie))
}

/// `POST /sign-out`: ends the session here. It says yes to whoever is not signed in, too.
///
/// The identity provider hears of it by way of the next page: our policy keeps a form from being redirected to it.
///
/// # Errors
/// When the database fails.
pub async fn sign_out(
    app: web::Data<App>,
    request: HttpRequest,
    page: Page,
    htmx: Htmx,
) -> Result<HttpResponse> {
    if let Some(token) = cookies::token(&request) {
        let hash = seal::token_hash(&token);
        app.db.write("session.end", move |tx| session::end(tx, hash.clone()).boxed()).await?;
    }
    let person_id = page.viewer.as_ref().map(|viewer| tracing::field::display(viewer.person_id));
    tracing::info!(person_id, "signed out");
    let mut response = render::see_other(&htmx, &urls::signed_out_from_shop());
    let clear =
        (header::HeaderName::from_static("clear-site-data"), header::HeaderValue::from_static("\"cache\""));
    response.headers_mut().insert(clear.0, clear.1);
    Ok(render::with_cookie(response, &cookies::ended()))
}

/// `GET /signed-out`: says so. Coming from our own sign-out the browser goes on to the provider's, which sends it back.
///
/// # Errors
/// When the template fails.
pub async fn signed_out(
    app: web::Data<App>,
    page: Page,
    htmx: Htmx,
    query: web::Query<Leaving>,
) -> Result<HttpResponse> {
    if page.viewer.is_some() {
        return Ok(render::see_other(&htmx, &urls::home()));
    }
    let provider_sign_out = if query.from == "shop" { app.identity.sign_out_address() } else { None };
    let go_on = provider_sign_out.as_ref().map(|address| format!("{GO_ON_AFTER_S}; url={address}"));
    let mut response = render::page(&SignedOutPage { page, provider_sign_out })?;
    if let Some(value) = go_on.and_then(|text| header::HeaderValue::from_str(&text).ok()) {
        response.headers_mut().insert(header::HeaderName::from_static("refresh"), value);
    }
    Ok(response)
}

/// Whether the request came to the shop's public name. What a proxy claims beside it does not count.
fn is_at_home(config: &Config, request: &HttpRequest) -> bool {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let asked = Url::parse(&format!("{}://{host}", config.public_url.scheme()));
    asked.is_ok_and(|asked| asked.origin() == config.public_url.origin())
}

/// The same question at the shop's public name.
fn elsewhere(config: &Config, query: &Entrance) -> String {
    let fields = [("next", query.next.as_str()), ("after", query.after.as_str()), ("moved", "1")];
    let query = serde_urlencoded::to_string(
        fields.into_iter().filter(|(_, value)| !value.is_empty()).collect::<Vec<_>>(),
    );
    config.public_address(&format!("{}?{}", urls::sign_in(""), query.unwrap_or_default()))
}

/// Whatever went wrong, in a sentence, with a way to try again.
fn problem(page: Page, status: StatusCode, key: &str, next: &str) -> Result<HttpResponse> {
    let sentence = page.say(key).to_string();
    render::with_status(status, &ProblemPage { page, sentence, retry: urls::sign_in(next) })
}

fn unavailable(page: Page, next: &str) -> Result<HttpResponse> {
    let mut response = problem(page, StatusCode::SERVICE_UNAVAILABLE, "auth-problem-unavailable", next)?;
    response.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER_S.into());
    Ok(response)
}
