//! Points that will lapse: how many within some days from today, and in which lots they lie.

use chrono_tz::Tz;
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::error::Result;
use crate::platform::dialect;
use crate::types::id::PersonId;
use crate::types::paging::Paging;
use crate::types::points::Points;
use crate::types::time::Timestamp;

/// Within how many days, today included.
pub const WITHIN_DAYS: [u64; 3] = [30, 60, 90];

/// What lapses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Lapsing {
    pub points: i64,
    pub lots: i64,
}

/// A lot that will lapse.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Lot {
    pub person_id: PersonId,
    pub name: String,
    pub department: Option<String>,
    pub points: Points,
    pub expires_at: Timestamp,
}

/// Until when: the end of the last of so many days from today.
#[must_use]
pub fn until(now: Timestamp, zone: Tz, days: u64) -> Timestamp {
    now.day_in(zone).plus_days(days).start_in(zone)
}

/// How much lapses after `now` and up to `until`.
///
/// # Errors
/// When the database fails.
pub async fn within(db: &impl ConnectionTrait, now: Timestamp, until: Timestamp) -> Result<Lapsing> {
    let lapsing: Option<Lapsing> = dialect::row(
        db,
        "SELECT CAST(COALESCE(SUM(remaining), 0) AS SIGNED) AS points, COUNT(*) AS lots FROM lots \
         WHERE remaining > 0 AND expires_at > ? AND expires_at <= ?",
        [now.into(), until.into()],
    )
    .await?;
    Ok(lapsing.unwrap_or_default())
}

/// The lots, the first to lapse first.
///
/// # Errors
/// When the database fails.
pub async fn lots(
    db: &impl ConnectionTrait,
    now: Timestamp,
    until: Timestamp,
    paging: Paging,
) -> Result<Vec<Lot>> {
    dialect::rows(
        db,
        "SELECT p.id AS person_id, p.name, p.department, l.remaining AS points, l.expires_at FROM ( \
           SELECT id, account_id, remaining, expires_at FROM lots \
           WHERE remaining > 0 AND expires_at > ? AND expires_at <= ? ORDER BY expires_at, remaining, id LIMIT ? OFFSET ?) l \
         JOIN accounts a ON a.id = l.account_id JOIN people p ON p.id = a.person_id ORDER BY l.expires_at, l.remaining, l.id",
        [now.into(), until.into(), paging.limit().into(), paging.offset().into()],
    )
    .await
}
