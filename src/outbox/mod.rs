//! What still has to be told to the outside. An event is written in the transaction that causes it and delivered later,
//! at least once: claimed for a while, acknowledged when done, put off with growing pauses when it fails, given up after
//! a named number of tries. An event carries everything its reader needs; nobody looks up today's row for yesterday's fact.

pub mod event;

use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult, Set};

use crate::entity::outbox_messages;
use crate::error::Result;
use crate::outbox::event::Event;
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::id::MessageId;
use crate::types::time::Timestamp;

/// How long whoever claims a message has before somebody else may, in seconds.
const CLAIM_S: i64 = 60;
/// Tries before a message is given up.
const MOST_ATTEMPTS: i64 = 8;
/// The first pause after a failure, doubled with each further one, in seconds.
const FIRST_PAUSE_S: i64 = 5;
/// The pause while nobody takes messages, in seconds.
const OUTAGE_PAUSE_S: i64 = 30;
/// Messages claimed at once, and sent at once: they are dealt with before the claim runs out even when the server is as slow
/// as may be, and before a shutdown does when it is silent.
pub const BATCH: usize = 12;
/// Characters of an error that are kept.
const LONGEST_ERROR: usize = 500;

/// A message that is ours to deliver for a while.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Message {
    pub id: MessageId,
    pub kind: String,
    pub payload: serde_json::Value,
    pub attempts: i64,
}

/// Writes an event down, to be delivered after this transaction.
///
/// # Errors
/// When the database fails.
pub async fn publish(tx: &Tx, now: Timestamp, event: &Event) -> Result<()> {
    publish_many(tx, now, std::slice::from_ref(event)).await
}

/// Writes several down in one statement.
///
/// # Errors
/// When the database fails.
pub async fn publish_many(tx: &Tx, now: Timestamp, events: &[Event]) -> Result<()> {
    let row = |event: &Event| {
        Ok(outbox_messages::ActiveModel {
            id: Set(MessageId::new()),
            kind: Set(event.kind().to_owned()),
            payload: Set(serde_json::to_value(event).map_err(anyhow::Error::new)?),
            attempts: Set(0),
            last_error: Set(String::new()),
            created_at: Set(now),
            due_at: Set(now),
            claimed_until: Set(None),
            done_at: Set(None),
            dead_at: Set(None),
        })
    };
    let rows: Vec<_> = events.iter().map(row).collect::<Result<_>>()?;
    outbox_messages::Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(())
}

/// Claims the messages that are due; nobody else gets them until the claim runs out.
///
/// # Errors
/// When the database fails.
pub async fn claim(tx: &Tx, now: Timestamp) -> Result<Vec<Message>> {
    let most = i64::try_from(BATCH).unwrap_or(i64::MAX);
    let due: Vec<Message> = dialect::rows_skipping_locked(
        tx,
        "SELECT id, kind, payload, attempts FROM outbox_messages \
         WHERE done_at IS NULL AND dead_at IS NULL AND due_at <= ? AND (claimed_until IS NULL OR claimed_until <= ?) \
         ORDER BY due_at, id LIMIT ?",
        [now.into(), now.into(), most.into()],
    )
    .await?;
    for message in &due {
        dialect::execute(
            tx,
            "UPDATE outbox_messages SET claimed_until = ?, attempts = attempts + 1 WHERE id = ?",
            [now.plus_seconds(CLAIM_S).into(), message.id.into()],
        )
        .await?;
    }
    Ok(due)
}

/// It was delivered, even if somebody else has given it up meanwhile.
///
/// # Errors
/// When the database fails.
pub async fn acknowledge(tx: &Tx, now: Timestamp, id: MessageId) -> Result<()> {
    dialect::execute(
        tx,
        "UPDATE outbox_messages SET done_at = ?, dead_at = NULL, claimed_until = NULL WHERE id = ?",
        [now.into(), id.into()],
    )
    .await?;
    Ok(())
}

/// It could not be delivered: later again, or never after too many tries. When the claim has run out meanwhile and
/// somebody else has claimed it, which another count of tries shows, it is theirs, and nothing happens.
///
/// # Errors
/// When the database fails.
pub async fn put_off(tx: &Tx, now: Timestamp, message: Message, error: String) -> Result<()> {
    let tries = message.attempts + 1;
    let reason: String = error.chars().take(LONGEST_ERROR).collect();
    let dead_at = (tries >= MOST_ATTEMPTS).then_some(now);
    let pause_s = FIRST_PAUSE_S << message.attempts.clamp(0, MOST_ATTEMPTS);
    dialect::execute(
        tx,
        "UPDATE outbox_messages SET due_at = ?, claimed_until = NULL, last_error = ?, dead_at = ? \
         WHERE id = ? AND attempts = ? AND done_at IS NULL",
        [now.plus_seconds(pause_s).into(), reason.into(), dead_at.into(), message.id.into(), tries.into()],
    )
    .await?;
    Ok(())
}

/// Whoever takes messages cannot be reached: again in a while, and that was no try of this message. An outage, however
/// long, gives up nothing.
///
/// # Errors
/// When the database fails.
pub async fn wait_out(tx: &Tx, now: Timestamp, message: Message, error: String) -> Result<()> {
    let reason: String = error.chars().take(LONGEST_ERROR).collect();
    dialect::execute(
        tx,
        "UPDATE outbox_messages SET due_at = ?, claimed_until = NULL, last_error = ?, attempts = ? \
         WHERE id = ? AND attempts = ? AND done_at IS NULL",
        [
            now.plus_seconds(OUTAGE_PAUSE_S).into(),
            reason.into(),
            message.attempts.into(),
            message.id.into(),
            (message.attempts + 1).into(),
        ],
    )
    .await?;
    Ok(())
}

/// How long the oldest message that is still to be delivered has waited, in seconds; `None` when there is none.
///
/// # Errors
/// When the database fails.
pub async fn oldest_age_s(db: &impl ConnectionTrait, now: Timestamp) -> Result<Option<i64>> {
    #[derive(FromQueryResult)]
    struct Oldest {
        created_at: Timestamp,
    }
    let oldest: Option<Oldest> = dialect::row(
        db,
        "SELECT created_at FROM outbox_messages WHERE done_at IS NULL AND dead_at IS NULL ORDER BY due_at LIMIT 1",
        [],
    )
    .await?;
    Ok(oldest.map(|row| now.seconds_since(row.created_at)))
}

/// How many messages were given up and wait for somebody to look.
///
/// # Errors
/// When the database fails.
pub async fn given_up(db: &impl ConnectionTrait) -> Result<i64> {
    #[derive(FromQueryResult)]
    struct GivenUp {
        messages: i64,
    }
    let sql =
        "SELECT COUNT(*) AS messages FROM outbox_messages WHERE done_at IS NULL AND dead_at IS NOT NULL";
    let found: Option<GivenUp> = dialect::row(db, sql, []).await?;
    Ok(found.map_or(0, |row| row.messages))
}
