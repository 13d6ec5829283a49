//! The transfers behind a figure.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use sea_orm::{ConnectionTrait, Iterable};

use crate::audit::subjects::{self, MOST_MEANT};
use crate::error::Result;
use crate::people;
use crate::platform::app::App;
use crate::reports::hr::filter::{Days, Filter};
use crate::reports::hr::{may, sure};
use crate::reports::range::Range;
use crate::reports::transfers::{self, Moved, Total, Wanted};
use crate::types::id::PersonId;
use crate::types::paging::Paging;
use crate::types::role::Desk;
use crate::types::search;
use crate::types::transfer_kind::TransferKind;
use crate::urls::hr as urls;
use crate::web::csv;
use crate::web::htmx::Htmx;
use crate::web::page::{Choice, Page};
use crate::web::pager::Pager;
use crate::web::render;
use crate::web::sorting::{Column, Sorting};
use crate::web::text::Text;
use crate::web::viewer::HrAdmin;

/// Transfers on a page.
const PAGE_SIZE: u32 = 50;
/// Nobody pages further; older ones are found by their days.
const MOST_PAGED: u64 = 10_000;
/// Rows in a download.
const MOST_EXPORTED: u32 = 100_000;
const COLUMNS: &[&str] = &["when"];

#[derive(Template)]
#[template(path = "reports/hr/transfers.html", blocks = ["results"])]
struct IndexPage {
    page: Page,
    days: Days,
    kinds: Vec<Choice>,
    departments: Vec<Choice>,
    q: String,
    /// Whose transfers these are, when they are one person's: the id, the name, and the way to everybody's.
    person: Option<(PersonId, String, String)>,
    sort: String,
    total: Total,
    rows: Vec<Row>,
    when: Column,
    pager: Pager,
    /// There are more than can be paged through.
    more: bool,
    /// There are more than a file holds.
    is_cut: bool,
    /// More people fit the search than are looked for.
    too_many: bool,
    csv_href: String,
    back_href: String,
}

struct Row {
    moved: Moved,
    kind: String,
    person_href: String,
    order_href: Option<String>,
}

/// `GET /hr/reports/transfers`: those of some days, newest first.
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
    let days = filter.form(&page, &asked, urls::reports_transfers);
    let (db, text) = (app.db.reads(), page.text);
    let mut paging = Paging::new(filter.page.parse().ok(), PAGE_SIZE);
    let (mut total, mut found, mut too_many, status) = (
        Total::default(),
        Vec::new(),
        false,
        match asked {
            Ok(_) => StatusCode::OK,
            Err(_) => StatusCode::UNPROCESSABLE_ENTITY,
        },
    );
    if let Ok(range) = &asked {
        let wanted = wanted(&app, &filter, range).await?;
        too_many = wanted.people.as_ref().is_some_and(|people| people.len() > MOST_MEANT);
        total = transfers::total(db, &wanted).await?;
        paging = paging.within(total.transfers.min(MOST_PAGED));
        found = transfers::page(db, &wanted, paging).await?;
    }
    let sorting = sorting(&filter);
    let kind = TransferKind::named(&filter.kind);
    let each = TransferKind::iter().map(|kind| (kind.name().to_owned(), kind_label(text, kind)));
    let view = IndexPage {
        kinds: Choice::all_or(text.say("reports-kind-all").to_string(), kind.map(TransferKind::name), each),
        departments: filter.departments(db, text).await?,
        rows: found.into_iter().map(|moved| row(&page, &filter, moved)).collect(),
        when: sorting.column("when", text.say("reports-when"), false, |sort| {
            urls::reports_transfers(&filter.sorted(sort))
        }),
        more: total.transfers > MOST_PAGED,
        is_cut: total.transfers > u64::from(MOST_EXPORTED),
        too_many,
        pager: Pager::new(paging, total.transfers.min(MOST_PAGED), |number| {
            urls::reports_transfers(&filter.page(number))
        }),
        csv_href: urls::reports_transfers_csv(&filter.page(1)),
        back_href: back(asked.as_ref().ok()),
        q: filter.q.clone(),
        person: whose(db, &filter).await?,
        sort: filter.sort.clone(),
        total,
        days,
        page,
    };
    if htmx.wants("results") { render::page(&view.as_results()) } else { render::with_status(status, &view) }
}

