//! Messages that nobody delivers any more, and giving them another chance.

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;

use crate::audit::{self, Act};
use crate::entity::outbox_messages;
use crate::error::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::actor::Actor;
use crate::types::id::MessageId;
use crate::types::time::Timestamp;

/// Messages that are revived at once.
pub const MOST_REVIVED: u64 = 200;
/// Whatever waits longer, in seconds, is stuck: by then each message has been tried several times.
const STUCK_S: i64 = 3_600;
/// Messages that are counted.
pub const MOST_COUNTED: i64 = 1_000;

/// The messages that were given up, oldest first, no more than `most`.
///
/// # Errors
/// When the database fails.
pub async fn dead(db: &impl ConnectionTrait, most: u64) -> Result<Vec<outbox_messages::Model>> {
    Ok(outbox_messages::Entity::find()
        .filter(outbox_messages::Column::DoneAt.is_null())
        .filter(outbox_messages::Column::DeadAt.is_not_null())
        .order_by_asc(outbox_messages::Column::DeadAt)
        .limit(most)
        .all(db)
        .await?)
}

/// How many messages are neither delivered nor given up after long, counted to [`MOST_COUNTED`].
///
/// # Errors
/// When the database fails.
pub async fn stuck(db: &impl ConnectionTrait, now: Timestamp) -> Result<i64> {
    #[derive(FromQueryResult)]
    struct Row {
        stuck: i64,
    }
    let row: Option<Row> = dialect::row(
        db,
        "SELECT COUNT(*) AS stuck FROM (SELECT 1 AS one FROM outbox_messages \
         WHERE done_at IS NULL AND dead_at IS NULL AND created_at < ? LIMIT ?) some",
        [now.plus_seconds(-STUCK_S).into(), MOST_COUNTED.into()],
    )
    .await?;
    Ok(row.map(|row| row.stuck).unwrap_or_default())
}

/// Lets a message that was given up be tried again from the beginning. One that is alive already stays as it is.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn revive(tx: &Tx, now: Timestamp, actor: Actor, id: MessageId) -> Result<()> {
    let message = outbox_messages::Entity::find_by_id(id).one(tx).await?.ok_or(Error::NotFound)?;
    let revived = dialect::execute(
        tx,
        "UPDATE outbox_messages SET dead_at = NULL, attempts = 0, due_at = ?, claimed_until = NULL \
         WHERE id = ? AND dead_at IS NOT NULL AND done_at IS NULL",
        [now.into(), id.into()],
    )
    .await?;
    if revived == 0 {
        return Ok(());
    }
    let act = Act {
        action: "message.revive",
        subject_kind: "message",
        subject_id: id.to_string(),
        details: json!({
            "kind": message.kind, "attempts": message.attempts, "dead_at": message.dead_at, "error": message.last_error,
        }),
    };
    audit::record(tx, now, actor, act).await
}

/// The same for all of them, [`MOST_REVIVED`] at once. Returns how many there were.
///
/// # Errors
/// When the database fails.
pub async fn revive_all(tx: &Tx, now: Timestamp, actor: Actor) -> Result<usize> {
    let dead = dead(tx, MOST_REVIVED).await?;
    for message in &dead {
        revive(tx, now, actor, message.id).await?;
    }
    Ok(dead.len())
}
