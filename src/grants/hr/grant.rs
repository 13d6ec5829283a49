//! One grant at the desk, and taking it back.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use futures::FutureExt;
use serde::Deserialize;

use super::fields::note;
use crate::error::{Error, FieldErrors, FieldProblem, Result};
use crate::grants::shown::{self, Shown};
use crate::grants::undo;
use crate::platform::app::App;
use crate::types::id::GrantId;
use crate::urls;
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::htmx::Htmx;
use crate::web::page::{FormErrors, Page};
use crate::web::reasons::reason_label;
use crate::web::render;
use crate::web::viewer::HrAdmin;

#[derive(Template)]
#[template(path = "grants/hr/show.html")]
struct ShowPage {
    page: Page,
    grant: Shown,
    reason: String,
    rule_href: Option<String>,
    can_undo: bool,
    note: String,
    errors: FormErrors,
}

/// Why a grant is taken back.
#[derive(Deserialize)]
pub struct Reversal {
    #[serde(default)]
    note: String,
}

/// `GET /hr/points/grants/{grant}`
///
/// # Errors
/// [`Error::NotFound`].
pub async fn show(
    app: web::Data<App>,
    page: Page,
    _hr: HrAdmin,
    grant: web::Path<GrantId>,
) -> Result<HttpResponse> {
    render::page(&view(&app, page, *grant, String::new(), FieldErrors::default()).await?)
}

/// `POST /hr/points/grants/{grant}/reversal`: takes it back while nobody has spent any of it.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn undo(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    grant: web::Path<GrantId>,
    Form(typed): Form<Reversal>,
) -> Result<HttpResponse> {
    let id = *grant;
    let name = shown::load(app.db.reads(), id).await?.person;
    let mut errors = FieldErrors::default();
    let reason = note(&mut errors, &typed.note);
    if !errors.is_empty() {
        let view = view(&app, page, id, typed.note, errors).await?;
        return render::with_status(StatusCode::UNPROCESSABLE_ENTITY, &view);
    }
    let (now, actor) = (app.now(), hr.actor());
    let write = app.db.write("grants.undo", move |tx| undo::undo(tx, now, actor, id, reason.clone()).boxed());
    match write.await {
        Ok(()) => {
            let flash = Flash::good("flash-grant-undone", &name);
            Ok(render::see_other_saying(&htmx, &urls::hr::grant(id), &flash))
        }
        Err(Error::Refused(refusal)) => {
            errors.add("note", FieldProblem::Refused(refusal));
            let view = view(&app, page, id, typed.note, errors).await?;
            render::with_status(StatusCode::CONFLICT, &view)
        }
        Err(error) => Err(error),
    }
}

async fn view(app: &App, page: Page, id: GrantId, note: String, errors: FieldErrors) -> Result<ShowPage> {
    let grant = shown::load(app.db.reads(), id).await?;
    Ok(ShowPage {
        reason: reason_label(page.text, &grant.reason),
        rule_href: grant.rule.as_ref().map(urls::hr::rule),
        can_undo: grant.is_whole(app.now()),
        note,
        errors: page.errors(errors),
        grant,
        page,
    })
}
