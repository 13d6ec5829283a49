//! Showing a code to its owner, and remembering that it was shown.

use serde_json::json;

use crate::audit::{self, Act};
use crate::codes;
use crate::error::{Error, Result};
use crate::orders::timeline::{self, Step};
use crate::orders::{find_for, lock};
use crate::platform::db::Tx;
use crate::types::actor::Actor;
use crate::types::id::{CodeId, PersonId};
use crate::types::time::Timestamp;

/// Marks a code of a person's order as shown. Looking again is allowed and leaves no second trace.
///
/// # Errors
/// [`Error::NotFound`] when the order is not theirs or the code not the order's.
pub async fn reveal(
    tx: &Tx,
    now: Timestamp,
    person_id: PersonId,
    number: &str,
    code_id: CodeId,
) -> Result<()> {
    let order = find_for(tx, person_id, number).await?;
    // Or a cancellation could give the code to somebody else before it is marked.
    let order = lock(tx, order.id).await?;
    let codes = codes::of_order(tx, order.id).await?;
    let code = codes.iter().find(|code| code.id == code_id).ok_or(Error::NotFound)?;
    if !codes::mark_revealed(tx, now, code).await? {
        return Ok(());
    }
    let actor = Actor::Person(person_id);
    timeline::note(tx, now, actor, order.id, Step::CodeRevealed, &code.product_name).await?;
    let act = Act {
        action: "code.reveal",
        subject_kind: "order",
        subject_id: order.id.to_string(),
        details: json!({ "code": code_id }),
    };
    audit::record(tx, now, actor, act).await
}
