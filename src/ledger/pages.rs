//! `/points`: the balance, what lapses when, and the statement.

use actix_web::{HttpResponse, web};
use askama::Template;
use sea_orm::Iterable;
use serde::{Deserialize, Serialize};

use crate::error::{FieldErrors, FieldProblem, Result};
use crate::ledger::lots::{self, Lot};
use crate::ledger::statement::{self, Line, Told, Wanted};
use crate::ledger::warn;
use crate::platform::app::App;
use crate::types::paging::Paging;
use crate::types::points::Points;
use crate::types::time::{Day, Timestamp};
use crate::types::transfer_kind::TransferKind;
use crate::urls;
use crate::web::csv;
use crate::web::htmx::Htmx;
use crate::web::page::{Choice, FormErrors, LotView, Page};
use crate::web::pager::Pager;
use crate::web::render;
use crate::web::text::Text;
use crate::web::viewer::Employee;

/// Lines on a page of the statement.
const PAGE_SIZE: u32 = 25;

#[derive(Template)]
#[template(path = "ledger/index.html", blocks = ["statement"])]
struct IndexPage {
    page: Page,
    balance: Points,
    expiring: Vec<LotView>,
    soon: Option<Soon>,
    kinds: Vec<Choice>,
    from: String,
    to: String,
    errors: FormErrors,
    rows: Vec<StatementRow>,
    pager: Pager,
    csv_href: String,
    /// There are more than a file holds.
    is_cut: bool,
    any_filter: bool,
}

/// What lapses within the days of the first notice, and when the first of it does.
struct Soon {
    points: Points,
    first: Timestamp,
}

struct StatementRow {
    at: Timestamp,
    what: String,
    note: Option<String>,
    href: Option<String>,
    credit: bool,
    amount: Points,
    balance_after: Points,
}

/// What the statement is asked for.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Filter {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    kind: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    from: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    to: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    page: String,
}

impl Filter {
    /// What it asks for, and what in it cannot be understood; that part is left out.
    pub(super) fn wanted(&self, app: &App) -> (Wanted, FieldErrors) {
        let zone = app.config.time_zone;
        let mut errors = FieldErrors::default();
        let mut day = |field: &'static str, text: &str| {
            let day = Day::parse(text);
            if day.is_none() && !text.is_empty() {
                errors.add(field, FieldProblem::NotADate);
            }
            day
        };
        let (from, to) = (day("from", &self.from), day("to", &self.to));
        if let (Some(from), Some(to)) = (from, to)
            && from > to
        {
            errors.add("to", FieldProblem::RangeOrder);
        }
        let kind = TransferKind::named(&self.kind);
        (Wanted { kind, from: from.map(|d| d.start_in(zone)), before: to.map(|d| d.end_in(zone)) }, errors)
    }

    pub(super) fn number(&self) -> Option<u32> {
        self.page.parse().ok()
    }

    pub(super) fn from(&self) -> &str {
        &self.from
    }

    pub(super) fn to(&self) -> &str {
        &self.to
    }

    /// The query of an address with this filter.
    pub(super) fn query(&self, page: u32) -> String {
        let page = if page > 1 { page.to_string() } else { String::new() };
        serde_urlencoded::to_string(Self { page, ..self.clone() }).unwrap_or_default()
    }
}

/// `GET /points`
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
    let (wanted, errors) = filter.wanted(&app);
    let paging = Paging::new(filter.number(), PAGE_SIZE);
    let (found, paging) = statement::page(app.db.reads(), employee.id(), &wanted, paging).await?;
    let open = lots::of_person(app.db.reads(), app.now(), employee.id()).await?;
    let view = IndexPage {
        balance: page.balance(),
        soon: soon(&open, app.now()),
        expiring: open
            .into_iter()
            .filter(|lot| lot.expires_at.is_some())
            .map(|lot| LotView { amount: lot.remaining, expires: lot.expires_at })
            .collect(),
        kinds: kind_choices(page.text, wanted.kind),
        from: filter.from.clone(),
        to: filter.to.clone(),
        errors: page.errors(errors),
        rows: found
            .rows
            .iter()
            .map(|(line, number)| statement_row(page.text, line, number.as_deref()))
            .collect(),
        pager: Pager::new(paging, found.total, |number| urls::points_filtered(&filter.query(number))),
        csv_href: urls::points_csv(&filter.query(1)),
        is_cut: found.total > statement::MOST_EXPORTED,
        any_filter: wanted.kind.is_some() || wanted.from.is_some() || wanted.before.is_some(),
        page,
    };
    if htmx.wants("statement") { render::page(&view.as_statement()) } else { render::page(&view) }
}

