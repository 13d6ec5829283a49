//! One order at the desk: preparing it, handing it over.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use futures::FutureExt;
use serde::Deserialize;

use crate::error::{Error, FieldErrors, FieldProblem, Refusal, Result};
use crate::orders::fulfil::LONGEST_CARRIER;
use crate::orders::note::LONGEST_NOTE;
use crate::orders::pages::{self, DeliveryView, delivery_view, picture_of, state_label, step_view};
use crate::orders::timeline::{Step, Words};
use crate::orders::{self, cancel, fulfil, prepare, timeline};
use crate::people;
use crate::platform::app::App;
use crate::types::actor::Actor;
use crate::types::id::OrderId;
use crate::types::order_state::OrderState;
use crate::types::points::Points;
use crate::types::product_kind::ProductKind;
use crate::types::time::Timestamp;
use crate::urls;
use crate::web::flash::Flash;
use crate::web::form::Form;
use crate::web::htmx::Htmx;
use crate::web::page::{FormErrors, Page};
use crate::web::picture::Picture;
use crate::web::render;
use crate::web::sentences;
use crate::web::viewer::HrAdmin;

/// How the form names the pieces of a line.
pub(super) const LINE_PREFIX: &str = "line-";

#[derive(Template)]
#[template(path = "orders/hr/show.html")]
pub(super) struct ShowPage {
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
    timeline: Vec<pages::Step>,
    delivery: Option<DeliveryView>,
    orders_href: String,
    handover: Words,
    reason: String,
    words: String,
    is_public: bool,
    errors: FormErrors,
    /// Why nothing was cancelled.
    problem: Option<String>,
    /// Why nothing was handed over.
    too_late: Option<String>,
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

/// What was typed, shown again when it does not fit or came too late.
#[derive(Default)]
pub(super) struct Typed {
    pub handover: Words,
    pub reason: String,
    pub pieces: Vec<(String, String)>,
    pub words: String,
    pub is_public: bool,
    pub errors: FieldErrors,
    /// What the shop says to the cancellation.
    pub problem: Option<String>,
    /// And to handing over; what was typed about it is offered as a note.
    pub too_late: Option<String>,
}

/// `GET /hr/orders/{number}`
///
/// # Errors
/// [`crate::error::Error::NotFound`].
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
    let write = app.db.write("orders.prepare", move |tx| prepare::prepare(tx, now, actor, order_id).boxed());
    if let Err(error) = write.await {
        let words = Words::default();
        if !is_second_click(&app, &error, actor, order_id, Step::Preparing, &words).await? {
            return Err(error);
        }
    }
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
    carrier: String,
    #[serde(default)]
    tracking_number: String,
    #[serde(default)]
    note: String,
}

impl Fulfilment {
    fn words(&self) -> Words {
        let trimmed = |text: &str| text.trim().to_owned();
        Words {
            note: trimmed(&self.note),
            carrier: trimmed(&self.carrier),
            tracking_number: trimmed(&self.tracking_number),
        }
    }
}

/// `POST /hr/orders/{number}/fulfilment`: handed over, with carrier and number, or who took it.
///
/// # Errors
/// A refusal when it does not wait for that.
pub async fn fulfil(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    number: web::Path<String>,
    Form(form): Form<Fulfilment>,
) -> Result<HttpResponse> {
    let order_id = orders::find(app.db.reads(), &number).await?.id;
    let words = form.words();
    let mut errors = FieldErrors::default();
    fits(&mut errors, "note", &words.note, LONGEST_NOTE);
    fits(&mut errors, "carrier", &words.carrier, LONGEST_CARRIER);
    fits(&mut errors, "tracking_number", &words.tracking_number, LONGEST_CARRIER);
    // A number that nobody says whose it is helps nobody.
    if words.carrier.is_empty() && !words.tracking_number.is_empty() {
        errors.add("carrier", FieldProblem::Required);
    }
    if !errors.is_empty() {
        let typed = Typed { handover: words, errors, ..Typed::default() };
        let view = show_page(&app, page, &number, typed).await?;
        return render::with_status(StatusCode::UNPROCESSABLE_ENTITY, &view);
    }
    let (now, actor, said) = (app.now(), hr.actor(), words.clone());
    let write = app.db.write("orders.fulfil", move |tx| {
        let words = words.clone();
        async move { fulfil::fulfil(tx, now, actor, order_id, &words).await }.boxed()
    });
    if let Err(error) = write.await
        && !is_second_click(&app, &error, actor, order_id, Step::Fulfilled, &said).await?
    {
        let Error::Refused(refusal) = error else { return Err(error) };
        let too_late = Some(sentences::refusal(page.text, &refusal));
        let typed = Typed { words: written(&said), too_late, ..Typed::default() };
        return render::with_status(StatusCode::CONFLICT, &show_page(&app, page, &number, typed).await?);
    }
    Ok(render::see_other_saying(
        &htmx,
        &urls::hr::order(&number),
        &Flash::good("flash-order-fulfilled", &number),
    ))
}

/// Whether a step was refused because the same person has just done the same.
async fn is_second_click(
    app: &App,
    error: &Error,
    actor: Actor,
    order_id: OrderId,
    step: Step,
    words: &Words,
) -> Result<bool> {
    Ok(matches!(error, Error::Refused(Refusal::NothingToFulfil))
        && timeline::is_told(app.db.reads(), actor, order_id, step, words).await?)
}

/// All that was typed about handing over, as a note would say it.
fn written(words: &Words) -> String {
    let Words { note, carrier, tracking_number } = words;
    let sent = [carrier.as_str(), tracking_number].join(" ");
    [sent.trim(), note].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

/// Notes a text that is longer than `longest` characters.
pub(super) fn fits(errors: &mut FieldErrors, field: &'static str, text: &str, longest: usize) {
    if text.chars().count() > longest {
        errors.add(field, FieldProblem::TooLong { max: u64::try_from(longest).unwrap_or_default() });
    }
}

pub(super) async fn show_page(app: &App, page: Page, number: &str, typed: Typed) -> Result<ShowPage> {
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
            picture: picture_of(app, line).await,
            unit_price: line.unit_price,
            quantity: line.quantity,
            cancelled: line.cancelled,
            open: pieces.open,
            chosen: kept.unwrap_or_else(|| pieces.open.to_string()),
            digital: line.kind == ProductKind::Digital,
            field,
        });
    }
    let steps = timeline::for_desk(db, order.id).await?;
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
        timeline: steps.into_iter().map(|step| step_view(page.text, step)).collect(),
        delivery: delivery_view(page.text, &order),
        orders_href: urls::hr::orders_of(order.person_id),
        handover: typed.handover,
        reason: typed.reason,
        words: typed.words,
        is_public: typed.is_public,
        errors: page.errors(typed.errors),
        problem: typed.problem,
        too_late: typed.too_late,
        number: order.number,
        page,
    })
}
