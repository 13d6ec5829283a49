//! Orders: what was bought, as it was when it was bought, and what has happened to it since.
//!
//! An order begins as a claim on its checkout key, which is unique for the person: whoever submits the same key again
//! finds the same order. It is filled in the same transaction (`checkout/place.rs`). Physical goods are `Placed`, then
//! `Preparing`, then `Fulfilled` when they are handed over; an order of codes only is `Fulfilled` at once.
//!
//! What has not been handed over, and codes that nobody has seen, can be cancelled (`cancel.rs`): by their owner for
//! some days while nothing has begun, by HR whole or in part. Whoever changes an order locks its row first.
//!
//! At the desk HR works through a queue (`desk`): one by one or several at once (`batch`), with a packing list
//! (`packing`) and notes, to the owner or among themselves (`note`). Every step is on the order's timeline.

pub mod batch;
pub mod cancel;
pub mod claim;
pub mod desk;
pub mod fill;
pub mod fulfil;
pub mod history;
pub mod hr;
pub mod note;
pub mod packing;
pub mod pages;
pub mod prepare;
pub mod reveal;
pub mod timeline;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder};

use crate::entity::{order_lines, orders};
use crate::error::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::id::{OrderId, PersonId, ProductId};

/// The order of that number, if it is this person's. Somebody else's is as good as none.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find_for(db: &impl ConnectionTrait, person_id: PersonId, number: &str) -> Result<orders::Model> {
    let found = orders::Entity::find()
        .filter(orders::Column::Number.eq(number))
        .filter(orders::Column::PersonId.eq(person_id))
        .one(db)
        .await?;
    // MySQL forgives blanks at the end; an address has exactly one spelling.
    found.filter(|order| order.number == number).ok_or(Error::NotFound)
}

/// The order of that number, whosever it is.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(db: &impl ConnectionTrait, number: &str) -> Result<orders::Model> {
    let found = orders::Entity::find().filter(orders::Column::Number.eq(number)).one(db).await?;
    found.filter(|order| order.number == number).ok_or(Error::NotFound)
}

/// Locks an order for this transaction and reads it anew: nobody else cancels it, hands it over or shows its codes.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn lock(tx: &Tx, order_id: OrderId) -> Result<orders::Model> {
    dialect::locked_row(tx, "SELECT * FROM orders WHERE id = ?", [order_id.into()])
        .await?
        .ok_or(Error::NotFound)
}

/// The lines of an order.
///
/// # Errors
/// When the database fails.
pub async fn lines(db: &impl ConnectionTrait, order_id: OrderId) -> Result<Vec<order_lines::Model>> {
    Ok(order_lines::Entity::find()
        .filter(order_lines::Column::OrderId.eq(order_id))
        .order_by_asc(order_lines::Column::Position)
        .all(db)
        .await?)
}

/// Where the products of an order can be looked at today.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Slug {
    pub product_id: ProductId,
    pub slug: String,
}

/// The products of an order that are still on offer.
///
/// # Errors
/// When the database fails.
pub async fn slugs(db: &impl ConnectionTrait, order_id: OrderId) -> Result<Vec<Slug>> {
    dialect::rows(
        db,
        "SELECT l.product_id, p.slug FROM order_lines l JOIN products p ON p.id = l.product_id \
         WHERE l.order_id = ? AND p.state = 'listed'",
        [order_id.into()],
    )
    .await
}
