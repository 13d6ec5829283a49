//! Handing an order over.

use serde_json::json;

use crate::audit::{self, Act};
use crate::error::{Refusal, Result};
use crate::orders::timeline::{self, Step};
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::actor::Actor;
use crate::types::id::OrderId;
use crate::types::time::Timestamp;

/// Marks an order as handed over, with a note (tracking number, who picked it up).
///
/// # Errors
/// [`Refusal::NothingToFulfil`] when it is not waiting to be handed over.
pub async fn fulfil(tx: &Tx, now: Timestamp, actor: Actor, order_id: OrderId, note: &str) -> Result<()> {
    let changed = dialect::execute(
        tx,
        "UPDATE orders SET state = 'fulfilled', version = version + 1 WHERE id = ? AND state IN ('placed', 'preparing')",
        [order_id.into()],
    )
    .await?;
    if changed != 1 {
        return Err(Refusal::NothingToFulfil.into());
    }
    timeline::note(tx, now, actor, order_id, Step::Fulfilled, note).await?;
    let act = Act {
        action: "order.fulfil",
        subject_kind: "order",
        subject_id: order_id.to_string(),
        details: json!({ "note": note }),
    };
    audit::record(tx, now, actor, act).await
}
