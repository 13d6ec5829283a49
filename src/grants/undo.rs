//! Undoing a grant: a transfer that takes back all of it, while nobody has spent any.

use sea_orm::FromQueryResult;
use serde_json::json;

use super::tell;
use crate::audit::{self, Act};
use crate::error::{Error, Result};
use crate::ledger::{accounts, deduct};
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::actor::Actor;
use crate::types::id::{GrantId, PersonId};
use crate::types::points::Points;
use crate::types::time::Timestamp;

/// Takes a grant back and tells the person; nothing happens when it was taken back before.
///
/// # Errors
/// [`Error::NotFound`] when there is no such grant; [`crate::error::Refusal::GrantSpent`] when some of it was spent or has lapsed.
pub async fn undo(tx: &Tx, now: Timestamp, actor: Actor, id: GrantId, reason: String) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Row {
        person_id: PersonId,
        transfer_id: i64,
        amount: Points,
    }
    let sql = "SELECT person_id, transfer_id, amount FROM grants WHERE id = ?";
    let grant: Row = dialect::row(tx, sql, [id.into()]).await?.ok_or(Error::NotFound)?;
    let mut account = accounts::lock_account(tx, grant.person_id).await?;
    if is_undone(tx, grant.transfer_id).await? {
        return Ok(());
    }
    deduct::reverse(tx, now, &mut account, grant.transfer_id, actor, reason.clone()).await?;
    // What had lapsed until now has ended before, by transfers of its own.
    let before = account.balance.plus(grant.amount).unwrap_or_default();
    let act = Act {
        action: "points.undo",
        subject_kind: "grant",
        subject_id: id.to_string(),
        details: json!({
            "person": grant.person_id, "amount": grant.amount, "balance_before": before,
            "balance_after": account.balance, "reason": reason,
        }),
    };
    audit::record(tx, now, actor, act).await?;
    tell::of_deduction(tx, now, grant.person_id, grant.amount, &reason).await
}

async fn is_undone(tx: &Tx, transfer_id: i64) -> Result<bool> {
    #[derive(FromQueryResult)]
    struct Row {
        reversals: i64,
    }
    let sql = "SELECT COUNT(*) AS reversals FROM transfers WHERE reverses_id = ?";
    let found: Option<Row> = dialect::row(tx, sql, [transfer_id.into()]).await?;
    Ok(found.is_some_and(|found| found.reversals > 0))
}
