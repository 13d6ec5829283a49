//! What a product is to one person: how many are in the cart, and whether one was ever ordered.
//! The catalog stands below cart and orders, so it asks their tables and not their code.

use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::error::Result;
use crate::platform::dialect;
use crate::types::id::{PersonId, ProductId};

/// One person's interest in one product.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Interest {
    pub in_cart: i64,
    pub was_ordered: bool,
}

impl Interest {
    /// Whether the person may still see the product when nobody else does.
    #[must_use]
    pub fn is_any(self) -> bool {
        self.in_cart > 0 || self.was_ordered
    }
}

/// What `product_id` is to `person_id`.
///
/// # Errors
/// When the database fails.
pub async fn of(db: &impl ConnectionTrait, person_id: PersonId, product_id: ProductId) -> Result<Interest> {
    #[derive(FromQueryResult)]
    struct Row {
        in_cart: Option<i64>,
        ordered: i64,
    }
    let row: Option<Row> = dialect::row(
        db,
        "SELECT (SELECT quantity FROM cart_lines WHERE person_id = ? AND product_id = ?) AS in_cart, \
           (SELECT COUNT(*) FROM orders o JOIN order_lines l ON l.order_id = o.id \
             WHERE o.person_id = ? AND l.product_id = ?) AS ordered",
        [person_id.into(), product_id.into(), person_id.into(), product_id.into()],
    )
    .await?;
    Ok(row.map_or_else(Interest::default, |row| Interest {
        in_cart: row.in_cart.unwrap_or_default(),
        was_ordered: row.ordered > 0,
    }))
}
