//! The tables of the overview as files for spreadsheets: amounts are plain numbers, days as spreadsheets read them.

use actix_web::{HttpResponse, web};

use crate::error::Result;
use crate::platform::app::App;
use crate::reports::figures::{self, Sums};
use crate::reports::hr::filter::Filter;
use crate::reports::hr::{Facts, department_name, percent, sure};
use crate::types::points::Points;
use crate::types::transfer_kind::TransferKind;
use crate::web::csv;
use crate::web::page::Page;
use crate::web::text::Text;
use crate::web::viewer::HrAdmin;

/// `GET /hr/reports.csv`: every figure of the days, a line each.
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
    let facts = Facts::of(&app, sure(filter.days(&app))?).await?;
    let (text, all) = (page.text, &facts.all);
    let heading =
        [text.say("reports-csv-figure"), text.say("reports-csv-value")].map(|word| word.to_string());
    let number = |label: &'static str, amount: i64| vec![text.say(label).to_string(), amount.to_string()];
    let names =
        ["reports-issued", "reports-redeemed", "reports-refunded", "reports-expired", "reports-deducted"];
    let mut rows = vec![
        vec![text.say("reports-from").to_string(), facts.range.first.0.to_string()],
        vec![text.say("reports-to").to_string(), facts.range.last.0.to_string()],
    ];
    rows.extend(names.into_iter().zip(amounts(all.sums())).map(|(name, amount)| number(name, amount)));
    rows.push(number("reports-outstanding", all.held));
    if let Some(value) = &app.config.point_value {
        rows.push(vec![text.say("reports-liability").to_string(), value.of(Points(all.held)).to_string()]);
    }
    rows.push(number("reports-active", all.active));
    rows.push(number("reports-redeemers", all.redeemers));
    rows.push(vec![text.say("reports-participation").to_string(), percent(all.redeemers, all.active)]);
    rows.push(vec![text.say("reports-rate").to_string(), percent(all.sums().kept(), all.issued)]);
    csv::download("figures.csv", &heading, rows)
}

/// `GET /hr/reports/trend.csv`: what moved day by day, or month by month.
///
/// # Errors
/// When the days cannot be, or the database fails.
pub async fn trend(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    filter: web::Query<Filter>,
) -> Result<HttpResponse> {
    app.limits.export(hr.0.person_id)?;
    let range = sure(filter.days(&app))?;
    let parts = figures::trend(app.db.reads(), &range, app.now()).await?;
    let mut heading = vec![page.say("reports-from").to_string(), page.say("reports-to").to_string()];
    heading.extend(kinds(page.text));
    let rows = parts.into_iter().map(|part| {
        let days = [part.range.first.0.to_string(), part.range.last.0.to_string()];
        days.into_iter().chain(amounts(part.sums).map(|amount| amount.to_string())).collect()
    });
    csv::download("trend.csv", &heading, rows)
}

/// `GET /hr/reports/departments.csv`
///
/// # Errors
/// When the days cannot be, or the database fails.
pub async fn departments(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    filter: web::Query<Filter>,
) -> Result<HttpResponse> {
    app.limits.export(hr.0.person_id)?;
    let facts = Facts::of(&app, sure(filter.days(&app))?).await?;
    let text = page.text;
    let mut heading = vec![text.say("reports-department").to_string()];
    heading.extend(kinds(text));
    let more = [text.say("reports-outstanding"), text.say("reports-active"), text.say("reports-redeemers")];
    heading.extend(more.map(|word| word.to_string()));
    let rows = facts.departments.iter().map(|group| {
        let numbers = amounts(group.sums()).into_iter().chain([group.held, group.active, group.redeemers]);
        let name = department_name(text, group.department.as_deref());
        std::iter::once(name).chain(numbers.map(|number| number.to_string())).collect()
    });
    csv::download("departments.csv", &heading, rows)
}

/// What moves, and its heading.
pub fn moves(text: Text) -> [(TransferKind, String); 5] {
    [
        (TransferKind::Grant, text.say("reports-issued")),
        (TransferKind::Redeem, text.say("reports-redeemed")),
        (TransferKind::Refund, text.say("reports-refunded")),
        (TransferKind::Expire, text.say("reports-expired")),
        (TransferKind::Deduct, text.say("reports-deducted")),
    ]
    .map(|(kind, word)| (kind, word.to_string()))
}

/// The headings of what moves.
pub fn kinds(text: Text) -> [String; 5] {
    moves(text).map(|(_, word)| word)
}

/// The amounts below them.
pub fn amounts(sums: Sums) -> [i64; 5] {
    [sums.issued, sums.redeemed, sums.refunded, sums.expired, sums.deducted]
}
