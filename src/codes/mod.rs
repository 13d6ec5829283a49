//! Voucher codes of digital goods: a pool for each product, each code sealed at rest, given to one order line, and shown
//! only to its owner, who asks for it with a click that is remembered. Staff see its last four characters. Nothing here
//! ever logs a code.
//!
//! A code comes in with its batch (`add.rs`), each only once, wherever it is. As long as it is free it is a piece of its
//! product's stock; it leaves by an order or is withdrawn (`withdraw.rs`), and is never deleted.

pub mod add;
pub mod desk;
pub mod hr;
pub mod withdraw;

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter};

use crate::entity::codes as code_row;
use crate::error::{Error, Refusal, Result};
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::platform::seal::Sealer;
use crate::types::id::{CodeId, OrderId, OrderLineId, ProductId};
use crate::types::quantity::Quantity;
use crate::types::time::Timestamp;

/// A code that belongs to an order.
#[derive(Clone, Debug, FromQueryResult)]
pub struct OwnedCode {
    pub id: CodeId,
    pub order_line_id: OrderLineId,
    pub product_name: String,
    pub last_four: String,
    pub revealed_at: Option<Timestamp>,
    sealed: Vec<u8>,
}

impl OwnedCode {
    /// The code itself.
    ///
    /// # Errors
    /// When it was sealed with another key.
    pub fn open(&self, sealer: &Sealer) -> Result<String> {
        sealer.open(self.id.0.as_bytes(), &self.sealed)
    }
}

/// Gives `quantity` free codes of a product to an order line.
///
/// # Errors
/// [`Refusal::OutOfStock`] when the pool has fewer.
pub async fn claim(tx: &Tx, now: Timestamp, product_id: ProductId, line: &ClaimingLine<'_>) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Free {
        id: CodeId,
    }
    let wanted = line.quantity.get();
    let free: Vec<Free> = dialect::rows_skipping_locked(
        tx,
        "SELECT id FROM codes WHERE product_id = ? AND order_line_id IS NULL AND withdrawn_at IS NULL \
         ORDER BY id LIMIT ?",
        [product_id.into(), wanted.into()],
    )
    .await?;
    let left = i64::try_from(free.len()).unwrap_or(i64::MAX);
    if left < wanted {
        return Err(Refusal::OutOfStock { name: line.name.to_owned(), left }.into());
    }
    let claimed = code_row::Entity::update_many()
        .col_expr(code_row::Column::OrderLineId, Expr::val(line.id))
        .col_expr(code_row::Column::ClaimedAt, Expr::val(now))
        .filter(code_row::Column::Id.is_in(free.iter().map(|code| code.id)))
        .filter(code_row::Column::OrderLineId.is_null())
        .exec(tx)
        .await?;
    if usize::try_from(claimed.rows_affected).ok() != Some(free.len()) {
        return Err(Error::Internal(anyhow::anyhow!("a code of {product_id} was taken under its lock")));
    }
    Ok(())
}

/// Puts `pieces` codes of an order line that nobody has seen back into their pool. The caller holds the order's lock, as
/// whoever shows a code does.
///
/// # Errors
/// When fewer are unseen, which the caller has judged before.
pub async fn put_back(tx: &Tx, line_id: OrderLineId, pieces: i64) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Unseen {
        id: CodeId,
    }
    let unseen: Vec<Unseen> = dialect::rows(
        tx,
        "SELECT id FROM codes WHERE order_line_id = ? AND revealed_at IS NULL ORDER BY id LIMIT ?",
        [line_id.into(), pieces.into()],
    )
    .await?;
    let mut returned = 0;
    for code in unseen {
        returned += dialect::execute(
            tx,
            "UPDATE codes SET order_line_id = NULL, claimed_at = NULL \
             WHERE id = ? AND order_line_id = ? AND revealed_at IS NULL",
            [code.id.into(), line_id.into()],
        )
        .await?;
    }
    if i64::try_from(returned) == Ok(pieces) {
        Ok(())
    } else {
        Err(Error::Internal(anyhow::anyhow!(
            "only {returned} of {pieces} codes of line {line_id} were unseen"
        )))
    }
}

/// The order line that codes are claimed for.
pub struct ClaimingLine<'a> {
    pub id: OrderLineId,
    pub name: &'a str,
    pub quantity: Quantity,
}

/// The codes of an order, in the order of its lines.
///
/// # Errors
/// When the database fails.
pub async fn of_order(db: &impl ConnectionTrait, order_id: OrderId) -> Result<Vec<OwnedCode>> {
    dialect::rows(
        db,
        "SELECT c.id, c.order_line_id, l.name AS product_name, c.last_four, c.revealed_at, c.sealed \
         FROM codes c JOIN order_lines l ON l.id = c.order_line_id WHERE l.order_id = ? ORDER BY l.position, c.id",
        [order_id.into()],
    )
    .await
}

/// Remembers that a code was shown to the owner of its order line; returns whether this was the first time.
///
/// # Errors
/// When the database fails.
pub async fn mark_revealed(tx: &Tx, now: Timestamp, code: &OwnedCode) -> Result<bool> {
    let first = dialect::execute(
        tx,
        // The clock of whoever sold it may have been ahead.
        "UPDATE codes SET revealed_at = CASE WHEN claimed_at > ? THEN claimed_at ELSE ? END \
         WHERE id = ? AND order_line_id = ? AND revealed_at IS NULL",
        [now.into(), now.into(), code.id.into(), code.order_line_id.into()],
    )
    .await?;
    Ok(first == 1)
}
