//! Putting into the cart, changing how many, taking out.

use sea_orm::{ColumnTrait, Condition, EntityTrait, ExprTrait, FromQueryResult, QueryFilter};

use super::quote::QuotedLine;
use crate::entity::cart_lines;
use crate::error::{Error, Refusal, Result};
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::id::{PersonId, ProductId};
use crate::types::points::Points;
use crate::types::quantity::{MOST_OF_ONE_PRODUCT, Quantity};
use crate::types::time::Timestamp;

/// Different products in one cart.
const MOST_LINES: i64 = 50;

#[derive(FromQueryResult)]
struct Offer {
    name: String,
    is_open: bool,
    price: Points,
    stock: i64,
}

#[derive(FromQueryResult)]
struct Held {
    quantity: i64,
}

/// Puts more of a product into the cart and returns its name.
///
/// # Errors
/// [`Refusal::Withdrawn`], [`Refusal::OutOfStock`] when there are not as many, [`Refusal::TooManyOfOne`],
/// [`Refusal::TooManyInCart`].
pub async fn add(
    tx: &Tx,
    now: Timestamp,
    person_id: PersonId,
    product_id: ProductId,
    more: Quantity,
) -> Result<String> {
    let offer = offer(tx, now, product_id).await?;
    if let Some(held) = held(tx, person_id, product_id).await? {
        add_to(tx, person_id, product_id, &offer, held.quantity + more.get()).await?;
        return Ok(offer.name);
    }
    check(&offer, more.get())?;
    check_line_count(tx, person_id).await?;
    let inserted = dialect::execute(
        tx,
        "INSERT INTO cart_lines (person_id, product_id, quantity, price_seen, added_at) VALUES (?, ?, ?, ?, ?)",
        [person_id.into(), product_id.into(), more.get().into(), offer.price.into(), now.into()],
    )
    .await;
    match inserted {
        // Another tab put it in at the same moment.
        Err(Error::Database(error)) if dialect::is_duplicate(&error) => {
            let held = held(tx, person_id, product_id).await?.map_or(0, |line| line.quantity);
            add_to(tx, person_id, product_id, &offer, held + more.get()).await?;
        }
        inserted => {
            inserted?;
        }
    }
    Ok(offer.name)
}

async fn held(tx: &Tx, person_id: PersonId, product_id: ProductId) -> Result<Option<Held>> {
    dialect::locked_row(
        tx,
        "SELECT quantity FROM cart_lines WHERE person_id = ? AND product_id = ?",
        [person_id.into(), product_id.into()],
    )
    .await
}

async fn add_to(
    tx: &Tx,
    person_id: PersonId,
    product_id: ProductId,
    offer: &Offer,
    quantity: i64,
) -> Result<()> {
    check(offer, quantity)?;
    dialect::execute(
        tx,
        "UPDATE cart_lines SET quantity = ?, price_seen = ? WHERE person_id = ? AND product_id = ?",
        [quantity.into(), offer.price.into(), person_id.into(), product_id.into()],
    )
    .await?;
    Ok(())
}

/// Sets how many of a product are in the cart. Seeing the cart is seeing its prices.
///
/// # Errors
/// [`Error::NotFound`] when it is not in the cart; as [`add`] otherwise.
pub async fn set_quantity(
    tx: &Tx,
    now: Timestamp,
    person_id: PersonId,
    product_id: ProductId,
    quantity: Quantity,
) -> Result<()> {
    let offer = offer(tx, now, product_id).await?;
    check(&offer, quantity.get())?;
    let changed = dialect::execute(
        tx,
        "UPDATE cart_lines SET quantity = ?, price_seen = ? WHERE person_id = ? AND product_id = ?",
        [quantity.get().into(), offer.price.into(), person_id.into(), product_id.into()],
    )
    .await?;
    if changed == 1 { Ok(()) } else { Err(Error::NotFound) }
}

/// Takes a product out; taking it out twice changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn remove(tx: &Tx, person_id: PersonId, product_id: ProductId) -> Result<()> {
    let values = [person_id.into(), product_id.into()];
    dialect::execute(tx, "DELETE FROM cart_lines WHERE person_id = ? AND product_id = ?", values).await?;
    Ok(())
}

/// Takes out what was ordered; what another tab has put in or changed meanwhile stays.
///
/// # Errors
/// When the database fails.
pub async fn take_out(tx: &Tx, person_id: PersonId, ordered: &[QuotedLine]) -> Result<()> {
    let lines = ordered.iter().fold(Condition::any(), |lines, QuotedLine { line, .. }| {
        let this = cart_lines::Column::ProductId.eq(line.product_id);
        lines.add(this.and(cart_lines::Column::Quantity.eq(line.quantity)))
    });
    let own = cart_lines::Entity::delete_many().filter(cart_lines::Column::PersonId.eq(person_id));
    own.filter(lines).exec(tx).await?;
    Ok(())
}

async fn offer(tx: &Tx, now: Timestamp, product_id: ProductId) -> Result<Offer> {
    dialect::row(
        tx,
        "SELECT name, price, stock, state = 'listed' AND (visible_from IS NULL OR visible_from <= ?) \
           AND (visible_until IS NULL OR visible_until > ?) AS is_open FROM products WHERE id = ?",
        [now.into(), now.into(), product_id.into()],
    )
    .await?
    .ok_or(Error::NotFound)
}

fn check(offer: &Offer, quantity: i64) -> Result<(), Refusal> {
    if !offer.is_open {
        return Err(Refusal::Withdrawn { name: offer.name.clone() });
    }
    if quantity > MOST_OF_ONE_PRODUCT {
        return Err(Refusal::TooManyOfOne { name: offer.name.clone(), limit: MOST_OF_ONE_PRODUCT });
    }
    if quantity > offer.stock {
        return Err(Refusal::OutOfStock { name: offer.name.clone(), left: offer.stock });
    }
    Ok(())
}

async fn check_line_count(tx: &Tx, person_id: PersonId) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Lines {
        line_count: i64,
    }
    let count: Option<Lines> = dialect::row(
        tx,
        "SELECT COUNT(*) AS line_count FROM cart_lines WHERE person_id = ?",
        [person_id.into()],
    )
    .await?;
    if count.is_some_and(|count| count.line_count >= MOST_LINES) {
        return Err(Refusal::TooManyInCart { limit: MOST_LINES }.into());
    }
    Ok(())
}