fn soon(open: &[Lot], now: Timestamp) -> Option<Soon> {
    let until = warn::DAYS_BEFORE.into_iter().max().map(|days| now.plus_days(days))?;
    let ending =
        open.iter().filter_map(|lot| lot.expires_at.filter(|end| *end <= until).map(|end| (end, lot)));
    let first = ending.clone().map(|(end, _)| end).min()?;
    Some(Soon { points: Points::sum(ending.map(|(_, lot)| lot.remaining))?, first })
}

/// `GET /points.csv`: the same lines as a file for a spreadsheet. Times are UTC, debits negative.
///
/// # Errors
/// When the database fails.
pub async fn download(
    app: web::Data<App>,
    page: Page,
    employee: Employee,
    filter: web::Query<Filter>,
) -> Result<HttpResponse> {
    app.limits.export(employee.id())?;
    let (wanted, errors) = filter.wanted(&app);
    errors.check()?;
    let lines = statement::whole(app.db.long_reads(), employee.id(), &wanted).await?;
    statement_csv(page.text, &lines)
}

/// A statement as a file for a spreadsheet.
pub(super) fn statement_csv(text: Text, lines: &[Told]) -> Result<HttpResponse> {
    let heading = [
        text.say("ledger-csv-at"),
        text.say("ledger-csv-what"),
        text.say("ledger-csv-note"),
        text.say("ledger-csv-amount"),
        text.say("ledger-csv-balance"),
    ]
    .map(|word| word.to_string());
    let rows = lines.iter().map(|(line, number)| {
        let sign = if line.kind.is_credit() { 1 } else { -1 };
        vec![
            line.at.iso(),
            kind_label(text, line.kind),
            number.clone().unwrap_or_else(|| line.reason.clone()),
            (sign * line.amount.0).to_string(),
            line.balance_after.0.to_string(),
        ]
    });
    csv::download("points.csv", &heading, rows)
}

fn statement_row(text: Text, line: &Line, number: Option<&str>) -> StatementRow {
    StatementRow {
        at: line.at,
        what: what(text, line.kind, number.unwrap_or_default()),
        note: (number.is_none() && !line.reason.is_empty()).then(|| line.reason.clone()),
        href: number.map(urls::order),
        credit: line.kind.is_credit(),
        amount: line.amount,
        balance_after: line.balance_after,
    }
}

/// What a line of the statement says happened.
pub(super) fn what(text: Text, kind: TransferKind, number: &str) -> String {
    match kind {
        TransferKind::Grant => text.say("ledger-what-grant"),
        TransferKind::Redeem => text.say("ledger-what-redeem").with("number", number),
        TransferKind::Refund => text.say("ledger-what-refund").with("number", number),
        TransferKind::Expire => text.say("ledger-what-expire"),
        TransferKind::Deduct => text.say("ledger-what-deduct"),
    }
    .to_string()
}

pub(super) fn kind_choices(text: Text, chosen: Option<TransferKind>) -> Vec<Choice> {
    let each = TransferKind::iter().map(|kind| (kind.name().to_owned(), kind_label(text, kind)));
    Choice::all_or(text.say("ledger-kind-all").to_string(), chosen.map(TransferKind::name), each)
}

fn kind_label(text: Text, kind: TransferKind) -> String {
    match kind {
        TransferKind::Grant => text.say("ledger-kind-grant"),
        TransferKind::Redeem => text.say("ledger-kind-redeem"),
        TransferKind::Refund => text.say("ledger-kind-refund"),
        TransferKind::Expire => text.say("ledger-kind-expire"),
        TransferKind::Deduct => text.say("ledger-kind-deduct"),
    }
    .to_string()
}
