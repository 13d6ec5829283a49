//! Voucher codes of digital goods: a pool for each product, each code sealed at rest, given to one order line, and shown
//! only to its owner, who asks for it with a click that is remembered. Nothing here ever logs a code.

use std::collections::HashSet;

use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult, Set};

use crate::entity::codes;
use crate::error::{Error, Refusal, Result};
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::platform::seal::Sealer;
use crate::types::id::{CodeId, OrderId, OrderLineId, ProductId};
use crate::types::quantity::Quantity;
use crate::types::time::Timestamp;

/// The longest code.
const LONGEST_CODE: usize = 200;
/// Characters of a code that may be shown to staff.
const SHOWN: usize = 4;

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

/// Puts codes into a product's pool and returns how many were new; those that exist already, anywhere, are left out.
/// The caller receives as much stock in the same transaction.
///
/// # Errors
/// When a code is empty or too long, or the database fails.
pub async fn add(
    tx: &Tx,
    now: Timestamp,
    sealer: &Sealer,
    product_id: ProductId,
    new: &[String],
) -> Result<i64> {
    let mut added = 0;
    let mut seen = HashSet::new();
    for code in new.iter().map(|code| code.trim()) {
        if code.is_empty() || code.len() > LONGEST_CODE {
            return Err(Error::Malformed("a code is empty or too long"));
        }
        if !seen.insert(code) {
            continue;
        }
        let id = CodeId::new();
        let last_four: String =
            code.chars().rev().take(SHOWN).collect::<Vec<_>>().into_iter().rev().collect();
        let row = codes::ActiveModel {
            id: Set(id),
            product_id: Set(product_id),
            sealed: Set(sealer.seal(id.0.as_bytes(), code)?),
            hmac: Set(sealer.digest(code)),
            last_four: Set(last_four),
            order_line_id: Set(None),
            claimed_at: Set(None),
            revealed_at: Set(None),
            created_at: Set(now),
        };
        match codes::Entity::insert(row).exec_without_returning(tx).await {
            Ok(_) => added += 1,
            Err(error) if dialect::is_duplicate(&error) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(added)
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
        "SELECT id FROM codes WHERE product_id = ? AND order_line_id IS NULL ORDER BY id LIMIT ?",
        [product_id.into(), wanted.into()],
    )
    .await?;
    let left = i64::try_from(free.len()).unwrap_or(i64::MAX);
    if left < wanted {
        return Err(Refusal::OutOfStock { name: line.name.to_owned(), left }.into());
    }
    for code in free {
        let claimed = dialect::execute(
            tx,
            "UPDATE codes SET order_line_id = ?, claimed_at = ? WHERE id = ? AND order_line_id IS NULL",
            [line.id.into(), now.into(), code.id.into()],
        )
        .await?;
        if claimed != 1 {
            return Err(Error::Internal(anyhow::anyhow!("code {} was taken under its lock", code.id)));
        }
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
        "UPDATE codes SET revealed_at = ? WHERE id = ? AND order_line_id = ? AND revealed_at IS NULL",
        [now.into(), code.id.into(), code.order_line_id.into()],
    )
    .await?;
    Ok(first == 1)
}
