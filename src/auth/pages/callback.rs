//! Back from the identity provider.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use futures::FutureExt;
use serde::Deserialize;

use crate::auth::arrive::{self, Arrival, Arrived};
use crate::auth::attempts::{self, Attempt};
use crate::auth::pages::{problem, unavailable};
use crate::error::Result;
use crate::people::admit::{Identified, Strangers};
use crate::people::roles;
use crate::platform::app::App;
use crate::platform::identity::{Claims, SignInProblem};
use crate::platform::metrics;
use crate::platform::seal;
use crate::types::time::Timestamp;
use crate::web::htmx::Htmx;
use crate::web::page::Page;
use crate::web::{client_address, render, session as cookies};

/// The provider's word for "the person, or somebody for them, said no".
const SAID_NO: &str = "access_denied";

#[derive(Template)]
#[template(path = "auth/ask_hr.html")]
struct AskHrPage {
    page: Page,
    email: Option<String>,
}

/// What the identity provider sends along. It is as trustworthy as any link.
#[derive(Deserialize)]
pub struct Answer {
    #[serde(default)]
    code: String,
    #[serde(default)]
    state: String,
    error: Option<String>,
}

/// `GET /sign-in/callback`: the code becomes a session, and the browser goes where it wanted to.
///
/// Each begun sign-in can be answered once, with its own state, by the browser that began it, whatever comes of it. What
/// answers none leaves those that are open as they are.
///
/// # Errors
/// [`crate::error::Error::TooMany`] for what answers none, beyond the limit of one address; when the database fails.
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    page: Page,
    answer: web::Query<Answer>,
) -> Result<HttpResponse> {
    let now = app.now();
    let Some(attempt) = begun(&app, now, &request, &answer.state).await? else {
        // Whoever has begun was counted then; a whole office may come back in the same minute.
        app.limits.sign_in(client_address::of(&request, &app.config.trusted_proxies))?;
        metrics::sign_in("failed");
        tracing::warn!("a sign-in failed: nobody here began it, or too long ago");
        return problem(page, StatusCode::BAD_REQUEST, "auth-problem-expired", "");
    };
    let response = answered(&app, now, &request, page, &answer, &attempt).await?;
    Ok(render::with_cookie(response, &cookies::sign_in_over(&answer.state)))
}

/// The sign-in of this browser that this state answers; it is used up.
async fn begun(app: &App, now: Timestamp, request: &HttpRequest, state: &str) -> Result<Option<Attempt>> {
    let Some(token) = cookies::sign_in_token(request, state) else { return Ok(None) };
    let hash = seal::token_hash(&token);
    let found = attempts::find(app.db.reads(), now, hash.clone()).await?;
    let Some(attempt) = found.filter(|attempt| attempt.is_answered_by(state)) else { return Ok(None) };
    let is_first = app.db.write("sign_in.take", move |tx| attempts::take(tx, hash.clone()).boxed()).await?;
    Ok(is_first.then_some(attempt))
}

async fn answered(
    app: &App,
    now: Timestamp,
    request: &HttpRequest,
    page: Page,
    answer: &Answer,
    attempt: &Attempt,
) -> Result<HttpResponse> {
    let next = attempt.return_to.as_str();
    match answer.error.as_deref() {
        None => {}
        Some(SAID_NO) => {
            metrics::sign_in("refused");
            tracing::info!("a sign-in was refused at the identity provider");
            return problem(page, StatusCode::FORBIDDEN, "auth-problem-refused", next);
        }
        Some(_) => {
            metrics::sign_in("failed");
            tracing::warn!("a sign-in failed at the identity provider");
            return problem(page, StatusCode::BAD_REQUEST, "auth-problem-failed", next);
        }
    }
    match app.identity.finish(now, &answer.code, &attempt.verifier, &attempt.nonce).await {
        Ok(claims) => vouched_for(app, request, page, &claims, next).await,
        Err(SignInProblem::Provider(reason)) => {
            metrics::sign_in("failed");
            tracing::warn!(%reason, "a sign-in failed: the identity provider cannot be reached");
            unavailable(page, next)
        }
        Err(SignInProblem::Refused(reason)) => {
            metrics::sign_in("failed");
            tracing::warn!(%reason, "a sign-in failed: the identity provider's answer is not believed");
            problem(page, StatusCode::FORBIDDEN, "auth-problem-failed", next)
        }
    }
}

/// The provider says who it is; whether the shop knows them is ours to say.
async fn vouched_for(
    app: &App,
    request: &HttpRequest,
    page: Page,
    claims: &Claims,
    next: &str,
) -> Result<HttpResponse> {
    let arrival = Arrival {
        who: Identified::from(claims),
        strangers: if app.config.auto_provision { Strangers::Enter } else { Strangers::AskHr },
        roles: roles::of_groups(&claims.groups, &app.config.group_roles),
        old_session: cookies::token(request).map(|token| seal::token_hash(&token)),
    };
    let now = app.now();
    let arrived =
        app.db.write("sign_in.arrive", move |tx| arrive::arrive(tx, now, arrival.clone()).boxed()).await?;
    match arrived {
        Arrived::SignedIn { person_id, token } => {
            metrics::sign_in("succeeded");
            tracing::info!(%person_id, "signed in");
            Ok(render::with_cookie(render::see_other(&Htmx::default(), next), &cookies::cookie(token)))
        }
        Arrived::Inactive(person_id) => {
            metrics::sign_in("refused");
            tracing::warn!(%person_id, "a sign-in was refused: the person is not active");
            problem(page, StatusCode::FORBIDDEN, "auth-problem-inactive", next)
        }
        Arrived::Unknown => {
            metrics::sign_in("refused");
            tracing::warn!("a sign-in was refused: nobody the shop knows");
            render::with_status(StatusCode::FORBIDDEN, &AskHrPage { page, email: claims.email.clone() })
        }
    }
}
