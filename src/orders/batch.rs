//! Several orders with one click: begun, or handed over with one note.
//!
//! All of it is one transaction, and in it each order is judged by itself, under its own lock, in the order of their
//! ids: one that cannot go keeps no other back, and what became of each is written down. Orders go forward only, so what
//! was refused once would be refused again: the same person, act and orders are the same batch, and a second click finds
//! its report.

use std::collections::BTreeSet;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, Set};
use serde_json::json;

use crate::audit::{self, Act as Audited};
use crate::entity::{order_batch_items, order_batches, orders};
use crate::error::{Error, Result};
use crate::orders::timeline::Words;
use crate::orders::{fulfil, prepare};
use crate::platform::db::Tx;
use crate::platform::{dialect, seal};
use crate::types::actor::Actor;
use crate::types::id::{BatchId, OrderId, PersonId};
use crate::types::time::Timestamp;

/// Orders of one batch.
pub const MOST_AT_ONCE: usize = 100;
/// What became of an order that went.
const DONE: &str = "done";

/// What is done to each order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Prepare,
    Fulfil,
}

impl Act {
    /// Its name in the database: the state it leads to.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Prepare => "preparing",
            Self::Fulfil => "fulfilled",
        }
    }
}

/// What is wanted.
#[derive(Clone, Debug)]
pub struct Batch {
    pub act: Act,
    pub numbers: BTreeSet<String>,
    /// Said about each of them; only for handing over.
    pub note: String,
}

/// What became of a batch.
#[derive(Clone, Debug)]
pub struct Report {
    pub batch: order_batches::Model,
    /// Whoever did it.
    pub actor: String,
    pub items: Vec<Item>,
}

/// What became of one order.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Item {
    pub number: String,
    pub person: String,
    outcome: String,
}

impl Item {
    /// The state it was found in, when that kept it from going.
    #[must_use]
    pub fn why_not(&self) -> Option<&str> {
        Some(self.outcome.as_str()).filter(|outcome| *outcome != DONE)
    }
}

/// Carries a batch out, or finds that it was before.
///
/// # Errors
/// [`Error::NotFound`] when a number is no order's; [`Error::TooLarge`] beyond [`MOST_AT_ONCE`].
pub async fn carry_out(tx: &Tx, now: Timestamp, person: PersonId, batch: &Batch) -> Result<BatchId> {
    if batch.numbers.len() > MOST_AT_ONCE {
        return Err(Error::TooLarge);
    }
    let ids = ids_of(tx, &batch.numbers).await?;
    let digest = digest(person, batch.act, &ids);
    let id = BatchId::new();
    let row = order_batches::ActiveModel {
        id: Set(id),
        digest: Set(digest.clone()),
        act: Set(batch.act.name().to_owned()),
        note: Set(batch.note.clone()),
        actor_id: Set(person),
        at: Set(now),
    };
    match order_batches::Entity::insert(row).exec_without_returning(tx).await {
        Ok(_) => {}
        Err(error) if dialect::is_duplicate(&error) => return before(tx, &digest).await,
        Err(error) => return Err(error.into()),
    }
    let mut items = Vec::with_capacity(ids.len());
    for order_id in ids {
        let outcome = judge(tx, now, Actor::Person(person), batch, order_id).await?;
        items.push((order_id, outcome));
    }
    let done = items.iter().filter(|(_, outcome)| outcome == DONE).count();
    let act = Audited {
        action: "order.batch",
        subject_kind: "order-batch",
        subject_id: id.to_string(),
        details: json!({ "act": batch.act.name(), "orders": items.len(), "done": done, "note": batch.note }),
    };
    let rows = items.into_iter().map(|(order_id, outcome)| order_batch_items::ActiveModel {
        batch_id: Set(id),
        order_id: Set(order_id),
        outcome: Set(outcome),
    });
    order_batch_items::Entity::insert_many(rows).exec_without_returning(tx).await?;
    audit::record(tx, now, Actor::Person(person), act).await?;
    Ok(id)
}

/// The ids of these orders, ascending: the order in which they are locked.
async fn ids_of(db: &impl ConnectionTrait, numbers: &BTreeSet<String>) -> Result<BTreeSet<OrderId>> {
    let found = orders::Entity::find().filter(orders::Column::Number.is_in(numbers)).all(db).await?;
    if found.is_empty() || found.len() != numbers.len() {
        return Err(Error::NotFound);
    }
    Ok(found.into_iter().map(|order| order.id).collect())
}

/// Each part has a length of its own, so no two batches read alike.
fn digest(person: PersonId, act: Act, ids: &BTreeSet<OrderId>) -> String {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    seal::fingerprint(&format!("{person} {} {}", act.name(), ids.join(" ")))
}

async fn before(tx: &Tx, digest: &str) -> Result<BatchId> {
    let found =
        order_batches::Entity::find().filter(order_batches::Column::Digest.eq(digest)).one(tx).await?;
    found.map(|batch| batch.id).ok_or_else(|| anyhow::anyhow!("a batch that was there is gone").into())
}

/// Does it to one order; a refusal changes nothing and is told by the state that it was for.
async fn judge(tx: &Tx, now: Timestamp, actor: Actor, batch: &Batch, id: OrderId) -> Result<String> {
    let words = Words { note: batch.note.clone(), ..Words::default() };
    let done = match batch.act {
        Act::Prepare => prepare::prepare(tx, now, actor, id).await,
        Act::Fulfil => fulfil::fulfil(tx, now, actor, id, &words).await,
    };
    match done {
        Ok(()) => Ok(DONE.to_owned()),
        Err(Error::Refused(_)) => {
            let order = orders::Entity::find_by_id(id).one(tx).await?.ok_or(Error::NotFound)?;
            Ok(order.state.name().to_owned())
        }
        Err(error) => Err(error),
    }
}

/// What became of a batch, those first that did not go.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn report(db: &impl ConnectionTrait, id: BatchId) -> Result<Report> {
    let batch = order_batches::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)?;
    let items = dialect::rows(
        db,
        "SELECT o.number, p.name AS person, i.outcome FROM order_batch_items i \
         JOIN orders o ON o.id = i.order_id JOIN people p ON p.id = o.person_id \
         WHERE i.batch_id = ? ORDER BY CASE i.outcome WHEN 'done' THEN 1 ELSE 0 END, o.placed_at, o.id",
        [id.into()],
    )
    .await?;
    let actor = crate::people::load(db, batch.actor_id).await?.name;
    Ok(Report { batch, actor, items })
}
