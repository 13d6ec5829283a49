//! The points desk: all that was given and taken, and the ways to do it.

pub mod by_hand;
mod fields;
pub mod grant;
mod pick;
pub mod rules;
pub mod runs;
mod way;

use actix_web::{HttpResponse, web};
use askama::Template;
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde::{Deserialize, Serialize};

use crate::error::{FieldErrors, FieldProblem, Result};
use crate::grants::acts::{self, Act, By, Kind, Maker, Wanted};
use crate::grants::reasons;
use crate::people;
use crate::platform::app::App;
use crate::platform::dialect;
use crate::types::id::PersonId;
use crate::types::paging::Paging;
use crate::types::time::Day;
use crate::urls;
use crate::web::csv;
use crate::web::htmx::Htmx;
use crate::web::page::{Choice, FormErrors, Page};
use crate::web::pager::Pager;
use crate::web::reasons::reason_label;
use crate::web::render;
use crate::web::sorting::{Column, Sorting};
use crate::web::text::Text;
use crate::web::viewer::HrAdmin;

/// Acts on a page.
const PAGE_SIZE: u32 = 50;
const COLUMNS: &[&str] = &["at", "points"];
/// How the shop itself is called in addresses.
const THE_SHOP: &str = "shop";

#[derive(Template)]
#[template(path = "grants/hr/index.html", blocks = ["results"])]
struct IndexPage {
    page: Page,
    filter: Filter,
    kinds: Vec<Choice>,
    reasons: Vec<Choice>,
    makers: Vec<Choice>,
    errors: FormErrors,
    at: Column,
    points: Column,
    rows: Vec<Row>,
    pager: Pager,
    /// There are more than were counted.
    is_endless: bool,
    /// More people fit the search than are looked for.
    too_many: bool,
    csv_href: String,
    any_filter: bool,
}

struct Row {
    act: Act,
    kind: &'static str,
    kind_label: String,
    reason: Option<String>,
    credit: bool,
    href: Option<String>,
}

/// What the list is asked for.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Filter {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    q: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    note: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    kind: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    reason: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    maker: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    from: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    to: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    sort: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    page: String,
}

impl Filter {
    /// What it asks for, and what in it cannot be understood; that part is left out.
    fn wanted(&self, app: &App, sorting: &Sorting) -> (Wanted, FieldErrors) {
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
        let wanted = Wanted {
            search: self.q.clone(),
            note: self.note.clone(),
            kind: Kind::ALL.into_iter().find(|kind| kind.name() == self.kind),
            reason: reasons::all().find(|code| *code == self.reason),
            maker: match self.maker.as_str() {
                THE_SHOP => Some(Maker::Shop),
                id => id.parse().ok().map(Maker::Person),
            },
            from: from.map(|day| day.start_in(zone)),
            before: to.map(|day| day.end_in(zone)),
            by: if sorting.key == "points" { By::Points } else { By::Time },
            ascending: !sorting.descending,
        };
        (wanted, errors)
    }

    fn sorting(&self) -> Sorting {
        Sorting::new(&self.sort, "-at", COLUMNS)
    }

    fn query(&self, page: u32, sort: &str) -> String {
        let page = if page > 1 { page.to_string() } else { String::new() };
        serde_urlencoded::to_string(Self { page, sort: sort.to_owned(), ..self.clone() }).unwrap_or_default()
    }

    fn is_any(&self) -> bool {
        let all = [&self.q, &self.note, &self.kind, &self.reason, &self.maker, &self.from, &self.to];
        all.into_iter().any(|text| !text.trim().is_empty())
    }
}

/// `GET /hr/points`: all grants and deductions, the newest first.
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
    let sorting = filter.sorting();
    let (wanted, errors) = filter.wanted(&app, &sorting);
    let paging = Paging::new(filter.page.parse().ok(), PAGE_SIZE);
    let (found, paging) = acts::page(app.db.reads(), &wanted, paging).await?;
    let text = page.text;
    let sort = filter.sort.clone();
    let by = |sort: &str| urls::hr::points_filtered(&filter.query(1, sort));
    let kinds = Kind::ALL.into_iter().map(|kind| (kind.name().to_owned(), kind_label(text, kind)));
    let codes = reasons::all().map(|code| (code.to_owned(), reason_label(text, code)));
    let makers = makers(app.db.reads(), text, wanted.maker).await?;
    let view = IndexPage {
        kinds: Choice::all_or(text.say("grants-kind-all").to_string(), wanted.kind.map(Kind::name), kinds),
        reasons: Choice::all_or(text.say("grants-reason-all").to_string(), wanted.reason, codes),
        makers: Choice::all_or(
            text.say("grants-maker-all").to_string(),
            wanted.maker.map(maker_code).as_deref(),
            makers,
        ),
        errors: page.errors(errors),
        at: sorting.column("at", text.say("grants-column-at"), true, by),
        points: sorting.column("points", text.say("grants-column-points"), true, by),
        rows: found.rows.into_iter().map(|act| row(text, act)).collect(),
        too_many: acts::fits_too_many(app.db.reads(), &wanted).await?,
        is_endless: found.total > acts::MOST_COUNTED,
        pager: Pager::new(paging, found.total, |number| {
            urls::hr::points_filtered(&filter.query(number, &sort))
        }),
        csv_href: urls::hr::points_csv(&filter.query(1, &sort)),
        any_filter: filter.is_any(),
        filter: filter.0,
        page,
    };
    if htmx.wants("results") { render::page(&view.as_results()) } else { render::page(&view) }
}

