//! The orders desk: the queue of what waits, several orders at once, and each order with what can be done about it.

pub mod batch;
pub mod cancellation;
mod filter;
pub mod notes;
pub mod order;
pub mod packing;

use std::collections::BTreeSet;

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::error::{FieldErrors, Result};
use crate::orders::desk::{self, Found, Listed, Queue};
use crate::orders::pages::state_label;
use crate::people::{self, directory};
use crate::platform::app::App;
use crate::types::order_state::OrderState;
use crate::types::paging::Paging;
use crate::types::points::Points;
use crate::types::time::Timestamp;
use crate::urls;
use crate::web::csv;
use crate::web::htmx::Htmx;
use crate::web::page::{Choice, FormErrors, Page};
use crate::web::pager::Pager;
use crate::web::render;
use crate::web::sorting::Column;
use crate::web::text::Text;
use crate::web::viewer::HrAdmin;

pub use filter::Filter;

/// Orders on a page of the list.
const PAGE_SIZE: u32 = 50;
/// Orders on the page of a person.
const NEWEST: u64 = 20;
/// Rows of a download; whoever needs more narrows the dates.
pub const MOST_EXPORTED: u64 = 10_000;

#[derive(Template)]
#[template(path = "orders/hr/index.html", blocks = ["results", "orders"])]
struct IndexPage {
    page: Page,
    filter: Filter,
    departments: Vec<Choice>,
    /// Whose orders these are, when they are one person's, and the way to everybody's.
    person: Option<(String, String)>,
    errors: FormErrors,
    tabs: Vec<Tab>,
    queue: &'static str,
    list: String,
    columns: Vec<Column>,
    rows: Vec<Row>,
    pager: Pager,
    has_more: bool,
    csv_href: String,
    packing_href: String,
    any_filter: bool,
    /// How many boxes are ticked, and what was typed below the list.
    chosen: usize,
    note: String,
    /// Only the table is wanted, for another page.
    is_alone: bool,
}

/// A part of the queue and the way there.
struct Tab {
    name: &'static str,
    label: String,
    count: String,
    href: String,
    is_current: bool,
}

struct Row {
    number: String,
    href: String,
    person: String,
    department: String,
    items: String,
    delivery: String,
    placed_at: Timestamp,
    state: &'static str,
    state_label: String,
    total: Points,
    /// The name of its box, when something can be done about it.
    field: Option<String>,
    is_chosen: bool,
}

/// What was chosen and typed, shown again when it does not fit.
#[derive(Default)]
struct Tried {
    chosen: BTreeSet<String>,
    note: String,
    errors: FieldErrors,
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
    if htmx.wants("orders") {
        return render::page(&alone(&app, page, filter.into_inner()).await?.as_orders());
    }
    let view = view(&app, page, filter.into_inner(), Tried::default()).await?;
    if htmx.wants("results") { render::page(&view.as_results()) } else { render::page(&view) }
}

/// The newest orders of one person, for a page about them.
async fn alone(app: &App, page: Page, filter: Filter) -> Result<IndexPage> {
    let person = filter.person().unwrap_or_default();
    let rows = desk::newest_of(app.db.reads(), person, NEWEST).await?;
    let found = Found { rows, counts: desk::Counts::default(), queue: Queue::All };
    let view = filled(page, filter, &found, Tried::default(), FieldErrors::default());
    Ok(IndexPage { is_alone: true, ..view })
}

async fn view(app: &App, page: Page, filter: Filter, tried: Tried) -> Result<IndexPage> {
    let db = app.db.reads();
    let (wanted, mut errors) = filter.wanted(app.config.time_zone);
    let found = desk::page(db, &wanted, filter.paging()).await?;
    for field in ["orders", "note"] {
        if let Some(problem) = tried.errors.get(field) {
            errors.add(field, problem.clone());
        }
    }
    let person = match filter.person() {
        Some(id) => people::find(db, id).await?.map(|person| (person.name, filter.without_person())),
        None => None,
    };
    let departments = directory::departments(db).await?;
    let chosen = Some(filter.department.as_str()).filter(|chosen| !chosen.is_empty());
    let each = departments.into_iter().map(|name| (name.clone(), name));
    let all = page.say("hr-orders-all-departments").to_string();
    let departments = Choice::all_or(all, chosen, each);
    Ok(IndexPage { departments, person, ..filled(page, filter, &found, tried, errors) })
}

fn filled(page: Page, filter: Filter, found: &Found, tried: Tried, errors: FieldErrors) -> IndexPage {
    let text = page.text;
    let (total, has_more) = found.counts.of(found.queue);
    let paging = Paging::new(filter.page.parse().ok(), PAGE_SIZE);
    let paging = Paging { number: paging.number.clamp(1, paging.pages(total)), ..paging };
    let tabs = Queue::each().map(|queue| tab(text, &filter, found, queue));
    let rows = found.rows.iter().map(|listed| row(text, listed, &tried.chosen));
    IndexPage {
        person: None,
        departments: vec![],
        errors: page.errors(errors),
        tabs: tabs.collect(),
        queue: filter.queue().name(),
        list: filter.query(&filter.sort, paging.number),
        columns: columns(text, &filter),
        rows: rows.collect(),
        pager: Pager::new(paging, total, |number| {
            urls::hr::orders_filtered(&filter.query(&filter.sort, number))
        }),
        has_more,
        csv_href: urls::hr::orders_csv(&filter.query(&filter.sort, 1)),
        packing_href: urls::hr::packing_list(&filter.query("", 1)),
        any_filter: filter.is_any(),
        chosen: tried.chosen.len(),
        note: tried.note,
        is_alone: false,
        filter,
        page,
    }
}

