//! What points did in some days as a whole, day by day.
//!
//! Whatever lies before a mark was summed up there (`marks`), so that only what happened since is read anew. What has no
//! mark is read as a whole: slower, never different.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter};

use crate::entity::day_marks;
use crate::error::Result;
use crate::platform::dialect;
use crate::reports::marks::days;
use crate::reports::range::Range;
use crate::types::time::Timestamp;
use crate::types::transfer_kind::TransferKind;

/// Before it nothing moved.
pub const BEGINNING: Timestamp = Timestamp(chrono::DateTime::UNIX_EPOCH);

/// What moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    pub issued: i64,
    pub redeemed: i64,
    pub refunded: i64,
    pub expired: i64,
    pub deducted: i64,
}

/// Some days of a range and what moved in them.
#[derive(Clone, Debug)]
pub struct Part {
    pub range: Range,
    pub sums: Sums,
}

impl Sums {
    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            issued: self.issued + other.issued,
            redeemed: self.redeemed + other.redeemed,
            refunded: self.refunded + other.refunded,
            expired: self.expired + other.expired,
            deducted: self.deducted + other.deducted,
        }
    }

    fn minus(self, other: Self) -> Self {
        Self {
            issued: self.issued - other.issued,
            redeemed: self.redeemed - other.redeemed,
            refunded: self.refunded - other.refunded,
            expired: self.expired - other.expired,
            deducted: self.deducted - other.deducted,
        }
    }

    fn add(&mut self, kind: TransferKind, points: i64) {
        *match kind {
            TransferKind::Grant => &mut self.issued,
            TransferKind::Redeem => &mut self.redeemed,
            TransferKind::Refund => &mut self.refunded,
            TransferKind::Expire => &mut self.expired,
            TransferKind::Deduct => &mut self.deducted,
        } += points;
    }

    /// What was redeemed and not given back; below zero when more came back of what was redeemed before.
    #[must_use]
    pub fn kept(&self) -> i64 {
        self.redeemed - self.refunded
    }

    /// What moved in this way.
    #[must_use]
    pub fn of(&self, kind: TransferKind) -> i64 {
        match kind {
            TransferKind::Grant => self.issued,
            TransferKind::Redeem => self.redeemed,
            TransferKind::Refund => self.refunded,
            TransferKind::Expire => self.expired,
            TransferKind::Deduct => self.deducted,
        }
    }
}

/// The last mark that is not after `moment`; where there is none, the beginning of time, before which nothing moved.
///
/// # Errors
/// When the database fails.
pub async fn mark_before(db: &impl ConnectionTrait, moment: Timestamp) -> Result<Timestamp> {
    #[derive(FromQueryResult)]
    struct Mark {
        at: Timestamp,
    }
    let sql = "SELECT at FROM marks WHERE at <= ? ORDER BY at DESC LIMIT 1";
    let mark: Option<Mark> = dialect::row(db, sql, [moment.into()]).await?;
    Ok(mark.map_or(BEGINNING, |mark| mark.at))
}

/// What moved in each part of the range.
///
/// # Errors
/// When the database fails.
pub async fn trend(db: &impl ConnectionTrait, range: &Range, now: Timestamp) -> Result<Vec<Part>> {
    let ends = range.parts().into_iter().flat_map(|part| [part.from(), part.before()]);
    let days = day_marks::Entity::find().filter(day_marks::Column::At.is_in(ends)).all(db).await?;
    let moved_before: HashMap<Timestamp, Sums> = days.iter().map(|day| (day.at, days::of(day))).collect();
    let mut parts = Vec::new();
    for part in range.parts() {
        let sums = match (moved_before.get(&part.from()), moved_before.get(&part.before())) {
            (Some(from), Some(before)) => before.minus(*from),
            // Nothing has moved yet of what is to come.
            _ if part.from() > now => Sums::default(),
            _ => moved(db, part.from(), part.before()).await?,
        };
        parts.push(Part { range: part, sums });
    }
    Ok(parts)
}

/// What moved between two moments.
///
/// # Errors
/// When the database fails.
pub async fn moved(db: &impl ConnectionTrait, from: Timestamp, before: Timestamp) -> Result<Sums> {
    #[derive(FromQueryResult)]
    struct Moved {
        kind: TransferKind,
        points: i64,
    }
    let moved: Vec<Moved> = dialect::rows(
        db,
        "SELECT kind, CAST(SUM(amount) AS SIGNED) AS points FROM transfers \
         WHERE kind IN ('grant', 'redeem', 'refund', 'expire', 'deduct') AND at >= ? AND at < ? GROUP BY kind",
        [from.into(), before.into()],
    )
    .await?;
    let mut sums = Sums::default();
    for row in moved {
        sums.add(row.kind, row.points);
    }
    Ok(sums)
}
