//! The audit trail: who did what, on what, with what before and after. Written in the transaction of the act itself,
//! so that there is never one without the other, and never changed afterwards.

pub mod hr;
pub mod search;
pub mod subjects;

use sea_orm::{EntityTrait, FromQueryResult, Set};
use serde_json::Value;

use crate::entity::audit_events;
use crate::error::Result;
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::actor::Actor;
use crate::types::id::{OrderId, PersonId};
use crate::types::time::Timestamp;

/// Something that was done.
pub struct Act {
    /// `order.place`, `points.grant`, …
    pub action: &'static str,
    pub subject_kind: &'static str,
    pub subject_id: String,
    /// What a reader years later needs: amounts, before and after. No secrets, and no personal data beyond ids but where the
    /// act was to change just that. `person` is whom it is about; `before` and `after` are shown side by side.
    pub details: Value,
}

/// Rows in one statement.
const CHUNK: usize = 500;

/// Writes it down.
///
/// # Errors
/// When the database fails.
pub async fn record(tx: &Tx, now: Timestamp, actor: Actor, act: Act) -> Result<()> {
    audit_events::Entity::insert(row(tx, now, actor, act).await?).exec_without_returning(tx).await?;
    Ok(())
}

/// Writes down many things that one act did.
///
/// # Errors
/// When the database fails.
pub async fn record_all(tx: &Tx, now: Timestamp, actor: Actor, acts: Vec<Act>) -> Result<()> {
    let mut rows = Vec::new();
    for act in acts {
        rows.push(row(tx, now, actor, act).await?);
    }
    for chunk in rows.chunks(CHUNK) {
        audit_events::Entity::insert_many(chunk.to_vec()).exec_without_returning(tx).await?;
    }
    Ok(())
}

async fn row(tx: &Tx, now: Timestamp, actor: Actor, act: Act) -> Result<audit_events::ActiveModel> {
    let person_id = whom_it_is_about(tx, &act).await?;
    Ok(audit_events::ActiveModel {
        actor_id: Set(actor.person()),
        action: Set(act.action.to_owned()),
        subject_kind: Set(act.subject_kind.to_owned()),
        subject_id: Set(act.subject_id),
        details: Set(act.details),
        at: Set(now),
        request_id: Set(tx.request_id().map(str::to_owned)),
        person_id: Set(person_id),
        ..Default::default()
    })
}

/// The person who is the subject, whom the details name, or whose order it is.
async fn whom_it_is_about(tx: &Tx, act: &Act) -> Result<Option<PersonId>> {
    #[derive(FromQueryResult)]
    struct Owner {
        person_id: PersonId,
    }
    if act.subject_kind == "person" {
        return Ok(act.subject_id.parse().ok());
    }
    let named = act.details.get("person").and_then(Value::as_str).and_then(|id| id.parse().ok());
    if named.is_some() || act.subject_kind != "order" {
        return Ok(named);
    }
    let Ok(order_id) = act.subject_id.parse::<OrderId>() else { return Ok(None) };
    let sql = "SELECT person_id FROM orders WHERE id = ?";
    Ok(dialect::row::<Owner>(tx, sql, [order_id.into()]).await?.map(|owner| owner.person_id))
}
