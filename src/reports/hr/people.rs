//! Everybody, with what moved on their account in some days and what they held at their end.

use std::cmp::Ordering;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::error::Result;
use crate::platform::app::App;
use crate::reports::figures::{self, Group, Holder};
use crate::reports::hr::filter::{Days, Filter};
use crate::reports::hr::tables::{amounts, kinds};
use crate::reports::hr::transfers::back;
use crate::reports::hr::{department_name, sure};
use crate::types::paging::Paging;
use crate::urls::hr as urls;
use crate::web::csv;
use crate::web::htmx::Htmx;
use crate::web::page::{Choice, Page};
use crate::web::pager::Pager;
use crate::web::render;
use crate::web::sorting::{Column, Sorting};
use crate::web::viewer::HrAdmin;

/// Who redeemed anything and still works here; who did not; who held anything at the end.
pub const REDEEMED: &str = "redeemed";
const IDLE: &str = "idle";
pub const HOLDING: &str = "holding";
/// In place of the name of a department.
pub const NO_DEPARTMENT: &str = "-";
/// People on a page.
const PAGE_SIZE: u32 = 50;
const COLUMNS: &[&str] =
    &["name", "department", "issued", "redeemed", "refunded", "expired", "deducted", "held"];

#[derive(Template)]
#[template(path = "reports/hr/people.html", blocks = ["results"])]
struct IndexPage {
    page: Page,
    days: Days,
    shows: Vec<Choice>,
    departments: Vec<Choice>,
    q: String,
    sort: String,
    columns: Vec<Column>,
    /// All that fit, added up.
    all: Group,
    rows: Vec<Row>,
    pager: Pager,
    csv_href: String,
    back_href: String,
}

struct Row {
    holder: Holder,
    department: String,
    href: String,
}

/// `GET /hr/reports/people`
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
    let filter = filter.into_inner();
    let asked = filter.days(&app);
    let days = filter.form(&page, &asked, urls::reports_people);
    let (mut everybody, status) = (
        Vec::new(),
        match asked {
            Ok(_) => StatusCode::OK,
            Err(_) => StatusCode::UNPROCESSABLE_ENTITY,
        },
    );
    if let Ok(range) = &asked {
        everybody = figures::holders(app.db.reads(), range).await?;
    }
    let text = page.text;
    let mut names: Vec<Option<String>> = everybody.iter().map(|holder| holder.department.clone()).collect();
    names.sort();
    names.dedup();
    let departments = names.into_iter().map(|name| {
        let label = department_name(text, name.as_deref());
        (name.unwrap_or_else(|| NO_DEPARTMENT.to_owned()), label)
    });
    let shows = [
        (REDEEMED, text.say("reports-show-redeemed")),
        (IDLE, text.say("reports-show-idle")),
        (HOLDING, text.say("reports-show-holding")),
    ];
    let found = wanted(everybody, &filter);
    let paging = Paging::new(filter.page.parse().ok(), PAGE_SIZE);
    let some = |text: &String| (!text.is_empty()).then(|| text.clone());
    let view = IndexPage {
        all: Group::sum(found.iter().map(Group::from)),
        pager: Pager::new(paging, u64::try_from(found.len()).unwrap_or(u64::MAX), |number| {
            urls::reports_people(&filter.page(number))
        }),
        rows: on_page(found, paging).map(|holder| row(&page, &filter, holder)).collect(),
        shows: Choice::all_or(
            text.say("reports-show-all").to_string(),
            some(&filter.show).as_deref(),
            shows.map(|(show, label)| (show.to_owned(), label.to_string())),
        ),
        departments: Choice::all_or(
            text.say("reports-all-departments").to_string(),
            some(&filter.department).as_deref(),
            departments,
        ),
        columns: columns(&page, &filter),
        csv_href: urls::reports_people_csv(&filter.page(1)),
        back_href: back(asked.as_ref().ok()),
        q: filter.q,
        sort: filter.sort,
        days,
        page,
    };
    if htmx.wants("results") { render::page(&view.as_results()) } else { render::with_status(status, &view) }
}

