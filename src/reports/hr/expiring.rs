//! Points that lapse within some days from today, lot by lot.

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::error::Result;
use crate::platform::app::App;
use crate::reports::expiring::{self, Ahead, COLUMNS, Lapsing, Lot, WITHIN_DAYS, Wanted};
use crate::reports::hr::filter::Filter;
use crate::reports::hr::{department_name, may};
use crate::types::paging::Paging;
use crate::types::role::Desk;
use crate::urls::hr as urls;
use crate::web::csv;
use crate::web::htmx::Htmx;
use crate::web::page::{Choice, Page};
use crate::web::pager::Pager;
use crate::web::render;
use crate::web::sorting::{Column, Sorting};
use crate::web::viewer::HrAdmin;

/// Lots on a page.
const PAGE_SIZE: u32 = 50;
/// Rows in a download.
const MOST_EXPORTED: u32 = 50_000;

#[derive(Template)]
#[template(path = "reports/hr/expiring.html", blocks = ["results"])]
struct IndexPage {
    page: Page,
    within: Vec<Choice>,
    departments: Vec<Choice>,
    q: String,
    sort: String,
    any_filter: bool,
    lapsing: Lapsing,
    by_person: Column,
    by_points: Column,
    by_day: Column,
    rows: Vec<Row>,
    pager: Pager,
    /// There are more than a file holds.
    is_cut: bool,
    csv_href: String,
}

struct Row {
    lot: Lot,
    department: String,
    href: Option<String>,
}

/// `GET /hr/reports/expiring`: the first to lapse first, unless asked otherwise.
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
    let (db, text) = (app.db.reads(), page.text);
    let days = days(&filter);
    let paging = Paging::new(filter.page.parse().ok(), PAGE_SIZE);
    let found = expiring::find(db, ahead(&app, &filter), &wanted(&filter), paging).await?;
    let sorting = sorting(&filter);
    let address = |sort: &str| urls::reports_expiring(&filter.sorted(sort));
    let view = IndexPage {
        within: WITHIN_DAYS
            .map(|each| Choice {
                value: each.to_string(),
                label: text.say("reports-expiring-within").with("days", each).to_string(),
                selected: each == days,
            })
            .into(),
        departments: filter.departments(db, text).await?,
        by_person: sorting.column("person", text.say("reports-person"), false, address),
        by_points: sorting.column("points", text.say("reports-points"), true, address),
        by_day: sorting.column("day", text.say("reports-last-day"), false, address),
        rows: found
            .lots
            .into_iter()
            .map(|lot| Row {
                department: department_name(text, lot.department.as_deref()),
                href: may(&page, Desk::Points).then(|| urls::account(lot.person_id)),
                lot,
            })
            .collect(),
        pager: Pager::new(found.paging, u64::try_from(found.lapsing.lots).unwrap_or_default(), |number| {
            urls::reports_expiring(&filter.page(number))
        }),
        is_cut: found.lapsing.lots > i64::from(MOST_EXPORTED),
        csv_href: urls::reports_expiring_csv(&filter.page(1)),
        any_filter: !filter.people().is_everybody(),
        q: filter.q.clone(),
        sort: filter.sort.clone(),
        lapsing: found.lapsing,
        page,
    };
    if htmx.wants("results") { render::page(&view.as_results()) } else { render::page(&view) }
}

/// `GET /hr/reports/expiring.csv`: the same lots, no more than [`MOST_EXPORTED`].
///
/// # Errors
/// When the database fails.
pub async fn download(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    filter: web::Query<Filter>,
) -> Result<HttpResponse> {
    app.limits.export(hr.0.person_id)?;
    let all = Paging::new(None, MOST_EXPORTED);
    let found = expiring::find(app.db.long_reads(), ahead(&app, &filter), &wanted(&filter), all).await?;
    let text = page.text;
    let heading = [
        text.say("reports-person"),
        text.say("reports-department"),
        text.say("reports-points"),
        text.say("reports-last-day"),
    ]
    .map(|word| word.to_string());
    let zone = app.config.time_zone;
    let rows = found.lots.into_iter().map(|lot| {
        let last_day = lot.expires_at.plus_seconds(-1).day_in(zone).0.to_string();
        vec![lot.name, lot.department.unwrap_or_default(), lot.points.0.to_string(), last_day]
    });
    csv::download("expiring.csv", &heading, rows)
}

/// One of the few, the first of them when nothing else is said.
fn days(filter: &Filter) -> u64 {
    WITHIN_DAYS.into_iter().find(|days| days.to_string() == filter.days).unwrap_or(WITHIN_DAYS[0])
}

fn ahead(app: &App, filter: &Filter) -> Ahead {
    Ahead::of(app.now(), app.config.leaving, days(filter))
}

fn wanted(filter: &Filter) -> Wanted {
    let sorting = sorting(filter);
    Wanted { people: filter.people(), sort: sorting.key, descending: sorting.descending }
}

fn sorting(filter: &Filter) -> Sorting {
    Sorting::new(&filter.sort, "day", COLUMNS)
}
