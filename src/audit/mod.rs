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
    /// What a reader years later needs: amounts, before and after. No secrets, no personal data beyond ids.
    pub details: Value,
}

/// Writes it down.
///
/// # Errors
/// When the database fails.
pub async fn record(tx: &Tx, now: Timestamp, actor: Actor, act: Act) -> Result<()> {
    let row = audit_events::ActiveModel {
        actor_id: Set(actor.person()),
        action: Set(act.action.to_owned()),
        subject_kind: Set(act.subject_kind.to_owned()),
        subject_id: Set(act.subject_id),
        details: Set(act.details),
        at: Set(now),
        ..Default::default()
    };
    audit_events::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}
