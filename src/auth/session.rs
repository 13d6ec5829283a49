//! Sessions: opened at sign-in, looked up at each request (`server/viewer.rs`), ended by time or by signing out.

use futures::FutureExt;
use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult, Set};

use crate::entity::sessions;
use crate::error::Result;
use crate::people;
use crate::platform::db::{Db, Tx};
use crate::platform::{dialect, seal};
use crate::types::id::PersonId;
use crate::types::time::Timestamp;

/// However busy, a session ends after this.
const ABSOLUTE_LIMIT_S: i64 = 8 * 60 * 60;
/// Without a request, a session ends after this.
const IDLE_LIMIT_S: i64 = 30 * 60;
/// Who used the shop so recently counts as using it.
const ACTIVE_WITHIN_S: i64 = 5 * 60;
/// Activity is written down this often, so that reading a page is not a write each time.
const NOTE_ACTIVITY_EVERY_S: i64 = 60;

/// Opens a session and returns its token, which only the cookie knows.
///
/// # Errors
/// When the database fails.
pub async fn open(tx: &Tx, now: Timestamp, person_id: PersonId) -> Result<String> {
    people::note_seen(tx, now, person_id).await?;
    let token = seal::new_token()?;
    let row = sessions::ActiveModel {
        token_hash: Set(seal::token_hash(&token)),
        person_id: Set(person_id),
        created_at: Set(now),
        last_seen_at: Set(now),
    };
    sessions::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(token)
}

/// Ends the session of a token; ending it twice changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn end(tx: &Tx, token_hash: Vec<u8>) -> Result<()> {
    dialect::execute(tx, "DELETE FROM sessions WHERE token_hash = ?", [token_hash.into()]).await?;
    Ok(())
}

/// Sessions that began earlier are over.
#[must_use]
pub fn oldest_start(now: Timestamp) -> Timestamp {
    now.plus_seconds(-ABSOLUTE_LIMIT_S)
}

/// Sessions that were last used earlier are over.
#[must_use]
pub fn oldest_activity(now: Timestamp) -> Timestamp {
    now.plus_seconds(-IDLE_LIMIT_S)
}

/// Whether the last activity was written down long enough ago.
#[must_use]
pub fn is_worth_noting(last_seen_at: Timestamp, now: Timestamp) -> bool {
    now.seconds_since(last_seen_at) >= NOTE_ACTIVITY_EVERY_S
}

/// Writes down that the session is in use, and so that the person was here.
///
/// # Errors
/// When the database fails.
pub async fn note_activity(db: &Db, now: Timestamp, person_id: PersonId, token_hash: Vec<u8>) -> Result<()> {
    db.write("session.activity", move |tx| {
        let token_hash = token_hash.clone();
        async move {
            people::note_seen(tx, now, person_id).await?;
            dialect::execute(
                tx,
                "UPDATE sessions SET last_seen_at = ? WHERE token_hash = ? AND last_seen_at < ?",
                [now.into(), token_hash.into(), now.into()],
            )
            .await?;
            Ok(())
        }
        .boxed()
    })
    .await
}

/// How many people use the shop.
///
/// # Errors
/// When the database fails.
pub async fn people_active(db: &impl ConnectionTrait, now: Timestamp) -> Result<i64> {
    #[derive(FromQueryResult)]
    struct Active {
        people: i64,
    }
    let sql = "SELECT COUNT(DISTINCT person_id) AS people FROM sessions WHERE last_seen_at > ?";
    let since = now.plus_seconds(-ACTIVE_WITHIN_S);
    let found: Option<Active> = dialect::row(db, sql, [since.into()]).await?;
    Ok(found.map_or(0, |row| row.people))
}

/// Forgets sessions and sign-ins that are over.
///
/// # Errors
/// When the database fails.
pub async fn forget_ended(tx: &Tx, now: Timestamp) -> Result<()> {
    dialect::execute(
        tx,
        "DELETE FROM sessions WHERE created_at <= ? OR last_seen_at <= ?",
        [oldest_start(now).into(), oldest_activity(now).into()],
    )
    .await?;
    dialect::execute(tx, "DELETE FROM sign_in_attempts WHERE expires_at <= ?", [now.into()]).await?;
    Ok(())
}
