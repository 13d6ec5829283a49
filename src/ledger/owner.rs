//! Whose account it is, and what went through it in all.

use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::error::{Error, Result};
use crate::platform::dialect;
use crate::types::id::{AccountId, GrantId, LotId, PersonId};
use crate::types::points::Points;
use crate::types::time::Timestamp;
use crate::types::transfer_kind::TransferKind;

/// Lots shown at once.
pub const MOST_LOTS: i64 = 100;

/// Whose account it is.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Owner {
    pub id: PersonId,
    pub name: String,
    pub employee_number: Option<String>,
    pub department: Option<String>,
    pub is_active: bool,
    /// `None`: nothing was ever booked.
    pub account_id: Option<AccountId>,
}

/// A lot and what it came from.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Origin {
    pub id: LotId,
    pub granted: Points,
    pub remaining: Points,
    pub expires_at: Option<Timestamp>,
    pub at: Timestamp,
    pub kind: TransferKind,
    pub reason: String,
    pub giver: Option<String>,
    pub grant_id: Option<GrantId>,
}

/// The person whose account it is.
///
/// # Errors
/// [`Error::NotFound`] when there is nobody of this id.
pub async fn load(db: &impl ConnectionTrait, person_id: PersonId) -> Result<Owner> {
    dialect::row(
        db,
        "SELECT p.id, p.name, p.employee_number, p.department, p.is_active, a.id AS account_id FROM people p \
         LEFT JOIN accounts a ON a.person_id = p.id WHERE p.id = ?",
        [person_id.into()],
    )
    .await?
    .ok_or(Error::NotFound)
}

/// The lots that still pay at `now`, in the order in which they will, with what they came from.
///
/// # Errors
/// When the database fails.
pub async fn open_lots(db: &impl ConnectionTrait, now: Timestamp, id: AccountId) -> Result<Vec<Origin>> {
    dialect::rows(
        db,
        "SELECT l.id, l.granted, l.remaining, l.expires_at, t.at, t.kind, t.reason, m.name AS giver, g.id AS grant_id \
         FROM lots l JOIN transfers t ON t.id = l.transfer_id LEFT JOIN grants g ON g.transfer_id = t.id \
         LEFT JOIN people m ON m.id = t.actor_id \
         WHERE l.account_id = ? AND l.remaining > 0 AND (l.expires_at IS NULL OR l.expires_at > ?) \
         ORDER BY l.expires_at IS NULL, l.expires_at, l.id LIMIT ?",
        [id.into(), now.into(), MOST_LOTS.into()],
    )
    .await
}

/// What went through an account in all, kind by kind.
///
/// # Errors
/// When the database fails.
pub async fn totals(db: &impl ConnectionTrait, id: AccountId) -> Result<Vec<(TransferKind, Points)>> {
    #[derive(FromQueryResult)]
    struct Row {
        kind: TransferKind,
        points: Points,
    }
    let sql = "SELECT kind, CAST(SUM(amount) AS SIGNED) AS points FROM transfers WHERE account_id = ? GROUP BY kind";
    let rows: Vec<Row> = dialect::rows(db, sql, [id.into()]).await?;
    Ok(rows.into_iter().map(|row| (row.kind, row.points)).collect())
}
