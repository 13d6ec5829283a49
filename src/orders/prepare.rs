//! Beginning to prepare an order: from here on its owner cannot cancel it any more.

use serde_json::json;

use crate::audit::{self, Act};
use crate::error::{Refusal, Result};
use crate::orders::timeline::{self, Step};
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::actor::Actor;
use crate::types::id::OrderId;
use crate::types::order_state::OrderState;
use crate::types::time::Timestamp;

/// Marks a placed order as being prepared.
///
/// # Errors
/// [`Refusal::NothingToFulfil`] when it is not waiting for that.
pub async fn prepare(tx: &Tx, now: Timestamp, actor: Actor, order_id: OrderId) -> Result<()> {
    let changed = dialect::execute(
        tx,
        "UPDATE orders SET state = 'preparing', version = version + 1 WHERE id = ? AND state = 'placed'",
        [order_id.into()],
    )
    .await?;
    if changed != 1 {
        return Err(Refusal::NothingToFulfil.into());
    }
    timeline::note(tx, now, actor, order_id, Step::Preparing, "").await?;
    let act = Act {
        action: "order.prepare",
        subject_kind: "order",
        subject_id: order_id.to_string(),
        details: json!({
            "before": { "state": OrderState::Placed.name() }, "after": { "state": OrderState::Preparing.name() },
        }),
    };
    audit::record(tx, now, actor, act).await
}
