//! The rows of HR's desk, desk by desk.

use awsomeshop::types::role::Desk;
use awsomeshop::web::route::Who::{self, AnyDesk, Hr};

use super::Row;
use super::Whose::Everyones;

pub const OVERVIEW: &[Row] = &[
    ("GET", "/hr", AnyDesk, Everyones),
    ("POST", "/hr/mails/deliveries", Hr(Desk::Audit), Everyones),
    ("POST", "/hr/mails/{message}/delivery", Hr(Desk::Audit), Everyones),
];

pub const POINTS: &[Row] = &[];

pub const PRODUCTS: &[Row] = &[];

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
    ("GET", "/hr/people/imports/{import}", AT_PEOPLE, Everyones),
    ("GET", "/hr/people/imports/{import}/refused.csv", AT_PEOPLE, Everyones),
    ("POST", "/hr/people/imports/{import}/entry", AT_PEOPLE, Everyones),
    ("GET", "/hr/people/{person}", AT_PEOPLE, Everyones),
    ("GET", "/hr/people/{person}/edit", AT_PEOPLE, Everyones),
    ("POST", "/hr/people/{person}", AT_PEOPLE, Everyones),
    ("POST", "/hr/people/{person}/deactivation", AT_PEOPLE, Everyones),
    ("POST", "/hr/people/{person}/reactivation", AT_PEOPLE, Everyones),
];

pub const REPORTS: &[Row] = &[];

pub const AUDIT: &[Row] = &[];
