//! Runs at the points desk: all of them, and the way to each.

pub mod act;
pub mod new;
pub mod reversal;
pub mod show;
mod terms;
mod words;

use actix_web::{HttpResponse, web};
use askama::Template;
use sea_orm::Iterable;
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::grants::runs;
use crate::grants::runs::list::{self, Listed, SortedBy, Wanted};
use crate::platform::app::App;
use crate::types::grant_run::RunState;
use crate::types::paging::Paging;
use crate::types::points::Points;
use crate::urls;
use crate::web::csv;
use crate::web::htmx::Htmx;
use crate::web::page::{Choice, Page};
use crate::web::pager::Pager;
use crate::web::reasons::reason_label;
use crate::web::render;
use crate::web::sorting::{Column, Sorting};
use crate::web::viewer::HrAdmin;

/// Runs on a page.
const PAGE_SIZE: u32 = 50;
/// What the list can be sorted by, as it stands in an address.
const COLUMNS: &[&str] = &["made", "maker", "rows", "total"];

#[derive(Template)]
#[template(path = "grants/hr/runs/index.html", blocks = ["results"])]
struct IndexPage {
    page: Page,
    states: Vec<Choice>,
    q: String,
    sort: String,
    columns: Vec<Column>,
    rows: Vec<Row>,
    pager: Pager,
    csv_href: String,
    /// There are more than a file holds.
    is_cut: bool,
    any_filter: bool,
    waiting: u64,
    waiting_href: String,
    approval_above: Option<Points>,
}

struct Row {
    run: Listed,
    title: String,
    href: String,
    state: &'static str,
    state_label: String,
    origin: String,
}

/// What the list is asked for.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Filter {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    q: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    state: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    sort: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    page: String,
}

impl Filter {
    fn state(&self) -> Option<RunState> {
        RunState::iter().find(|state| state.name() == self.state)
    }

    fn sorting(&self) -> Sorting {
        Sorting::new(&self.sort, "-made", COLUMNS)
    }

    fn wanted(&self) -> Wanted {
        let sorting = self.sorting();
        let sorted_by = match sorting.key {
            "maker" => SortedBy::Maker,
            "rows" => SortedBy::Rows,
            "total" => SortedBy::Total,
            _ => SortedBy::Made,
        };
        Wanted { state: self.state(), search: self.q.clone(), sorted_by, descending: sorting.descending }
    }

    fn query(&self, page: u32) -> String {
        let page = if page > 1 { page.to_string() } else { String::new() };
        serde_urlencoded::to_string(Self { page, ..self.clone() }).unwrap_or_default()
    }
}

/// `GET /hr/points/runs`
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
    let paging = Paging::new(filter.page.parse().ok(), PAGE_SIZE);
    let (found, paging) = list::page(app.db.reads(), &filter.wanted(), paging).await?;
    let text = page.text;
    let states = RunState::iter().map(|state| (state.name().to_owned(), words::state(text, state)));
    let sorting = filter.sorting();
    let address =
        |sort: &str| urls::hr::runs_filtered(&Filter { sort: sort.to_owned(), ..filter.0.clone() }.query(1));
    let only_waiting = Filter { state: RunState::Waiting.name().to_owned(), ..Filter::default() };
    let view = IndexPage {
        states: Choice::all_or(
            text.say("runs-state-all").to_string(),
            filter.state().map(RunState::name),
            states,
        ),
        columns: vec![
            sorting.column("made", text.say("runs-column-made"), false, address),
            sorting.column("maker", text.say("runs-column-maker"), false, address),
            sorting.column("rows", text.say("runs-column-rows"), true, address),
            sorting.column("total", text.say("runs-column-total"), true, address),
        ],
        q: filter.q.clone(),
        sort: filter.sort.clone(),
        rows: found.rows.into_iter().map(|run| row(&page, run)).collect(),
        pager: Pager::new(paging, found.total, |number| urls::hr::runs_filtered(&filter.query(number))),
        csv_href: urls::hr::runs_csv(&filter.query(1)),
        is_cut: found.total > list::MOST_EXPORTED,
        any_filter: filter.state().is_some() || !filter.q.trim().is_empty(),
        waiting: runs::waiting(app.db.reads()).await?,
        waiting_href: urls::hr::runs_filtered(&only_waiting.query(1)),
        approval_above: app.config.approval_above,
        page,
    };
    if htmx.wants("results") { render::page(&view.as_results()) } else { render::page(&view) }
}

fn row(page: &Page, run: Listed) -> Row {
    Row {
        title: words::title(page.text, run.origin, &run.file_name, &run.note),
        href: urls::hr::run(run.id),
        state: words::badge(run.state),
        state_label: words::state(page.text, run.state),
        origin: words::origin(page.text, run.origin),
        run,
    }
}

/// `GET /hr/points/runs.csv`: the same runs as a file, the first [`list::MOST_EXPORTED`]. Times are UTC.
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
    let runs = list::whole(app.db.long_reads(), &filter.wanted()).await?;
    let text = page.text;
    let heading = [
        text.say("runs-column-made"),
        text.say("runs-column-origin"),
        text.say("runs-column-file"),
        text.say("runs-field-reason"),
        text.say("runs-field-note"),
        text.say("runs-column-maker"),
        text.say("runs-column-rows"),
        text.say("runs-figure-bad"),
        text.say("runs-figure-granted"),
        text.say("runs-column-total"),
        text.say("runs-column-state"),
    ]
    .map(|word| word.to_string());
    let rows = runs.into_iter().map(|run| {
        vec![
            run.created_at.iso(),
            words::origin(text, run.origin),
            run.file_name,
            reason_label(text, &run.reason),
            run.note,
            run.maker,
            run.good_count.to_string(),
            (run.row_count - run.good_count).to_string(),
            run.granted_count.to_string(),
            run.total.0.to_string(),
            words::state(text, run.state),
        ]
    });
    csv::download("runs.csv", &heading, rows)
}
