//! The routes of HR's desk, desk by desk. Each is open to its own desk and to super admins.

use crate::catalog::hr::edit::FORM_BYTES;
use crate::codes::hr::LIST_BYTES;
use crate::grants::hr::runs::new::SHEET_BYTES;
use crate::types::role::Desk;
use crate::web::route::Who::{AnyDesk, Hr};
use crate::web::route::{Route, get, post};
use crate::{audit, catalog, codes, grants, ledger, orders, overview, people, reports};

/// All of them.
pub fn table() -> Vec<Route> {
    [overview(), points(), runs(), products(), orders(), people(), reports(), audit()]
        .into_iter()
        .flatten()
        .collect()
}

fn overview() -> Vec<Route> {
    vec![
        get("/hr", AnyDesk, overview::hr::index),
        post("/hr/mails/deliveries", Hr(Desk::Audit), overview::hr::deliver_all),
        post("/hr/mails/{message}/delivery", Hr(Desk::Audit), overview::hr::deliver),
    ]
}

fn points() -> Vec<Route> {
    let who = Hr(Desk::Points);
    vec![
        get("/hr/points", who, grants::hr::index),
        get("/hr/points.csv", who, grants::hr::download),
        get("/hr/points/people/{person}", who, ledger::hr::show),
        get("/hr/points/people/{person}/statement.csv", who, ledger::hr::download),
        get("/hr/points/grants/new", who, grants::hr::by_hand::new_grant),
        post("/hr/points/grants", who, grants::hr::by_hand::create_grant),
        get("/hr/points/grants/{grant}", who, grants::hr::grant::show),
        post("/hr/points/grants/{grant}/reversal", who, grants::hr::grant::undo),
        get("/hr/points/deductions/new", who, grants::hr::by_hand::new_deduction),
        post("/hr/points/deductions", who, grants::hr::by_hand::create_deduction),
        get("/hr/points/rules", who, grants::hr::rules::index),
        post("/hr/points/rules", who, grants::hr::rules::edit::create),
        get("/hr/points/rules/new", who, grants::hr::rules::edit::new),
        get("/hr/points/rules/{rule}", who, grants::hr::rules::show),
        post("/hr/points/rules/{rule}", who, grants::hr::rules::edit::update),
        get("/hr/points/rules/{rule}/edit", who, grants::hr::rules::edit::edit),
        get("/hr/points/rules/{rule}/preview", who, grants::hr::rules::preview::show),
        get("/hr/points/rules/{rule}/preview.csv", who, grants::hr::rules::preview::download),
        get("/hr/points/rules/{rule}/missed", who, grants::hr::rules::missed::show),
        get("/hr/points/rules/{rule}/missed.csv", who, grants::hr::rules::missed::download),
        post("/hr/points/rules/{rule}/approval", who, grants::hr::rules::approve),
        post("/hr/points/rules/{rule}/catch-ups", who, grants::hr::rules::missed::catch_up),
        get("/hr/points/rules/{rule}/overrides/new", who, grants::hr::rules::overrides::new),
        post("/hr/points/rules/{rule}/overrides", who, grants::hr::rules::overrides::create),
        post("/hr/points/rules/{rule}/overrides/{person}/removal", who, grants::hr::rules::overrides::remove),
    ]
}

/// Points for many people at once.
fn runs() -> Vec<Route> {
    let who = Hr(Desk::Points);
    vec![
        get("/hr/points/runs", who, grants::hr::runs::index),
        post("/hr/points/runs", who, grants::hr::runs::new::create).up_to(SHEET_BYTES),
        get("/hr/points/runs.csv", who, grants::hr::runs::download),
        get("/hr/points/runs/new", who, grants::hr::runs::new::new),
        post("/hr/points/runs/many", who, grants::hr::runs::new::create_many),
        get("/hr/points/runs/{run}", who, grants::hr::runs::show::show),
        get("/hr/points/runs/{run}/rows.csv", who, grants::hr::runs::show::download),
        post("/hr/points/runs/{run}/commitment", who, grants::hr::runs::act::commit),
        post("/hr/points/runs/{run}/withdrawal", who, grants::hr::runs::act::withdraw),
        post("/hr/points/runs/{run}/approval", who, grants::hr::runs::act::approve),
        post("/hr/points/runs/{run}/rejection", who, grants::hr::runs::act::reject),
        get("/hr/points/runs/{run}/reversal", who, grants::hr::runs::reversal::new),
        post("/hr/points/runs/{run}/reversal", who, grants::hr::runs::reversal::create),
    ]
}

