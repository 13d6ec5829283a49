//! The reports desk: what points did in some days, each figure with the way to the rows behind it, each chart with its
//! table. Nothing here changes anything.

pub mod expiring;
mod filter;
pub mod people;
pub mod products;
mod tables;
pub mod transfers;
mod view;

pub use tables::{departments, download, trend};

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::error::{FieldErrors, Result};
use crate::platform::app::App;
use crate::reports::departments::{self, Group};
use crate::reports::expiring::{Lapsing, within_each};
use crate::reports::figures;
use crate::reports::holders::Show;
use crate::reports::products::Product;
use crate::reports::range::Range;
use crate::types::points::Points;
use crate::types::role::Desk;
use crate::urls::hr as urls;
use crate::web::page::Page;
use crate::web::render;
use crate::web::text::{Text, grouped};
use crate::web::viewer::HrAdmin;

use filter::{Days, Filter};
use view::{ColumnChart, DepartmentRow, RowChart, TrendRow};

/// Products of the table and the chart; all of them are a click away.
const MOST_PRODUCTS: i64 = 10;
/// Departments of the chart; the table has all.
const MOST_IN_CHART: usize = 12;

#[derive(Template)]
#[template(path = "reports/hr/index.html")]
struct IndexPage {
    page: Page,
    days: Days,
    /// Nothing when the days cannot be.
    report: Option<Report>,
}

/// Everything of some days.
struct Report {
    figures: Vec<Figure>,
    shares: Vec<Figure>,
    expiring: Vec<Figure>,
    trend: Vec<TrendRow>,
    trend_chart: ColumnChart,
    departments: Vec<DepartmentRow>,
    department_chart: RowChart,
    products: Vec<TopProduct>,
    product_chart: RowChart,
    all_products_href: String,
    /// What is owed for a point, said once.
    trend_csv: String,
    departments_csv: String,
    products_csv: String,
    figures_csv: String,
}

/// A number, what it is, and the rows it is made of.
pub struct Figure {
    pub value: String,
    pub label: String,
    pub note: String,
    pub href: String,
}

/// A product of the table, with the way to its orders, or to its row among all products.
struct TopProduct {
    name: String,
    href: String,
    pieces: i64,
    points: i64,
}

/// What is read once for all figures of some days.
pub struct Facts {
    pub range: Range,
    pub departments: Vec<Group>,
    pub all: Group,
}

impl Facts {
    /// # Errors
    /// When the database fails.
    pub async fn of(app: &App, range: Range) -> Result<Self> {
        let departments = departments::of(app.db.reads(), &range).await?;
        Ok(Self { all: Group::sum(departments.iter().cloned()), range, departments })
    }
}

/// `GET /hr/reports`: this month, unless asked otherwise.
///
/// # Errors
/// When the database fails.
pub async fn index(
    app: web::Data<App>,
    page: Page,
    _hr: HrAdmin,
    filter: web::Query<Filter>,
) -> Result<HttpResponse> {
    let asked = filter.days(&app);
    let days = filter.form(&page, &asked, urls::reports_filtered);
    let Ok(range) = asked else {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return render::with_status(status, &IndexPage { page, days, report: None });
    };
    let report = Some(report(&app, &page, range).await?);
    render::page(&IndexPage { page, days, report })
}

async fn report(app: &App, page: &Page, range: Range) -> Result<Report> {
    let (db, text) = (app.db.reads(), page.text);
    let facts = Facts::of(app, range).await?;
    let top = crate::reports::products::most_redeemed(db, &range, MOST_PRODUCTS).await?;
    let never = crate::reports::products::never_redeemed(db, app.now()).await?;
    let trend = figures::trend(db, &range, app.now()).await?;
    let departments = view::department_rows(text, &range, &facts.departments);
    let query = Filter::of(&range).query();
    Ok(Report {
        figures: moved_figures(app, text, &facts),
        shares: share_figures(text, &facts, never),
        expiring: expiring_figures(app, text).await?,
        trend_chart: view::trend(text, &trend),
        department_chart: view::rows(
            departments.iter().take(MOST_IN_CHART).map(|row| (row.name.clone(), row.redeemed)),
        ),
        product_chart: view::rows(top.iter().map(|product| (product.name.clone(), product.points))),
        products: top.into_iter().map(|product| top_product(page, &range, product)).collect(),
        trend: view::trend_rows(text, &trend),
        departments,
        all_products_href: urls::reports_products(&query),
        trend_csv: urls::reports_trend_csv(&query),
        departments_csv: urls::reports_departments_csv(&query),
        products_csv: urls::reports_products_csv(&query),
        figures_csv: urls::reports_csv(&query),
    })
}

