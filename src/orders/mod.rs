//! Orders: what was bought, as it was when it was bought, and what has happened to it since.
//!
//! An order begins as a claim on its checkout key, which is unique for the person: whoever submits the same key again
//! finds the same order. It is filled in the same transaction (`checkout/place.rs`). Physical goods stay `Placed` until
//! they are handed over; an order of codes only is `Fulfilled` at once.

pub mod claim;
pub mod fill;
pub mod fulfil;
pub mod history;
pub mod number;
pub mod pages;
pub mod reveal;
pub mod timeline;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder};

use crate::entity::{order_lines, orders};
use crate::error::{Error, Result};
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
