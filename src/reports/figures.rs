//! What points did in some days: person by person, and as a whole day by day.
//!
//! Whatever lies before a mark was summed up there (`marks`), so that only what happened since is read anew. What has no
//! mark is read as a whole: slower, never different.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter};

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
#[derive(Clone, Debug, Default)]
pub struct Group {
    pub department: Option<String>,
    /// Who works here now.
    pub active: i64,
    /// How many of those redeemed anything.
    pub redeemers: i64,
    pub sums: Sums,
    pub held: i64,
}

/// Some days of a range and what moved in them.
#[derive(Clone, Debug)]
pub struct Part {
    pub range: Range,
    pub sums: Sums,
}

impl Sums {
    fn plus(&mut self, other: Self) {
        self.issued += other.issued;
        self.redeemed += other.redeemed;
        self.refunded += other.refunded;
        self.expired += other.expired;
        self.deducted += other.deducted;
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
    /// The sum of many people.
    pub fn of<'h>(holders: impl IntoIterator<Item = &'h Holder>) -> Self {
        let mut group = Self::default();
        holders.into_iter().for_each(|holder| group.take_in(holder));
        group
    }

    fn take_in(&mut self, holder: &Holder) {
        self.active += i64::from(holder.is_active);
        self.redeemers += i64::from(holder.takes_part());
        self.sums.plus(holder.sums());
        self.held += holder.held;
    }
}

/// The same people by department, the one that redeemed most first; those without one last.
#[must_use]
pub fn by_department(holders: &[Holder]) -> Vec<Group> {
    let mut groups: HashMap<Option<&str>, Group> = HashMap::new();
    for holder in holders {
        groups.entry(holder.department.as_deref()).or_default().take_in(holder);
    }
    let named =
        groups.into_iter().map(|(name, group)| Group { department: name.map(str::to_owned), ..group });
    let mut all: Vec<Group> = named.collect();
    all.sort_by(|a, b| {
        let key = |group: &Group| (group.department.is_none(), -group.sums.redeemed);
        key(a).cmp(&key(b)).then_with(|| a.department.cmp(&b.department))
    });
    all
}

/// A mark's sums, and what moved since: of each account, up to a moment; and the same up to another one, taken off.
const HOLDERS: &str = "\
    SELECT p.id AS person_id, p.name, p.employee_number, p.department, p.is_active, \
      COALESCE(x.issued, 0) AS issued, COALESCE(x.redeemed, 0) AS redeemed, COALESCE(x.refunded, 0) AS refunded, \
      COALESCE(x.expired, 0) AS expired, COALESCE(x.deducted, 0) AS deducted, COALESCE(x.held, 0) AS held \
    FROM people p LEFT JOIN accounts a ON a.person_id = p.id LEFT JOIN ( \
      SELECT account_id, CAST(SUM(issued) AS SIGNED) AS issued, CAST(SUM(redeemed) AS SIGNED) AS redeemed, \
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
      ) parts GROUP BY account_id) x ON x.account_id = a.id \
    ORDER BY p.name, p.id";

/// Everybody, with what moved in the range and what they held at its end.
///
/// # Errors
/// When the database fails.
pub async fn holders(db: &impl ConnectionTrait, range: &Range) -> Result<Vec<Holder>> {
    let (from, before) = (range.from(), range.before());
    let (from_mark, before_mark) = (mark_before(db, from).await?, mark_before(db, before).await?);
    let up_to_the_end = [before_mark.into(), before_mark.into(), before.into()];
    let up_to_the_beginning = [from_mark.into(), from_mark.into(), from.into()];
    dialect::rows(db, HOLDERS, up_to_the_end.into_iter().chain(up_to_the_beginning)).await
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
