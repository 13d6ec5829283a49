//! The catalog: what employees can redeem their points for, on shelves called categories.
//!
//! A product is physical (sent or picked up) or digital (a code). Employees see the listed ones; an unlisted or archived
//! product is shown only to those who have it in the cart or in an order. Its stock changes by moves only (`stock.rs`),
//! and what it was called and cost when it was sold is kept by the order, so a product may change at any time.
//!
//! Searching looks for words in `search_text`: name, category and description, folded (`types::folding`) once when the
//! product is written, so that every database finds the same. Pictures live in the object store; here is only their key.

pub mod create;
pub mod filter;
pub mod hr;
pub mod interest;
pub mod pages;
pub mod pictures;
pub mod search;
pub mod slug;
pub mod stock;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::entity::{categories, products};
use crate::error::Result;
use crate::types::id::{CategoryId, ProductId};

/// The product of that id, whatever its state.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &impl ConnectionTrait, id: ProductId) -> Result<Option<products::Model>> {
    Ok(products::Entity::find_by_id(id).one(db).await?)
}

/// The product at `/products/{slug}`, whatever its state.
///
/// # Errors
/// When the database fails.
pub async fn find_by_slug(db: &impl ConnectionTrait, slug: &str) -> Result<Option<products::Model>> {
    // What cannot be a slug is not asked for: MySQL would take a trailing blank for none.
    if !slug::is_slug(slug) {
        return Ok(None);
    }
    Ok(products::Entity::find().filter(products::Column::Slug.eq(slug)).one(db).await?)
}

/// The shelves, in their order.
///
/// # Errors
/// When the database fails.
pub async fn categories(db: &impl ConnectionTrait) -> Result<Vec<categories::Model>> {
    let query = categories::Entity::find().order_by_asc(categories::Column::Position);
    Ok(query.order_by_asc(categories::Column::Id).all(db).await?)
}

/// One shelf.
///
/// # Errors
/// When the database fails.
pub async fn find_category(db: &impl ConnectionTrait, id: CategoryId) -> Result<Option<categories::Model>> {
    Ok(categories::Entity::find_by_id(id).one(db).await?)
}
