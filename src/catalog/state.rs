//! Putting a product on the shelves, taking it off, and putting it away; a draft that was never more can go altogether.

use serde_json::json;

use crate::audit::{self, Act};
use crate::catalog;
use crate::catalog::details::Details;
use crate::entity::products;
use crate::error::{Refusal, Result};
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::actor::Actor;
use crate::types::id::ProductId;
use crate::types::product_kind::ProductState;
use crate::types::time::Timestamp;

/// Makes a product listed, unlisted or archived and returns it as it was. Employees notice with their next request; what
/// is in carts stays there and cannot be ordered. What it is already is fine.
///
/// # Errors
/// [`crate::error::Error::NotFound`], [`Refusal::ChangedMeanwhile`], [`Refusal::NotFromHere`].
pub async fn change(
    tx: &Tx,
    now: Timestamp,
    actor: Actor,
    id: ProductId,
    version: i64,
    to: ProductState,
) -> Result<products::Model> {
    let product = catalog::lock(tx, id).await?;
    if product.state == to {
        return Ok(product);
    }
    if product.version != version {
        return Err(Refusal::ChangedMeanwhile.into());
    }
    if !product.state.may_become(to) {
        return Err(Refusal::NotFromHere.into());
    }
    dialect::execute(
        tx,
        "UPDATE products SET state = ?, version = version + 1 WHERE id = ? AND version = ?",
        [to.name().into(), id.into(), version.into()],
    )
    .await?;
    let act = Act {
        action: match to {
            ProductState::Listed => "product.list",
            ProductState::Unlisted => "product.unlist",
            ProductState::Archived | ProductState::Draft => "product.archive",
        },
        subject_kind: "product",
        subject_id: id.to_string(),
        details: json!({ "before": { "state": product.state.name() }, "after": { "state": to.name() } }),
    };
    audit::record(tx, now, actor, act).await?;
    Ok(product)
}

/// Whether nothing hangs on a product, so that it may go.
#[must_use]
pub fn is_removable(product: &products::Model, has_moved: bool, has_pictures: bool) -> bool {
    product.state == ProductState::Draft && !has_moved && !has_pictures
}

/// Takes a draft away that has neither pictures nor ever had stock, and returns its name; nothing when it is gone already.
///
/// # Errors
/// [`Refusal::ProductStays`] for any other.
pub async fn remove(tx: &Tx, now: Timestamp, actor: Actor, id: ProductId) -> Result<Option<String>> {
    if catalog::find(tx, id).await?.is_none() {
        return Ok(None);
    }
    let product = catalog::lock(tx, id).await?;
    let removed = dialect::execute(
        tx,
        "DELETE FROM products WHERE id = ? AND state = 'draft' \
           AND NOT EXISTS (SELECT 1 FROM stock_moves m WHERE m.product_id = products.id) \
           AND NOT EXISTS (SELECT 1 FROM pictures i WHERE i.product_id = products.id) \
           AND NOT EXISTS (SELECT 1 FROM code_batches b WHERE b.product_id = products.id)",
        [id.into()],
    )
    .await?;
    if removed != 1 {
        return Err(Refusal::ProductStays.into());
    }
    let act = Act {
        action: "product.remove",
        subject_kind: "product",
        subject_id: id.to_string(),
        details: json!({ "before": Details::from(&product).told(&product.slug) }),
    };
    audit::record(tx, now, actor, act).await?;
    Ok(Some(product.name))
}