/// What moved, and what is held at the end: points and, when they have a value, money.
fn moved_figures(app: &App, text: Text, facts: &Facts) -> Vec<Figure> {
    let sums = facts.all.sums();
    let money =
        |points: i64| app.config.point_value.as_ref().map(|value| value.of(Points(points)).to_string());
    let mut figures: Vec<Figure> = tables::moves(text)
        .into_iter()
        .map(|(kind, label)| Figure {
            value: grouped(sums.of(kind)),
            label,
            note: money(sums.of(kind)).unwrap_or_default(),
            href: urls::reports_transfers(
                &Filter { kind: kind.name().to_owned(), ..Filter::of(&facts.range) }.query(),
            ),
        })
        .collect();
    let holding = Filter { show: Show::Holding.name().to_owned(), ..Filter::of(&facts.range) }.query();
    figures.push(Figure {
        value: grouped(facts.all.held),
        label: text.say("reports-outstanding").to_string(),
        note: String::new(),
        href: urls::reports_people(&holding),
    });
    if let Some(owed) = money(facts.all.held) {
        figures.push(Figure {
            value: owed,
            label: text.say("reports-liability").to_string(),
            note: text.say("reports-liability-note").with("value", money(1).unwrap_or_default()).to_string(),
            href: urls::reports_people(&holding),
        });
    }
    figures
}

/// Who takes part, how much of what was issued was redeemed, and what nobody wants.
fn share_figures(text: Text, facts: &Facts, never: u64) -> Vec<Figure> {
    let of = |show: &str| Filter { show: show.to_owned(), ..Filter::of(&facts.range) }.query();
    let (all, sums) = (&facts.all, facts.all.sums());
    vec![
        Figure {
            value: percent(all.redeemers, all.active),
            label: text.say("reports-participation").to_string(),
            note: text
                .say("reports-participation-note")
                .with("redeemers", all.redeemers)
                .with("active", all.active)
                .to_string(),
            href: urls::reports_people(&of(Show::Redeemed.name())),
        },
        Figure {
            value: percent(sums.kept(), sums.issued),
            label: text.say("reports-rate").to_string(),
            note: text.say("reports-rate-note").to_string(),
            // There is what was issued, redeemed and given back, person by person and together.
            href: urls::reports_people(&Filter::of(&facts.range).query()),
        },
        Figure {
            value: grouped(i64::try_from(never).unwrap_or(i64::MAX)),
            label: text.say("reports-never").to_string(),
            note: text.say("reports-never-note").to_string(),
            href: urls::reports_products(&of(products::NEVER)),
        },
    ]
}

async fn expiring_figures(app: &App, text: Text) -> Result<Vec<Figure>> {
    let figure = |(days, lapsing): (u64, Lapsing)| Figure {
        value: grouped(lapsing.points),
        label: text.say("reports-expiring-within").with("days", days).to_string(),
        note: text.say("reports-expiring-note").with("lots", lapsing.lots).to_string(),
        href: urls::reports_expiring(&Filter { days: days.to_string(), ..Filter::default() }.query()),
    };
    let each = within_each(app.db.reads(), app.now(), app.config.leaving).await?;
    Ok(each.into_iter().map(figure).collect())
}

fn top_product(page: &Page, range: &Range, product: Product) -> TopProduct {
    let href = if may(page, Desk::Orders) {
        urls::orders_of_product(&product.slug, range.first.0, range.last.0)
    } else {
        urls::reports_products(&Filter { q: product.name.clone(), ..Filter::of(range) }.query())
    };
    TopProduct { href, name: product.name, pieces: product.pieces, points: product.points }
}

/// What a department is called.
#[must_use]
pub fn department_name(text: Text, department: Option<&str>) -> String {
    department.map_or_else(|| text.say("reports-no-department").to_string(), str::to_owned)
}

/// `12.5 %`, or a dash where there is nothing to compare with.
#[must_use]
pub fn percent(part: i64, whole: i64) -> String {
    if whole <= 0 {
        return "–".to_owned();
    }
    let tenths = (i128::from(part.unsigned_abs()) * 2_000 + i128::from(whole)) / (2 * i128::from(whole));
    let sign = if part < 0 && tenths > 0 { "−" } else { "" };
    format!("{sign}{}.{} %", tenths / 10, tenths % 10)
}

/// Whether whoever looks at the page may go to another desk.
fn may(page: &Page, desk: Desk) -> bool {
    page.viewer.as_ref().is_some_and(|viewer| viewer.may(desk))
}

/// A download of a range that cannot be is refused.
fn sure(days: Result<Range, FieldErrors>) -> Result<Range> {
    days.map_err(crate::error::Error::Invalid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_to_a_tenth_and_of_nothing_there_is_none() {
        let told = [(1, 8), (2, 3), (1, 1), (0, 5), (3, 2), (1, 2_000), (1, 1_999), (5, 0)]
            .map(|(part, whole)| percent(part, whole));
        assert_eq!(told, ["12.5 %", "66.7 %", "100.0 %", "0.0 %", "150.0 %", "0.1 %", "0.1 %", "–"]);
        let below = [(-1, 8), (-2, 3), (-1, 2_001), (-5, 0)].map(|(part, whole)| percent(part, whole));
        assert_eq!(below, ["−12.5 %", "−66.7 %", "0.0 %", "–"]);
    }
}
