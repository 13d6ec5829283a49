//! The order of a product's pictures.

use serde_json::json;

use super::{lock_of_product, renumber};
use crate::audit::{self, Act};
use crate::error::{Error, Refusal, Result};
use crate::platform::db::Tx;
use crate::types::actor::Actor;
use crate::types::id::{PictureId, ProductId};
use crate::types::time::Timestamp;

/// From where a picture was shown to where it shall be, counted from 0.
#[derive(Clone, Copy, Debug)]
pub struct Move {
    pub from: i64,
    pub to: i64,
}

/// Moves a picture; those between come closer.
///
/// # Errors
/// [`Refusal::ChangedMeanwhile`] when the picture is not where it was shown, or nothing is where it shall be.
pub async fn arrange(
    tx: &Tx,
    now: Timestamp,
    actor: Actor,
    product_id: ProductId,
    picture_id: PictureId,
    Move { from, to }: Move,
) -> Result<()> {
    let mut order: Vec<PictureId> =
        lock_of_product(tx, product_id).await?.iter().map(|picture| picture.id).collect();
    let is_at = order.iter().position(|id| *id == picture_id).ok_or(Error::NotFound)?;
    let place = usize::try_from(to).ok().filter(|place| *place < order.len());
    let place = place.filter(|_| usize::try_from(from) == Ok(is_at)).ok_or(Refusal::ChangedMeanwhile)?;
    let picture = order.remove(is_at);
    order.insert(place, picture);
    renumber(tx, product_id, &order).await?;
    let act = Act {
        action: "product.move-picture",
        subject_kind: "product",
        subject_id: product_id.to_string(),
        details: json!({ "picture": picture_id, "before": { "position": from }, "after": { "position": to } }),
    };
    audit::record(tx, now, actor, act).await
}
