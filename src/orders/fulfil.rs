//! Handing an order over, or giving it to a carrier. Its owner is told.

use serde_json::json;

use crate::audit::{self, Act};
use crate::entity::orders as order_row;
use crate::error::{Refusal, Result};
use crate::orders::timeline::{self, Step, Words};
use crate::orders::{lines, lock};
use crate::outbox::event::{Event, OrderFulfilled, OrderedLine};
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::actor::Actor;
use crate::types::id::OrderId;
use crate::types::order_state::OrderState;
use crate::types::time::Timestamp;
use crate::{outbox, people};

/// Characters of a carrier's name and of its number.
pub const LONGEST_CARRIER: usize = 60;

/// Marks an order as handed over, with what is said about it: carrier and number, who picked it up.
///
/// # Errors
/// [`crate::error::Error::NotFound`]; [`Refusal::NothingToFulfil`] when it is not waiting to be handed over.
pub async fn fulfil(tx: &Tx, now: Timestamp, actor: Actor, order_id: OrderId, words: &Words) -> Result<()> {
    let order = lock(tx, order_id).await?;
    let changed = dialect::execute(
        tx,
        "UPDATE orders SET state = 'fulfilled', version = version + 1 WHERE id = ? AND state IN ('placed', 'preparing')",
        [order_id.into()],
    )
    .await?;
    if changed != 1 {
        return Err(Refusal::NothingToFulfil.into());
    }
    timeline::tell(tx, now, actor, order_id, Step::Fulfilled, words.clone()).await?;
    let act = Act {
        action: "order.fulfil",
        subject_kind: "order",
        subject_id: order_id.to_string(),
        details: json!({
            "before": { "state": order.state.name() }, "after": { "state": OrderState::Fulfilled.name() },
            "note": words.note, "carrier": words.carrier, "tracking_number": words.tracking_number,
        }),
    };
    audit::record(tx, now, actor, act).await?;
    tell_owner(tx, now, order, words).await
}

async fn tell_owner(tx: &Tx, now: Timestamp, order: order_row::Model, words: &Words) -> Result<()> {
    let person = people::load(tx, order.person_id).await?;
    let left = lines(tx, order.id).await?.into_iter().filter(|line| line.quantity > line.cancelled);
    let lines = left.map(|line| OrderedLine {
        quantity: line.quantity - line.cancelled,
        points: line.unit_price.times(line.quantity - line.cancelled).unwrap_or_default(),
        name: line.name,
    });
    let event = Event::OrderFulfilled(OrderFulfilled {
        lines: lines.collect(),
        number: order.number,
        person_id: order.person_id,
        name: person.name,
        email: person.email,
        fulfilled_at: now,
        is_sent: order.delivery_kind == "address",
        delivery: order.delivery_to,
        carrier: words.carrier.clone(),
        tracking_number: words.tracking_number.clone(),
        note: words.note.clone(),
    });
    outbox::publish(tx, now, &event).await
}
