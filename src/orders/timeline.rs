//! What happened to an order, step by step. Steps are added and never changed; the one file that writes them.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, Set};

use crate::entity::order_events;
use crate::error::Result;
use crate::platform::db::Tx;
use crate::platform::dialect;
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
    /// HR's words to the owner.
    Note,
    /// HR's words among themselves.
    PrivateNote,
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
            Self::Note => "note",
            Self::PrivateNote => "private-note",
        }
    }
}

/// What is said about a step. Empty where there is nothing to say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    pub note: String,
    pub carrier: String,
    pub tracking_number: String,
}

/// A step as it is shown.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Told {
    pub kind: String,
    pub note: String,
    pub carrier: String,
    pub tracking_number: String,
    /// Whoever did it; `None` is the shop itself.
    pub actor: Option<String>,
    pub at: Timestamp,
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
    let words = Words { note: note.to_owned(), ..Words::default() };
    tell(tx, now, actor, order_id, step, words).await
}

/// Writes a step down with all that is said about it.
///
/// # Errors
/// When the database fails.
pub async fn tell(
    tx: &Tx,
    now: Timestamp,
    actor: Actor,
    order_id: OrderId,
    step: Step,
    words: Words,
) -> Result<()> {
    let row = order_events::ActiveModel {
        order_id: Set(order_id),
        kind: Set(step.name().to_owned()),
        note: Set(words.note),
        carrier: Set(words.carrier),
        tracking_number: Set(words.tracking_number),
        actor_id: Set(actor.person()),
        at: Set(now),
        ..Default::default()
    };
    order_events::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Whether this very step was written down before, by the same person in the same words: a second click finds it.
///
/// # Errors
/// When the database fails.
pub async fn is_told(
    db: &impl ConnectionTrait,
    actor: Actor,
    order_id: OrderId,
    step: Step,
    words: &Words,
) -> Result<bool> {
    let same = order_events::Entity::find()
        .filter(order_events::Column::OrderId.eq(order_id))
        .filter(order_events::Column::Kind.eq(step.name()))
        .filter(order_events::Column::ActorId.eq(actor.person()))
        .filter(order_events::Column::Note.eq(words.note.as_str()))
        .filter(order_events::Column::Carrier.eq(words.carrier.as_str()))
        .filter(order_events::Column::TrackingNumber.eq(words.tracking_number.as_str()));
    Ok(same.count(db).await? > 0)
}

/// The steps of an order for HR, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn for_desk(db: &impl ConnectionTrait, order_id: OrderId) -> Result<Vec<Told>> {
    dialect::rows(
        db,
        "SELECT e.kind, e.note, e.carrier, e.tracking_number, p.name AS actor, e.at \
         FROM order_events e LEFT JOIN people p ON p.id = e.actor_id WHERE e.order_id = ? ORDER BY e.id",
        [order_id.into()],
    )
    .await
}

/// The steps of an order for its owner, oldest first: without what HR keeps to itself, and without names.
///
/// # Errors
/// When the database fails.
pub async fn for_owner(db: &impl ConnectionTrait, order_id: OrderId) -> Result<Vec<Told>> {
    dialect::rows(
        db,
        "SELECT kind, note, carrier, tracking_number, NULL AS actor, at FROM order_events \
         WHERE order_id = ? AND kind <> 'private-note' ORDER BY id",
        [order_id.into()],
    )
    .await
}
