//! The addresses of HR's desk, desk by desk.

use std::fmt::Display;

use super::with_query;

/// Where every address of the desk begins.
pub const ROOT: &str = "/hr";

/// What needs somebody.
#[must_use]
pub fn overview() -> String {
    ROOT.to_owned()
}

/// Another chance for a mail that was given up.
#[must_use]
pub fn mail_delivery(message: impl Display) -> String {
    format!("/hr/mails/{message}/delivery")
}

/// The same for all of them.
#[must_use]
pub fn mail_deliveries() -> String {
    "/hr/mails/deliveries".to_owned()
}

// ---- points

/// Every grant and deduction.
#[must_use]
pub fn points() -> String {
    "/hr/points".to_owned()
}

/// One person's account: lots, statement, where points came from and went.
#[must_use]
pub fn account(person: impl Display) -> String {
    format!("/hr/points/people/{person}")
}

#[must_use]
pub fn runs() -> String {
    "/hr/points/runs".to_owned()
}

#[must_use]
pub fn runs_new() -> String {
    "/hr/points/runs/new".to_owned()
}

#[must_use]
pub fn run(run: impl Display) -> String {
    format!("/hr/points/runs/{run}")
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

/// The queue as CSV, with the same filter as the page.
#[must_use]
pub fn orders_csv(query: &str) -> String {
    with_query("/hr/orders.csv", query)
}

/// Several orders that somebody begins.
#[must_use]
pub fn order_preparations() -> String {
    "/hr/orders/preparations".to_owned()
}

/// Several orders that are handed over.
#[must_use]
pub fn order_fulfilments() -> String {
    "/hr/orders/fulfilments".to_owned()
}

/// What became of several orders.
#[must_use]
pub fn order_batch(batch: impl Display) -> String {
    format!("/hr/orders/batches/{batch}")
}

/// What is to be packed, of the orders of a list: `query` is encoded already.
#[must_use]
pub fn packing_list(query: &str) -> String {
    with_query("/hr/orders/packing-list", query)
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

#[must_use]
pub fn order_notes(number: &str) -> String {
    format!("/hr/orders/{number}/notes")
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

// ---- audit

#[must_use]
pub fn audit() -> String {
    "/hr/audit".to_owned()
}
