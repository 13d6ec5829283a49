//! The moves of a product's stock as the desk reads them: what, when, why, for which order, by whom.

use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use crate::error::Result;
use crate::platform::dialect;
use crate::types::id::ProductId;
use crate::types::paging::{Paged, Paging};
use crate::types::stock_reason::StockReason;
use crate::types::time::Timestamp;

/// Rows of a download.
pub const MOST_EXPORTED: u64 = 50_000;
/// More moves are not counted, and not paged through.
pub const MOST_COUNTED: u64 = 10_000;
/// Stands for any reason.
const ANY: &str = "";

/// One move.
#[derive(Clone, Debug, FromQueryResult)]
pub struct StockMove {
    pub quantity: i64,
    pub reason: String,
    pub note: String,
    pub at: Timestamp,
    pub order_number: Option<String>,
    /// Who did it by hand; orders have their own people.
    pub actor: Option<String>,
}

impl StockMove {
    /// Why, as a word of ours.
    #[must_use]
    pub fn reason(&self) -> Option<StockReason> {
        self.reason.parse().ok()
    }
}

/// One page of a product's moves, the newest first; only those of a reason when there is one. A page beyond the last is
/// the last one. The total is [`MOST_COUNTED`] plus one when there are more.
///
/// # Errors
/// When the database fails.
pub async fn page(
    db: &impl ConnectionTrait,
    product_id: ProductId,
    reason: Option<StockReason>,
    paging: Paging,
) -> Result<(Paged<StockMove>, Paging)> {
    #[derive(FromQueryResult)]
    struct Total {
        total: i64,
    }
    let name = reason.map_or(ANY, StockReason::name);
    let total: Option<Total> = dialect::row(
        db,
        "SELECT COUNT(*) AS total FROM (SELECT id FROM stock_moves \
           WHERE product_id = ? AND (? = '' OR reason = ?) LIMIT ?) counted",
        [product_id.into(), name.into(), name.into(), (MOST_COUNTED + 1).into()],
    )
    .await?;
    let total = total.and_then(|row| u64::try_from(row.total).ok()).unwrap_or_default();
    let paging = paging.within(total.min(MOST_COUNTED));
    let rows = rows(db, product_id, name, paging.limit(), paging.offset()).await?;
    Ok((Paged { rows, total }, paging))
}

/// All of them, for a download, no more than [`MOST_EXPORTED`].
///
/// # Errors
/// When the database fails.
pub async fn whole(
    db: &impl ConnectionTrait,
    product_id: ProductId,
    reason: Option<StockReason>,
) -> Result<Vec<StockMove>> {
    rows(db, product_id, reason.map_or(ANY, StockReason::name), MOST_EXPORTED, 0_u64).await
}

async fn rows(
    db: &impl ConnectionTrait,
    product_id: ProductId,
    reason: &str,
    limit: impl Into<Value>,
    offset: impl Into<Value>,
) -> Result<Vec<StockMove>> {
    dialect::rows(
        db,
        "SELECT m.quantity, m.reason, m.note, m.at, o.number AS order_number, \
           CASE WHEN m.order_id IS NULL THEN p.name END AS actor \
         FROM stock_moves m LEFT JOIN orders o ON o.id = m.order_id LEFT JOIN people p ON p.id = m.actor_id \
         WHERE m.product_id = ? AND (? = '' OR m.reason = ?) ORDER BY m.id DESC LIMIT ? OFFSET ?",
        [product_id.into(), reason.into(), reason.into(), limit.into(), offset.into()],
    )
    .await
}
