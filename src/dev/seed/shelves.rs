//! The products of the demonstration: read from `demo/products-*.json`, their pictures put into the object store, each of
//! them put on its shelf with its stock and its codes.

use std::collections::BTreeMap;

use anyhow::Context;
use futures::{StreamExt, TryStreamExt, stream};
use ring::digest::{SHA256, digest};
use rust_embed::RustEmbed;
use serde::Deserialize;
use uuid::Uuid;

use super::chance::Chance;
use super::close_ups;
use crate::catalog::details::Details;
use crate::catalog::pictures::add::{self as pictures, NewPicture};
use crate::catalog::{categories, create, stock};
use crate::codes::add as codes;
use crate::error::Result;
use crate::platform::app::App;
use crate::platform::db::Tx;
use crate::platform::images::{self, Images};
use crate::platform::picture_codec::CONTENT_TYPE;
use crate::platform::seal::Sealer;
use crate::types::actor::Actor;
use crate::types::form_key::FormKey;
use crate::types::id::{CategoryId, PictureId, ProductId};
use crate::types::points::Points;
use crate::types::product_kind::{ProductKind, ProductState};
use crate::types::time::Timestamp;
use crate::types::window::Window;

/// Uploads at a time.
const UPLOADS: usize = 8;
/// Widths of pictures, the largest last.
const WIDTHS: [u32; 3] = [320, 640, 960];
/// From this stock on a page says how few are left.
const LOW_STOCK_AT: i64 = 5;
const SHELVES: &str = include_str!("../demo/categories.json");
const LISTS: [&str; 4] = [
    include_str!("../demo/products-1.json"),
    include_str!("../demo/products-2.json"),
    include_str!("../demo/products-3.json"),
    include_str!("../demo/products-4.json"),
];

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/src/dev/demo/pictures/"]
#[include = "*.webp"]
struct Files;

/// A shelf of the list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shelf {
    slug: String,
    name: String,
}

/// A product of the list.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// Names its pictures: `pictures/{slug}-{width}.webp`.
    slug: String,
    name: String,
    category: String,
    kind: Kind,
    points: i64,
    description: String,
    terms: String,
    how_to_use: String,
    stock: i64,
    /// `3/month`: how many one person may have.
    #[serde(default)]
    limit: Option<String>,
    /// What the picture was made of.
    #[serde(rename = "emoji")]
    _source: String,
    alt: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Physical,
    Digital,
}

/// A product of the list, with its pictures stored.
#[derive(Clone, Debug)]
pub(super) struct Goods {
    entry: Entry,
    pictures: Vec<NewPicture>,
}

/// The shelves by their names in the list.
pub(super) type Shelves = BTreeMap<String, CategoryId>;

impl Goods {
    /// The name of its shelf.
    pub(super) fn category(&self) -> &str {
        &self.entry.category
    }
}

/// Reads the lists and stores the pictures.
pub(super) async fn read(app: &App) -> Result<Vec<Goods>> {
    let goods = mixed(entries()?).into_iter().map(|entry| async {
        let files = files(&entry.slug);
        let (_, largest) = files.last().with_context(|| format!("demo/pictures has no {}", entry.slug))?;
        let close_up = close_ups::of(app, &entry.slug, largest).await?;
        let whole = stored(&app.images, files, &entry.alt).await?;
        Ok(Goods { entry, pictures: [whole].into_iter().chain(close_up).collect() })
    });
    stream::iter(goods).buffered(UPLOADS).try_collect().await
}

/// Puts up every shelf there is.
pub(super) async fn put_up(tx: &Tx, now: Timestamp, actor: Actor) -> Result<Shelves> {
    let list: Vec<Shelf> = serde_json::from_str(SHELVES).context("reading demo/categories.json")?;
    let mut shelves = Shelves::new();
    for shelf in list {
        shelves.insert(shelf.slug, categories::add(tx, now, actor, shelf.name).await?);
    }
    Ok(shelves)
}

