//! The rows of HR's desk, desk by desk.

use awsomeshop::types::role::Desk;
use awsomeshop::web::route::Who::{self, Hr};

use super::Row;
use super::Whose::Everyones;

pub const POINTS: &[Row] = &[];

const AT_PRODUCTS: Who = Hr(Desk::Products);
pub const PRODUCTS: &[Row] = &[
    ("GET", "/hr/products/{product}/pictures", AT_PRODUCTS, Everyones),
    ("POST", "/hr/products/{product}/pictures", AT_PRODUCTS, Everyones),
    ("POST", "/hr/products/{product}/pictures/{picture}", AT_PRODUCTS, Everyones),
    ("POST", "/hr/products/{product}/pictures/{picture}/position", AT_PRODUCTS, Everyones),
    ("POST", "/hr/products/{product}/pictures/{picture}/removal", AT_PRODUCTS, Everyones),
];

const AT_ORDERS: Who = Hr(Desk::Orders);
pub const ORDERS: &[Row] = &[
    ("GET", "/hr/orders", AT_ORDERS, Everyones),
    ("GET", "/hr/orders/{number}", AT_ORDERS, Everyones),
    ("POST", "/hr/orders/{number}/preparation", AT_ORDERS, Everyones),
    ("POST", "/hr/orders/{number}/fulfilment", AT_ORDERS, Everyones),
    ("POST", "/hr/orders/{number}/cancellation", AT_ORDERS, Everyones),
];

pub const PEOPLE: &[Row] = &[];

pub const REPORTS: &[Row] = &[];

pub const AUDIT: &[Row] = &[];
