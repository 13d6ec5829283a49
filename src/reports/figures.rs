//! What points did in some days: person by person, and as a whole day by day.
//!
//! Whatever lies before a mark was summed up there (`marks`), so that only what happened since is read anew. What has no
//! mark is read as a whole: slower, never different.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, Value};

use crate::entity::marks;
use crate::error::Result;
use crate::platform::dialect;
use crate::reports::range::Range;
use crate::types::id::PersonId;
use crate::types::points::Points;
use crate::types::time::Timestamp;
use crate::types::transfer_kind::TransferKind;

/// What moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    pub issued: i64,
    pub redeemed: i64,
    pub refunded: i64,
    pub expired: i64,
    pub deducted: i64,
}

/// A person, what moved on their account in a range, and what they held at its end.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Holder {
    pub person_id: PersonId,
    pub name: String,
    pub employee_number: Option<String>,
    pub department: Option<String>,
    pub is_active: bool,
    pub issued: i64,
    pub redeemed: i64,
    pub refunded: i64,
    pub expired: i64,
    pub deducted: i64,
    pub held: i64,
}

/// The people of one department, or of all.
#[derive(Clone, Debug, Default, FromQueryResult)]
pub struct Group {
    pub department: Option<String>,
    /// Who works here now.
    pub active: i64,
    /// How many of those redeemed anything.
    pub redeemers: i64,
    pub issued: i64,
    pub redeemed: i64,
    pub refunded: i64,
    pub expired: i64,
    pub deducted: i64,
    pub held: i64,
}

/// Some days of a range and what moved in them.
#[derive(Clone, Debug)]
pub struct Part {
    pub range: Range,
    pub sums: Sums,
}

impl Sums {
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

impl Holder {
    #[must_use]
    pub fn sums(&self) -> Sums {
        Sums {
            issued: self.issued,
            redeemed: self.redeemed,
            refunded: self.refunded,
            expired: self.expired,
            deducted: self.deducted,
        }
    }

    /// Whether they count as taking part: here now, and redeemed something.
    #[must_use]
    pub fn takes_part(&self) -> bool {
        self.is_active && self.redeemed > 0
    }
}

impl Group {
    #[must_use]
    pub fn sums(&self) -> Sums {
        Sums {
            issued: self.issued,
            redeemed: self.redeemed,
            refunded: self.refunded,
            expired: self.expired,
            deducted: self.deducted,
        }
    }

