//! The addresses of HR's desk, desk by desk.

mod giving;

use std::fmt::Display;

use super::with_query;
pub use giving::*;

/// Where every address of the desk begins.
pub const ROOT: &str = "/hr";

/// What needs somebody.
#[must_use]
pub fn overview() -> String {
    ROOT.to_owned()
}

// ---- points

/// Every grant and deduction.
#[must_use]
pub fn points() -> String {
    "/hr/points".to_owned()
}

#[must_use]
pub fn runs() -> String {
    "/hr/points/runs".to_owned()
}

/// The runs, filtered: `query` is encoded already.
#[must_use]
pub fn runs_filtered(query: &str) -> String {
    with_query("/hr/points/runs", query)
}

/// The same runs as CSV.
#[must_use]
pub fn runs_csv(query: &str) -> String {
    with_query("/hr/points/runs.csv", query)
}

/// The form for a sheet.
#[must_use]
pub fn runs_new() -> String {
    "/hr/points/runs/new".to_owned()
}

/// The form for people picked by a filter: `query` is encoded already.
#[must_use]
pub fn runs_new_many(query: &str) -> String {
    let more = if query.is_empty() { "" } else { "&" };
    format!("/hr/points/runs/new?kind=many{more}{query}")
}

/// Where that form goes.
#[must_use]
pub fn runs_many() -> String {
    "/hr/points/runs/many".to_owned()
}

#[must_use]
pub fn run(run: impl Display) -> String {
    format!("/hr/points/runs/{run}")
}

/// A run with its rows filtered: `query` is encoded already.
#[must_use]
pub fn run_filtered(run: impl Display, query: &str) -> String {
    with_query(&format!("/hr/points/runs/{run}"), query)
}

/// The rows of a run as CSV.
#[must_use]
pub fn run_rows_csv(run: impl Display, query: &str) -> String {
    with_query(&format!("/hr/points/runs/{run}/rows.csv"), query)
}

#[must_use]
pub fn run_commitment(run: impl Display) -> String {
    format!("/hr/points/runs/{run}/commitment")
}

#[must_use]
pub fn run_withdrawal(run: impl Display) -> String {
    format!("/hr/points/runs/{run}/withdrawal")
}

#[must_use]
pub fn run_approval(run: impl Display) -> String {
    format!("/hr/points/runs/{run}/approval")
}

#[must_use]
pub fn run_rejection(run: impl Display) -> String {
    format!("/hr/points/runs/{run}/rejection")
}

#[must_use]
pub fn run_reversal(run: impl Display) -> String {
    format!("/hr/points/runs/{run}/reversal")
}

// ---- products

#[must_use]
pub fn products() -> String {
    "/hr/products".to_owned()
}

#[must_use]
pub fn product(product: impl Display) -> String {
    format!("/hr/products/{product}")
}

#[must_use]
pub fn product_pictures(product: impl Display) -> String {
    format!("/hr/products/{product}/pictures")
}

#[must_use]
pub fn product_picture(product: impl Display, picture: impl Display) -> String {
    format!("/hr/products/{product}/pictures/{picture}")
}

#[must_use]
pub fn product_picture_position(product: impl Display, picture: impl Display) -> String {
    format!("/hr/products/{product}/pictures/{picture}/position")
}

#[must_use]
pub fn product_picture_removal(product: impl Display, picture: impl Display) -> String {
    format!("/hr/products/{product}/pictures/{picture}/removal")
}

// ---- orders

/// The queue of orders.
#[must_use]
pub fn orders() -> String {
    "/hr/orders".to_owned()
}

/// The queue, filtered: `query` is encoded already.
#[must_use]
pub fn orders_filtered(query: &str) -> String {
    with_query("/hr/orders", query)
}

/// The orders of one person.
#[must_use]
pub fn orders_of(person: impl Display) -> String {
    format!("/hr/orders?person={person}")
}

#[must_use]
pub fn order(number: &str) -> String {
    format!("/hr/orders/{number}")
}

#[must_use]
pub fn order_preparation(number: &str) -> String {
    format!("/hr/orders/{number}/preparation")
}

#[must_use]
pub fn order_fulfilment(number: &str) -> String {
    format!("/hr/orders/{number}/fulfilment")
}

#[must_use]
pub fn order_cancellation(number: &str) -> String {
    format!("/hr/orders/{number}/cancellation")
}

// ---- people

#[must_use]
pub fn people() -> String {
    "/hr/people".to_owned()
}

