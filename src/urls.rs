//! Every address in the shop, as a function. Pages, redirects and tests link only through these.

pub mod hr;

use std::fmt::Display;

/// Where signing in ends, registered with the identity provider.
pub const SIGN_IN_CALLBACK: &str = "/sign-in/callback";

/// `/`: the catalog.
#[must_use]
pub fn home() -> String {
    "/".to_owned()
}

/// The catalog, filtered: `query` is encoded already.
#[must_use]
pub fn catalog(query: &str) -> String {
    with_query("/", query)
}

#[must_use]
pub fn product(slug: &str) -> String {
    format!("/products/{slug}")
}

#[must_use]
pub fn cart() -> String {
    "/cart".to_owned()
}

#[must_use]
pub fn cart_lines() -> String {
    "/cart/lines".to_owned()
}

#[must_use]
pub fn cart_line(product_id: impl Display) -> String {
    format!("/cart/lines/{product_id}")
}

#[must_use]
pub fn cart_line_removal(product_id: impl Display) -> String {
    format!("/cart/lines/{product_id}/removal")
}

#[must_use]
pub fn checkout() -> String {
    "/checkout".to_owned()
}

#[must_use]
pub fn orders() -> String {
    "/orders".to_owned()
}

/// The order list, filtered: `query` is encoded already.
#[must_use]
pub fn orders_filtered(query: &str) -> String {
    with_query("/orders", query)
}

#[must_use]
pub fn order(number: &str) -> String {
    format!("/orders/{number}")
}

#[must_use]
pub fn order_cancellation(number: &str) -> String {
    format!("/orders/{number}/cancellation")
}

#[must_use]
pub fn code_reveal(number: &str, code_id: impl Display) -> String {
    format!("/orders/{number}/codes/{code_id}/reveal")
}

#[must_use]
pub fn points() -> String {
    "/points".to_owned()
}

/// The statement, filtered: `query` is encoded already.
#[must_use]
pub fn points_filtered(query: &str) -> String {
    with_query("/points", query)
}

/// The statement as CSV, with the same filter as the page.
#[must_use]
pub fn points_csv(query: &str) -> String {
    with_query("/points.csv", query)
}

#[must_use]
pub fn addresses() -> String {
    "/addresses".to_owned()
}

#[must_use]
pub fn new_address() -> String {
    "/addresses/new".to_owned()
}

/// The form for a new address, which leads back to the checkout.
#[must_use]
pub fn new_address_then_checkout() -> String {
    "/addresses/new?next=/checkout".to_owned()
}

#[must_use]
pub fn address(id: impl Display) -> String {
    format!("/addresses/{id}")
}

#[must_use]
pub fn edit_address(id: impl Display) -> String {
    format!("/addresses/{id}/edit")
}

#[must_use]
pub fn address_default(id: impl Display) -> String {
    format!("/addresses/{id}/default")
}

#[must_use]
pub fn address_removal(id: impl Display) -> String {
    format!("/addresses/{id}/removal")
}

/// Signing in, and where to go after it (an address within the shop).
#[must_use]
pub fn sign_in(next: &str) -> String {
    if next.is_empty() || next == "/" {
        return "/sign-in".to_owned();
    }
    let query = serde_urlencoded::to_string([("next", next)]).unwrap_or_default();
    with_query("/sign-in", &query)
}

#[must_use]
pub fn sign_out() -> String {
    "/sign-out".to_owned()
}

#[must_use]
pub fn signed_out() -> String {
    "/signed-out".to_owned()
}

/// The same page right after signing out here: it leads on to the identity provider's own sign-out.
#[must_use]
pub fn signed_out_from_shop() -> String {
    "/signed-out?from=shop".to_owned()
}

/// Where a form ends that was sent after the session had ended: the person is told before signing in again.
#[must_use]
pub fn sign_in_after_form() -> String {
    "/sign-in?after=form".to_owned()
}

#[must_use]
pub fn health() -> String {
    "/health".to_owned()
}

/// Static files live under this.
pub const STATIC: &str = "/static";

fn with_query(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}