fn tab(text: Text, filter: &Filter, found: &Found, queue: Queue) -> Tab {
    let label = match queue {
        Queue::Waiting => text.say("hr-orders-waiting").to_string(),
        Queue::All => text.say("orders-state-all").to_string(),
        Queue::One(state) => state_label(text, state),
    };
    let (count, has_more) = found.counts.of(queue);
    let key = if has_more { "hr-orders-more-than" } else { "hr-orders-just" };
    Tab {
        name: queue.name(),
        label,
        count: text.say(key).with("count", count).to_string(),
        href: urls::hr::orders_filtered(&filter.in_queue(queue)),
        is_current: found.queue == queue,
    }
}

fn columns(text: Text, filter: &Filter) -> Vec<Column> {
    let sorting = filter.sorting();
    let column = |key, label: String, numeric| {
        sorting.column(key, label, numeric, |sort| urls::hr::orders_filtered(&filter.query(sort, 1)))
    };
    vec![
        column("number", text.say("hr-orders-number").to_string(), false),
        column("placed", text.say("hr-orders-placed").to_string(), false),
        column("total", text.say("hr-orders-points").to_string(), true),
    ]
}

fn row(text: Text, listed: &Listed, chosen: &BTreeSet<String>) -> Row {
    let order = &listed.order;
    let is_waiting = matches!(order.state, OrderState::Placed | OrderState::Preparing);
    Row {
        href: urls::hr::order(&order.number),
        person: listed.person.name.clone(),
        department: listed.person.department.clone().unwrap_or_default(),
        items: items(text, listed),
        delivery: delivery(text, &order.delivery_kind),
        placed_at: order.placed_at,
        state: order.state.name(),
        state_label: state_label(text, order.state),
        total: order.total,
        field: is_waiting.then(|| batch::field(&order.number)),
        is_chosen: chosen.contains(&order.number),
        number: order.number.clone(),
    }
}

/// `2 × Mug, 1 × Lamp`: what is left of it, or what it was when nothing is.
fn items(text: Text, listed: &Listed) -> String {
    let left = |line: &&crate::entity::order_lines::Model| line.quantity > line.cancelled;
    let is_left = listed.lines.iter().any(|line| left(&line));
    let lines = listed.lines.iter().filter(|line| !is_left || left(line)).map(|line| {
        let count = if is_left { line.quantity - line.cancelled } else { line.quantity };
        text.say("hr-orders-item").with("count", count).with("name", &line.name).to_string()
    });
    lines.collect::<Vec<_>>().join(", ")
}

fn delivery(text: Text, kind: &str) -> String {
    match kind {
        "address" => text.say("hr-orders-to-address"),
        "office" => text.say("hr-orders-at-office"),
        _ => text.say("hr-orders-codes"),
    }
    .to_string()
}

/// `GET /hr/orders.csv`: the same orders as a file for a spreadsheet, the first [`MOST_EXPORTED`]. Times are UTC.
///
/// # Errors
/// [`crate::error::Error::Invalid`] when a date is none.
pub async fn download(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    filter: web::Query<Filter>,
) -> Result<HttpResponse> {
    app.limits.export(hr.0.person_id)?;
    let (wanted, errors) = filter.wanted(app.config.time_zone);
    errors.check()?;
    let orders = desk::whole(app.db.long_reads(), &wanted, MOST_EXPORTED).await?;
    let text = page.text;
    let heading = [
        text.say("hr-orders-number"),
        text.say("hr-orders-placed"),
        text.say("orders-filter-state"),
        text.say("hr-orders-person"),
        text.say("hr-orders-employee-number"),
        text.say("hr-orders-email"),
        text.say("hr-orders-department"),
        text.say("hr-orders-items"),
        text.say("hr-orders-delivery"),
        text.say("hr-orders-goes-to"),
        text.say("hr-orders-points"),
        text.say("order-refunded"),
    ]
    .map(|word| word.to_string());
    let rows = orders.into_iter().map(|listed| {
        let items = items(text, &listed);
        let Listed { order, person, .. } = listed;
        vec![
            order.number,
            order.placed_at.iso(),
            state_label(text, order.state),
            person.name,
            person.employee_number.unwrap_or_default(),
            person.email,
            person.department.unwrap_or_default(),
            items,
            delivery(text, &order.delivery_kind),
            order.delivery_to.replace('\n', ", "),
            order.total.0.to_string(),
            order.refunded.0.to_string(),
        ]
    });
    csv::download("orders.csv", &heading, rows)
}
