//! What can be done with a run: commit it, withdraw it, let it begin, reject it.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use futures::FutureExt;
use serde::Deserialize;

use super::show::{Filter, Typed, show_page};
use crate::error::{Error, FieldErrors, FieldProblem, Refusal, Result};
use crate::grants::hr::fields::Looked;
use crate::grants::runs::commit::{self, Consent};
use crate::grants::runs::{Terms, approve};
use crate::grants::single::LONGEST_NOTE;
use crate::platform::app::App;
use crate::types::grant_run::RunState;
use crate::types::id::RunId;
use crate::urls;
use crate::web::flash::Flash;
use crate::web::form::{self, Form};
use crate::web::htmx::Htmx;
use crate::web::page::Page;
use crate::web::render;
use crate::web::viewer::HrAdmin;

/// What the maker says yes to.
#[derive(Deserialize)]
pub struct Commitment {
    #[serde(deserialize_with = "form::version")]
    version: i64,
    #[serde(default)]
    good_only: String,
    #[serde(default)]
    again: String,
}

/// `POST /hr/points/runs/{run}/commitment`: `version`, `good_only` and `again` where they are asked for.
///
/// # Errors
/// A refusal when it is somebody else's, gives nothing, or has changed.
pub async fn commit(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    id: web::Path<RunId>,
    Form(form): Form<Commitment>,
) -> Result<HttpResponse> {
    let consent =
        Consent { version: form.version, good_only: form.good_only == "true", again: form.again == "true" };
    let (now, maker, id, terms) = (app.now(), hr.0.person_id, *id, Terms::of(&app.config));
    let committed = app.db.write("runs.commit", move |tx| {
        async move { commit::commit(tx, now, maker, id, consent, &terms).await }.boxed()
    });
    let state = match committed.await {
        Err(Error::Invalid(errors)) => {
            let Consent { good_only, again, .. } = consent;
            let typed = Typed { good_only, again, errors, ..Typed::default() };
            let view = show_page(&app, page, &hr, id, &Filter::default(), typed).await?;
            return render::with_status(StatusCode::UNPROCESSABLE_ENTITY, &view);
        }
        state => state?,
    };
    app.bell.notify_one();
    let said = if state == RunState::Waiting { "flash-run-waits" } else { "flash-run-begun" };
    Ok(render::see_other_saying(&htmx, &urls::hr::run(id), &Flash::good(said, "")))
}

/// `POST /hr/points/runs/{run}/withdrawal`: the maker throws it away before it has begun.
///
/// # Errors
/// A refusal when it is somebody else's or has begun.
pub async fn withdraw(
    app: web::Data<App>,
    hr: HrAdmin,
    htmx: Htmx,
    id: web::Path<RunId>,
) -> Result<HttpResponse> {
    let (now, maker, id) = (app.now(), hr.0.person_id, *id);
    app.db.write("runs.discard", move |tx| commit::discard(tx, now, maker, id).boxed()).await?;
    Ok(render::see_other_saying(&htmx, &urls::hr::runs(), &Flash::good("flash-run-discarded", "")))
}

/// `POST /hr/points/runs/{run}/approval`: the second pair of eyes has seen it; it begins.
///
/// # Errors
/// A refusal when the judge made it, gets points by it, or it does not wait any more.
pub async fn approve(
    app: web::Data<App>,
    hr: HrAdmin,
    htmx: Htmx,
    id: web::Path<RunId>,
    Form(Looked { version }): Form<Looked>,
) -> Result<HttpResponse> {
    let (now, judge, id, terms) = (app.now(), hr.0.person_id, *id, Terms::of(&app.config));
    app.db
        .write("runs.approve", move |tx| {
            async move { approve::approve(tx, now, judge, id, version, &terms).await }.boxed()
        })
        .await?;
    app.bell.notify_one();
    Ok(render::see_other_saying(&htmx, &urls::hr::run(id), &Flash::good("flash-run-begun", "")))
}

/// The version that was looked at, and why not.
#[derive(Deserialize)]
pub struct Rejection {
    #[serde(deserialize_with = "form::version")]
    version: i64,
    #[serde(default)]
    reason: String,
}

/// `POST /hr/points/runs/{run}/rejection`: it ends, with a `reason`. When it has changed meanwhile, its page comes as it is
/// now, with what was typed.
///
/// # Errors
/// A refusal when the judge made it or gets points by it.
pub async fn reject(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    id: web::Path<RunId>,
    Form(form): Form<Rejection>,
) -> Result<HttpResponse> {
    let (version, id, reason) = (form.version, *id, form.reason.trim().to_owned());
    if let Err(errors) = reason_fits(&reason) {
        let typed = Typed { reason, errors, ..Typed::default() };
        let view = show_page(&app, page, &hr, id, &Filter::default(), typed).await?;
        return render::with_status(StatusCode::UNPROCESSABLE_ENTITY, &view);
    }
    let (now, judge, why) = (app.now(), hr.0.person_id, reason.clone());
    let rejected = app.db.write("runs.reject", move |tx| {
        let why = why.clone();
        async move { approve::reject(tx, now, judge, id, version, why).await }.boxed()
    });
    match rejected.await {
        Err(Error::Refused(Refusal::ChangedMeanwhile)) => {
            let typed = Typed { reason, errors: changed_meanwhile(), ..Typed::default() };
            let view = show_page(&app, page, &hr, id, &Filter::default(), typed).await?;
            return render::with_status(StatusCode::CONFLICT, &view);
        }
        done => done?,
    }
    Ok(render::see_other_saying(&htmx, &urls::hr::run(id), &Flash::good("flash-run-rejected", "")))
}

/// What stands above a form that came too late.
pub(super) fn changed_meanwhile() -> FieldErrors {
    let mut errors = FieldErrors::default();
    errors.add("form", FieldProblem::Refused(Refusal::ChangedMeanwhile));
    errors
}

/// A reason that must be given.
pub(super) fn reason_fits(reason: &str) -> Result<(), FieldErrors> {
    let mut errors = FieldErrors::default();
    if reason.is_empty() {
        errors.add("reason", FieldProblem::Required);
    } else if reason.chars().count() > LONGEST_NOTE {
        errors.add("reason", FieldProblem::TooLong { max: u64::try_from(LONGEST_NOTE).unwrap_or_default() });
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}
