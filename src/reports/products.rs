//! What was redeemed of each product in some days, what came back in them taken off, so that all products together are
//! what was redeemed less what was given back.

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, Value,
};

use crate::entity::products;
use crate::error::Result;
use crate::platform::dialect;
use crate::reports::figures;
use crate::reports::range::Range;
use crate::types::id::ProductId;
use crate::types::product_kind::ProductState;
use crate::types::time::Timestamp;
use crate::types::window::Window;

/// A product and what was redeemed of it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Product {
    pub product_id: ProductId,
    pub slug: String,
    pub name: String,
    pub category: String,
    pub state: ProductState,
    pub visible_from: Option<Timestamp>,
    pub visible_until: Option<Timestamp>,
    /// Pieces that anybody ever redeemed and kept.
    pub ever: i64,
    pub pieces: i64,
    pub points: i64,
}

impl Product {
    /// Whether employees see it now and nobody ever wanted it.
    #[must_use]
    pub fn is_never_redeemed(&self, now: Timestamp) -> bool {
        let window = Window { from: self.visible_from, until: self.visible_until };
        self.state == ProductState::Listed && window.is_open(now) && self.ever == 0
    }
}

/// Of each product what was redeemed: a mark's sums and what moved since, up to the end; and the same up to the beginning,
/// taken off.
macro_rules! redeemed {
    () => {
        "(SELECT product_id, CAST(SUM(pieces) AS SIGNED) AS pieces, CAST(SUM(points) AS SIGNED) AS points FROM ( \
            SELECT product_id, pieces, points FROM product_marks WHERE mark_at = ? \
            UNION ALL SELECT m.product_id, -m.quantity AS pieces, -m.quantity * l.unit_price AS points \
              FROM stock_moves m JOIN order_lines l ON l.order_id = m.order_id AND l.product_id = m.product_id \
              WHERE m.reason IN ('sold', 'returned') AND m.at >= ? AND m.at < ? \
            UNION ALL SELECT product_id, -pieces, -points FROM product_marks WHERE mark_at = ? \
            UNION ALL SELECT m.product_id, m.quantity AS pieces, m.quantity * l.unit_price AS points \
              FROM stock_moves m JOIN order_lines l ON l.order_id = m.order_id AND l.product_id = m.product_id \
              WHERE m.reason IN ('sold', 'returned') AND m.at >= ? AND m.at < ? \
          ) parts GROUP BY product_id) x"
    };
}

const ALL: &str = concat!(
    "SELECT p.id AS product_id, p.slug, p.name, c.name AS category, p.state, p.visible_from, p.visible_until, \
       p.redeemed AS ever, COALESCE(x.pieces, 0) AS pieces, COALESCE(x.points, 0) AS points \
     FROM products p JOIN categories c ON c.id = p.category_id LEFT JOIN ",
    redeemed!(),
    " ON x.product_id = p.id ORDER BY COALESCE(x.points, 0) DESC, p.name, p.id"
);

/// Only those that are shown are looked up: their names do not say which of two that are equal is among them.
const MOST_REDEEMED: &str = concat!(
    "SELECT p.id AS product_id, p.slug, p.name, c.name AS category, p.state, p.visible_from, p.visible_until, \
       p.redeemed AS ever, x.pieces, x.points \
     FROM (SELECT x.product_id, x.pieces, x.points FROM ",
    redeemed!(),
    " WHERE x.pieces > 0 ORDER BY x.points DESC, x.product_id LIMIT ?) x \
      JOIN products p ON p.id = x.product_id JOIN categories c ON c.id = p.category_id \
     ORDER BY x.points DESC, p.name, p.id"
);

/// Every product, the one that most points were spent on first.
///
/// # Errors
/// When the database fails.
pub async fn of(db: &impl ConnectionTrait, range: &Range) -> Result<Vec<Product>> {
    dialect::rows(db, ALL, values(db, range).await?).await
}

/// The first of those of which anything was redeemed, no more than `most`.
///
/// # Errors
/// When the database fails.
pub async fn most_redeemed(db: &impl ConnectionTrait, range: &Range, most: i64) -> Result<Vec<Product>> {
    let values = values(db, range).await?.into_iter().chain([most.into()]);
    dialect::rows(db, MOST_REDEEMED, values).await
}

/// How many products employees see now and nobody ever wanted.
///
/// # Errors
/// When the database fails.
pub async fn never_redeemed(db: &impl ConnectionTrait, now: Timestamp) -> Result<u64> {
    let (from, until) = (products::Column::VisibleFrom, products::Column::VisibleUntil);
    let found = products::Entity::find()
        .filter(products::Column::State.eq(ProductState::Listed))
        .filter(Condition::any().add(from.is_null()).add(from.lte(now)))
        .filter(Condition::any().add(until.is_null()).add(until.gt(now)))
        .filter(products::Column::Redeemed.eq(0));
    Ok(found.count(db).await?)
}

/// For the question marks of [`redeemed`].
async fn values(db: &impl ConnectionTrait, range: &Range) -> Result<[Value; 6]> {
    let (from, before) = (range.from(), range.before());
    let from_mark = figures::mark_before(db, from).await?;
    let before_mark = figures::mark_before(db, before).await?;
    Ok([before_mark, before_mark, before, from_mark, from_mark, from].map(Value::from))
}
