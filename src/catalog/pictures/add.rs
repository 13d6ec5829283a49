//! New pictures, as a product's last ones. Their objects are stored already.

use sea_orm::{ConnectionTrait, EntityTrait, Set};
use serde_json::json;

use super::{FIRST, lock_of_product, room, strays};
use crate::audit::{self, Act};
use crate::entity::pictures;
use crate::error::{Error, Result};
use crate::platform::db::Tx;
use crate::types::actor::Actor;
use crate::types::id::{PictureId, ProductId};
use crate::types::time::Timestamp;

/// A picture whose objects are stored: `{object_key}-{width}.webp` for each width.
#[derive(Clone, Debug)]
pub struct NewPicture {
    pub id: PictureId,
    pub object_key: String,
    pub widths: Vec<u32>,
    /// What it shows, for those who do not see it.
    pub alt: String,
}

impl NewPicture {
    /// Its widths as its row lists them.
    #[must_use]
    pub fn width_list(&self) -> String {
        self.widths.iter().map(u32::to_string).collect::<Vec<_>>().join(",")
    }
}

/// Adds them in this order, unless the first is there already: then all of them are. Whether they were added.
///
/// # Errors
/// [`Error::NotFound`] when there is no such product, [`Error::Invalid`] when there is no room for all of them.
pub async fn add(
    tx: &Tx,
    now: Timestamp,
    actor: Actor,
    product_id: ProductId,
    new: &[NewPicture],
) -> Result<bool> {
    let there = lock_of_product(tx, product_id).await?;
    if let Some(first) = new.first()
        && is_there(tx, product_id, first.id).await?
    {
        return Ok(false);
    }
    room(there.len(), new.len())?;
    let free = there.last().map_or(FIRST, |last| last.position + 1);
    for (position, picture) in (free..).zip(new) {
        let row = pictures::ActiveModel {
            id: Set(picture.id),
            product_id: Set(product_id),
            position: Set(position),
            object_key: Set(picture.object_key.clone()),
            widths: Set(picture.width_list()),
            alt: Set(picture.alt.clone()),
            version: Set(1),
            created_at: Set(now),
        };
        pictures::Entity::insert(row).exec_without_returning(tx).await?;
        strays::found(tx, &picture.object_key).await?;
        let act = Act {
            action: "product.add-picture",
            subject_kind: "product",
            subject_id: product_id.to_string(),
            details: json!({
                "picture": picture.id, "object_key": picture.object_key, "position": position, "alt": picture.alt,
            }),
        };
        audit::record(tx, now, actor, act).await?;
    }
    Ok(true)
}

/// Whether a product has this picture: its form was sent before.
///
/// # Errors
/// [`Error::NotFound`] when another product has it.
pub async fn is_there(db: &impl ConnectionTrait, product_id: ProductId, id: PictureId) -> Result<bool> {
    match pictures::Entity::find_by_id(id).one(db).await? {
        Some(picture) if picture.product_id != product_id => Err(Error::NotFound),
        there => Ok(there.is_some()),
    }
}
