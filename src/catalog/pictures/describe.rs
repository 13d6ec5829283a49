//! What a picture shows, for those who do not see it.

use serde_json::json;

use crate::audit::{self, Act};
use crate::entity::pictures;
use crate::error::{Error, Refusal, Result};
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::actor::Actor;
use crate::types::id::{PictureId, ProductId};
use crate::types::time::Timestamp;

/// Says it in other words (`alt` as [`super::alt`] gives them), if nobody else has since `version` was shown. Where it says
/// so already nothing changes: the second click finds what the first one has saved.
///
/// # Errors
/// [`Error::NotFound`] when the product has no such picture; [`Refusal::ChangedMeanwhile`].
pub async fn describe(
    tx: &Tx,
    now: Timestamp,
    actor: Actor,
    product_id: ProductId,
    picture_id: PictureId,
    version: i64,
    alt: &str,
) -> Result<()> {
    let before = lock(tx, picture_id).await?;
    let before = before.filter(|picture| picture.product_id == product_id).ok_or(Error::NotFound)?;
    if before.alt == alt {
        return Ok(());
    }
    let changed = dialect::execute(
        tx,
        "UPDATE pictures SET alt = ?, version = version + 1 WHERE id = ? AND version = ?",
        [alt.into(), picture_id.into(), version.into()],
    )
    .await?;
    if changed != 1 {
        return Err(Refusal::ChangedMeanwhile.into());
    }
    let act = Act {
        action: "product.describe-picture",
        subject_kind: "product",
        subject_id: product_id.to_string(),
        details: json!({ "picture": picture_id, "before": { "alt": before.alt }, "after": { "alt": alt } }),
    };
    audit::record(tx, now, actor, act).await
}

/// The picture, which nobody else says anew meanwhile.
async fn lock(tx: &Tx, id: PictureId) -> Result<Option<pictures::Model>> {
    dialect::locked_row(tx, "SELECT * FROM pictures WHERE id = ?", [id.into()]).await
}
