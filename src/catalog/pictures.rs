//! Pictures of products: which object, in which widths, in which order. The bytes are in the object store, the pages sign
//! their addresses.
//!
//! - A product has up to [`MOST_PICTURES`], at positions 0, 1, 2, …; the first one stands for it in lists. Whoever changes
//!   them locks the product's row first, so that two people never count or number them at once.
//! - Objects are stored before the row that shows them and removed after it: first they are noted as strays
//!   (`strays.rs`), then stored, and with the row the note goes. Whatever fails or stops in between, the sweep removes
//!   what no picture shows. It leaves what an order shows: orders keep the picture of what was sold.

pub mod add;
pub mod arrange;
pub mod describe;
pub mod remove;
pub mod store;
pub mod strays;
pub mod sweep;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder};

use crate::entity::pictures;
use crate::error::{Error, FieldErrors, FieldProblem, Result};
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::id::{PictureId, ProductId};

/// Pictures of one product.
pub const MOST_PICTURES: usize = 6;
/// Characters of what a picture shows.
pub const LONGEST_ALT: usize = 250;
/// The position of the picture that stands for a product in lists.
pub const FIRST: i64 = 0;

/// The first picture of each of these products, in one query; those without one are missing.
///
/// # Errors
/// When the database fails.
pub async fn first_of(db: &impl ConnectionTrait, products: Vec<ProductId>) -> Result<Vec<pictures::Model>> {
    if products.is_empty() {
        return Ok(Vec::new());
    }
    let query = pictures::Entity::find()
        .filter(pictures::Column::ProductId.is_in(products))
        .filter(pictures::Column::Position.eq(FIRST));
    Ok(query.all(db).await?)
}

/// All pictures of a product, in their order.
///
/// # Errors
/// When the database fails.
pub async fn of_product(db: &impl ConnectionTrait, product_id: ProductId) -> Result<Vec<pictures::Model>> {
    let query = pictures::Entity::find().filter(pictures::Column::ProductId.eq(product_id));
    Ok(query.order_by_asc(pictures::Column::Position).all(db).await?)
}

/// What a picture shows, in words, without blanks around them.
///
/// # Errors
/// [`Error::Invalid`] when there are none, or too many.
pub fn alt(text: &str) -> Result<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut errors = FieldErrors::default();
    if text.is_empty() {
        errors.add("alt", FieldProblem::Required);
    } else if text.chars().count() > LONGEST_ALT {
        errors.add("alt", FieldProblem::TooLong { max: u64::try_from(LONGEST_ALT).unwrap_or(u64::MAX) });
    }
    errors.check().map(|()| text)
}

/// Whether so many more pictures find room beside so many.
///
/// # Errors
/// [`Error::Invalid`] when they do not.
pub fn room(there: usize, more: usize) -> Result<()> {
    let mut errors = FieldErrors::default();
    if there + more > MOST_PICTURES {
        let [most, left] = [MOST_PICTURES, MOST_PICTURES.saturating_sub(there)]
            .map(|n| u64::try_from(n).unwrap_or(u64::MAX));
        errors.add("files", FieldProblem::TooManyPictures { most, left });
    }
    errors.check()
}

/// Locks the product's row, then gives its pictures in their order.
async fn lock_of_product(tx: &Tx, product_id: ProductId) -> Result<Vec<pictures::Model>> {
    #[derive(FromQueryResult)]
    struct Locked {
        #[expect(dead_code, reason = "only whether there is a row")]
        id: ProductId,
    }
    let locked: Option<Locked> =
        dialect::locked_row(tx, "SELECT id FROM products WHERE id = ?", [product_id.into()]).await?;
    locked.ok_or(Error::NotFound)?;
    of_product(tx, product_id).await
}

/// Numbers a product's pictures anew; `order` has all of them, and their product is locked.
async fn renumber(tx: &Tx, product_id: ProductId, order: &[PictureId]) -> Result<()> {
    // Out of the way first: no two may ever stand at one position.
    let aside = "UPDATE pictures SET position = -1 - position WHERE product_id = ?";
    dialect::execute(tx, aside, [product_id.into()]).await?;
    for (position, id) in (FIRST..).zip(order) {
        let there = "UPDATE pictures SET position = ? WHERE id = ? AND product_id = ?";
        dialect::execute(tx, there, [position.into(), (*id).into(), product_id.into()]).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_picture_shows_is_said_in_so_many_words() {
        assert_eq!(alt("  A lamp,\r\n lit ").unwrap(), "A lamp, lit");
        assert!(alt(" \n ").is_err());
        assert!(alt(&"ä".repeat(LONGEST_ALT)).is_ok());
        assert!(alt(&"ä".repeat(LONGEST_ALT + 1)).is_err());
    }

    #[test]
    fn six_find_room() {
        assert!(room(0, 6).is_ok() && room(5, 1).is_ok() && room(6, 0).is_ok());
        assert!(room(6, 1).is_err() && room(0, 7).is_err());
    }
}
