//! One act with everything that is known of it.

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::audit::hr::changes::{self, Change};
use crate::audit::hr::{Row, row};
use crate::audit::{search, subjects};
use crate::error::{Error, Result};
use crate::platform::app::App;
use crate::types::quantity::whole_number;
use crate::urls::hr as urls;
use crate::web::page::Page;
use crate::web::render;
use crate::web::viewer::HrAdmin;

/// Acts of one request that are listed; a sheet of ten thousand grants is one request.
const MOST_TOGETHER: u64 = 20;

#[derive(Template)]
#[template(path = "audit/hr/show.html")]
struct ShowPage {
    page: Page,
    id: i64,
    event: Row,
    /// The act by its name in the code.
    name: String,
    subject_kind: String,
    subject_id: String,
    changes: Vec<Change>,
    compared: bool,
    request_id: Option<String>,
    request_href: String,
    together: Vec<Row>,
    /// Everything there is about the subject.
    history_href: String,
    raw: String,
}

/// `GET /hr/audit/{event}`
///
/// # Errors
/// [`Error::NotFound`].
pub async fn show(
    app: web::Data<App>,
    page: Page,
    _hr: HrAdmin,
    number: web::Path<String>,
) -> Result<HttpResponse> {
    let id = whole_number(&number).ok_or(Error::NotFound)?;
    let db = app.db.reads();
    let event = search::load(db, id).await?;
    let together = match &event.request_id {
        Some(request_id) => search::of_request(db, request_id, MOST_TOGETHER).await?,
        None => Vec::new(),
    };
    let mut all = together.clone();
    all.push(event.clone());
    let names = subjects::names(db, &all).await?;
    let changes = changes::of(&event.details);
    let others = together.iter().filter(|other| other.id != id);
    let view = ShowPage {
        id,
        name: event.action.clone(),
        subject_kind: event.subject_kind.clone(),
        subject_id: event.subject_id.clone(),
        compared: changes.iter().any(|change| change.compared),
        changes,
        request_href: urls::audit_of_request(event.request_id.as_deref().unwrap_or_default()),
        request_id: event.request_id.clone(),
        together: others.map(|other| row(&page, &names, other)).collect(),
        history_href: urls::audit_about(&event.subject_id),
        raw: serde_json::to_string_pretty(&event.details).unwrap_or_default(),
        event: row(&page, &names, &event),
        page,
    };
    render::page(&view)
}
