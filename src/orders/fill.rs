//! Filling a claimed order: its lines as sold, its total, where it goes.

use sea_orm::{EntityTrait, Set};

use crate::entity::order_lines;
use crate::error::{Error, Result};
use crate::orders::timeline::{self, Step};
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::actor::Actor;
use crate::types::id::{OrderId, OrderLineId, ProductId};
use crate::types::order_state::OrderState;
use crate::types::points::Points;
use crate::types::product_kind::ProductKind;
use crate::types::quantity::Quantity;
use crate::types::time::Timestamp;

/// A line as it is sold.
#[derive(Clone, Debug)]
pub struct SoldLine {
    pub id: OrderLineId,
    pub product_id: ProductId,
    pub kind: ProductKind,
    pub name: String,
    pub object_key: String,
    pub widths: String,
    pub unit_price: Points,
    pub quantity: Quantity,
}

/// Where the goods go, in the words it had that day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Codes only.
    None,
    Address(Vec<String>),
    Office(Vec<String>),
}

impl Delivery {
    /// Its name in the database.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Address(_) => "address",
            Self::Office(_) => "office",
        }
    }

    /// The lines to read, joined.
    #[must_use]
    pub fn to(&self) -> String {
        match self {
            Self::None => String::new(),
            Self::Address(lines) | Self::Office(lines) => lines.join("\n"),
        }
    }
}

/// Writes the lines; codes are claimed against them afterwards.
///
/// # Errors
/// When the database fails.
pub async fn lines(tx: &Tx, order_id: OrderId, lines: &[SoldLine]) -> Result<()> {
    let rows = lines.iter().zip(0_i64..).map(|(line, position)| order_lines::ActiveModel {
        id: Set(line.id),
        order_id: Set(order_id),
        product_id: Set(line.product_id),
        position: Set(position),
        kind: Set(line.kind),
        name: Set(line.name.clone()),
        object_key: Set(line.object_key.clone()),
        widths: Set(line.widths.clone()),
        unit_price: Set(line.unit_price),
        quantity: Set(line.quantity.get()),
        cancelled: Set(0),
    });
    order_lines::Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(())
}

/// Completes the order: total, delivery, and its first step. Codes are handed over at once.
///
/// # Errors
/// When the database fails.
pub async fn complete(
    tx: &Tx,
    now: Timestamp,
    actor: Actor,
    order_id: OrderId,
    total: Points,
    delivery: &Delivery,
) -> Result<()> {
    let state = if *delivery == Delivery::None { OrderState::Fulfilled } else { OrderState::Placed };
    let completed = dialect::execute(
        tx,
        "UPDATE orders SET total = ?, state = ?, delivery_kind = ?, delivery_to = ? WHERE id = ?",
        [total.into(), state.name().into(), delivery.kind().into(), delivery.to().into(), order_id.into()],
    )
    .await?;
    if completed != 1 {
        return Err(Error::Internal(anyhow::anyhow!("order {order_id} vanished while it was filled")));
    }
    timeline::note(tx, now, actor, order_id, Step::Placed, "").await?;
    if state == OrderState::Fulfilled {
        timeline::note(tx, now, Actor::Shop, order_id, Step::Fulfilled, "").await?;
    }
    Ok(())
}
