//! The routes of HR's desk, desk by desk. Each is open to its own desk and to super admins.

use crate::{audit, orders};
use crate::types::role::Desk;
use crate::web::route::Who::Hr;
use crate::web::route::{Route, get, post};

/// All of them.
pub fn table() -> Vec<Route> {
    [points(), products(), orders(), people(), reports(), audit()].into_iter().flatten().collect()
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
        get("/hr/orders/{number}", who, orders::hr::order::show),
        post("/hr/orders/{number}/preparation", who, orders::hr::order::prepare),
        post("/hr/orders/{number}/fulfilment", who, orders::hr::order::fulfil),
        post("/hr/orders/{number}/cancellation", who, orders::hr::order::cancel),
    ]
}

fn people() -> Vec<Route> {
    vec![]
}

fn reports() -> Vec<Route> {
    vec![]
}

fn audit() -> Vec<Route> {
    let who = Hr(Desk::Audit);
    vec![
        get("/hr/audit", who, audit::hr::index),
        get("/hr/audit.csv", who, audit::hr::download),
        get("/hr/audit/{event}", who, audit::hr::show),
    ]
}
