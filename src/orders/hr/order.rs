//! One order at the desk: preparing it, handing it over, cancelling it whole or in part.

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use futures::FutureExt;
use serde::Deserialize;

use crate::error::{Error, FieldErrors, FieldProblem, Result};
use crate::orders::cancel::{self, Request, Wanted};
use crate::orders::pages::{DeliveryView, Step, delivery_view, picture_of, state_label, step_view};
use crate::orders::{self, fulfil, prepare, timeline};
use crate::people;
use crate::platform::app::App;
use crate::types::id::OrderLineId;
use crate::types::order_state::OrderState;
use crate::types::points::Points;
use crate::types::product_kind::ProductKind;
use crate::types::quantity::whole_number;
use crate::types::time::Timestamp;
use crate::urls;
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::htmx::Htmx;
use crate::web::page::{FormErrors, Page};
use crate::web::picture::Picture;
use crate::web::render;
use crate::web::viewer::HrAdmin;

/// Characters of a note or a reason.
const LONGEST_NOTE: usize = 500;
/// How the form names the pieces of a line.
const LINE_PREFIX: &str = "line-";

#[derive(Template)]
#[template(path = "orders/hr/show.html")]
struct ShowPage {
    page: Page,
    number: String,
    version: i64,
    person: String,
    department: Option<String>,
    state: &'static str,
    state_label: String,
    placed_at: Timestamp,
    total: Points,
    refunded: Points,
    lines: Vec<LineView>,
    can_prepare: bool,
    can_fulfil: bool,
    can_cancel: bool,
    timeline: Vec<Step>,
    delivery: Option<DeliveryView>,
    note: String,
    reason: String,
    errors: FormErrors,
}

struct LineView {
    field: String,
    name: String,
    picture: Option<Picture>,
    unit_price: Points,
    quantity: i64,
    cancelled: i64,
    open: i64,
    /// What stands in the box.
    chosen: String,
    digital: bool,
}

/// What was typed, shown again when it does not fit.
#[derive(Default)]
struct Typed {
    note: String,
    reason: String,
    pieces: Vec<(String, String)>,
    errors: FieldErrors,
}

/// `GET /hr/orders/{number}`
///
/// # Errors
/// [`Error::NotFound`].
pub async fn show(
    app: web::Data<App>,
    page: Page,
    _hr: HrAdmin,
    number: web::Path<String>,
) -> Result<HttpResponse> {
    render::page(&show_page(&app, page, &number, Typed::default()).await?)
}

/// `POST /hr/orders/{number}/preparation`: somebody begins; the owner cannot cancel it any more.
///
/// # Errors
/// A refusal when it does not wait for that.
pub async fn prepare(
    app: web::Data<App>,
    hr: HrAdmin,
    htmx: Htmx,
    number: web::Path<String>,
) -> Result<HttpResponse> {
    let order_id = orders::find(app.db.reads(), &number).await?.id;
    let (now, actor) = (app.now(), hr.actor());
    app.db.write("orders.prepare", move |tx| prepare::prepare(tx, now, actor, order_id).boxed()).await?;
    Ok(render::see_other_saying(
        &htmx,
        &urls::hr::order(&number),
        &Flash::good("flash-order-preparing", &number),
    ))
}

/// What is said when an order is handed over.
#[derive(Deserialize)]
pub struct Fulfilment {
    #[serde(default)]
    note: String,
}

/// `POST /hr/orders/{number}/fulfilment`: handed over, with a tracking number or who took it.
///
/// # Errors
/// A refusal when it does not wait for that.
pub async fn fulfil(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    number: web::Path<String>,
    Form(Fulfilment { note }): Form<Fulfilment>,
) -> Result<HttpResponse> {
    let order_id = orders::find(app.db.reads(), &number).await?.id;
    let note = note.trim().to_owned();
    let mut errors = FieldErrors::default();
    fits(&mut errors, "note", &note);
    if !errors.is_empty() {
        let typed = Typed { note, errors, ..Typed::default() };
        let view = show_page(&app, page, &number, typed).await?;
        return render::with_status(StatusCode::UNPROCESSABLE_ENTITY, &view);
    }
    let (now, actor) = (app.now(), hr.actor());
    app.db
        .write("orders.fulfil", move |tx| {
            let note = note.clone();
            async move { fulfil::fulfil(tx, now, actor, order_id, &note).await }.boxed()
        })
        .await?;
    Ok(render::see_other_saying(
        &htmx,
        &urls::hr::order(&number),
        &Flash::good("flash-order-fulfilled", &number),
    ))
}

