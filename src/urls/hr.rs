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

#[must_use]
pub fn person(person: impl Display) -> String {
    format!("/hr/people/{person}")
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
