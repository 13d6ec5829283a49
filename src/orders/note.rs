//! A note about an order: for its owner, who hears of it by mail, or for HR alone. Notes are added and never changed.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use crate::audit::{self, Act};
use crate::entity::order_events;
use crate::error::Result;
use crate::orders::timeline::{self, Step};
use crate::orders::{find, lock};
use crate::outbox::event::{Event, OrderNoted};
use crate::platform::db::Tx;
use crate::types::actor::Actor;
use crate::types::time::Timestamp;
use crate::{outbox, people};

/// Characters of a note.
pub const LONGEST_NOTE: usize = 500;

/// Who may read a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readers {
    /// HR and the owner, who is told.
    Owner,
    Desk,
}

/// Adds a note. The same words by the same person right after each other are a second click, and one note.
///
/// # Errors
/// [`crate::error::Error::NotFound`].
pub async fn add(
    tx: &Tx,
    now: Timestamp,
    actor: Actor,
    number: &str,
    readers: Readers,
    words: &str,
) -> Result<()> {
    let order = lock(tx, find(tx, number).await?.id).await?;
    let step = if readers == Readers::Owner { Step::Note } else { Step::PrivateNote };
    let last = order_events::Entity::find()
        .filter(order_events::Column::OrderId.eq(order.id))
        .order_by_desc(order_events::Column::Id)
        .one(tx)
        .await?;
    let is_said = |last: &order_events::Model| {
        last.kind == step.name() && last.note == words && last.actor_id == actor.person()
    };
    if last.as_ref().is_some_and(is_said) {
        return Ok(());
    }
    timeline::note(tx, now, actor, order.id, step, words).await?;
    let act = Act {
        action: "order.note",
        subject_kind: "order",
        subject_id: order.id.to_string(),
        details: json!({ "number": order.number, "told_to_owner": readers == Readers::Owner, "note": words }),
    };
    audit::record(tx, now, actor, act).await?;
    if readers == Readers::Desk {
        return Ok(());
    }
    let person = people::load(tx, order.person_id).await?;
    let event = Event::OrderNoted(OrderNoted {
        number: order.number,
        person_id: order.person_id,
        name: person.name,
        email: person.email,
        note: words.to_owned(),
    });
    outbox::publish(tx, now, &event).await
}
