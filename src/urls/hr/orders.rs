//! The addresses of the orders desk.

use std::fmt::Display;

use crate::urls::with_query;

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

/// The orders of some days with a product, wherever they stand.
#[must_use]
pub fn orders_of_product(slug: &str, from: impl Display, to: impl Display) -> String {
    format!("/hr/orders?state=all&product={slug}&from={from}&to={to}")
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
