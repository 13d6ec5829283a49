//! The rows of HR's desk, desk by desk.

use awsomeshop::types::role::Desk;
use awsomeshop::web::route::Who::{self, Hr};

use super::Row;
use super::Whose::Everyones;

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
    ("GET", "/hr/points/rules/{rule}/missed", AT_POINTS, Everyones),
    ("POST", "/hr/points/rules/{rule}/catch-ups", AT_POINTS, Everyones),
    ("GET", "/hr/points/rules/{rule}/overrides/new", AT_POINTS, Everyones),
    ("POST", "/hr/points/rules/{rule}/overrides", AT_POINTS, Everyones),
    ("POST", "/hr/points/rules/{rule}/overrides/{person}/removal", AT_POINTS, Everyones),
];

pub const PRODUCTS: &[Row] = &[];

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
