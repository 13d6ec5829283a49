//! The addresses of the products desk: products, their pictures, stock and codes, categories.

use std::fmt::Display;

use crate::urls::with_query;

#[must_use]
pub fn products() -> String {
    "/hr/products".to_owned()
}

/// The list of products, filtered: `query` is encoded already.
#[must_use]
pub fn products_filtered(query: &str) -> String {
    with_query("/hr/products", query)
}

/// The same as CSV.
#[must_use]
pub fn products_csv(query: &str) -> String {
    with_query("/hr/products.csv", query)
}

#[must_use]
pub fn new_product() -> String {
    "/hr/products/new".to_owned()
}

#[must_use]
pub fn product(product: impl Display) -> String {
    format!("/hr/products/{product}")
}

#[must_use]
pub fn edit_product(product: impl Display) -> String {
    format!("/hr/products/{product}/edit")
}

#[must_use]
pub fn product_state(product: impl Display) -> String {
    format!("/hr/products/{product}/state")
}

#[must_use]
pub fn product_removal(product: impl Display) -> String {
    format!("/hr/products/{product}/removal")
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

/// A product's stock and its moves.
#[must_use]
pub fn product_stock(product: impl Display) -> String {
    format!("/hr/products/{product}/stock")
}

/// The moves, filtered: `query` is encoded already.
#[must_use]
pub fn product_stock_filtered(product: impl Display, query: &str) -> String {
    with_query(&product_stock(product), query)
}

/// The same as CSV.
#[must_use]
pub fn product_stock_csv(product: impl Display, query: &str) -> String {
    with_query(&format!("/hr/products/{product}/stock.csv"), query)
}

/// The codes of a digital product.
#[must_use]
pub fn product_codes(product: impl Display) -> String {
    format!("/hr/products/{product}/codes")
}

/// The codes, filtered: `query` is encoded already.
#[must_use]
pub fn product_codes_filtered(product: impl Display, query: &str) -> String {
    with_query(&product_codes(product), query)
}

/// The same as CSV.
#[must_use]
pub fn product_codes_csv(product: impl Display, query: &str) -> String {
    with_query(&format!("/hr/products/{product}/codes.csv"), query)
}

/// The codes, and what became of a list that was brought.
#[must_use]
pub fn product_codes_batch(product: impl Display, batch: impl Display) -> String {
    format!("/hr/products/{product}/codes?batch={batch}")
}

/// Where a file of codes goes.
#[must_use]
pub fn product_codes_file(product: impl Display) -> String {
    format!("/hr/products/{product}/codes/file")
}

#[must_use]
pub fn code_withdrawal(product: impl Display, code: impl Display) -> String {
    format!("/hr/products/{product}/codes/{code}/withdrawal")
}

#[must_use]
pub fn categories() -> String {
    "/hr/products/categories".to_owned()
}

#[must_use]
pub fn category(category: impl Display) -> String {
    format!("/hr/products/categories/{category}")
}

/// Where a category stands among the others.
#[must_use]
pub fn category_place(category: impl Display) -> String {
    format!("/hr/products/categories/{category}/place")
}

#[must_use]
pub fn category_removal(category: impl Display) -> String {
    format!("/hr/products/categories/{category}/removal")
}