/// `POST /hr/orders/{number}/cancellation`: `version` and `reason`, and for each line `line-{id}` with the pieces that go
/// back. Without any line the whole order is meant.
///
/// # Errors
/// A refusal when some of it was handed over or seen, or when the order has changed since it was shown.
pub async fn cancel(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    number: web::Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<HttpResponse> {
    orders::find(app.db.reads(), &number).await?;
    let request = match request(&number, &fields) {
        Err(Error::Invalid(errors)) => {
            let reason = one(&fields, "reason")?.to_owned();
            let view =
                show_page(&app, page, &number, Typed { reason, pieces: fields, errors, ..Typed::default() });
            return render::with_status(StatusCode::UNPROCESSABLE_ENTITY, &view.await?);
        }
        request => request?,
    };
    let (now, actor, policy) = (app.now(), hr.actor(), app.config.cancelling);
    app.db
        .write("orders.cancel", move |tx| {
            let request = request.clone();
            async move { cancel::by_hr(tx, now, actor, &request, &policy).await }.boxed()
        })
        .await?;
    Ok(render::see_other_saying(
        &htmx,
        &urls::hr::order(&number),
        &Flash::good("flash-order-cancelled", &number),
    ))
}

fn request(number: &str, fields: &[(String, String)]) -> Result<Request> {
    let mut names = BTreeSet::new();
    if !fields.iter().all(|(name, _)| names.insert(name)) {
        return Err(Error::Malformed("a field twice"));
    }
    let version = whole_number(one(fields, "version")?).ok_or(Error::Malformed("the order's version"))?;
    let reason = one(fields, "reason")?.trim().to_owned();
    let mut errors = FieldErrors::default();
    if reason.is_empty() {
        errors.add("reason", FieldProblem::Required);
    }
    fits(&mut errors, "reason", &reason);
    let mut lines: Vec<(OrderLineId, i64)> = Vec::new();
    let mut any = false;
    for (name, value) in fields {
        let Some(id) = name.strip_prefix(LINE_PREFIX) else { continue };
        let id: OrderLineId = id.parse().ok().ok_or(Error::Malformed("a line"))?;
        // An id can be spelled in several ways.
        if lines.iter().any(|(other, _)| *other == id) {
            return Err(Error::Malformed("a line twice"));
        }
        any = true;
        match whole_number(value) {
            Some(0) => {}
            Some(pieces) => lines.push((id, pieces)),
            None => errors.add("lines", FieldProblem::NotANumber),
        }
    }
    if any && lines.is_empty() {
        errors.add("lines", FieldProblem::Required);
    }
    errors.check()?;
    let wanted = if any { Wanted::Lines(lines) } else { Wanted::Whole };
    Ok(Request { number: number.to_owned(), version, wanted, reason })
}

/// The one value of a field that must be there once.
fn one<'a>(fields: &'a [(String, String)], name: &str) -> Result<&'a str> {
    let mut values = fields.iter().filter(|(field, _)| field == name).map(|(_, value)| value.as_str());
    match (values.next(), values.next()) {
        (Some(value), None) => Ok(value),
        _ => Err(Error::Malformed("a field is missing or there twice")),
    }
}

fn fits(errors: &mut FieldErrors, field: &'static str, text: &str) {
    if text.chars().count() > LONGEST_NOTE {
        errors.add(field, FieldProblem::TooLong { max: u64::try_from(LONGEST_NOTE).unwrap_or_default() });
    }
}

async fn show_page(app: &App, page: Page, number: &str, typed: Typed) -> Result<ShowPage> {
    let db = app.db.reads();
    let order = orders::find(db, number).await?;
    let person = people::load(db, order.person_id).await?;
    let lines = orders::lines(db, order.id).await?;
    let pieces = cancel::pieces_of(db, &order, &lines).await?;
    let mut views = Vec::with_capacity(lines.len());
    for (line, pieces) in lines.iter().zip(&pieces) {
        let field = format!("{LINE_PREFIX}{}", line.id);
        let kept = typed.pieces.iter().find(|(name, _)| *name == field).map(|(_, value)| value.clone());
        views.push(LineView {
            name: line.name.clone(),
            picture: picture_of(app, line).await?,
            unit_price: line.unit_price,
            quantity: line.quantity,
            cancelled: line.cancelled,
            open: pieces.open,
            chosen: kept.unwrap_or_else(|| pieces.open.to_string()),
            digital: line.kind == ProductKind::Digital,
            field,
        });
    }
    let steps = timeline::of_order(db, order.id).await?;
    Ok(ShowPage {
        version: order.version,
        person: person.name,
        department: person.department,
        state: order.state.name(),
        state_label: state_label(page.text, order.state),
        placed_at: order.placed_at,
        total: order.total,
        refunded: order.refunded,
        can_prepare: order.state == OrderState::Placed,
        can_fulfil: matches!(order.state, OrderState::Placed | OrderState::Preparing),
        can_cancel: pieces.iter().any(|line| line.open > 0),
        lines: views,
        timeline: steps.iter().map(|step| step_view(page.text, step)).collect(),
        delivery: delivery_view(page.text, &order),
        note: typed.note,
        reason: typed.reason,
        errors: page.errors(typed.errors),
        number: order.number,
        page,
    })
}
