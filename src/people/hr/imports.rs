//! Sheets of people at the desk: drop one, look at what would become of each row, enter it, see what did.

pub mod list;
mod rows;

use actix_web::{HttpResponse, web};
use askama::Template;
use futures::FutureExt;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::people::hr::field_label;
use crate::people::import::judge::{self, Judged, Verdict};
use crate::people::import::read::{self, Read, Unreadable};
use crate::people::import::{self, Import, MOST_BYTES, Rules, Totals, commit};
use crate::people::profile::Typed;
use crate::platform::app::App;
use crate::types::id::ImportId;
use crate::types::paging::Paging;
use crate::types::time::Timestamp;
use crate::urls;
use crate::web::csv;
use crate::web::flash::Flash;
use crate::web::htmx::Htmx;
use crate::web::page::Page;
use crate::web::pager::Pager;
use crate::web::render;
use crate::web::sentences;
use crate::web::text::Text;
use crate::web::upload::Upload;
use crate::web::viewer::HrAdmin;

use rows::RowView;

/// The largest form with a sheet: the file and a little around it.
pub const UPLOAD_BYTES: usize = MOST_BYTES + 16 * 1024;
/// Rows on a page.
const PAGE_SIZE: u32 = 50;

#[derive(Template)]
#[template(path = "people/hr/imports/show.html", blocks = ["results"])]
struct ShowPage {
    page: Page,
    id: String,
    import: Import,
    totals: Totals,
    /// Rows about people who have left, whatever else they count as.
    about_leavers: i64,
    entered_before: Option<Timestamp>,
    /// Whether entering it would change anything.
    is_worth_entering: bool,
    kinds: Vec<Kind>,
    rows: Vec<RowView>,
    pager: Pager,
}

/// One of the ways to look at the rows.
struct Kind {
    href: String,
    label: String,
    count: i64,
    is_current: bool,
}

/// Which rows are looked at.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Filter {
    #[serde(skip_serializing_if = "String::is_empty")]
    show: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    page: String,
}

/// `POST /hr/people/imports`: `file`. Nothing is entered yet; on to what would be.
///
/// # Errors
/// When the database fails.
pub async fn create(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    upload: Upload,
) -> Result<HttpResponse> {
    if upload.files("file").count() > 1 {
        return Err(Error::Malformed("one file at a time"));
    }
    let sheet = match read_upload(page.text, &upload) {
        Ok(sheet) => sheet,
        Err(problem) => return list::again(&app, page, problem).await,
    };
    let (now, maker) = (app.now(), hr.0.person_id);
    let kept = app
        .db
        .write("people.imports.keep", move |tx| import::keep(tx, now, maker, sheet.clone()).boxed())
        .await?;
    Ok(render::see_other(&htmx, &urls::hr::import(kept)))
}

/// `GET /hr/people/imports/{import}`: what would become of each row, or what did.
///
/// # Errors
/// [`Error::NotFound`], also when it is forgotten.
pub async fn show(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    id: web::Path<String>,
    filter: web::Query<Filter>,
) -> Result<HttpResponse> {
    let db = app.db.reads();
    let import = import::load(db, app.now(), parsed(&id)?).await?;
    let judged = import.judged(db, &rules(&app, &hr)).await?;
    let totals = if import.committed_at.is_some() { import.totals } else { judge::totals(&judged) };
    let about_leavers = judge::about_leavers(&judged);
    let found: Vec<&Judged> = judged.iter().filter(|row| is_shown(row, &filter.show)).collect();
    let total = u64::try_from(found.len()).unwrap_or(u64::MAX);
    let paging = Paging::new(filter.page.parse().ok(), PAGE_SIZE).within(total);
    let on_page = found
        .into_iter()
        .skip(usize::try_from(paging.offset()).unwrap_or(usize::MAX))
        .take(usize::try_from(paging.limit()).unwrap_or_default());
    let text = page.text;
    let address = |show: &str, number: u32| {
        let page = if number > 1 { number.to_string() } else { String::new() };
        let next = Filter { show: show.to_owned(), page };
        urls::hr::import_filtered(import.id, &serde_urlencoded::to_string(next).unwrap_or_default())
    };
    let view = ShowPage {
        id: import.id.to_string(),
        totals,
        about_leavers,
        entered_before: import.entered_before(db).await?,
        is_worth_entering: totals.entered + totals.changed > 0,
        kinds: kinds(text, &import, totals, about_leavers, &filter.show, |show| address(show, 1)),
        rows: on_page.map(|row| rows::view(text, row)).collect(),
        pager: Pager::new(paging, total, |number| address(&filter.show, number)),
        import,
        page,
    };
    if htmx.wants("results") { render::page(&view.as_results()) } else { render::page(&view) }
}

