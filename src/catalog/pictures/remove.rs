//! Taking a picture away. Its objects stay a while, for pages that are open; then the sweep removes them.

use sea_orm::EntityTrait;
use serde_json::json;

use super::{lock_of_product, renumber, strays};
use crate::audit::{self, Act};
use crate::entity::pictures;
use crate::error::Result;
use crate::platform::db::Tx;
use crate::types::actor::Actor;
use crate::types::id::{PictureId, ProductId};
use crate::types::time::Timestamp;

/// Takes it away; those behind it move up. One that is gone is as good as taken away: the second click does nothing.
///
/// # Errors
/// [`crate::error::Error::NotFound`] when there is no such product.
pub async fn remove(
    tx: &Tx,
    now: Timestamp,
    actor: Actor,
    product_id: ProductId,
    picture_id: PictureId,
) -> Result<()> {
    let (gone, stay): (Vec<_>, Vec<_>) =
        lock_of_product(tx, product_id).await?.into_iter().partition(|picture| picture.id == picture_id);
    let Some(gone) = gone.into_iter().next() else { return Ok(()) };
    pictures::Entity::delete_by_id(picture_id).exec(tx).await?;
    renumber(tx, product_id, &stay.iter().map(|picture| picture.id).collect::<Vec<_>>()).await?;
    strays::note(tx, now, &gone.object_key, &gone.widths).await?;
    let act = Act {
        action: "product.remove-picture",
        subject_kind: "product",
        subject_id: product_id.to_string(),
        details: json!({
            "picture": picture_id,
            "before": { "position": gone.position, "alt": gone.alt, "object_key": gone.object_key },
        }),
    };
    audit::record(tx, now, actor, act).await
}