    /// All of them as one.
    pub fn sum(groups: impl IntoIterator<Item = Self>) -> Self {
        groups.into_iter().fold(Self::default(), |all, group| Self {
            department: None,
            active: all.active + group.active,
            redeemers: all.redeemers + group.redeemers,
            issued: all.issued + group.issued,
            redeemed: all.redeemed + group.redeemed,
            refunded: all.refunded + group.refunded,
            expired: all.expired + group.expired,
            deducted: all.deducted + group.deducted,
            held: all.held + group.held,
        })
    }
}

impl From<&Holder> for Group {
    fn from(holder: &Holder) -> Self {
        Self {
            department: holder.department.clone(),
            active: i64::from(holder.is_active),
            redeemers: i64::from(holder.takes_part()),
            issued: holder.issued,
            redeemed: holder.redeemed,
            refunded: holder.refunded,
            expired: holder.expired,
            deducted: holder.deducted,
            held: holder.held,
        }
    }
}

/// Of each account what moved in a range and what it held at the end: a mark's sums and what moved since, up to the end;
/// and the same up to the beginning, taken off.
macro_rules! moved_by_account {
    () => {
        "SELECT account_id, CAST(SUM(issued) AS SIGNED) AS issued, CAST(SUM(redeemed) AS SIGNED) AS redeemed, \
           CAST(SUM(refunded) AS SIGNED) AS refunded, CAST(SUM(expired) AS SIGNED) AS expired, \
           CAST(SUM(deducted) AS SIGNED) AS deducted, CAST(SUM(held) AS SIGNED) AS held FROM ( \
           SELECT account_id, issued, redeemed, refunded, expired, deducted, \
             issued + refunded - redeemed - expired - deducted AS held FROM account_marks WHERE mark_at = ? \
           UNION ALL SELECT account_id, CASE kind WHEN 'grant' THEN amount ELSE 0 END, \
             CASE kind WHEN 'redeem' THEN amount ELSE 0 END, CASE kind WHEN 'refund' THEN amount ELSE 0 END, \
             CASE kind WHEN 'expire' THEN amount ELSE 0 END, CASE kind WHEN 'deduct' THEN amount ELSE 0 END, \
             CASE WHEN kind IN ('grant', 'refund') THEN amount ELSE -amount END FROM transfers \
             WHERE kind IN ('grant', 'redeem', 'refund', 'expire', 'deduct') AND at >= ? AND at < ? \
           UNION ALL SELECT account_id, -issued, -redeemed, -refunded, -expired, -deducted, 0 \
             FROM account_marks WHERE mark_at = ? \
           UNION ALL SELECT account_id, CASE kind WHEN 'grant' THEN -amount ELSE 0 END, \
             CASE kind WHEN 'redeem' THEN -amount ELSE 0 END, CASE kind WHEN 'refund' THEN -amount ELSE 0 END, \
             CASE kind WHEN 'expire' THEN -amount ELSE 0 END, CASE kind WHEN 'deduct' THEN -amount ELSE 0 END, 0 \
             FROM transfers WHERE kind IN ('grant', 'redeem', 'refund', 'expire', 'deduct') AND at >= ? AND at < ? \
         ) parts GROUP BY account_id"
    };
}

const HOLDERS: &str = concat!(
    "SELECT p.id AS person_id, p.name, p.employee_number, p.department, p.is_active, \
       COALESCE(x.issued, 0) AS issued, COALESCE(x.redeemed, 0) AS redeemed, COALESCE(x.refunded, 0) AS refunded, \
       COALESCE(x.expired, 0) AS expired, COALESCE(x.deducted, 0) AS deducted, COALESCE(x.held, 0) AS held \
     FROM people p LEFT JOIN accounts a ON a.person_id = p.id LEFT JOIN (",
    moved_by_account!(),
    ") x ON x.account_id = a.id ORDER BY p.name, p.id"
);

/// Departments are told apart letter by letter, as everywhere; some databases would take `IT` for `it`.
const GROUPS: &str = concat!(
    "SELECT p.department, CAST(SUM(CASE WHEN p.is_active THEN 1 ELSE 0 END) AS SIGNED) AS active, \
       CAST(SUM(CASE WHEN p.is_active AND x.redeemed > 0 THEN 1 ELSE 0 END) AS SIGNED) AS redeemers, \
       CAST(COALESCE(SUM(x.issued), 0) AS SIGNED) AS issued, CAST(COALESCE(SUM(x.redeemed), 0) AS SIGNED) AS redeemed, \
       CAST(COALESCE(SUM(x.refunded), 0) AS SIGNED) AS refunded, CAST(COALESCE(SUM(x.expired), 0) AS SIGNED) AS expired, \
       CAST(COALESCE(SUM(x.deducted), 0) AS SIGNED) AS deducted, CAST(COALESCE(SUM(x.held), 0) AS SIGNED) AS held \
     FROM people p LEFT JOIN accounts a ON a.person_id = p.id LEFT JOIN (",
    moved_by_account!(),
    ") x ON x.account_id = a.id GROUP BY p.department, HEX(p.department)"
);

/// Everybody, with what moved in the range and what they held at its end.
///
/// # Errors
/// When the database fails.
pub async fn holders(db: &impl ConnectionTrait, range: &Range) -> Result<Vec<Holder>> {
    dialect::rows(db, HOLDERS, values(db, range).await?).await
}

/// The same by department: the one that redeemed most first, those without one last.
///
/// # Errors
/// When the database fails.
pub async fn by_department(db: &impl ConnectionTrait, range: &Range) -> Result<Vec<Group>> {
    let mut groups: Vec<Group> = dialect::rows(db, GROUPS, values(db, range).await?).await?;
    groups.sort_by(|a, b| {
        let key = |group: &Group| (group.department.is_none(), -group.redeemed);
        key(a).cmp(&key(b)).then_with(|| a.department.cmp(&b.department))
    });
    Ok(groups)
}

/// For the question marks of [`moved_by_account`].
async fn values(db: &impl ConnectionTrait, range: &Range) -> Result<[Value; 6]> {
    let (from, before) = (range.from(), range.before());
    let (from_mark, before_mark) = (mark_before(db, from).await?, mark_before(db, before).await?);
    Ok([before_mark, before_mark, before, from_mark, from_mark, from].map(Into::into))
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
    Ok(mark.map_or(Timestamp::from_micros(0), |mark| mark.at))
}

/// What moved in each part of the range.
///
/// # Errors
/// When the database fails.
pub async fn trend(db: &impl ConnectionTrait, range: &Range, now: Timestamp) -> Result<Vec<Part>> {
    let within = marks::Column::At.between(range.from(), range.before());
    let marks: HashMap<Timestamp, Sums> = marks::Entity::find()
        .filter(within)
        .all(db)
        .await?
        .into_iter()
        .map(|mark| (mark.at, sums_of(&mark)))
        .collect();
    let mut parts = Vec::new();
    for part in range.parts() {
        let sums = match (marks.get(&part.from()), marks.get(&part.before())) {
            (Some(from), Some(before)) => before.minus(*from),
            // Nothing has moved yet of what is to come.
            _ if part.from() > now => Sums::default(),
            _ => moved(db, part.from(), part.before()).await?,
        };
        parts.push(Part { range: part, sums });
    }
    Ok(parts)
}

fn sums_of(mark: &marks::Model) -> Sums {
    let [Points(issued), Points(redeemed), Points(refunded), Points(expired), Points(deducted)] =
        [mark.issued, mark.redeemed, mark.refunded, mark.expired, mark.deducted];
    Sums { issued, redeemed, refunded, expired, deducted }
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
