//! The orders desk: the queue of what waits, and each order with what can be done about it.

pub mod order;

use actix_web::{HttpResponse, web};
use askama::Template;
use sea_orm::Iterable;
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::orders::desk::{self, Queued, Wanted};
use crate::orders::pages::state_label;
use crate::platform::app::App;
use crate::types::order_state::OrderState;
use crate::types::paging::Paging;
use crate::urls;
use crate::web::htmx::Htmx;
use crate::web::page::{Choice, Page};
use crate::web::pager::Pager;
use crate::web::render;
use crate::web::viewer::HrAdmin;

/// Orders on a page of the queue.
const PAGE_SIZE: u32 = 50;

#[derive(Template)]
#[template(path = "orders/hr/index.html", blocks = ["results"])]
struct IndexPage {
    page: Page,
    states: Vec<Choice>,
    q: String,
    rows: Vec<Row>,
    pager: Pager,
    any_filter: bool,
}

struct Row {
    order: Queued,
    href: String,
    state: &'static str,
    state_label: String,
}

/// What the queue is asked for.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Filter {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    q: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    state: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    page: String,
}

/// `GET /hr/orders`: what waits for somebody, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn index(
    app: web::Data<App>,
    page: Page,
    _hr: HrAdmin,
    htmx: Htmx,
    filter: web::Query<Filter>,
) -> Result<HttpResponse> {
    let state = OrderState::iter().find(|state| state.name() == filter.state);
    let wanted = Wanted { state, search: filter.q.clone() };
    let paging = Paging::new(filter.page.parse().ok(), PAGE_SIZE);
    let found = desk::page(app.db.reads(), &wanted, paging).await?;
    let address = |number: u32| {
        let next =
            Filter { page: if number > 1 { number.to_string() } else { String::new() }, ..filter.0.clone() };
        urls::hr::orders_filtered(&serde_urlencoded::to_string(&next).unwrap_or_default())
    };
    let text = page.text;
    let each = OrderState::iter().map(|state| (state.name().to_owned(), state_label(text, state)));
    let rows = found.rows.into_iter().map(|order| Row {
        href: urls::hr::order(&order.number),
        state: order.state.name(),
        state_label: state_label(text, order.state),
        order,
    });
    let view = IndexPage {
        states: Choice::all_or(text.say("hr-orders-waiting").to_string(), state.map(OrderState::name), each),
        any_filter: state.is_some() || !filter.q.trim().is_empty(),
        q: filter.q.clone(),
        rows: rows.collect(),
        pager: Pager::new(paging, found.total, address),
        page,
    };
    if htmx.wants("results") { render::page(&view.as_results()) } else { render::page(&view) }
}
