//! The routes of HR's desk, desk by desk. Each is open to its own desk and to super admins.

use crate::types::role::Desk;
use crate::web::route::Who::Hr;
use crate::web::route::{Route, get, post};
use crate::{catalog, orders};

/// All of them.
pub fn table() -> Vec<Route> {
    [points(), products(), orders(), people(), reports(), audit()].into_iter().flatten().collect()
}

fn points() -> Vec<Route> {
    vec![]
}

fn products() -> Vec<Route> {
    let who = Hr(Desk::Products);
    vec![
        get("/hr/products/{product}/pictures", who, catalog::hr::pictures::index),
        post("/hr/products/{product}/pictures", who, catalog::hr::pictures::create)
            .up_to(catalog::hr::pictures::UPLOAD_BYTES),
        post("/hr/products/{product}/pictures/{picture}", who, catalog::hr::pictures::update),
        post("/hr/products/{product}/pictures/{picture}/position", who, catalog::hr::pictures::arrange),
        post("/hr/products/{product}/pictures/{picture}/removal", who, catalog::hr::pictures::remove),
    ]
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
    vec![]
}
