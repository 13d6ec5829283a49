//! Withdrawing a code that nobody has: it is never sold any more, and still known when it is brought again.

use sea_orm::EntityTrait;
use serde_json::json;

use crate::audit::{self, Act};
use crate::catalog::{self, stock};
use crate::codes::desk::CodeState;
use crate::entity::codes;
use crate::error::{Error, FieldErrors, FieldProblem, Refusal, Result};
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::actor::Actor;
use crate::types::id::{CodeId, ProductId};
use crate::types::time::Timestamp;

/// Characters of the reason.
pub const LONGEST_REASON: usize = 200;

/// Takes a free code out of its pool. Withdrawing it again changes nothing.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Invalid`] on `reason`, [`Refusal::CodeNotFree`].
pub async fn withdraw(
    tx: &Tx,
    now: Timestamp,
    actor: Actor,
    product_id: ProductId,
    code_id: CodeId,
    reason: &str,
) -> Result<()> {
    let mut errors = FieldErrors::default();
    if reason.is_empty() {
        errors.add("reason", FieldProblem::Required);
    } else if reason.chars().count() > LONGEST_REASON {
        errors.add("reason", FieldProblem::TooLong { max: 200 });
    }
    errors.check()?;
    catalog::lock(tx, product_id).await?;
    let code = codes::Entity::find_by_id(code_id).one(tx).await?;
    let code = code.filter(|code| code.product_id == product_id).ok_or(Error::NotFound)?;
    if code.withdrawn_at.is_some() {
        return Ok(());
    }
    stock::withdraw_one(tx, now, actor, product_id).await?;
    let withdrawn = dialect::execute(
        tx,
        "UPDATE codes SET withdrawn_at = ? WHERE id = ? AND order_line_id IS NULL AND withdrawn_at IS NULL",
        [now.into(), code_id.into()],
    )
    .await?;
    if withdrawn != 1 {
        return Err(Refusal::CodeNotFree.into());
    }
    let act = Act {
        action: "code.withdraw",
        subject_kind: "product",
        subject_id: product_id.to_string(),
        details: json!({
            "code": code_id, "reason": reason,
            "before": { "state": CodeState::Free.name() }, "after": { "state": CodeState::Withdrawn.name() },
        }),
    };
    audit::record(tx, now, actor, act).await
}