/// `GET /hr/reports/transfers.csv`: the same transfers, no more than [`MOST_EXPORTED`]. Times are UTC, debits negative.
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
    let range = sure(filter.days(&app))?;
    let wanted = wanted(&app, &filter, &range).await?;
    let found = transfers::page(app.db.long_reads(), &wanted, Paging::new(None, MOST_EXPORTED)).await?;
    let text = page.text;
    let heading = [
        text.say("reports-csv-number"),
        text.say("ledger-csv-at"),
        text.say("ledger-csv-what"),
        text.say("reports-person"),
        text.say("reports-points"),
        text.say("ledger-csv-balance"),
        text.say("reports-order"),
        text.say("reports-note"),
    ]
    .map(|word| word.to_string());
    let rows = found.into_iter().map(|moved| {
        let sign = if moved.kind.is_credit() { 1 } else { -1 };
        vec![
            moved.id.to_string(),
            moved.at.iso(),
            kind_label(text, moved.kind),
            moved.person,
            (sign * moved.points.0).to_string(),
            moved.balance_after.0.to_string(),
            moved.order.unwrap_or_default(),
            moved.reason,
        ]
    });
    csv::download("transfers.csv", &heading, rows)
}

async fn wanted(app: &App, filter: &Filter, range: &Range) -> Result<Wanted> {
    let people = match (filter.person.parse(), search::typed(&filter.q).as_str()) {
        (Ok(person), _) => Some(vec![person]),
        (Err(_), "") => None,
        (Err(_), words) => Some(subjects::people(app.db.reads(), words).await?),
    };
    Ok(Wanted {
        kind: TransferKind::named(&filter.kind),
        from: Some(range.from()),
        before: Some(range.before()),
        people,
        department: filter.people().department,
        oldest_first: !sorting(filter).descending,
    })
}

/// Whose transfers are asked for: the id, the name, and the way to everybody's with the same filter.
async fn whose(db: &impl ConnectionTrait, filter: &Filter) -> Result<Option<(PersonId, String, String)>> {
    let Ok(id) = filter.person.parse::<PersonId>() else { return Ok(None) };
    let name = people::find(db, id).await?.map_or_else(|| id.to_string(), |person| person.name);
    let everybody = Filter { person: String::new(), page: String::new(), ..filter.clone() };
    Ok(Some((id, name, urls::reports_transfers(&everybody.query()))))
}

fn sorting(filter: &Filter) -> Sorting {
    Sorting::new(&filter.sort, "-when", COLUMNS)
}

fn row(page: &Page, filter: &Filter, moved: Moved) -> Row {
    let person = moved.person_id.map(|id| id.to_string()).unwrap_or_default();
    let none = String::new;
    let of_person = Filter { person, q: none(), department: none(), page: none(), ..filter.clone() };
    Row {
        kind: kind_label(page.text, moved.kind),
        person_href: urls::reports_transfers(&of_person.query()),
        order_href: moved.order.as_deref().filter(|_| may(page, Desk::Orders)).map(urls::order),
        moved,
    }
}

/// To the overview of the same days.
pub fn back(range: Option<&Range>) -> String {
    urls::reports_filtered(&range.map(|range| Filter::of(range).query()).unwrap_or_default())
}

fn kind_label(text: Text, kind: TransferKind) -> String {
    match kind {
        TransferKind::Grant => text.say("reports-kind-grant"),
        TransferKind::Redeem => text.say("reports-kind-redeem"),
        TransferKind::Refund => text.say("reports-kind-refund"),
        TransferKind::Expire => text.say("reports-kind-expire"),
        TransferKind::Deduct => text.say("reports-kind-deduct"),
    }
    .to_string()
}
