//! The cart: what a person wants, kept in the database so that it is the same on every device.
//! It promises nothing: stock is taken and prices are judged when an order is placed, and the lines say what
//! has changed and what goes beyond a limit.

pub mod change;
pub mod pages;
pub mod quote;

use chrono_tz::Tz;
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::error::Result;
use crate::limits::{self, Allowance};
use crate::platform::dialect;
use crate::types::id::{PersonId, ProductId};
use crate::types::limit::{Limit, Period};
use crate::types::points::Points;
use crate::types::product_kind::ProductKind;
use crate::types::time::Timestamp;

/// A line of a cart, with the product as it is now.
#[derive(Clone, Debug, FromQueryResult)]
pub struct CartLine {
    pub product_id: ProductId,
    pub slug: String,
    pub name: String,
    pub kind: ProductKind,
    /// Listed, and within its window of time.
    pub is_on_offer: bool,
    pub price: Points,
    pub stock: i64,
    pub quantity: i64,
    pub price_seen: Points,
    pub object_key: Option<String>,
    pub widths: Option<String>,
    pub alt: Option<String>,
    pub limit_count: Option<i64>,
    pub limit_period: Option<Period>,
    /// What the limit leaves to the person, when the product has one.
    #[sea_orm(skip)]
    pub allowance: Option<Allowance>,
}

/// A person's cart, oldest line first, with what limits leave to them now.
///
/// # Errors
/// When the database fails.
pub async fn load(
    db: &impl ConnectionTrait,
    now: Timestamp,
    zone: Tz,
    person_id: PersonId,
) -> Result<Vec<CartLine>> {
    let mut lines: Vec<CartLine> = dialect::rows(
        db,
        "SELECT c.product_id, p.slug, p.name, p.kind, p.price, p.stock, c.quantity, c.price_seen, \
           p.state = 'listed' AND (p.visible_from IS NULL OR p.visible_from <= ?) \
             AND (p.visible_until IS NULL OR p.visible_until > ?) AS is_on_offer, i.object_key, i.widths, i.alt, p.limit_count, p.limit_period \
         FROM cart_lines c JOIN products p ON p.id = c.product_id \
         LEFT JOIN pictures i ON i.product_id = p.id AND i.position = 0 \
         WHERE c.person_id = ? ORDER BY c.added_at, c.product_id",
        [now.into(), now.into(), person_id.into()],
    )
    .await?;
    for line in &mut lines {
        if let Some(limit) = Limit::of(line.limit_count, line.limit_period) {
            let allowance = limits::of_product(db, now, zone, person_id, line.product_id, limit).await?;
            line.allowance = Some(allowance);
        }
    }
    Ok(lines)
}
