//! Leaving and coming back. Nobody is deleted: a deactivated person keeps orders, points and history, and cannot sign in.
//! How long they keep their points is the company's to say (`ledger::leavers`), and counts from `left_at`.

use serde_json::{Value, json};

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
    let details = json!({
        "before": { "is_active": true, "left_at": null }, "after": { "is_active": false, "left_at": now },
        "reason": reason,
    });
    record(tx, now, actor, "person.deactivate", person_id, details).await
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
    // Locked first: what is wiped out here is written down.
    let left_at = super::lock_person(tx, person_id).await?.left_at;
    let changed = dialect::execute(
        tx,
        "UPDATE people SET is_active = TRUE, left_at = NULL, version = version + 1 WHERE id = ? AND NOT is_active",
        [person_id.into()],
    )
    .await?;
    if changed == 0 {
        return Ok(());
    }
    let details = json!({
        "before": { "is_active": false, "left_at": left_at }, "after": { "is_active": true, "left_at": null },
        "reason": reason,
    });
    record(tx, now, actor, "person.reactivate", person_id, details).await
}

async fn record(
    tx: &Tx,
    now: Timestamp,
    actor: Actor,
    action: &'static str,
    person_id: PersonId,
    details: Value,
) -> Result<()> {
    let act = Act { action, subject_kind: "person", subject_id: person_id.to_string(), details };
    audit::record(tx, now, actor, act).await
}
