//! The addresses of reports and of what is checked.

use crate::urls::with_query;

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
