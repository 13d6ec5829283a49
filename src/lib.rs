//! AWSomeShop: an employee-benefits shop. People spend points their company gives them; HR grants points and runs the shop.
//!
//! The map, in floor order; a module uses lower floors only (`tests/it/architecture.rs` holds it):
//!
//! | floor | modules | what |
//! |---|---|---|
//! | 0 | `types`, `error`, `urls` | the words everyone shares |
//! | 1 | `entity` | the schema mirrored |
//! | 2 | `platform` | handles to the outside world |
//! | 3 | `web` | the small web kit |
//! | 4 | features, one noun each | see below |
//! | 5 | `server`, `dev` | the house put together; the stand-ins of `cargo run` |
//!
//! Features by rank, each using lower ranks only: `audit`, `limits`, `outbox` · `people`, `catalog`, `ledger` · `codes` ·
//! `auth`, `cart`, `grants`, `orders`, `notices`, `reports` · `checkout`, `overview`.

pub mod error;
pub mod types;
pub mod urls;

pub mod entity;

pub mod platform;

pub mod web;

pub mod audit;
pub mod limits;
pub mod outbox;

pub mod catalog;
pub mod codes;
pub mod ledger;
pub mod people;

pub mod auth;
pub mod cart;
pub mod grants;
pub mod notices;
pub mod orders;
pub mod reports;

pub mod checkout;
pub mod overview;

#[cfg(feature = "dev")]
pub mod dev;
pub mod server;
