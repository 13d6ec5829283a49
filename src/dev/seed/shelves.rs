//! The products of the demonstration: read from `demo/products.json`, their pictures put into the object store, each of
//! them put on the shelves with its stock and its codes.

use std::collections::BTreeMap;

use anyhow::Context;
use futures::{StreamExt, TryStreamExt, stream};
use ring::digest::{SHA256, digest};
use rust_embed::RustEmbed;
use serde::Deserialize;
use uuid::Uuid;

use super::chance::Chance;
use crate::catalog::create::{self, NewPicture, NewProduct};
use crate::catalog::stock;
use crate::codes;
use crate::error::Result;
use crate::platform::db::Tx;
use crate::platform::images::Images;
use crate::platform::seal::Sealer;
use crate::types::actor::Actor;
use crate::types::id::CategoryId;
use crate::types::points::Points;
use crate::types::product_kind::{ProductKind, ProductState};
use crate::types::quantity::{MOST_OF_ONE_PRODUCT, Quantity};
use crate::types::time::Timestamp;
use crate::web::picture;

/// Uploads at a time.
const UPLOADS: usize = 8;
const WEBP: &str = "image/webp";

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/src/dev/demo/pictures/"]
#[include = "*.webp"]
struct Files;

/// The list as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    categories: Vec<String>,
    products: Vec<Goods>,
}

/// A product of the list.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Goods {
    name: String,
    category: String,
    kind: Kind,
    price: i64,
    stock: i64,
    low_stock_at: i64,
    description: String,
    #[serde(default)]
    terms: String,
    #[serde(default)]
    how_to_use: String,
    pictures: Vec<Shot>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Physical,
    Digital,
}

/// A picture of a product: files `{name}-{width}.webp`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Shot {
    name: String,
    alt: String,
}
