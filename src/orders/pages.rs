//! Orders as their owner sees them.

pub mod cancellation;

use actix_web::{HttpResponse, web};
use askama::Template;
use futures::FutureExt;
use sea_orm::Iterable;
use serde::{Deserialize, Serialize};

use crate::codes::{self, OwnedCode};
use crate::entity::{order_lines, orders as order_row};
use crate::error::{Error, Result};
use crate::ledger::{lots, statement};
use crate::orders::history::{self, Listed, Wanted};
use crate::orders::pages::cancellation::CancellationView;
use crate::orders::timeline::Told;
use crate::orders::{self, reveal, timeline};
use crate::platform::app::App;
use crate::types::id::CodeId;
use crate::types::order_state::OrderState;
use crate::types::paging::Paging;
use crate::types::points::Points;
use crate::types::product_kind::ProductKind;
use crate::types::time::Timestamp;
use crate::urls;
use crate::web::htmx::Htmx;
use crate::web::page::{Choice, LotView, Page};
use crate::web::pager::Pager;
use crate::web::picture::{self, Picture};
use crate::web::render;
use crate::web::text::Text;
use crate::web::viewer::Employee;

/// Orders on a page of the list.
const PAGE_SIZE: u32 = 20;
/// Pictures beside an order in the list.
const PICTURES_SHOWN: usize = 3;

#[derive(Template)]
#[template(path = "orders/index.html", blocks = ["results"])]
struct IndexPage {
    page: Page,
    states: Vec<Choice>,
    q: String,
    orders: Vec<OrderRow>,
    pager: Pager,
    any_filter: bool,
}

struct OrderRow {
    number: String,
    href: String,
    placed_at: Timestamp,
    state: &'static str,
    state_label: String,
    summary: String,
    total: Points,
    pictures: Vec<Picture>,
}

/// What the list is asked for.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Filter {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    q: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    state: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    page: String,
}

/// `GET /orders`: the person's orders, newest first.
///
/// # Errors
/// When the database fails.
pub async fn index(
    app: web::Data<App>,
    page: Page,
    employee: Employee,
    htmx: Htmx,
    filter: web::Query<Filter>,
) -> Result<HttpResponse> {
    let state = OrderState::iter().find(|state| state.name() == filter.state);
    let wanted = Wanted { state, search: filter.q.clone() };
    let paging = Paging::new(filter.page.parse().ok(), PAGE_SIZE);
    let found = history::page(app.db.reads(), employee.id(), &wanted, paging).await?;
    let mut rows = Vec::with_capacity(found.rows.len());
    for listed in &found.rows {
        rows.push(order_row(&app, page.text, listed).await?);
    }
    let address = |number: u32| {
        let next =
            Filter { page: if number > 1 { number.to_string() } else { String::new() }, ..filter.0.clone() };
        urls::orders_filtered(&serde_urlencoded::to_string(&next).unwrap_or_default())
    };
    let view = IndexPage {
        states: state_choices(page.text, state),
        any_filter: state.is_some() || !filter.q.trim().is_empty(),
        q: filter.q.clone(),
        orders: rows,
        pager: Pager::new(paging, found.total, address),
        page,
    };
    if htmx.wants("results") { render::page(&view.as_results()) } else { render::page(&view) }
}

fn state_choices(text: Text, chosen: Option<OrderState>) -> Vec<Choice> {
    let each = OrderState::iter().map(|state| (state.name().to_owned(), state_label(text, state)));
    Choice::all_or(text.say("orders-state-all").to_string(), chosen.map(OrderState::name), each)
}

pub(super) fn state_label(text: Text, state: OrderState) -> String {
    match state {
        OrderState::Placed => text.say("order-state-placed"),
        OrderState::Preparing => text.say("order-state-preparing"),
        OrderState::Fulfilled => text.say("order-state-fulfilled"),
        OrderState::Cancelled => text.say("order-state-cancelled"),
    }
    .to_string()
}

