//! The sheets at the desk: the form for a new one, all that there were, and the way to each.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::people::import::MOST_ROWS;
use crate::people::import::list::{self, Listed, SortedBy, Standing, Wanted};
use crate::platform::app::App;
use crate::types::paging::Paging;
use crate::types::time::Timestamp;
use crate::urls;
use crate::web::csv;
use crate::web::htmx::Htmx;
use crate::web::page::{Choice, Page};
use crate::web::pager::Pager;
use crate::web::render;
use crate::web::sorting::{Column, Sorting};
use crate::web::text::Text;
use crate::web::viewer::HrAdmin;

/// Sheets on a page.
const PAGE_SIZE: u32 = 50;
/// What the list can be sorted by, as it stands in an address.
const COLUMNS: &[&str] = &["file", "rows", "maker", "created"];

#[derive(Template)]
#[template(path = "people/hr/imports/index.html", blocks = ["results"])]
struct IndexPage {
    page: Page,
    most_rows: usize,
    /// What is wrong with a file that was just sent.
    problem: Option<String>,
    q: String,
    sort: String,
    states: Vec<Choice>,
    columns: Vec<Column>,
    rows: Vec<Row>,
    pager: Pager,
    csv_href: String,
    /// There are more than a file holds.
    is_cut: bool,
    any_filter: bool,
}

struct Row {
    href: String,
    import: Listed,
    is_entered: bool,
    state: String,
}

/// What the list is asked for.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Filter {
    #[serde(skip_serializing_if = "String::is_empty")]
    q: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    state: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    sort: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    page: String,
}

impl Filter {
    fn standing(&self) -> Option<Standing> {
        Standing::ALL.into_iter().find(|standing| standing.name() == self.state)
    }

    /// The newest first, unless asked otherwise.
    fn sorting(&self) -> Sorting {
        Sorting::new(&self.sort, "-created", COLUMNS)
    }

    fn wanted(&self) -> Wanted {
        let sorting = self.sorting();
        let sorted_by = match sorting.key {
            "file" => SortedBy::File,
            "rows" => SortedBy::Rows,
            "maker" => SortedBy::Maker,
            _ => SortedBy::Created,
        };
        Wanted {
            standing: self.standing(),
            search: self.q.clone(),
            sorted_by,
            descending: sorting.descending,
        }
    }

    /// The query of an address with this filter, in this order, at this page.
    fn query(&self, sort: &str, page: u32) -> String {
        let page = if page > 1 { page.to_string() } else { String::new() };
        let next = Self { sort: sort.to_owned(), page, ..self.clone() };
        serde_urlencoded::to_string(next).unwrap_or_default()
    }
}

/// `GET /hr/people/imports`: the form, and the sheets.
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
    let view = index_page(&app, page, &filter, None).await?;
    if htmx.wants("results") { render::page(&view.as_results()) } else { render::page(&view) }
}

/// The form again, for a file that is no sheet of people.
pub(super) async fn again(app: &App, page: Page, problem: String) -> Result<HttpResponse> {
    let view = index_page(app, page, &Filter::default(), Some(problem)).await?;
    render::with_status(StatusCode::UNPROCESSABLE_ENTITY, &view)
}

/// `GET /hr/people/imports.csv`: the same sheets as a file, the first [`list::MOST_EXPORTED`]. Times are UTC.
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
    let sheets = list::whole(app.db.long_reads(), app.now(), &filter.wanted()).await?;
    let text = page.text;
    let heading = [
        text.say("people-imports-column-created"),
        text.say("people-imports-column-file"),
        text.say("people-imports-column-maker"),
        text.say("people-imports-column-rows"),
        text.say("people-imports-column-state"),
        text.say("people-imports-column-entered"),
        text.say("people-import-new"),
        text.say("people-import-changed"),
        text.say("people-import-unchanged"),
        text.say("people-import-refused"),
    ]
    .map(|word| word.to_string());
    let rows = sheets.iter().map(|sheet| {
        // Before it is entered nobody knows what its rows will be.
        let counted = |rows: i64| sheet.committed_at.map(|_| rows.to_string()).unwrap_or_default();
        vec![
            sheet.created_at.iso(),
            sheet.file_name.clone(),
            sheet.maker.clone(),
            sheet.row_count.to_string(),
            standing_label(text, standing_of(sheet)),
            sheet.committed_at.map(Timestamp::iso).unwrap_or_default(),
            counted(sheet.entered),
            counted(sheet.changed),
            counted(sheet.unchanged),
            counted(sheet.refused),
        ]
    });
    csv::download("imports.csv", &heading, rows)
}

async fn index_page(app: &App, page: Page, filter: &Filter, problem: Option<String>) -> Result<IndexPage> {
    let paging = Paging::new(filter.page.parse().ok(), PAGE_SIZE);
    let (found, paging) = list::page(app.db.reads(), app.now(), &filter.wanted(), paging).await?;
    let text = page.text;
    let standings =
        Standing::ALL.map(|standing| (standing.name().to_owned(), standing_label(text, standing)));
    let sorting = filter.sorting();
    let address = |sort: &str| urls::hr::imports_filtered(&filter.query(sort, 1));
    Ok(IndexPage {
        most_rows: MOST_ROWS,
        problem,
        q: filter.q.clone(),
        sort: filter.sort.clone(),
        states: Choice::all_or(
            text.say("people-imports-all").to_string(),
            filter.standing().map(Standing::name),
            standings,
        ),
        columns: vec![
            sorting.column("file", text.say("people-imports-column-file"), false, address),
            sorting.column("rows", text.say("people-imports-column-rows"), true, address),
            sorting.column("maker", text.say("people-imports-column-maker"), false, address),
            sorting.column("created", text.say("people-imports-column-created"), false, address),
        ],
        rows: found.rows.into_iter().map(|sheet| row(text, sheet)).collect(),
        pager: Pager::new(paging, found.total, |number| {
            urls::hr::imports_filtered(&filter.query(&filter.sort, number))
        }),
        csv_href: urls::hr::imports_csv(&filter.query(&filter.sort, 1)),
        is_cut: found.total > list::MOST_EXPORTED,
        any_filter: filter.standing().is_some() || !filter.q.trim().is_empty(),
        page,
    })
}

fn row(text: Text, import: Listed) -> Row {
    let standing = standing_of(&import);
    Row {
        href: urls::hr::import(import.id),
        is_entered: standing == Standing::Entered,
        state: standing_label(text, standing),
        import,
    }
}

fn standing_of(import: &Listed) -> Standing {
    if import.committed_at.is_some() { Standing::Entered } else { Standing::Waiting }
}

fn standing_label(text: Text, standing: Standing) -> String {
    match standing {
        Standing::Waiting => text.say("people-imports-waiting"),
        Standing::Entered => text.say("people-imports-done"),
    }
    .to_string()
}
