//! The rows of HR's desk, desk by desk.

use awsomeshop::types::id::{CategoryId, CodeId, ProductId};
use awsomeshop::types::role::Desk;
use awsomeshop::web::route::Who::{self, AnyDesk, Hr};

use super::Row;
use super::Whose::Everyones;
use crate::support::Shop;

pub const OVERVIEW: &[Row] = &[
    ("GET", "/hr", AnyDesk, Everyones),
    ("POST", "/hr/mails/deliveries", Hr(Desk::Audit), Everyones),
    ("POST", "/hr/mails/{message}/delivery", Hr(Desk::Audit), Everyones),
];

const AT_POINTS: Who = Hr(Desk::Points);
pub const POINTS: &[Row] = &[
    ("GET", "/hr/points", AT_POINTS, Everyones),
    ("GET", "/hr/points.csv", AT_POINTS, Everyones),
    ("GET", "/hr/points/people/{person}", AT_POINTS, Everyones),
    ("GET", "/hr/points/people/{person}/statement.csv", AT_POINTS, Everyones),
    ("GET", "/hr/points/grants/new", AT_POINTS, Everyones),
    ("POST", "/hr/points/grants", AT_POINTS, Everyones),
    ("GET", "/hr/points/grants/{grant}", AT_POINTS, Everyones),
    ("POST", "/hr/points/grants/{grant}/reversal", AT_POINTS, Everyones),
    ("GET", "/hr/points/deductions/new", AT_POINTS, Everyones),
    ("POST", "/hr/points/deductions", AT_POINTS, Everyones),
    ("GET", "/hr/points/rules", AT_POINTS, Everyones),
    ("POST", "/hr/points/rules", AT_POINTS, Everyones),
    ("GET", "/hr/points/rules/new", AT_POINTS, Everyones),
    ("GET", "/hr/points/rules/{rule}", AT_POINTS, Everyones),
    ("POST", "/hr/points/rules/{rule}", AT_POINTS, Everyones),
    ("GET", "/hr/points/rules/{rule}/edit", AT_POINTS, Everyones),
    ("GET", "/hr/points/rules/{rule}/preview", AT_POINTS, Everyones),
    ("GET", "/hr/points/rules/{rule}/preview.csv", AT_POINTS, Everyones),
    ("GET", "/hr/points/rules/{rule}/missed", AT_POINTS, Everyones),
    ("GET", "/hr/points/rules/{rule}/missed.csv", AT_POINTS, Everyones),
    ("POST", "/hr/points/rules/{rule}/approval", AT_POINTS, Everyones),
    ("POST", "/hr/points/rules/{rule}/catch-ups", AT_POINTS, Everyones),
    ("GET", "/hr/points/rules/{rule}/overrides/new", AT_POINTS, Everyones),
    ("POST", "/hr/points/rules/{rule}/overrides", AT_POINTS, Everyones),
    ("POST", "/hr/points/rules/{rule}/overrides/{person}/removal", AT_POINTS, Everyones),
    ("GET", "/hr/points/runs", AT_POINTS, Everyones),
    ("POST", "/hr/points/runs", AT_POINTS, Everyones),
    ("GET", "/hr/points/runs.csv", AT_POINTS, Everyones),
    ("GET", "/hr/points/runs/new", AT_POINTS, Everyones),
    ("POST", "/hr/points/runs/many", AT_POINTS, Everyones),
    ("GET", "/hr/points/runs/{run}", AT_POINTS, Everyones),
    ("GET", "/hr/points/runs/{run}/rows.csv", AT_POINTS, Everyones),
    ("POST", "/hr/points/runs/{run}/commitment", AT_POINTS, Everyones),
    ("POST", "/hr/points/runs/{run}/withdrawal", AT_POINTS, Everyones),
    ("POST", "/hr/points/runs/{run}/approval", AT_POINTS, Everyones),
    ("POST", "/hr/points/runs/{run}/rejection", AT_POINTS, Everyones),
    ("GET", "/hr/points/runs/{run}/reversal", AT_POINTS, Everyones),
    ("POST", "/hr/points/runs/{run}/reversal", AT_POINTS, Everyones),
];

