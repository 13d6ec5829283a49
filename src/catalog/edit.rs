//! Changing what is said about a product.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, Set};
use serde_json::json;

use crate::audit::{self, Act};
use crate::catalog::details::{Details, difference};
use crate::catalog::{self, categories, create, stock};
use crate::entity::products;
use crate::error::{Error, FieldErrors, FieldProblem, Refusal, Result};
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::actor::Actor;
use crate::types::id::ProductId;
use crate::types::product_kind::ProductState;
use crate::types::time::Timestamp;

/// Changes a product that is still of the `version` that was looked at. Saying what it is already changes nothing, of
/// whichever version: the second click finds what the first one has saved.
///
/// # Errors
/// [`Error::NotFound`], [`Refusal::ChangedMeanwhile`], or [`Error::Invalid`]: the address is fixed once it was listed, the
/// kind once there was any stock.
pub async fn edit(
    tx: &Tx,
    now: Timestamp,
    actor: Actor,
    id: ProductId,
    version: i64,
    details: Details,
) -> Result<()> {
    details.check()?;
    let category = categories::lock(tx, details.category_id).await?;
    let before = catalog::lock(tx, id).await?;
    let slug = details.slug.clone().unwrap_or_else(|| before.slug.clone());
    let (was, is) = difference(Details::from(&before).told(&before.slug), details.told(&slug));
    if is.is_empty() {
        return Ok(());
    }
    if before.version != version {
        return Err(Refusal::ChangedMeanwhile.into());
    }
    let mut errors = FieldErrors::default();
    if slug != before.slug && before.state != ProductState::Draft {
        errors.add("slug", FieldProblem::Fixed);
    }
    if details.kind != before.kind && stock::has_moved(tx, id).await? {
        errors.add("kind", FieldProblem::Fixed);
    }
    errors.check()?;
    let row = products::ActiveModel { slug: Set(slug), ..details.columns(&category.name) };
    let change = products::Entity::update_many()
        .set(row)
        .col_expr(products::Column::Version, Expr::col(products::Column::Version).add(1))
        .filter(products::Column::Id.eq(id))
        .filter(products::Column::Version.eq(version));
    let changed = match change.exec(tx).await {
        Err(error) if dialect::is_duplicate(&error) => return Err(create::slug_taken()),
        done => done?.rows_affected,
    };
    if changed != 1 {
        return Err(Error::Internal(anyhow::anyhow!("product {id} changed under its lock")));
    }
    let act = Act {
        action: "product.edit",
        subject_kind: "product",
        subject_id: id.to_string(),
        details: json!({ "before": was, "after": is }),
    };
    audit::record(tx, now, actor, act).await
}