/// The list, filtered: `query` is encoded already.
#[must_use]
pub fn people_filtered(query: &str) -> String {
    with_query("/hr/people", query)
}

/// The list as CSV, with the same filter as the page.
#[must_use]
pub fn people_csv(query: &str) -> String {
    with_query("/hr/people.csv", query)
}

#[must_use]
pub fn person_new() -> String {
    "/hr/people/new".to_owned()
}

#[must_use]
pub fn person(person: impl Display) -> String {
    format!("/hr/people/{person}")
}

#[must_use]
pub fn person_edit(person: impl Display) -> String {
    format!("/hr/people/{person}/edit")
}

#[must_use]
pub fn person_deactivation(person: impl Display) -> String {
    format!("/hr/people/{person}/deactivation")
}

#[must_use]
pub fn person_reactivation(person: impl Display) -> String {
    format!("/hr/people/{person}/reactivation")
}

/// Sheets of people.
#[must_use]
pub fn imports() -> String {
    "/hr/people/imports".to_owned()
}

#[must_use]
pub fn import(import: impl Display) -> String {
    format!("/hr/people/imports/{import}")
}

/// Its rows, filtered: `query` is encoded already.
#[must_use]
pub fn import_filtered(import: impl Display, query: &str) -> String {
    with_query(&format!("/hr/people/imports/{import}"), query)
}

#[must_use]
pub fn import_entry(import: impl Display) -> String {
    format!("/hr/people/imports/{import}/entry")
}

#[must_use]
pub fn import_refused(import: impl Display) -> String {
    format!("/hr/people/imports/{import}/refused.csv")
}

// ---- reports

#[must_use]
pub fn reports() -> String {
    "/hr/reports".to_owned()
}

/// The overview of some days: `query` is encoded already, here and below.
#[must_use]
pub fn reports_filtered(query: &str) -> String {
    with_query("/hr/reports", query)
}

#[must_use]
pub fn reports_csv(query: &str) -> String {
    with_query("/hr/reports.csv", query)
}

#[must_use]
pub fn reports_trend_csv(query: &str) -> String {
    with_query("/hr/reports/trend.csv", query)
}

#[must_use]
pub fn reports_departments_csv(query: &str) -> String {
    with_query("/hr/reports/departments.csv", query)
}

/// The transfers behind a figure.
#[must_use]
pub fn reports_transfers(query: &str) -> String {
    with_query("/hr/reports/transfers", query)
}

#[must_use]
pub fn reports_transfers_csv(query: &str) -> String {
    with_query("/hr/reports/transfers.csv", query)
}

/// Everybody, with what moved on their account.
#[must_use]
pub fn reports_people(query: &str) -> String {
    with_query("/hr/reports/people", query)
}

#[must_use]
pub fn reports_people_csv(query: &str) -> String {
    with_query("/hr/reports/people.csv", query)
}

/// What was redeemed of each product.
#[must_use]
pub fn reports_products(query: &str) -> String {
    with_query("/hr/reports/products", query)
}

#[must_use]
pub fn reports_products_csv(query: &str) -> String {
    with_query("/hr/reports/products.csv", query)
}

/// Points that lapse soon, lot by lot.
#[must_use]
pub fn reports_expiring(query: &str) -> String {
    with_query("/hr/reports/expiring", query)
}

#[must_use]
pub fn reports_expiring_csv(query: &str) -> String {
    with_query("/hr/reports/expiring.csv", query)
}

// ---- audit

#[must_use]
pub fn audit() -> String {
    "/hr/audit".to_owned()
}

/// The trail, filtered: `query` is encoded already.
#[must_use]
pub fn audit_filtered(query: &str) -> String {
    with_query("/hr/audit", query)
}

/// The same as a file.
#[must_use]
pub fn audit_csv(query: &str) -> String {
    with_query("/hr/audit.csv", query)
}

/// One act.
#[must_use]
pub fn audit_event(event: i64) -> String {
    format!("/hr/audit/{event}")
}

/// Everything that was done in a request.
#[must_use]
pub fn audit_of_request(request: &str) -> String {
    format!("/hr/audit?request={request}")
}

/// Everything that was done on something, by its id.
#[must_use]
pub fn audit_about(subject: impl Display) -> String {
    format!("/hr/audit?q={subject}")
}

/// Everything that was done about a person.
#[must_use]
pub fn audit_of_person(person: impl Display) -> String {
    format!("/hr/audit?person={person}")
}
