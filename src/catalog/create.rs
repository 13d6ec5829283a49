//! Entering a product. Stock begins at zero and arrives by `stock::receive`.

use sea_orm::{EntityTrait, Set};
use serde_json::Value;

use crate::audit::{self, Act};
use crate::catalog::details::Details;
use crate::catalog::{self, categories, slug};
use crate::entity::products;
use crate::error::{Error, FieldErrors, FieldProblem, Result};
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::actor::Actor;
use crate::types::id::ProductId;
use crate::types::product_kind::ProductState;
use crate::types::time::Timestamp;

/// Products of one name.
const MOST_NAMESAKES: u32 = 100;

/// Enters a product under an id that was minted for it; entering it again changes nothing. An address of its own choice
/// must be free, one that is made of its name becomes so by a number.
///
/// # Errors
/// [`Error::Invalid`], also when there is no such category or the address is taken.
pub async fn create(
    tx: &Tx,
    now: Timestamp,
    actor: Actor,
    id: ProductId,
    state: ProductState,
    details: Details,
) -> Result<()> {
    details.check()?;
    let category = categories::lock(tx, details.category_id).await?;
    if catalog::find(tx, id).await?.is_some() {
        return Ok(());
    }
    let row = products::ActiveModel {
        id: Set(id),
        state: Set(state),
        stock: Set(0),
        redeemed: Set(0),
        version: Set(1),
        created_at: Set(now),
        ..details.columns(&category.name)
    };
    let slug = match &details.slug {
        Some(slug) => insert(tx, row, slug).await?.then(|| slug.clone()).ok_or_else(slug_taken)?,
        None => insert_under_free_slug(tx, row, &slug::slug(&details.name)).await?,
    };
    let mut told = details.told(&slug);
    told.insert("state".to_owned(), state.name().into());
    let details = Value::Object(told);
    let act = Act { action: "product.create", subject_kind: "product", subject_id: id.to_string(), details };
    audit::record(tx, now, actor, act).await
}

/// That the address is another product's.
pub(super) fn slug_taken() -> Error {
    let mut errors = FieldErrors::default();
    errors.add("slug", FieldProblem::Taken);
    Error::Invalid(errors)
}

/// Inserts the product under the first of its slugs that is free; who has it is for the unique key to tell.
async fn insert_under_free_slug(tx: &Tx, row: products::ActiveModel, base: &str) -> Result<String> {
    for n in 1..=MOST_NAMESAKES {
        let slug = slug::numbered(base, n);
        if insert(tx, row.clone(), &slug).await? {
            return Ok(slug);
        }
    }
    Err(Error::Internal(anyhow::anyhow!("{MOST_NAMESAKES} products are called {base} already")))
}

/// Whether the slug was free.
async fn insert(tx: &Tx, row: products::ActiveModel, slug: &str) -> Result<bool> {
    let row = products::ActiveModel { slug: Set(slug.to_owned()), ..row };
    match products::Entity::insert(row).exec_without_returning(tx).await {
        Ok(_) => Ok(true),
        Err(error) if dialect::is_duplicate(&error) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