/// `GET /hr/reports/people.csv`: the same people, all of them.
///
/// # Errors
/// When the days cannot be, or the database fails.
pub async fn download(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    filter: web::Query<Filter>,
) -> Result<HttpResponse> {
    app.limits.export(hr.0.person_id)?;
    let everybody = figures::holders(app.db.reads(), &sure(filter.days(&app))?).await?;
    let text = page.text;
    let mut heading: Vec<String> =
        [text.say("reports-person"), text.say("reports-number"), text.say("reports-department")]
            .map(|word| word.to_string())
            .into();
    heading.extend(kinds(text));
    heading.push(text.say("reports-held").to_string());
    let rows = wanted(everybody, &filter).into_iter().map(|holder| {
        let numbers =
            amounts(holder.sums()).into_iter().chain([holder.held]).map(|number| number.to_string());
        let words =
            [holder.name, holder.employee_number.unwrap_or_default(), holder.department.unwrap_or_default()];
        words.into_iter().chain(numbers).collect()
    });
    csv::download("people.csv", &heading, rows)
}

/// Those who fit, in order.
fn wanted(everybody: Vec<Holder>, filter: &Filter) -> Vec<Holder> {
    let words = filter.q.trim().to_lowercase();
    let is_called = |holder: &Holder| {
        words.is_empty()
            || holder.name.to_lowercase().contains(&words)
            || holder.employee_number.as_ref().is_some_and(|number| number.to_lowercase() == words)
    };
    let is_shown = |holder: &Holder| match filter.show.as_str() {
        REDEEMED => holder.takes_part(),
        IDLE => holder.is_active && holder.redeemed == 0,
        HOLDING => holder.held != 0,
        _ => true,
    };
    let is_there = |holder: &Holder| match filter.department.as_str() {
        "" => true,
        NO_DEPARTMENT => holder.department.is_none(),
        name => holder.department.as_deref() == Some(name),
    };
    let mut found = everybody;
    found.retain(|holder| is_called(holder) && is_shown(holder) && is_there(holder));
    let sorting = sorting(filter);
    let amount = |holder: &Holder| match sorting.key {
        "issued" => holder.issued,
        "redeemed" => holder.redeemed,
        "refunded" => holder.refunded,
        "expired" => holder.expired,
        "deducted" => holder.deducted,
        _ => holder.held,
    };
    found.sort_by(|a, b| {
        let order = match sorting.key {
            "name" => Ordering::Equal,
            "department" => a.department.cmp(&b.department),
            _ => amount(a).cmp(&amount(b)),
        };
        let order = order.then_with(|| a.name.cmp(&b.name));
        if sorting.descending { order.reverse() } else { order }
    });
    found
}

fn on_page(found: Vec<Holder>, paging: Paging) -> impl Iterator<Item = Holder> {
    let [skip, take] = [paging.offset(), paging.limit()].map(|n| usize::try_from(n).unwrap_or(usize::MAX));
    found.into_iter().skip(skip).take(take)
}

fn row(page: &Page, filter: &Filter, holder: Holder) -> Row {
    let (range, from, to) = (filter.range.clone(), filter.from.clone(), filter.to.clone());
    let of_person =
        Filter { range, from, to, person: holder.person_id.to_string(), ..Filter::default() }.query();
    Row {
        department: department_name(page.text, holder.department.as_deref()),
        href: urls::reports_transfers(&of_person),
        holder,
    }
}

fn sorting(filter: &Filter) -> Sorting {
    Sorting::new(&filter.sort, "name", COLUMNS)
}

fn columns(page: &Page, filter: &Filter) -> Vec<Column> {
    let (text, sorting) = (page.text, sorting(filter));
    let address = |sort: &str| urls::reports_people(&filter.sorted(sort));
    [
        ("name", text.say("reports-person"), false),
        ("department", text.say("reports-department"), false),
        ("issued", text.say("reports-issued"), true),
        ("redeemed", text.say("reports-redeemed"), true),
        ("refunded", text.say("reports-refunded"), true),
        ("expired", text.say("reports-expired"), true),
        ("deducted", text.say("reports-deducted"), true),
        ("held", text.say("reports-held"), true),
    ]
    .map(|(key, label, numeric)| sorting.column(key, label, numeric, address))
    .into()
}