async fn order_row(app: &App, text: Text, listed: &Listed) -> Result<OrderRow> {
    let order = &listed.order;
    let mut pictures = Vec::new();
    for line in listed.lines.iter().take(PICTURES_SHOWN) {
        pictures.extend(picture_of(app, line).await);
    }
    let first = listed.lines.first().map(|line| line.name.as_str()).unwrap_or_default();
    let more = listed.lines.len().saturating_sub(1);
    Ok(OrderRow {
        number: order.number.clone(),
        href: urls::order(&order.number),
        placed_at: order.placed_at,
        state: order.state.name(),
        state_label: state_label(text, order.state),
        summary: text.say("orders-summary").with("name", first).with("more", more).to_string(),
        total: order.total,
        pictures,
    })
}

pub(super) async fn picture_of(app: &App, line: &order_lines::Model) -> Option<Picture> {
    picture::signed(&app.images, app.now(), &line.object_key, &line.widths, "").await
}

#[derive(Template)]
#[template(path = "orders/show.html", blocks = ["codes"])]
struct ShowPage {
    page: Page,
    number: String,
    state: &'static str,
    state_label: String,
    placed_at: Timestamp,
    total: Points,
    refunded: Points,
    lines: Vec<LineView>,
    cancellation: Option<CancellationView>,
    timeline: Vec<Step>,
    delivery: Option<DeliveryView>,
    codes: Vec<CodeView>,
    lots: Vec<LotView>,
    balance_after: Points,
}

struct LineView {
    name: String,
    href: Option<String>,
    picture: Option<Picture>,
    unit_price: Points,
    quantity: i64,
    cancelled: i64,
    line_total: Points,
    digital: bool,
}

pub(super) struct Step {
    pub at: Timestamp,
    pub label: String,
    pub detail: Option<String>,
    /// Whoever brought it, and the number to follow it by.
    pub tracking: Option<String>,
    /// Whoever did it; only HR is told.
    pub actor: Option<String>,
    /// Only HR reads it.
    pub is_private: bool,
}

pub(super) struct DeliveryView {
    pub heading: String,
    pub lines: Vec<String>,
}

struct CodeView {
    id: String,
    product: String,
    revealed: Option<String>,
    revealed_at: Option<Timestamp>,
    last_four: String,
}

/// `GET /orders/{number}`: one order with everything about it. Codes are hidden until asked for.
///
/// # Errors
/// [`Error::NotFound`] when it is not the person's.
pub async fn show(
    app: web::Data<App>,
    page: Page,
    employee: Employee,
    number: web::Path<String>,
) -> Result<HttpResponse> {
    let order = orders::find_for(app.db.reads(), employee.id(), &number).await?;
    render::page(&show_page(&app, page, order, None).await?)
}