/// `POST /hr/people/imports/{import}/entry`: enters everybody who can be; a second click finds it done.
///
/// # Errors
/// A refusal when it is forgotten, or somebody changes one of these people at this moment.
pub async fn enter(
    app: web::Data<App>,
    hr: HrAdmin,
    htmx: Htmx,
    id: web::Path<String>,
) -> Result<HttpResponse> {
    let id = parsed(&id)?;
    let (now, rules) = (app.now(), rules(&app, &hr));
    app.db
        .write("people.imports.enter", move |tx| {
            let rules = rules.clone();
            async move { commit::commit(tx, now, &rules, id).await }.boxed()
        })
        .await?;
    let flash = Flash::good("flash-people-imported", "");
    Ok(render::see_other_saying(&htmx, &urls::hr::import(id), &flash))
}

/// `GET /hr/people/imports/{import}/refused.csv`: the rows that were refused as they were written, and why.
///
/// # Errors
/// [`Error::NotFound`], also when it is forgotten.
pub async fn refused(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    id: web::Path<String>,
) -> Result<HttpResponse> {
    app.limits.export(hr.0.person_id)?;
    let db = app.db.reads();
    let import = import::load(db, app.now(), parsed(&id)?).await?;
    let judged = import.judged(db, &rules(&app, &hr)).await?;
    let text = page.text;
    let fields = Typed::default().fields().map(|(field, _)| field_label(text, field));
    let mut heading = fields.to_vec();
    heading.push(text.say("people-import-why").to_string());
    let rows = judged.into_iter().filter_map(|Judged { typed, verdict, .. }| {
        let Verdict::Refused(problems) = verdict else { return None };
        let mut cells: Vec<String> = typed.fields().map(|(_, cell)| cell.to_owned()).to_vec();
        cells.push(problems.iter().map(|problem| rows::reason(text, problem)).collect::<Vec<_>>().join(" "));
        Some(cells)
    });
    csv::download("refused.csv", &heading, rows)
}

fn parsed(id: &str) -> Result<ImportId> {
    id.parse().ok().ok_or(Error::NotFound)
}

fn rules(app: &App, hr: &HrAdmin) -> Rules {
    Rules {
        offices: app.config.offices.clone(),
        today: app.now().day_in(app.config.time_zone),
        actor: hr.actor(),
    }
}

fn read_upload(text: Text, upload: &Upload) -> Result<Read, String> {
    let file = upload.file("file").ok_or_else(|| text.say("people-import-no-file").to_string())?;
    read::read(&file.name, &file.bytes).map_err(|problem| match problem {
        Unreadable::Sheet(problem) => sentences::sheet(text, problem),
        Unreadable::NoColumn(field) => {
            text.say("people-import-no-column").with("column", field_label(text, field)).to_string()
        }
    })
}

/// Whether a row is among those that are looked at.
fn is_shown(row: &Judged, show: &str) -> bool {
    match show {
        "" => true,
        "left" => row.leaver.is_some(),
        kind => rows::kind_of(row) == kind,
    }
}

/// Once it is entered, only what was refused is left to be looked at.
fn kinds(
    text: Text,
    import: &Import,
    totals: Totals,
    about_leavers: i64,
    current: &str,
    address: impl Fn(&str) -> String,
) -> Vec<Kind> {
    if import.committed_at.is_some() {
        return vec![];
    }
    let kind = |show: &str, label: String, count| Kind {
        href: address(show),
        label,
        count,
        is_current: show == current,
    };
    let mut kinds = vec![
        kind("", text.say("people-import-all").to_string(), import.row_count),
        kind("new", text.say("people-import-new").to_string(), totals.entered),
        kind("changed", text.say("people-import-changed").to_string(), totals.changed),
        kind("unchanged", text.say("people-import-unchanged").to_string(), totals.unchanged),
        kind("refused", text.say("people-import-refused").to_string(), totals.refused),
    ];
    if about_leavers > 0 {
        kinds.push(kind("left", text.say("people-import-about-leavers").to_string(), about_leavers));
    }
    kinds
}
