//! The catalog: what employees can redeem their points for, on shelves called categories.
//!
//! A product is physical (sent or picked up) or digital (a code). Employees see the listed ones while their window of time
//! is open; any other is shown only to those who have it in the cart or in an order. It begins as a draft, and nothing
//! that was sold is ever deleted (`state.rs`). Its stock changes by moves only (`stock.rs`), and what it was called and
//! cost when it was sold is kept by the order, so a product may change at any time (`edit.rs`).
//!
//! Searching looks for words in `search_text`: name, category and description, folded (`types::folding`) once when the
//! product is written, so that every database finds the same. Pictures live in the object store; here is only their key.

pub mod categories;
pub mod create;
pub mod desk;
pub mod details;
pub mod edit;
pub mod filter;
pub mod hr;
pub mod interest;
pub mod moves;
pub mod pages;
pub mod pictures;
pub mod search;
pub mod slug;
pub mod state;
pub mod stock;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::entity::{categories as category_row, products};
use crate::error::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::id::{CategoryId, ProductId};
use crate::types::product_kind::ProductState;
use crate::types::time::Timestamp;
use crate::types::window::Window;

impl products::Model {
    /// When employees see it, as long as it is listed.
    #[must_use]
    pub fn window(&self) -> Window {
        Window { from: self.visible_from, until: self.visible_until }
    }

    /// Whether employees see it now.
    #[must_use]
    pub fn is_on_offer(&self, now: Timestamp) -> bool {
        self.state == ProductState::Listed && self.window().is_open(now)
    }
}

/// The product of that id, whatever its state.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &impl ConnectionTrait, id: ProductId) -> Result<Option<products::Model>> {
    Ok(products::Entity::find_by_id(id).one(db).await?)
}

/// The product of that id for a change, which nobody else makes meanwhile.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn lock(tx: &Tx, id: ProductId) -> Result<products::Model> {
    let row = dialect::locked_row(tx, "SELECT * FROM products WHERE id = ?", [id.into()]).await?;
    row.ok_or(Error::NotFound)
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
pub async fn categories(db: &impl ConnectionTrait) -> Result<Vec<category_row::Model>> {
    let query = category_row::Entity::find().order_by_asc(category_row::Column::Position);
    Ok(query.order_by_asc(category_row::Column::Id).all(db).await?)
}

/// One shelf.
///
/// # Errors
/// When the database fails.
pub async fn find_category(db: &impl ConnectionTrait, id: CategoryId) -> Result<Option<category_row::Model>> {
    Ok(category_row::Entity::find_by_id(id).one(db).await?)
}
