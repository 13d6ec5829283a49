//! Telling people what became of their points.

use crate::error::Result;
use crate::ledger::accounts;
use crate::outbox;
use crate::outbox::event::{Event, GrantMade, PointsDeducted};
use crate::people;
use crate::platform::db::Tx;
use crate::types::id::PersonId;
use crate::types::points::Points;
use crate::types::time::Timestamp;

/// What came to somebody.
pub(super) struct Gift<'a> {
    pub amount: Points,
    pub note: &'a str,
    pub expires_at: Option<Timestamp>,
}

pub(super) async fn of_grant(tx: &Tx, now: Timestamp, person_id: PersonId, gift: Gift<'_>) -> Result<()> {
    let person = people::load(tx, person_id).await?;
    let event = Event::GrantMade(GrantMade {
        person_id,
        name: person.name,
        email: person.email,
        points: gift.amount,
        can_spend: accounts::spendable(tx, now, person_id).await?,
        note: gift.note.to_owned(),
        expires_at: gift.expires_at,
    });
    outbox::publish(tx, now, &event).await
}

pub(super) async fn of_deduction(
    tx: &Tx,
    now: Timestamp,
    person_id: PersonId,
    points: Points,
    note: &str,
) -> Result<()> {
    let person = people::load(tx, person_id).await?;
    let event = Event::PointsDeducted(PointsDeducted {
        person_id,
        name: person.name,
        email: person.email,
        points,
        can_spend: accounts::spendable(tx, now, person_id).await?,
        note: note.to_owned(),
    });
    outbox::publish(tx, now, &event).await
}