const AT_PRODUCTS: Who = Hr(Desk::Products);
pub const PRODUCTS: &[Row] = &[
    ("GET", "/hr/products", AT_PRODUCTS, Everyones),
    ("POST", "/hr/products", AT_PRODUCTS, Everyones),
    ("GET", "/hr/products.csv", AT_PRODUCTS, Everyones),
    ("GET", "/hr/products/new", AT_PRODUCTS, Everyones),
    ("GET", "/hr/products/categories", AT_PRODUCTS, Everyones),
    ("POST", "/hr/products/categories", AT_PRODUCTS, Everyones),
    ("POST", "/hr/products/categories/{category}", AT_PRODUCTS, Everyones),
    ("POST", "/hr/products/categories/{category}/place", AT_PRODUCTS, Everyones),
    ("POST", "/hr/products/categories/{category}/removal", AT_PRODUCTS, Everyones),
    ("GET", "/hr/products/{product}", AT_PRODUCTS, Everyones),
    ("POST", "/hr/products/{product}", AT_PRODUCTS, Everyones),
    ("GET", "/hr/products/{product}/edit", AT_PRODUCTS, Everyones),
    ("POST", "/hr/products/{product}/state", AT_PRODUCTS, Everyones),
    ("POST", "/hr/products/{product}/removal", AT_PRODUCTS, Everyones),
    ("GET", "/hr/products/{product}/stock", AT_PRODUCTS, Everyones),
    ("POST", "/hr/products/{product}/stock", AT_PRODUCTS, Everyones),
    ("GET", "/hr/products/{product}/stock.csv", AT_PRODUCTS, Everyones),
    ("GET", "/hr/products/{product}/codes", AT_PRODUCTS, Everyones),
    ("POST", "/hr/products/{product}/codes", AT_PRODUCTS, Everyones),
    ("GET", "/hr/products/{product}/codes.csv", AT_PRODUCTS, Everyones),
    ("POST", "/hr/products/{product}/codes/file", AT_PRODUCTS, Everyones),
    ("POST", "/hr/products/{product}/codes/{code}/withdrawal", AT_PRODUCTS, Everyones),
    ("GET", "/hr/products/{product}/pictures", AT_PRODUCTS, Everyones),
    ("POST", "/hr/products/{product}/pictures", AT_PRODUCTS, Everyones),
    ("POST", "/hr/products/{product}/pictures/{picture}", AT_PRODUCTS, Everyones),
    ("POST", "/hr/products/{product}/pictures/{picture}/position", AT_PRODUCTS, Everyones),
    ("POST", "/hr/products/{product}/pictures/{picture}/removal", AT_PRODUCTS, Everyones),
];

const AT_ORDERS: Who = Hr(Desk::Orders);
pub const ORDERS: &[Row] = &[
    ("GET", "/hr/orders", AT_ORDERS, Everyones),
    ("GET", "/hr/orders.csv", AT_ORDERS, Everyones),
    ("GET", "/hr/orders/packing-list", AT_ORDERS, Everyones),
    ("POST", "/hr/orders/preparations", AT_ORDERS, Everyones),
    ("POST", "/hr/orders/fulfilments", AT_ORDERS, Everyones),
    ("GET", "/hr/orders/batches/{batch}", AT_ORDERS, Everyones),
    ("GET", "/hr/orders/{number}", AT_ORDERS, Everyones),
    ("POST", "/hr/orders/{number}/notes", AT_ORDERS, Everyones),
    ("POST", "/hr/orders/{number}/preparation", AT_ORDERS, Everyones),
    ("POST", "/hr/orders/{number}/fulfilment", AT_ORDERS, Everyones),
    ("POST", "/hr/orders/{number}/cancellation", AT_ORDERS, Everyones),
];

