//! Stock: how many are left, and the move behind every change. The one place that writes stock moves.
//!
//! Stock is changed by guarded updates only, products in ascending id, so that two carts never wait for each other in a
//! ring. Nobody ever writes a stock they have read: every change is so many more or fewer, also when somebody counts.
//! The digital products' stock is the number of their free codes, and moves with these only.

use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult, Set};
use serde_json::json;

use crate::audit::{self, Act};
use crate::catalog;
use crate::catalog::details::too_long;
use crate::entity::stock_moves;
use crate::error::{Error, FieldErrors, FieldProblem, Refusal, Result};
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::actor::Actor;
use crate::types::form_key::FormKey;
use crate::types::id::{OrderId, ProductId};
use crate::types::points::Points;
use crate::types::product_kind::ProductKind;
use crate::types::quantity::Quantity;
use crate::types::stock_reason::StockReason;
use crate::types::time::Timestamp;

/// The most that can arrive or leave at once.
pub const MOST_PIECES_AT_ONCE: i64 = 100_000;
/// The most there can be of one product.
pub const MOST_STOCK: i64 = 10_000_000;
/// Characters of what is noted about a move.
pub const LONGEST_NOTE: usize = 200;

/// So many of a product at a price that was agreed.
#[derive(Clone, Debug)]
pub struct Take {
    pub product_id: ProductId,
    pub quantity: Quantity,
    pub unit_price: Points,
}

/// A change that somebody makes by hand.
#[derive(Clone, Debug)]
pub struct Adjustment {
    /// Minted with the form: the same one again is the same change.
    pub key: FormKey,
    pub by: By,
    pub note: String,
}

/// By how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// So many more, or fewer below zero.
    Pieces(StockReason, i64),
    /// As many as were counted, by somebody who was told that there were `expected`.
    Count { counted: i64, expected: i64 },
}

struct Move<'a> {
    product_id: ProductId,
    quantity: i64,
    reason: StockReason,
    order_id: Option<OrderId>,
    actor: Actor,
    key: Option<FormKey>,
    note: &'a str,
}

impl Move<'_> {
    fn new(product_id: ProductId, quantity: i64, reason: StockReason, actor: Actor) -> Self {
        Self { product_id, quantity, reason, order_id: None, actor, key: None, note: "" }
    }

    fn for_order(self, order_id: OrderId) -> Self {
        Self { order_id: Some(order_id), ..self }
    }
}

/// Takes one product's pieces for an order; price, state and stock are judged by the update itself, under its lock.
/// Call in ascending product id.
///
/// # Errors
/// [`Refusal::OutOfStock`], [`Refusal::Withdrawn`] or [`Refusal::PriceChanged`], whichever it was.
pub async fn take(tx: &Tx, now: Timestamp, actor: Actor, order_id: OrderId, take: &Take) -> Result<()> {
    let n = take.quantity.get();
    let taken = dialect::execute(
        tx,
        "UPDATE products SET stock = stock - ?, redeemed = redeemed + ? \
         WHERE id = ? AND stock >= ? AND price = ? AND state = 'listed' \
           AND (visible_from IS NULL OR visible_from <= ?) AND (visible_until IS NULL OR visible_until > ?)",
        [
            n.into(),
            n.into(),
            take.product_id.into(),
            n.into(),
            take.unit_price.into(),
            now.into(),
            now.into(),
        ],
    )
    .await?;
    if taken != 1 {
        return Err(why_not(tx, now, take).await?);
    }
    record(tx, now, Move::new(take.product_id, -n, StockReason::Sold, actor).for_order(order_id)).await
}

/// Pieces arrive; none arriving is nothing to write down.
///
/// # Errors
/// [`Error::NotFound`] when there is no such product; [`Error::Malformed`] beyond [`MOST_PIECES_AT_ONCE`].
pub async fn receive(
    tx: &Tx,
    now: Timestamp,
    actor: Actor,
    product_id: ProductId,
    pieces: i64,
) -> Result<()> {
    match pieces {
        0 => return Ok(()),
        1..=MOST_PIECES_AT_ONCE => {}
        _ => return Err(Error::Malformed("pieces that arrive")),
    }
    let changed = dialect::execute(
        tx,
        "UPDATE products SET stock = stock + ? WHERE id = ?",
        [pieces.into(), product_id.into()],
    )
    .await?;
    if changed != 1 {
        return Err(Error::NotFound);
    }
    record(tx, now, Move::new(product_id, pieces, StockReason::Received, actor)).await
}

