//! The page on which a person picks who they are, and the codes it hands out.
//!
//! - An unknown client or address gets a plain 400 and no redirect: nobody is sent to a place that is not registered.
//! - Any other mistake goes back to the client as an OAuth error, with its `state`.
//! - A code is kept until it is tried once, well or badly, or until its time is over.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use actix_web::http::header::ContentType;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::TimeDelta;
use openidconnect::CsrfToken;
use serde::Deserialize;
use url::Url;

use super::{Persona, Provider};
use crate::types::time::Timestamp;

/// How long a code can be traded for a token.
pub(super) const CODE_LIFE: TimeDelta = TimeDelta::seconds(60);
/// How many codes may wait at a time; more means a program runs wild.
const MAX_CODES: usize = 1_000;
/// Random bytes behind a code.
const CODE_BYTES: u32 = 32;
/// A SHA-256 in base64url, without padding.
const CHALLENGE_BYTES: usize = 43;

/// What the client sends along with the person.
#[derive(Deserialize)]
pub(super) struct Request {
    client_id: Option<String>,
    redirect_uri: Option<String>,
    response_type: Option<String>,
    scope: Option<String>,
    state: Option<String>,
    nonce: Option<String>,
    code_challenge: Option<String>,
    code_challenge_method: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Picked {
    person: Option<String>,
}

/// One person on the page.
pub struct PersonaView {
    /// The value of the form's `person`.
    pub key: String,
    /// Full name.
    pub name: String,
    /// Department.
    pub department: String,
    /// Who they are, in a sentence or two.
    pub introduction: String,
    /// Whether they work in HR.
    pub hr: bool,
    /// The first letters of the first and the last name.
    pub initials: String,
}

/// The page on which a person picks who they are.
#[derive(Template)]
#[template(path = "dev/sign_in.html")]
pub struct SignInPage {
    /// Everybody who can sign in, in the settings' order.
    pub people: Vec<PersonaView>,
    /// Where the form goes, by POST.
    pub action: String,
}

/// What a code stands for.
pub(super) struct Grant {
    pub(super) person: Persona,
    pub(super) redirect_uri: String,
    pub(super) challenge: String,
    pub(super) nonce: Option<String>,
    pub(super) at: Timestamp,
}

/// The codes that wait to be traded.
#[derive(Default)]
pub(super) struct Codes(Mutex<HashMap<String, Grant>>);

/// A request that may be answered by a code.
struct Accepted {
    back: Url,
    redirect_uri: String,
    challenge: String,
    nonce: Option<String>,
}

/// A request that is answered by an error: on the spot, or to a registered address.
enum Refused {
    Here(&'static str),
    Back(Url, &'static str),
}

/// GET /oauth2/authorize — everybody who can sign in, as buttons of one form.
pub(super) async fn show(
    provider: web::Data<Provider>,
    http: HttpRequest,
    request: web::Query<Request>,
) -> HttpResponse {
    let state = request.state.clone();
    let accepted = match accept(&provider, request.into_inner()) {
        Ok(accepted) => accepted,
        Err(refused) => return refused.answer(state.as_deref()),
    };
    let page = SignInPage {
        people: provider.settings.personas.iter().map(PersonaView::from).collect(),
        action: format!("{}?{}", http.path(), http.query_string()),
    };
    let Ok(html) = page.render() else {
        return HttpResponse::InternalServerError().body("the page cannot be rendered");
    };
    // Chromium holds the answer to a form, too, against form-action: the client's origin has to be listed.
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
         form-action 'self' {}; frame-ancestors 'none'; base-uri 'none'",
        accepted.back.origin().ascii_serialization()
    );
    HttpResponse::Ok()
        .content_type(ContentType::html())
        .insert_header(("content-security-policy", policy))
        .insert_header(("cache-control", "no-store"))
        .insert_header(("x-frame-options", "DENY"))
        .insert_header(("x-content-type-options", "nosniff"))
        .insert_header(("referrer-policy", "no-referrer"))
        .body(html)
}

/// POST /oauth2/authorize — back to the client with a code for the person picked.
pub(super) async fn pick(
    provider: web::Data<Provider>,
    request: web::Query<Request>,
    picked: web::Form<Picked>,
) -> HttpResponse {
    let state = request.state.clone();
    let accepted = match accept(&provider, request.into_inner()) {
        Ok(accepted) => accepted,
        Err(refused) => return refused.answer(state.as_deref()),
    };
    let Accepted { back, redirect_uri, challenge, nonce } = accepted;
    let person = provider.settings.personas.iter().find(|one| Some(&one.key) == picked.person.as_ref());
    let Some(person) = person.cloned() else {
        return send_back(back, &[("error", "access_denied")], state.as_deref());
    };
    let now = (provider.settings.clock)();
    let grant = Grant { person, redirect_uri, challenge, nonce, at: now };
    match provider.codes.issue(now, grant) {
        Some(code) => send_back(back, &[("code", &code)], state.as_deref()),
        None => send_back(back, &[("error", "temporarily_unavailable")], state.as_deref()),
    }
}

fn accept(provider: &Provider, request: Request) -> Result<Accepted, Refused> {
    let settings = &provider.settings;
    if request.client_id.as_deref() != Some(&*settings.client_id) {
        return Err(Refused::Here("client_id is missing or unknown"));
    }
    let Some(redirect_uri) = request.redirect_uri.filter(|it| settings.redirect_uris.contains(it)) else {
        return Err(Refused::Here("redirect_uri is missing or not registered"));
    };
    let Ok(back) = Url::parse(&redirect_uri) else {
        return Err(Refused::Here("redirect_uri is no address"));
    };
    let openid = request.scope.iter().any(|scope| scope.split(' ').any(|word| word == "openid"));
    let hashed = request.code_challenge_method.as_deref() == Some("S256");
    let error = match (request.response_type.as_deref(), request.code_challenge) {
        (Some("code"), _) if !openid => "invalid_scope",
        (Some("code"), Some(challenge)) if hashed && challenge.len() == CHALLENGE_BYTES => {
            return Ok(Accepted { back, redirect_uri, challenge, nonce: request.nonce });
        }
        (None | Some("code"), _) => "invalid_request",
        (Some(_), _) => "unsupported_response_type",
    };
    Err(Refused::Back(back, error))
}

fn send_back(mut back: Url, answer: &[(&str, &str)], state: Option<&str>) -> HttpResponse {
    let state = state.map(|state| ("state", state));
    back.query_pairs_mut().extend_pairs(answer.iter().copied().chain(state));
    HttpResponse::SeeOther()
        .insert_header(("location", String::from(back)))
        .insert_header(("cache-control", "no-store"))
        .insert_header(("referrer-policy", "no-referrer"))
        .finish()
}

impl Refused {
    fn answer(self, state: Option<&str>) -> HttpResponse {
        match self {
            Self::Here(why) => HttpResponse::BadRequest().body(why),
            Self::Back(back, error) => send_back(back, &[("error", error)], state),
        }
    }
}

impl Codes {
    /// A new code, unless too many wait.
    fn issue(&self, now: Timestamp, grant: Grant) -> Option<String> {
        let mut waiting = self.waiting();
        waiting.retain(|_, grant| grant.is_good(now));
        if waiting.len() >= MAX_CODES {
            return None;
        }
        let code = CsrfToken::new_random_len(CODE_BYTES).into_secret();
        waiting.insert(code.clone(), grant);
        Some(code)
    }

    /// What a code stands for. Asking uses it up.
    pub(super) fn take(&self, now: Timestamp, code: &str) -> Option<Grant> {
        self.waiting().remove(code).filter(|grant| grant.is_good(now))
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<String, Grant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Grant {
    fn is_good(&self, now: Timestamp) -> bool {
        now.0 - self.at.0 <= CODE_LIFE
    }
}

impl From<&Persona> for PersonaView {
    fn from(persona: &Persona) -> Self {
        let mut words = persona.name.split_whitespace().filter_map(|word| word.chars().next());
        let initials = words.next().into_iter().chain(words.next_back()).collect();
        Self {
            key: persona.key.clone(),
            name: persona.name.clone(),
            department: persona.department.clone(),
            introduction: persona.introduction.clone(),
            hr: !persona.groups.is_empty(),
            initials,
        }
    }
}
