//! Notes of stored objects that belong to no picture: not yet, or no more. The one place that writes them.

use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::error::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::time::Timestamp;

/// How long strays are left alone: an upload is done by then, a checkout that saw the picture too, and no page that is
/// open can show it any more.
const LEFT_ALONE_S: i64 = 900;

/// Objects under one key.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Stray {
    pub object_key: String,
    pub widths: String,
}

/// Notes that there may be objects under this key. It may be there already: pictures of the demonstration share theirs.
///
/// # Errors
/// When the database fails.
pub async fn note(tx: &Tx, now: Timestamp, object_key: &str, widths: &str) -> Result<()> {
    let noted = dialect::execute(
        tx,
        "INSERT INTO stray_pictures (object_key, widths, due_at) VALUES (?, ?, ?)",
        [object_key.into(), widths.into(), now.plus_seconds(LEFT_ALONE_S).into()],
    )
    .await;
    match noted {
        Err(Error::Database(error)) if dialect::is_duplicate(&error) => put_off(tx, now, object_key).await,
        noted => noted.map(|_| ()),
    }
}

/// They belong to a picture, or are gone.
///
/// # Errors
/// When the database fails.
pub async fn found(tx: &Tx, object_key: &str) -> Result<()> {
    dialect::execute(tx, "DELETE FROM stray_pictures WHERE object_key = ?", [object_key.into()]).await?;
    Ok(())
}

/// Not now: again in a while.
///
/// # Errors
/// When the database fails.
pub async fn put_off(tx: &Tx, now: Timestamp, object_key: &str) -> Result<()> {
    dialect::execute(
        tx,
        "UPDATE stray_pictures SET due_at = ? WHERE object_key = ?",
        [now.plus_seconds(LEFT_ALONE_S).into(), object_key.into()],
    )
    .await?;
    Ok(())
}

/// The first of those that may be removed.
///
/// # Errors
/// When the database fails.
pub async fn first_due(db: &impl ConnectionTrait, now: Timestamp) -> Result<Option<Stray>> {
    let sql =
        "SELECT object_key, widths FROM stray_pictures WHERE due_at <= ? ORDER BY due_at, object_key LIMIT 1";
    dialect::row(db, sql, [now.into()]).await
}

/// Whether a picture or an order shows what is under this key.
///
/// # Errors
/// When the database fails.
pub async fn is_shown(db: &impl ConnectionTrait, object_key: &str) -> Result<bool> {
    #[derive(FromQueryResult)]
    struct Shown {
        shown: i64,
    }
    let sql = "SELECT EXISTS (SELECT 1 FROM pictures WHERE object_key = ?) \
               + EXISTS (SELECT 1 FROM order_lines WHERE object_key = ?) AS shown";
    let row: Option<Shown> = dialect::row(db, sql, [object_key.into(), object_key.into()]).await?;
    Ok(row.is_some_and(|row| row.shown > 0))
}