/// Pieces of an order come back onto the shelf. Call in ascending product id.
///
/// # Errors
/// When more would come back than were redeemed.
pub async fn put_back(
    tx: &Tx,
    now: Timestamp,
    actor: Actor,
    order_id: OrderId,
    product_id: ProductId,
    pieces: i64,
) -> Result<()> {
    let changed = dialect::execute(
        tx,
        "UPDATE products SET stock = stock + ?, redeemed = redeemed - ? WHERE id = ? AND redeemed >= ?",
        [pieces.into(), pieces.into(), product_id.into(), pieces.into()],
    )
    .await?;
    if changed != 1 {
        return Err(Error::Internal(anyhow::anyhow!("{pieces} of {product_id} were never redeemed")));
    }
    record(tx, now, Move::new(product_id, pieces, StockReason::Returned, actor).for_order(order_id)).await
}

/// Changes the stock of a physical product by hand. The same form sent again changes nothing.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Invalid`] on `quantity` or `note`, [`Refusal::StockIsCodes`], [`Refusal::StockTooLow`],
/// [`Refusal::StockMoved`] when there are not as many as whoever counted was told, [`Refusal::FormReused`].
pub async fn adjust(
    tx: &Tx,
    now: Timestamp,
    actor: Actor,
    product_id: ProductId,
    adjustment: &Adjustment,
) -> Result<()> {
    adjustment.check()?;
    let product = catalog::lock(tx, product_id).await?;
    if product.kind == ProductKind::Digital {
        return Err(Refusal::StockIsCodes.into());
    }
    let pieces = match adjustment.by {
        By::Pieces(_, pieces) => pieces,
        By::Count { counted, expected } => counted - expected,
    };
    if let Some(before) = moved_by(tx, adjustment.key).await? {
        let same = before.product_id == product_id
            && before.quantity == pieces
            && before.reason == adjustment.by.reason().name();
        return if same { Ok(()) } else { Err(Refusal::FormReused.into()) };
    }
    if let By::Count { expected, .. } = adjustment.by
        && expected != product.stock
    {
        return Err(Refusal::StockMoved { was: expected, now: product.stock }.into());
    }
    if pieces == 0 {
        return Ok(());
    }
    let changed = dialect::execute(
        tx,
        "UPDATE products SET stock = stock + ? WHERE id = ? AND stock + ? BETWEEN 0 AND ?",
        [pieces.into(), product_id.into(), pieces.into(), MOST_STOCK.into()],
    )
    .await?;
    if changed != 1 {
        return Err(if pieces < 0 {
            Refusal::StockTooLow { left: product.stock }.into()
        } else {
            invalid("quantity", FieldProblem::OutOfRange { min: 0, max: MOST_STOCK - product.stock })
        });
    }
    let mut done = Move::new(product_id, pieces, adjustment.by.reason(), actor);
    (done.key, done.note) = (Some(adjustment.key), adjustment.note.trim());
    record(tx, now, done).await?;
    let act = Act {
        action: "stock.adjust",
        subject_kind: "product",
        subject_id: product_id.to_string(),
        details: json!({
            "before": { "stock": product.stock }, "after": { "stock": product.stock + pieces },
            "reason": adjustment.by.reason().name(), "note": adjustment.note.trim(),
        }),
    };
    audit::record(tx, now, actor, act).await
}

/// A free code leaves the shelf for good. The caller takes it out of its pool in the same transaction.
///
/// # Errors
/// [`Refusal::CodeNotFree`] when none is free.
pub async fn withdraw_one(tx: &Tx, now: Timestamp, actor: Actor, product_id: ProductId) -> Result<()> {
    let sql = "UPDATE products SET stock = stock - 1 WHERE id = ? AND stock >= 1";
    if dialect::execute(tx, sql, [product_id.into()]).await? != 1 {
        return Err(Refusal::CodeNotFree.into());
    }
    record(tx, now, Move::new(product_id, -1, StockReason::Withdrawn, actor)).await
}

