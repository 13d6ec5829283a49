//! Leaving and coming back. Nobody is deleted: a deactivated person keeps orders, points and history, and cannot sign in.
//! How long they keep their points is the company's to say (`ledger::leavers`), and counts from `left_at`.

use serde_json::json;

use crate::audit::{self, Act};
use crate::error::{Refusal, Result};
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::actor::Actor;
use crate::types::id::PersonId;
use crate::types::time::Timestamp;

/// Shuts a person out and ends all their sessions; doing it twice changes nothing.
///
/// # Errors
/// [`Refusal::OwnRecord`] to oneself; [`crate::error::Error::NotFound`] when there is nobody of this id.
pub async fn deactivate(
    tx: &Tx,
    now: Timestamp,
    actor: Actor,
    person_id: PersonId,
    reason: &str,
) -> Result<()> {
    if actor.person() == Some(person_id) {
        return Err(Refusal::OwnRecord.into());
    }
    let changed = dialect::execute(
        tx,
        "UPDATE people SET is_active = FALSE, left_at = ?, version = version + 1 WHERE id = ? AND is_active",
        [now.into(), person_id.into()],
    )
    .await?;
    if changed == 0 {
        return super::load(tx, person_id).await.map(|_| ());
    }
    dialect::execute(tx, "DELETE FROM sessions WHERE person_id = ?", [person_id.into()]).await?;
    record(tx, now, actor, "person.deactivate", person_id, reason).await
}

/// Lets a person in again; doing it twice changes nothing. Points that have ended meanwhile stay so.
///
/// # Errors
/// [`crate::error::Error::NotFound`] when there is nobody of this id.
pub async fn reactivate(
    tx: &Tx,
    now: Timestamp,
    actor: Actor,
    person_id: PersonId,
    reason: &str,
) -> Result<()> {
    let changed = dialect::execute(
        tx,
        "UPDATE people SET is_active = TRUE, left_at = NULL, version = version + 1 WHERE id = ? AND NOT is_active",
        [person_id.into()],
    )
    .await?;
    if changed == 0 {
        return super::load(tx, person_id).await.map(|_| ());
    }
    record(tx, now, actor, "person.reactivate", person_id, reason).await
}

async fn record(
    tx: &Tx,
    now: Timestamp,
    actor: Actor,
    action: &'static str,
    person_id: PersonId,
    reason: &str,
) -> Result<()> {
    let details = json!({ "reason": reason });
    let act = Act { action, subject_kind: "person", subject_id: person_id.to_string(), details };
    audit::record(tx, now, actor, act).await
}
