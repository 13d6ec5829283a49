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
/// Widths of pictures, the largest last.
const WIDTHS: [u32; 3] = [320, 640, 960];
const LIST: &str = "{}";

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/src/dev/demo/pictures/"]
#[include = "*.webp"]
struct Files;

/// The list as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    categories: Vec<String>,
    products: Vec<Entry>,
}

/// A product of the list.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
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

/// A product of the list, with its pictures stored.
#[derive(Clone, Debug)]
pub(super) struct Goods {
    entry: Entry,
    pictures: Vec<NewPicture>,
}

/// The shelves by their names.
pub(super) type Shelves = BTreeMap<String, CategoryId>;

impl Goods {
    /// The name of its shelf.
    pub(super) fn category(&self) -> &str {
        &self.entry.category
    }
}

/// Reads the list and stores the pictures.
pub(super) async fn read(images: &Images) -> Result<Vec<Goods>> {
    let list: List = serde_json::from_str(LIST).context("reading demo/products.json")?;
    let goods = list.products.into_iter().map(|entry| async {
        let mut pictures = Vec::new();
        for shot in &entry.pictures {
            pictures.push(store(images, shot).await?);
        }
        Ok(Goods { entry, pictures })
    });
    stream::iter(goods).buffered(UPLOADS).try_collect().await
}

/// Puts a product on its shelf, with its pictures, its stock and, when it is made of codes, those.
pub(super) async fn put(
    tx: &Tx,
    now: Timestamp,
    actor: Actor,
    sealer: &Sealer,
    shelf: CategoryId,
    goods: &Goods,
    chance: &mut Chance,
) -> Result<()> {
    let entry = &goods.entry;
    let new = NewProduct {
        category_id: shelf,
        kind: if entry.kind == Kind::Digital { ProductKind::Digital } else { ProductKind::Physical },
        state: ProductState::Listed,
        name: entry.name.clone(),
        description: entry.description.clone(),
        terms: entry.terms.clone(),
        how_to_use: entry.how_to_use.clone(),
        price: Points(entry.price),
        low_stock_at: entry.low_stock_at,
    };
    let id = create::create(tx, now, actor, new).await?;
    for picture in &goods.pictures {
        create::add_picture(tx, now, actor, id, picture.clone()).await?;
    }
    let mut pieces = entry.stock;
    if entry.kind == Kind::Digital {
        let new: Vec<String> = (0..pieces).map(|_| chance.code()).collect();
        pieces = codes::add(tx, now, sealer, id, &new).await?;
    }
    while pieces > 0 {
        let Some(delivered) = Quantity::new(pieces.min(MOST_OF_ONE_PRODUCT)) else { break };
        stock::receive(tx, now, actor, id, delivered).await?;
        pieces -= delivered.get();
    }
    Ok(())
}

/// Stores a picture in every width there is a file of. The key follows from the content: another picture, another key.
async fn store(images: &Images, shot: &Shot) -> Result<NewPicture> {
    let mut files = Vec::new();
    for width in WIDTHS {
        if let Some(file) = Files::get(&picture::object(&shot.name, width)) {
            files.push((width, file.data.into_owned()));
        }
    }
    let (_, largest) = files.last().with_context(|| format!("demo/pictures has no {}", shot.name))?;
    let key = digest(&SHA256, largest);
    let id = key.as_ref().first_chunk().map_or_else(Uuid::nil, |bytes| Uuid::from_bytes(*bytes));
    let object_key = format!("products/{id}");
    let widths = files.iter().map(|(width, _)| *width).collect();
    for (width, bytes) in files {
        images.put(&picture::object(&object_key, width), WEBP, bytes).await?;
    }
    Ok(NewPicture { object_key, widths, alt: shot.alt.clone() })
}
