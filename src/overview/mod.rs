//! What needs somebody at HR, and how the day has been: a few figures of each desk, each one query that an index answers.
//!
//! Everybody sees only what belongs to their desks. Orders that wait, oldest first; products and pools of codes that run
//! out; grants that wait for a second pair of eyes; and, for those who look after the whole, jobs that fail, books that
//! are wrong and mails that were given up, which can be tried again. Nothing is kept for it: what is seen is what is so.

pub mod hr;
pub mod mails;

use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::error::Result;
use crate::platform::dialect;
use crate::types::id::ProductId;
use crate::types::order_state::OrderState;
use crate::types::points::Points;
use crate::types::product_kind::ProductKind;
use crate::types::time::Timestamp;

/// What is counted further says "more than".
pub const MOST_COUNTED: i64 = 1_000;
/// Orders that are named.
const OLDEST: i64 = 8;
/// Products and mails that are named; the others are counted.
pub const MOST_NAMED: u32 = 8;

/// How many orders, each counted to one beyond [`MOST_COUNTED`].
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct OrderCounts {
    pub placed: i64,
    pub preparing: i64,
    /// Placed since the day began.
    pub today: i64,
}

/// An order that waits.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Waiting {
    pub number: String,
    pub person: String,
    pub state: OrderState,
    pub placed_at: Timestamp,
}

/// A product of which little is left; of a digital one these are codes.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Low {
    pub id: ProductId,
    pub name: String,
    pub stock: i64,
}

/// Points of one day.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct PointsMoved {
    pub issued: Option<Points>,
    pub redeemed: Option<Points>,
}

/// How many orders wait, and how many came since `day_began`.
///
/// # Errors
/// When the database fails.
pub async fn order_counts(db: &impl ConnectionTrait, day_began: Timestamp) -> Result<Option<OrderCounts>> {
    let most = MOST_COUNTED + 1;
    dialect::row(
        db,
        "SELECT (SELECT COUNT(*) FROM (SELECT 1 AS one FROM orders WHERE state = 'placed' LIMIT ?) a) AS placed, \
           (SELECT COUNT(*) FROM (SELECT 1 AS one FROM orders WHERE state = 'preparing' LIMIT ?) b) AS preparing, \
           (SELECT COUNT(*) FROM (SELECT 1 AS one FROM orders WHERE placed_at >= ? LIMIT ?) c) AS today",
        [most.into(), most.into(), day_began.into(), most.into()],
    )
    .await
}

/// The orders that have waited longest.
///
/// # Errors
/// When the database fails.
pub async fn oldest(db: &impl ConnectionTrait) -> Result<Vec<Waiting>> {
    dialect::rows(
        db,
        "SELECT o.number, p.name AS person, o.state, o.placed_at FROM ( \
           SELECT * FROM (SELECT number, person_id, state, placed_at FROM orders \
             WHERE state = 'placed' ORDER BY placed_at LIMIT ?) a \
           UNION ALL SELECT * FROM (SELECT number, person_id, state, placed_at FROM orders \
             WHERE state = 'preparing' ORDER BY placed_at LIMIT ?) b) o \
         JOIN people p ON p.id = o.person_id ORDER BY o.placed_at, o.number LIMIT ?",
        [OLDEST.into(), OLDEST.into(), OLDEST.into()],
    )
    .await
}

/// What is listed of this kind and runs out, least first: the first [`MOST_NAMED`].
///
/// # Errors
/// When the database fails.
pub async fn low(db: &impl ConnectionTrait, kind: ProductKind) -> Result<Vec<Low>> {
    dialect::rows(
        db,
        "SELECT id, name, stock FROM products WHERE state = 'listed' AND kind = ? AND stock <= low_stock_at \
         ORDER BY stock, name, id LIMIT ?",
        [kind.name().into(), MOST_NAMED.into()],
    )
    .await
}

/// How many of them there are.
///
/// # Errors
/// When the database fails.
pub async fn low_count(db: &impl ConnectionTrait, kind: ProductKind) -> Result<i64> {
    #[derive(FromQueryResult)]
    struct Row {
        products: i64,
    }
    let sql = "SELECT COUNT(*) AS products FROM products WHERE state = 'listed' AND kind = ? AND stock <= low_stock_at";
    let row: Option<Row> = dialect::row(db, sql, [kind.name().into()]).await?;
    Ok(row.map_or(0, |row| row.products))
}

/// The points given and redeemed since `day_began`.
///
/// # Errors
/// When the database fails.
pub async fn points_moved(db: &impl ConnectionTrait, day_began: Timestamp) -> Result<Option<PointsMoved>> {
    dialect::row(
        db,
        "SELECT CAST(SUM(CASE WHEN kind = 'grant' THEN amount END) AS SIGNED) AS issued, \
           CAST(SUM(CASE WHEN kind = 'redeem' THEN amount END) AS SIGNED) AS redeemed \
         FROM transfers WHERE kind IN ('grant', 'redeem') AND at >= ?",
        [day_began.into()],
    )
    .await
}
