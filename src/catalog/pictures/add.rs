//! New pictures, as a product's last ones. Their objects are stored already.

use sea_orm::{EntityTrait, Set};
use serde_json::json;

use super::{FIRST, lock_of_product, room, strays};
use crate::audit::{self, Act};
use crate::entity::pictures;
use crate::error::Result;
use crate::platform::db::Tx;
use crate::types::actor::Actor;
use crate::types::id::{PictureId, ProductId};
use crate::types::time::Timestamp;

/// A picture whose objects are stored: `{object_key}-{width}.webp` for each width.
#[derive(Clone, Debug)]
pub struct NewPicture {
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

/// Adds them in this order.
///
/// # Errors
/// [`crate::error::Error::NotFound`] when there is no such product, [`crate::error::Error::Invalid`] when there is no
/// room for all of them.
pub async fn add(
    tx: &Tx,
    now: Timestamp,
    actor: Actor,
    product_id: ProductId,
    new: &[NewPicture],
) -> Result<()> {
    let there = lock_of_product(tx, product_id).await?;
    room(there.len(), new.len())?;
    let free = there.last().map_or(FIRST, |last| last.position + 1);
    for (position, picture) in (free..).zip(new) {
        let id = PictureId::new();
        let row = pictures::ActiveModel {
            id: Set(id),
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
                "picture": id, "object_key": picture.object_key, "position": position, "alt": picture.alt,
            }),
        };
        audit::record(tx, now, actor, act).await?;
    }
    Ok(())
}
