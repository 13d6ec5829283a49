//! What happened to an order, step by step.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Set};

use crate::entity::order_events;
use crate::error::Result;
use crate::platform::db::Tx;
use crate::types::actor::Actor;
use crate::types::id::OrderId;
use crate::types::time::Timestamp;

/// A kind of step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Placed,
    Preparing,
    Fulfilled,
    PartlyCancelled,
    Cancelled,
    CodeRevealed,
}

impl Step {
    /// Its name in the database.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Placed => "placed",
            Self::Preparing => "preparing",
            Self::Fulfilled => "fulfilled",
            Self::PartlyCancelled => "partly-cancelled",
            Self::Cancelled => "cancelled",
            Self::CodeRevealed => "code-revealed",
        }
    }
}

/// Writes a step down.
///
/// # Errors
/// When the database fails.
pub async fn note(
    tx: &Tx,
    now: Timestamp,
    actor: Actor,
    order_id: OrderId,
    step: Step,
    note: &str,
) -> Result<()> {
    let row = order_events::ActiveModel {
        order_id: Set(order_id),
        kind: Set(step.name().to_owned()),
        note: Set(note.to_owned()),
        actor_id: Set(actor.person()),
        at: Set(now),
        ..Default::default()
    };
    order_events::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// The steps of an order, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of_order(db: &impl ConnectionTrait, order_id: OrderId) -> Result<Vec<order_events::Model>> {
    Ok(order_events::Entity::find()
        .filter(order_events::Column::OrderId.eq(order_id))
        .order_by_asc(order_events::Column::Id)
        .all(db)
        .await?)
}
