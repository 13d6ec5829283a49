//! Several orders at once: those whose boxes are ticked are begun, or handed over with one note; and the report of it.

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use futures::FutureExt;

use super::{Filter, Tried, view};
use crate::error::{Error, FieldErrors, FieldProblem, Result};
use crate::orders::batch::{self, Act, Batch, Item, MOST_AT_ONCE};
use crate::orders::note::LONGEST_NOTE;
use crate::platform::app::App;
use crate::types::id::BatchId;
use crate::types::time::Timestamp;
use crate::urls;
use crate::web::form::Form;
use crate::web::htmx::Htmx;
use crate::web::page::Page;
use crate::web::render;
use crate::web::text::Text;
use crate::web::viewer::HrAdmin;

/// How the box of an order is called, before its number.
const PREFIX: &str = "order-";

/// What the boxes bring, and the fields around them.
type Fields = Vec<(String, String)>;

/// The name of an order's box.
pub(super) fn field(number: &str) -> String {
    format!("{PREFIX}{number}")
}

/// The numbers whose boxes are ticked.
///
/// # Errors
/// [`Error::Malformed`] when a field is there twice.
pub(super) fn chosen(fields: &Fields) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    if !fields.iter().all(|(name, _)| names.insert(name)) {
        return Err(Error::Malformed("a field twice"));
    }
    Ok(names.into_iter().filter_map(|name| name.strip_prefix(PREFIX).map(str::to_owned)).collect())
}

/// `POST /hr/orders/preparations`: somebody begins all of these.
///
/// # Errors
/// When a number is no order's.
pub async fn prepare(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    Form(fields): Form<Fields>,
) -> Result<HttpResponse> {
    create(&app, page, &hr, &htmx, Act::Prepare, &fields).await
}

/// `POST /hr/orders/fulfilments`: all of these are handed over, with one note.
///
/// # Errors
/// When a number is no order's.
pub async fn fulfil(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    Form(fields): Form<Fields>,
) -> Result<HttpResponse> {
    create(&app, page, &hr, &htmx, Act::Fulfil, &fields).await
}

async fn create(
    app: &App,
    page: Page,
    hr: &HrAdmin,
    htmx: &Htmx,
    act: Act,
    fields: &Fields,
) -> Result<HttpResponse> {
    let numbers = chosen(fields)?;
    let value = |wanted: &str| fields.iter().find(|(name, _)| name == wanted).map_or("", |(_, value)| value);
    let note = value("note").trim().to_owned();
    let mut errors = FieldErrors::default();
    if numbers.is_empty() {
        errors.add("orders", FieldProblem::Required);
    }
    if numbers.len() > MOST_AT_ONCE {
        errors.add("orders", FieldProblem::OutOfRange { min: 1, max: whole(MOST_AT_ONCE) });
    }
    if act == Act::Fulfil && note.chars().count() > LONGEST_NOTE {
        errors.add("note", FieldProblem::TooLong { max: whole(LONGEST_NOTE) });
    }
    if !errors.is_empty() {
        let filter: Filter = serde_urlencoded::from_str(value("list")).unwrap_or_default();
        let view = view(app, page, filter, Tried { chosen: numbers, note, errors }).await?;
        return render::with_status(StatusCode::UNPROCESSABLE_ENTITY, &view);
    }
    let note = if act == Act::Fulfil { note } else { String::new() };
    let (now, person, batch) = (app.now(), hr.0.person_id, Batch { act, numbers, note });
    let id = app
        .db
        .write("orders.batch", move |tx| {
            let batch = batch.clone();
            async move { batch::carry_out(tx, now, person, &batch).await }.boxed()
        })
        .await?;
    Ok(render::see_other(htmx, &urls::hr::order_batch(id)))
}

fn whole<T>(limit: usize) -> T
where
    T: TryFrom<usize> + Default,
{
    T::try_from(limit).unwrap_or_default()
}

#[derive(Template)]
#[template(path = "orders/hr/batch.html")]
struct BatchPage {
    page: Page,
    is_fulfilment: bool,
    done: Vec<ItemView>,
    refused: Vec<ItemView>,
    actor: String,
    at: Timestamp,
    note: String,
}

struct ItemView {
    number: String,
    href: String,
    person: String,
    why_not: String,
}

/// `GET /hr/orders/batches/{batch}`: what became of each order.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn show(
    app: web::Data<App>,
    page: Page,
    _hr: HrAdmin,
    batch: web::Path<String>,
) -> Result<HttpResponse> {
    let id: BatchId = batch.parse().ok().ok_or(Error::NotFound)?;
    let report = batch::report(app.db.reads(), id).await?;
    let (refused, done): (Vec<_>, Vec<_>) = report.items.iter().partition(|item| item.why_not().is_some());
    let views = |items: Vec<&Item>| items.into_iter().map(|item| item_view(page.text, item)).collect();
    render::page(&BatchPage {
        is_fulfilment: report.batch.act == Act::Fulfil.name(),
        done: views(done),
        refused: views(refused),
        actor: report.actor,
        at: report.batch.at,
        note: report.batch.note,
        page,
    })
}

fn item_view(text: Text, item: &Item) -> ItemView {
    let why_not = match item.why_not() {
        None => String::new(),
        Some("preparing") => text.say("hr-batch-begun").to_string(),
        Some("cancelled") => text.say("hr-batch-cancelled").to_string(),
        Some(_) => text.say("hr-batch-handed-over").to_string(),
    };
    ItemView {
        href: urls::hr::order(&item.number),
        number: item.number.clone(),
        person: item.person.clone(),
        why_not,
    }
}