fn entries() -> Result<Vec<Entry>> {
    let lists: Result<Vec<Vec<Entry>>, _> = LISTS.into_iter().map(serde_json::from_str).collect();
    Ok(lists.context("reading demo/products-*.json")?.concat())
}

/// One of each shelf in turn, so that what is newest is not all of one kind.
fn mixed(entries: Vec<Entry>) -> Vec<Entry> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut turns: Vec<(usize, Entry)> = Vec::with_capacity(entries.len());
    for entry in entries {
        let turn = seen.entry(entry.category.clone()).or_default();
        turns.push((*turn, entry));
        *turn += 1;
    }
    turns.sort_by_key(|(turn, _)| *turn);
    turns.into_iter().map(|(_, entry)| entry).collect()
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
    let limit = entry.limit.as_deref().map(str::parse).transpose();
    let details = Details {
        category_id: shelf,
        kind: if entry.kind == Kind::Digital { ProductKind::Digital } else { ProductKind::Physical },
        name: entry.name.clone(),
        slug: None,
        description: entry.description.clone(),
        terms: entry.terms.clone(),
        how_to_use: entry.how_to_use.clone(),
        price: Points(entry.points),
        low_stock_at: LOW_STOCK_AT,
        limit: limit.map_err(|()| anyhow::anyhow!("{} has a limit that is none", entry.slug))?,
        window: Window::default(),
    };
    let id = ProductId::new();
    create::create(tx, now, actor, id, ProductState::Listed, details).await?;
    pictures::add(tx, now, actor, id, &goods.pictures).await?;
    if entry.kind == Kind::Physical {
        return stock::receive(tx, now, actor, id, entry.stock).await;
    }
    let new: Vec<String> = (0..entry.stock).map(|_| chance.code()).collect();
    codes::add(tx, now, actor, sealer, id, FormKey::mint(), &new).await?;
    Ok(())
}

/// The files of a picture: each width there is one of, the largest last.
fn files(slug: &str) -> Vec<(u32, Vec<u8>)> {
    let file = |width| Files::get(&images::object(slug, width)).map(|file| (width, file.data.into_owned()));
    WIDTHS.into_iter().filter_map(file).collect()
}

/// Stores a picture in these widths. The key follows from the content: another picture, another key.
pub(super) async fn stored(store: &Images, files: Vec<(u32, Vec<u8>)>, alt: &str) -> Result<NewPicture> {
    let key = digest(&SHA256, files.last().map(|(_, largest)| largest.as_slice()).unwrap_or_default());
    let id = key.as_ref().first_chunk().map_or_else(Uuid::nil, |bytes| Uuid::from_bytes(*bytes));
    let object_key = format!("products/{id}");
    let widths = files.iter().map(|(width, _)| *width).collect();
    for (width, bytes) in files {
        store.put(&images::object(&object_key, width), CONTENT_TYPE, bytes).await?;
    }
    Ok(NewPicture { id: PictureId::new(), object_key, widths, alt: alt.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forty_products_fit_eight_shelves_and_have_their_pictures() {
        let shelves: Vec<Shelf> = serde_json::from_str(SHELVES).unwrap();
        let entries = entries().unwrap();
        assert_eq!((entries.len(), shelves.len()), (40, 8));
        for entry in &entries {
            assert!(shelves.iter().any(|shelf| shelf.slug == entry.category), "{}", entry.slug);
            assert!(Files::get(&images::object(&entry.slug, 640)).is_some(), "{}", entry.slug);
        }
    }

    #[test]
    fn one_of_each_shelf_comes_first() {
        let mixed = mixed(entries().unwrap());
        let first: std::collections::BTreeSet<_> =
            mixed.iter().take(8).map(|entry| &entry.category).collect();
        assert_eq!((mixed.len(), first.len()), (40, 8));
    }
}