const AT_PEOPLE: Who = Hr(Desk::People);
pub const PEOPLE: &[Row] = &[
    ("GET", "/hr/people", AT_PEOPLE, Everyones),
    ("GET", "/hr/people.csv", AT_PEOPLE, Everyones),
    ("POST", "/hr/people", AT_PEOPLE, Everyones),
    ("GET", "/hr/people/new", AT_PEOPLE, Everyones),
    ("GET", "/hr/people/imports", AT_PEOPLE, Everyones),
    ("POST", "/hr/people/imports", AT_PEOPLE, Everyones),
    ("GET", "/hr/people/imports.csv", AT_PEOPLE, Everyones),
    ("GET", "/hr/people/imports/{import}", AT_PEOPLE, Everyones),
    ("GET", "/hr/people/imports/{import}/refused.csv", AT_PEOPLE, Everyones),
    ("POST", "/hr/people/imports/{import}/entry", AT_PEOPLE, Everyones),
    ("GET", "/hr/people/{person}", AT_PEOPLE, Everyones),
    ("GET", "/hr/people/{person}/edit", AT_PEOPLE, Everyones),
    ("POST", "/hr/people/{person}", AT_PEOPLE, Everyones),
    ("POST", "/hr/people/{person}/deactivation", AT_PEOPLE, Everyones),
    ("POST", "/hr/people/{person}/reactivation", AT_PEOPLE, Everyones),
];

const AT_REPORTS: Who = Hr(Desk::Reports);
pub const REPORTS: &[Row] = &[
    ("GET", "/hr/reports", AT_REPORTS, Everyones),
    ("GET", "/hr/reports.csv", AT_REPORTS, Everyones),
    ("GET", "/hr/reports/trend.csv", AT_REPORTS, Everyones),
    ("GET", "/hr/reports/departments.csv", AT_REPORTS, Everyones),
    ("GET", "/hr/reports/transfers", AT_REPORTS, Everyones),
    ("GET", "/hr/reports/transfers.csv", AT_REPORTS, Everyones),
    ("GET", "/hr/reports/people", AT_REPORTS, Everyones),
    ("GET", "/hr/reports/people.csv", AT_REPORTS, Everyones),
    ("GET", "/hr/reports/products", AT_REPORTS, Everyones),
    ("GET", "/hr/reports/products.csv", AT_REPORTS, Everyones),
    ("GET", "/hr/reports/expiring", AT_REPORTS, Everyones),
    ("GET", "/hr/reports/expiring.csv", AT_REPORTS, Everyones),
];

const AT_AUDIT: Who = Hr(Desk::Audit);
pub const AUDIT: &[Row] = &[
    ("GET", "/hr/audit", AT_AUDIT, Everyones),
    ("GET", "/hr/audit.csv", AT_AUDIT, Everyones),
    ("GET", "/hr/audit/{event}", AT_AUDIT, Everyones),
];

/// What the products desk works on, apart from what is Ann's: something made of codes with one that is free, a draft, and
/// two categories, one of them empty.
pub struct Shelves {
    pool: ProductId,
    code: CodeId,
    draft: ProductId,
    category: CategoryId,
    empty: CategoryId,
}

impl Shelves {
    pub async fn set(shop: &Shop) -> Self {
        let pool = shop.digital_product("Gift card", 50, &["CCCC-DDDD-2222"]).await.id;
        let draft = shop.product("Idea", 70, 0).await.id;
        shop.sql("UPDATE products SET state = 'draft' WHERE id = ?", [draft.into()]).await;
        let code = shop.id_of("SELECT id FROM codes WHERE product_id = ?", [pool.into()]).await;
        let category = shop.id_of("SELECT category_id FROM products WHERE id = ?", [pool.into()]).await;
        let empty = shop.category("Empty").await;
        Self { pool, code: CodeId(code), draft, category: CategoryId(category), empty }
    }

    /// An address of the products desk with these filled in; any other stays as it is.
    pub fn fill(&self, pattern: &str) -> String {
        if !pattern.starts_with("/hr/products/") || pattern.contains("/pictures") {
            return pattern.to_owned();
        }
        let is = |end: &str| pattern.ends_with(end);
        let category = if is("/removal") { self.empty } else { self.category };
        let product = if is("/removal") { self.draft } else { self.pool };
        let filled = if is("/stock") {
            pattern.to_owned()
        } else {
            pattern.replace("{product}", &product.to_string())
        };
        filled.replace("{category}", &category.to_string()).replace("{code}", &self.code.to_string())
    }
}
