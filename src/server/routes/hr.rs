//! The routes of HR's desk, desk by desk. Each is open to its own desk and to super admins.

use crate::types::role::Desk;
use crate::web::route::Who::{AnyDesk, Hr};
use crate::web::route::{Route, get, post};
use crate::{orders, overview, people};

/// All of them.
pub fn table() -> Vec<Route> {
    [overview(), points(), products(), orders(), people(), reports(), audit()].into_iter().flatten().collect()
}

fn overview() -> Vec<Route> {
    vec![
        get("/hr", AnyDesk, overview::hr::index),
        post("/hr/mails/deliveries", Hr(Desk::Audit), overview::hr::deliver_all),
        post("/hr/mails/{message}/delivery", Hr(Desk::Audit), overview::hr::deliver),
    ]
}

fn points() -> Vec<Route> {
    vec![]
}

fn products() -> Vec<Route> {
    vec![]
}

fn orders() -> Vec<Route> {
    let who = Hr(Desk::Orders);
    vec![
        get("/hr/orders", who, orders::hr::index),
        get("/hr/orders.csv", who, orders::hr::download),
        get("/hr/orders/packing-list", who, orders::hr::packing::show),
        post("/hr/orders/preparations", who, orders::hr::batch::prepare),
        post("/hr/orders/fulfilments", who, orders::hr::batch::fulfil),
        get("/hr/orders/batches/{batch}", who, orders::hr::batch::show),
        get("/hr/orders/{number}", who, orders::hr::order::show),
        post("/hr/orders/{number}/preparation", who, orders::hr::order::prepare),
        post("/hr/orders/{number}/fulfilment", who, orders::hr::order::fulfil),
        post("/hr/orders/{number}/notes", who, orders::hr::notes::create),
        post("/hr/orders/{number}/cancellation", who, orders::hr::cancellation::create),
    ]
}

fn people() -> Vec<Route> {
    let who = Hr(Desk::People);
    vec![
        get("/hr/people", who, people::hr::index),
        get("/hr/people.csv", who, people::hr::download),
        post("/hr/people", who, people::hr::edit::create),
        get("/hr/people/new", who, people::hr::edit::new),
        get("/hr/people/imports", who, people::hr::imports::index),
        post("/hr/people/imports", who, people::hr::imports::create).up_to(people::hr::imports::UPLOAD_BYTES),
        get("/hr/people/imports/{import}", who, people::hr::imports::show),
        get("/hr/people/imports/{import}/refused.csv", who, people::hr::imports::refused),
        post("/hr/people/imports/{import}/entry", who, people::hr::imports::enter),
        get("/hr/people/{person}", who, people::hr::person::show),
        get("/hr/people/{person}/edit", who, people::hr::edit::edit),
        post("/hr/people/{person}", who, people::hr::edit::update),
        post("/hr/people/{person}/deactivation", who, people::hr::person::deactivate),
        post("/hr/people/{person}/reactivation", who, people::hr::person::reactivate),
    ]
}

fn reports() -> Vec<Route> {
    vec![]
}

fn audit() -> Vec<Route> {
    vec![]
}