fn products() -> Vec<Route> {
    let who = Hr(Desk::Products);
    vec![
        get("/hr/products", who, catalog::hr::index),
        post("/hr/products", who, catalog::hr::edit::create).up_to(FORM_BYTES),
        get("/hr/products.csv", who, catalog::hr::download),
        get("/hr/products/new", who, catalog::hr::edit::new),
        get("/hr/products/categories", who, catalog::hr::categories::index),
        post("/hr/products/categories", who, catalog::hr::categories::create),
        post("/hr/products/categories/{category}", who, catalog::hr::categories::update),
        post("/hr/products/categories/{category}/place", who, catalog::hr::categories::place),
        post("/hr/products/categories/{category}/removal", who, catalog::hr::categories::remove),
        get("/hr/products/{product}", who, catalog::hr::product::show),
        post("/hr/products/{product}", who, catalog::hr::edit::update).up_to(FORM_BYTES),
        get("/hr/products/{product}/edit", who, catalog::hr::edit::edit),
        post("/hr/products/{product}/state", who, catalog::hr::product::change_state),
        post("/hr/products/{product}/removal", who, catalog::hr::product::remove),
        get("/hr/products/{product}/pictures", who, catalog::hr::pictures::index),
        post("/hr/products/{product}/pictures", who, catalog::hr::pictures::create)
            .up_to(catalog::hr::pictures::UPLOAD_BYTES),
        post("/hr/products/{product}/pictures/{picture}", who, catalog::hr::pictures::update),
        post("/hr/products/{product}/pictures/{picture}/position", who, catalog::hr::pictures::arrange),
        post("/hr/products/{product}/pictures/{picture}/removal", who, catalog::hr::pictures::remove),
        get("/hr/products/{product}/stock", who, catalog::hr::stock::show),
        post("/hr/products/{product}/stock", who, catalog::hr::stock::adjust),
        get("/hr/products/{product}/stock.csv", who, catalog::hr::stock::download),
        get("/hr/products/{product}/codes", who, codes::hr::index),
        post("/hr/products/{product}/codes", who, codes::hr::create).up_to(LIST_BYTES),
        get("/hr/products/{product}/codes.csv", who, codes::hr::download),
        post("/hr/products/{product}/codes/file", who, codes::hr::upload).up_to(LIST_BYTES),
        post("/hr/products/{product}/codes/{code}/withdrawal", who, codes::hr::withdraw),
    ]
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
        get("/hr/people/imports", who, people::hr::imports::list::index),
        post("/hr/people/imports", who, people::hr::imports::create).up_to(people::hr::imports::UPLOAD_BYTES),
        get("/hr/people/imports.csv", who, people::hr::imports::list::download),
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
    let who = Hr(Desk::Reports);
    vec![
        get("/hr/reports", who, reports::hr::index),
        get("/hr/reports.csv", who, reports::hr::download),
        get("/hr/reports/trend.csv", who, reports::hr::trend),
        get("/hr/reports/departments.csv", who, reports::hr::departments),
        get("/hr/reports/transfers", who, reports::hr::transfers::index),
        get("/hr/reports/transfers.csv", who, reports::hr::transfers::download),
        get("/hr/reports/people", who, reports::hr::people::index),
        get("/hr/reports/people.csv", who, reports::hr::people::download),
        get("/hr/reports/products", who, reports::hr::products::index),
        get("/hr/reports/products.csv", who, reports::hr::products::download),
        get("/hr/reports/expiring", who, reports::hr::expiring::index),
        get("/hr/reports/expiring.csv", who, reports::hr::expiring::download),
    ]
}

fn audit() -> Vec<Route> {
    let who = Hr(Desk::Audit);
    vec![
        get("/hr/audit", who, audit::hr::index),
        get("/hr/audit.csv", who, audit::hr::download),
        get("/hr/audit/{event}", who, audit::hr::show),
    ]
}
