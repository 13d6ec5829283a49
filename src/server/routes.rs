//! Every route of the shop, one line each: method, address, who may call it, handler.

mod hr;

use actix_web::http::header;
use actix_web::middleware::from_fn;
use actix_web::{HttpResponse, web};

use crate::server::{health, layers};
use crate::web::assets;
use crate::web::route::Who::{Anyone, Employee};
use crate::web::route::{Route, get, post};
use crate::{auth, cart, catalog, checkout, ledger, orders, people};

/// The table. `tests/it/access.rs` walks it as every kind of visitor.
#[must_use]
pub fn table() -> Vec<Route> {
    let mut table = vec![
        get("/health", Anyone, health::show),
        get("/static/{name:.*}", Anyone, assets::serve),
        get("/", Employee, catalog::pages::index),
        get("/products/{slug}", Employee, catalog::pages::show),
        get("/cart", Employee, cart::pages::show),
        post("/cart/lines", Employee, cart::pages::add),
        post("/cart/lines/{product}", Employee, cart::pages::update),
        post("/cart/lines/{product}/removal", Employee, cart::pages::remove),
        get("/checkout", Employee, checkout::pages::new),
        post("/checkout", Employee, checkout::pages::create),
        get("/orders", Employee, orders::pages::index),
        get("/orders/{number}", Employee, orders::pages::show),
        post("/orders/{number}/cancellation", Employee, orders::pages::cancellation::create),
        post("/orders/{number}/codes/{id}/reveal", Employee, orders::pages::reveal),
        get("/points", Employee, ledger::pages::index),
        get("/points.csv", Employee, ledger::pages::download),
        get("/addresses", Employee, people::pages::index),
        post("/addresses", Employee, people::pages::create),
        get("/addresses/new", Employee, people::pages::new),
        post("/addresses/{id}", Employee, people::pages::update),
        get("/addresses/{id}/edit", Employee, people::pages::edit),
        post("/addresses/{id}/default", Employee, people::pages::make_default),
        post("/addresses/{id}/removal", Employee, people::pages::remove),
        get("/sign-in", Anyone, auth::pages::new),
        get("/sign-in/callback", Anyone, auth::pages::callback::show),
        post("/sign-out", Anyone, auth::pages::sign_out),
        get("/signed-out", Anyone, auth::pages::signed_out),
    ];
    table.extend(hr::table());
    table
}

/// Serves the table. Routes of one address become one resource, so that a wrong method is told apart from a wrong address.
pub fn configure(service: &mut web::ServiceConfig) {
    let mut table = table();
    table.sort_by_key(|route| route.path.contains('{'));
    let mut paths: Vec<&'static str> = Vec::new();
    for route in &table {
        if !paths.contains(&route.path) {
            paths.push(route.path);
        }
    }
    for path in paths {
        let methods = methods_of(&table, path);
        let mut resource =
            web::resource(path).default_service(web::to(move || not_like_this(methods.clone())));
        for route in table.iter().filter(|route| route.path == path) {
            let who = route.who;
            resource = resource
                .route(route.build().wrap(from_fn(move |request, next| layers::guarded(who, request, next))));
        }
        service.service(resource);
    }
}

/// The methods of an address, as `Allow` lists them.
fn methods_of(table: &[Route], path: &str) -> String {
    let own = table.iter().filter(|route| route.path == path);
    own.map(|route| if route.method == "GET" { "GET, HEAD" } else { route.method.as_str() })
        .collect::<Vec<_>>()
        .join(", ")
}

/// The right address with a wrong method; the error pages add the words.
async fn not_like_this(methods: String) -> HttpResponse {
    HttpResponse::MethodNotAllowed().insert_header((header::ALLOW, methods)).finish()
}
