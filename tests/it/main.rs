//! The shop tested through its door and as a whole: the real server on a port of its own, a database of its own, and
//! the stand-ins of `cargo run` around it. One module a feature; `support` is the house they all use.
//!
//! `TEST_DATABASE=sqlite` (the default) or `mysql`, with `TEST_MYSQL_URL` naming a server on which the user may
//! create databases.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where something it needs is not there, and says so"
)]

mod support;

mod access;
mod addresses;
mod architecture;
mod audit_desk;
mod auth;
mod books;
mod cancel;
mod cart;
mod catalog;
mod checkout;
mod checkout_race;
mod compose;
mod config;
mod connections;
mod errors;
mod expiry;
mod faults;
mod grant_rules;
mod grant_runs;
mod harness;
mod health;
mod identity_tokens;
mod leases;
mod ledger;
mod ledger_laws;
mod limits;
mod lost_commit;
mod metrics;
mod notices;
mod orders_desk;
mod overload;
mod overview;
mod people_desk;
mod pictures_desk;
mod points_desk;
mod products_desk;
mod reports_desk;
mod retries;
mod schema;
mod schema_first;
mod searches;
mod security;
mod seed;
mod silence;
mod sqlite;
mod statements;
mod too_often;
mod traces;
