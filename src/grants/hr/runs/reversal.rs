//! Taking a run back as a whole: what of it that would be, and the word to do it.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use futures::FutureExt;
use serde::Deserialize;

use super::{act, words};
use crate::error::{Error, FieldErrors, Refusal, Result};
use crate::grants::runs;
use crate::grants::runs::reverse::{self, Outlook};
use crate::platform::app::App;
use crate::types::grant_run::RunState;
use crate::types::id::RunId;
use crate::urls;
use crate::web::flash::Flash;
use crate::web::form::{self, Form};
use crate::web::htmx::Htmx;
use crate::web::page::{FormErrors, Page};
use crate::web::render;
use crate::web::viewer::HrAdmin;

#[derive(Template)]
#[template(path = "grants/hr/runs/reversal.html")]
struct ReversalPage {
    page: Page,
    id: RunId,
    href: String,
    title: String,
    version: i64,
    outlook: Outlook,
    can_reverse: bool,
    reason: String,
    errors: FormErrors,
}

/// `GET /hr/points/runs/{run}/reversal`
///
/// # Errors
/// [`Error::NotFound`].
pub async fn new(
    app: web::Data<App>,
    page: Page,
    _hr: HrAdmin,
    id: web::Path<RunId>,
) -> Result<HttpResponse> {
    render::page(&reversal_page(&app, page, *id, String::new(), FieldErrors::default()).await?)
}

/// The version that was looked at, and why.
#[derive(Deserialize)]
pub struct Reversal {
    #[serde(deserialize_with = "form::version")]
    version: i64,
    #[serde(default)]
    reason: String,
}

/// `POST /hr/points/runs/{run}/reversal`: what is untouched is taken back, for a `reason`. When the run has changed
/// meanwhile, the page comes as it is now, with what was typed.
///
/// # Errors
/// A refusal when nothing of it was granted.
pub async fn create(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    id: web::Path<RunId>,
    Form(form): Form<Reversal>,
) -> Result<HttpResponse> {
    let (version, id, reason) = (form.version, *id, form.reason.trim().to_owned());
    if let Err(errors) = act::reason_fits(&reason) {
        let view = reversal_page(&app, page, id, reason, errors).await?;
        return render::with_status(StatusCode::UNPROCESSABLE_ENTITY, &view);
    }
    let (now, reverser, why) = (app.now(), hr.0.person_id, reason.clone());
    let begun = app.db.write("runs.reverse", move |tx| {
        let why = why.clone();
        async move { reverse::begin(tx, now, reverser, id, version, why).await }.boxed()
    });
    match begun.await {
        Err(Error::Refused(Refusal::ChangedMeanwhile)) => {
            let view = reversal_page(&app, page, id, reason, act::changed_meanwhile()).await?;
            return render::with_status(StatusCode::CONFLICT, &view);
        }
        done => done?,
    }
    app.bell.notify_one();
    Ok(render::see_other_saying(&htmx, &urls::hr::run(id), &Flash::good("flash-run-reversing", "")))
}

async fn reversal_page(
    app: &App,
    page: Page,
    id: RunId,
    reason: String,
    errors: FieldErrors,
) -> Result<ReversalPage> {
    let db = app.db.reads();
    let run = runs::find(db, id).await?;
    let outlook = reverse::outlook(db, app.now(), id).await?;
    Ok(ReversalPage {
        id,
        href: urls::hr::run(id),
        title: words::title(page.text, run.origin, &run.file_name, &run.note),
        version: run.version,
        can_reverse: run.state == RunState::Done && outlook.untouched_count > 0,
        outlook,
        reason,
        errors: page.errors(errors),
        page,
    })
}
