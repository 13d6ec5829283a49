//! Stock: how many are left, and the move behind every change. The one place that writes stock moves.
//!
//! Stock is changed by guarded updates only, products in ascending id, so that two carts never wait for each other in a
//! ring. The digital products' stock is the number of their free codes; whoever adds codes receives as much stock.

use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult, Set};

use crate::entity::stock_moves;
use crate::error::{Error, Refusal, Result};
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::actor::Actor;
use crate::types::id::{OrderId, ProductId};
use crate::types::points::Points;
use crate::types::product_kind::ProductState;
use crate::types::quantity::Quantity;
use crate::types::time::Timestamp;

/// The most that can arrive in one delivery.
pub const MOST_PIECES_AT_ONCE: i64 = 100_000;

/// So many of a product at a price that was agreed.
#[derive(Clone, Debug)]
pub struct Take {
    pub product_id: ProductId,
    pub quantity: Quantity,
    pub unit_price: Points,
}

struct Move {
    product_id: ProductId,
    quantity: i64,
    reason: &'static str,
    order_id: Option<OrderId>,
    actor: Actor,
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
         WHERE id = ? AND stock >= ? AND price = ? AND state = 'listed'",
        [n.into(), n.into(), take.product_id.into(), n.into(), take.unit_price.into()],
    )
    .await?;
    if taken != 1 {
        return Err(why_not(tx, take).await?);
    }
    let quantity = -n;
    record(
        tx,
        now,
        Move { product_id: take.product_id, quantity, reason: "sold", order_id: Some(order_id), actor },
    )
    .await
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
    record(tx, now, Move { product_id, quantity: pieces, reason: "received", order_id: None, actor }).await
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
    record(
        tx,
        now,
        Move { product_id, quantity: pieces, reason: "returned", order_id: Some(order_id), actor },
    )
    .await
}

async fn record(tx: &Tx, now: Timestamp, done: Move) -> Result<()> {
    let row = stock_moves::ActiveModel {
        product_id: Set(done.product_id),
        quantity: Set(done.quantity),
        reason: Set(done.reason.to_owned()),
        order_id: Set(done.order_id),
        actor_id: Set(done.actor.person()),
        at: Set(now),
        ..Default::default()
    };
    stock_moves::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

async fn why_not(db: &impl ConnectionTrait, take: &Take) -> Result<Error> {
    #[derive(FromQueryResult)]
    struct Now {
        name: String,
        state: ProductState,
        price: Points,
        stock: i64,
    }
    let product: Option<Now> = dialect::row(
        db,
        "SELECT name, state, price, stock FROM products WHERE id = ?",
        [take.product_id.into()],
    )
    .await?;
    let Some(product) = product else { return Ok(Error::NotFound) };
    Ok(match product {
        Now { state, name, .. } if state != ProductState::Listed => Refusal::Withdrawn { name }.into(),
        Now { stock, name, .. } if stock < take.quantity.get() => {
            Refusal::OutOfStock { name, left: stock }.into()
        }
        Now { price, .. } => Refusal::PriceChanged { was: take.unit_price, now: price }.into(),
    })
}
