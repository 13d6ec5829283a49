//! The audit trail: who did what, on what, with what before and after. Written in the transaction of the act itself,
//! so that there is never one without the other, and never changed afterwards.

use sea_orm::{EntityTrait, Set};
use serde_json::Value;

use crate::entity::audit_events;
use crate::error::Result;
use crate::platform::db::Tx;
use crate::types::actor::Actor;
use crate::types::time::Timestamp;

/// Something that was done.
pub struct Act {
    /// `order.place`, `points.grant`, …
    pub action: &'static str,
    pub subject_kind: &'static str,
    pub subject_id: String,
    /// What a reader years later needs: amounts, before and after. No secrets, and no personal data beyond ids but where the
    /// act was to change just that.
    pub details: Value,
}

/// Rows in one statement.
const CHUNK: usize = 500;

/// Writes it down.
///
/// # Errors
/// When the database fails.
pub async fn record(tx: &Tx, now: Timestamp, actor: Actor, act: Act) -> Result<()> {
    audit_events::Entity::insert(row(now, actor, act)).exec_without_returning(tx).await?;
    Ok(())
}

/// Writes down many things that one act did.
///
/// # Errors
/// When the database fails.
pub async fn record_all(
    tx: &Tx,
    now: Timestamp,
    actor: Actor,
    acts: impl IntoIterator<Item = Act>,
) -> Result<()> {
    let rows: Vec<_> = acts.into_iter().map(|act| row(now, actor, act)).collect();
    for chunk in rows.chunks(CHUNK) {
        audit_events::Entity::insert_many(chunk.to_vec()).exec_without_returning(tx).await?;
    }
    Ok(())
}

fn row(now: Timestamp, actor: Actor, act: Act) -> audit_events::ActiveModel {
    audit_events::ActiveModel {
        actor_id: Set(actor.person()),
        action: Set(act.action.to_owned()),
        subject_kind: Set(act.subject_kind.to_owned()),
        subject_id: Set(act.subject_id),
        details: Set(act.details),
        at: Set(now),
        ..Default::default()
    }
}