/// `GET /hr/points.csv`: the same list as a file for a spreadsheet. Times are UTC, what was taken is negative.
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
    let (wanted, errors) = filter.wanted(&app, &filter.sorting());
    errors.check()?;
    let text = page.text;
    let heading = [
        text.say("grants-column-at"),
        text.say("grants-column-kind"),
        text.say("grants-column-person"),
        text.say("grants-column-number"),
        text.say("grants-column-reason"),
        text.say("grants-column-note"),
        text.say("grants-column-maker"),
        text.say("grants-column-points"),
        text.say("grants-column-balance"),
    ]
    .map(|word| word.to_string());
    let acts = acts::whole(app.db.long_reads(), &wanted).await?;
    let rows = acts.into_iter().map(|act| {
        let sign = if act.kind == Kind::Grant { 1 } else { -1 };
        let reason = act.reason.as_deref().map(|code| reason_label(text, code));
        vec![
            act.at.iso(),
            kind_label(text, act.kind),
            act.person,
            act.employee_number.unwrap_or_default(),
            reason.unwrap_or_default(),
            act.note,
            act.maker.unwrap_or_else(|| text.say("grants-the-shop").to_string()),
            (sign * act.amount.0).to_string(),
            act.balance_after.0.to_string(),
        ]
    });
    csv::download("grants.csv", &heading, rows)
}

fn row(text: Text, act: Act) -> Row {
    Row {
        kind: act.kind.name(),
        kind_label: kind_label(text, act.kind),
        reason: act.reason.as_deref().map(|code| reason_label(text, code)),
        credit: act.kind == Kind::Grant,
        href: act.grant_id.map(urls::hr::grant),
        act,
    }
}

/// Who may have done it: the shop, everybody who is at the points desk now or ever gave or took there, and whoever is chosen.
async fn makers(
    db: &impl ConnectionTrait,
    text: Text,
    chosen: Option<Maker>,
) -> Result<Vec<(String, String)>> {
    #[derive(FromQueryResult)]
    struct Somebody {
        id: PersonId,
        name: String,
    }
    const MOST: i64 = 100;
    // Each part by itself: of very many grants an index tells soon whose they are.
    let people: Vec<Somebody> = dialect::rows(
        db,
        "SELECT p.id, p.name FROM (SELECT person_id AS id FROM person_roles WHERE role IN ('points', 'super-admin') \
           UNION SELECT DISTINCT actor_id FROM grants UNION SELECT DISTINCT actor_id FROM deductions) makers \
         JOIN people p ON p.id = makers.id ORDER BY p.name, p.id LIMIT ?",
        [MOST.into()],
    )
    .await?;
    let shop = (THE_SHOP.to_owned(), text.say("grants-the-shop").to_string());
    let people = people.into_iter().map(|maker| (maker.id.to_string(), maker.name));
    let mut makers: Vec<_> = std::iter::once(shop).chain(people).collect();
    if let Some(Maker::Person(id)) = chosen
        && makers.iter().all(|(known, _)| *known != id.to_string())
        && let Some(person) = people::find(db, id).await?
    {
        makers.push((id.to_string(), person.name));
    }
    Ok(makers)
}

/// As a maker stands in an address.
fn maker_code(maker: Maker) -> String {
    match maker {
        Maker::Shop => THE_SHOP.to_owned(),
        Maker::Person(id) => id.to_string(),
    }
}

fn kind_label(text: Text, kind: Kind) -> String {
    match kind {
        Kind::Grant => text.say("grants-kind-grant"),
        Kind::Deduction => text.say("grants-kind-deduction"),
        Kind::Undo => text.say("grants-kind-undo"),
    }
    .to_string()
}