/// Whether a product ever had any stock.
///
/// # Errors
/// When the database fails.
pub async fn has_moved(db: &impl ConnectionTrait, product_id: ProductId) -> Result<bool> {
    #[derive(FromQueryResult)]
    struct First {
        #[expect(dead_code, reason = "that there is a row is the answer")]
        id: i64,
    }
    let sql = "SELECT id FROM stock_moves WHERE product_id = ? LIMIT 1";
    Ok(dialect::row::<First>(db, sql, [product_id.into()]).await?.is_some())
}

/// A product of which few are left, or none.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Low {
    pub id: ProductId,
    pub name: String,
    pub kind: ProductKind,
    pub stock: i64,
    pub low_stock_at: i64,
}

/// The listed products that run out, the emptiest first, at most so many. Of digital ones these are the pools of codes.
///
/// # Errors
/// When the database fails.
pub async fn low(db: &impl ConnectionTrait, limit: u32) -> Result<Vec<Low>> {
    dialect::rows(
        db,
        "SELECT id, name, kind, stock, low_stock_at FROM products \
         WHERE state = 'listed' AND stock <= low_stock_at ORDER BY stock, name, id LIMIT ?",
        [limit.into()],
    )
    .await
}

impl By {
    fn reason(self) -> StockReason {
        match self {
            Self::Pieces(reason, _) => reason,
            Self::Count { .. } => StockReason::Counted,
        }
    }
}

impl Adjustment {
    fn check(&self) -> Result<()> {
        let mut errors = FieldErrors::default();
        match self.by {
            By::Pieces(_, pieces) if !(1..=MOST_PIECES_AT_ONCE).contains(&pieces.abs()) => {
                errors.add("quantity", FieldProblem::OutOfRange { min: 1, max: MOST_PIECES_AT_ONCE });
            }
            By::Count { counted, .. } if !(0..=MOST_STOCK).contains(&counted) => {
                errors.add("quantity", FieldProblem::OutOfRange { min: 0, max: MOST_STOCK });
            }
            _ => {}
        }
        if self.note.trim().chars().count() > LONGEST_NOTE {
            errors.add("note", too_long(LONGEST_NOTE));
        }
        errors.check()
    }
}

#[derive(FromQueryResult)]
struct Before {
    product_id: ProductId,
    quantity: i64,
    reason: String,
}

async fn moved_by(tx: &Tx, key: FormKey) -> Result<Option<Before>> {
    let sql = "SELECT product_id, quantity, reason FROM stock_moves WHERE form_key = ?";
    dialect::row(tx, sql, [key.into()]).await
}

async fn record(tx: &Tx, now: Timestamp, done: Move<'_>) -> Result<()> {
    let row = stock_moves::ActiveModel {
        product_id: Set(done.product_id),
        quantity: Set(done.quantity),
        reason: Set(done.reason.name().to_owned()),
        order_id: Set(done.order_id),
        actor_id: Set(done.actor.person()),
        at: Set(now),
        form_key: Set(done.key),
        note: Set(done.note.to_owned()),
        ..Default::default()
    };
    match stock_moves::Entity::insert(row).exec_without_returning(tx).await {
        // Under another product's lock at the same moment.
        Err(error) if dialect::is_duplicate(&error) => Err(Refusal::FormReused.into()),
        done => Ok(done.map(|_| ())?),
    }
}

async fn why_not(db: &impl ConnectionTrait, now: Timestamp, take: &Take) -> Result<Error> {
    let Some(product) = catalog::find(db, take.product_id).await? else { return Ok(Error::NotFound) };
    Ok(if !product.is_on_offer(now) {
        Refusal::Withdrawn { name: product.name }.into()
    } else if product.stock < take.quantity.get() {
        Refusal::OutOfStock { name: product.name, left: product.stock }.into()
    } else {
        Refusal::PriceChanged { was: take.unit_price, now: product.price }.into()
    })
}

fn invalid(field: &'static str, problem: FieldProblem) -> Error {
    let mut errors = FieldErrors::default();
    errors.add(field, problem);
    Error::Invalid(errors)
}