/// `POST /orders/{number}/codes/{id}/reveal`: shows one code, in this answer only, and remembers that it was shown.
///
/// # Errors
/// [`Error::NotFound`] when it is not the person's.
pub async fn reveal(
    app: web::Data<App>,
    page: Page,
    employee: Employee,
    htmx: Htmx,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse> {
    app.limits.reveal(employee.id())?;
    let (number, code) = path.into_inner();
    let code_id: CodeId = code.parse().ok().ok_or(Error::NotFound)?;
    let (now, person_id, asked) = (app.now(), employee.id(), number.clone());
    app.db
        .write("orders.reveal", move |tx| {
            let asked = asked.clone();
            async move { reveal::reveal(tx, now, person_id, &asked, code_id).await }.boxed()
        })
        .await?;
    let order = orders::find_for(app.db.reads(), employee.id(), &number).await?;
    let view = show_page(&app, page, order, Some(code_id)).await?;
    if htmx.wants("codes") { render::page(&view.as_codes()) } else { render::page(&view) }
}

async fn show_page(
    app: &App,
    page: Page,
    order: order_row::Model,
    shown: Option<CodeId>,
) -> Result<ShowPage> {
    let db = app.db.reads();
    let lines = orders::lines(db, order.id).await?;
    let slugs = orders::slugs(db, order.id).await?;
    let mut views = Vec::with_capacity(lines.len());
    for line in &lines {
        let slug = slugs.iter().find(|product| product.product_id == line.product_id);
        views.push(LineView {
            name: line.name.clone(),
            href: slug.map(|product| urls::product(&product.slug)),
            picture: picture_of(app, line).await,
            unit_price: line.unit_price,
            quantity: line.quantity,
            cancelled: line.cancelled,
            line_total: line.unit_price.times(line.quantity).unwrap_or_default(),
            digital: line.kind == ProductKind::Digital,
        });
    }
    let codes = codes::of_order(db, order.id).await?;
    let codes: Result<Vec<CodeView>> = codes.iter().map(|code| code_view(app, code, shown)).collect();
    let paid = lots::that_paid(db, order.id).await?;
    let steps = timeline::for_owner(db, order.id).await?;
    Ok(ShowPage {
        state: order.state.name(),
        state_label: state_label(page.text, order.state),
        placed_at: order.placed_at,
        total: order.total,
        refunded: order.refunded,
        cancellation: cancellation::view(app, page.text, &order, &lines, &paid).await?,
        lines: views,
        timeline: steps.into_iter().map(|step| step_view(page.text, step)).collect(),
        delivery: delivery_view(page.text, &order),
        codes: codes?,
        lots: paid
            .into_iter()
            .map(|draw| LotView { amount: draw.amount, expires: draw.expires_at })
            .collect(),
        balance_after: statement::balance_after(db, order.id).await?,
        number: order.number,
        page,
    })
}

fn code_view(app: &App, code: &OwnedCode, shown: Option<CodeId>) -> Result<CodeView> {
    let revealed = if shown == Some(code.id) { Some(code.open(&app.sealer)?) } else { None };
    Ok(CodeView {
        id: code.id.to_string(),
        product: code.product_name.clone(),
        revealed,
        revealed_at: code.revealed_at,
        last_four: code.last_four.clone(),
    })
}

pub(super) fn step_view(text: Text, step: Told) -> Step {
    let label = match step.kind.as_str() {
        "placed" => text.say("order-step-placed"),
        "fulfilled" => text.say("order-step-fulfilled"),
        "preparing" => text.say("order-step-preparing"),
        "partly-cancelled" => text.say("order-step-partly-cancelled"),
        "cancelled" => text.say("order-step-cancelled"),
        "note" => text.say("order-step-note"),
        "private-note" => text.say("order-step-private-note"),
        _ => text.say("order-step-code-revealed"),
    };
    let tracking = match (step.carrier.as_str(), step.tracking_number.as_str()) {
        ("", _) => None,
        (carrier, "") => Some(text.say("order-carrier").with("carrier", carrier).to_string()),
        (carrier, number) => {
            Some(text.say("order-tracking").with("carrier", carrier).with("number", number).to_string())
        }
    };
    Step {
        at: step.at,
        label: label.to_string(),
        detail: Some(step.note).filter(|note| !note.is_empty()),
        tracking,
        actor: step.actor,
        is_private: step.kind == "private-note",
    }
}

/// Where it goes, unless it was cancelled.
pub(super) fn delivery_view(text: Text, order: &order_row::Model) -> Option<DeliveryView> {
    if order.state == OrderState::Cancelled {
        return None;
    }
    let heading = match order.delivery_kind.as_str() {
        "address" => text.say("order-delivery-address"),
        "office" => text.say("order-delivery-office"),
        _ => return None,
    };
    Some(DeliveryView {
        heading: heading.to_string(),
        lines: order.delivery_to.lines().map(str::to_owned).collect(),
    })
}
