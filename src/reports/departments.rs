//! What points did in some days, department by department, and who of them took part: whoever redeemed more than was given
//! back to them.
//!
//! Marks know departments (`marks::departments`), so that nobody's account is looked at but those that moved between the
//! ends of the range and their marks. As long as the marks do not know them, every account is (`from_accounts`): slower,
//! never different.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::error::Result;
use crate::platform::dialect;
use crate::reports::figures::{BEGINNING, Sums, mark_before};
use crate::reports::holders::moved_by_account;
use crate::reports::marks::departments::known_before;
use crate::reports::range::Range;
use crate::types::time::Timestamp;

/// The people of one department, or of all.
#[derive(Clone, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Group {
    pub department: Option<String>,
    pub people: i64,
    /// Who works here now.
    pub active: i64,
    /// How many of those redeemed more than was given back to them.
    pub redeemers: i64,
    pub issued: i64,
    pub redeemed: i64,
    pub refunded: i64,
    pub expired: i64,
    pub deducted: i64,
    pub held: i64,
}

/// From one moment to another.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    pub from: Timestamp,
    pub before: Timestamp,
}

type Groups = BTreeMap<Option<String>, Group>;

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
        groups.into_iter().fold(Self::default(), |all, group| all.plus(&group))
    }

    fn plus(self, group: &Self) -> Self {
        Self {
            department: self.department,
            people: self.people + group.people,
            active: self.active + group.active,
            redeemers: self.redeemers + group.redeemers,
            issued: self.issued + group.issued,
            redeemed: self.redeemed + group.redeemed,
            refunded: self.refunded + group.refunded,
            expired: self.expired + group.expired,
            deducted: self.deducted + group.deducted,
            held: self.held + group.held,
        }
    }

    /// What had moved before, to be taken off: who is there and what they hold stays.
    fn taken_off(self) -> Self {
        Self {
            department: self.department,
            issued: -self.issued,
            redeemed: -self.redeemed,
            refunded: -self.refunded,
            expired: -self.expired,
            deducted: -self.deducted,
            ..Self::default()
        }
    }
}

/// Every department: the one that redeemed most first, those without one last.
///
/// # Errors
/// When the database fails.
pub async fn of(db: &impl ConnectionTrait, range: &Range) -> Result<Vec<Group>> {
    let span = Span { from: range.from(), before: range.before() };
    let groups = match known_before(db, [span.from, span.before]).await? {
        Some([first, last]) if last > BEGINNING => from_marks(db, span, first, last).await?,
        _ => from_accounts(db, span).await?,
    };
    let mut groups: Vec<Group> = groups.into_values().collect();
    groups.sort_by(|a, b| {
        let key = |group: &Group| (group.department.is_none(), -group.redeemed);
        key(a).cmp(&key(b)).then_with(|| a.department.cmp(&b.department))
    });
    Ok(groups)
}

/// From the marks before both ends of the span, and what moved between them and the ends.
pub(super) async fn from_marks(
    db: &impl ConnectionTrait,
    span: Span,
    first: Timestamp,
    last: Timestamp,
) -> Result<Groups> {
    let inner = first_mark_within(db, span, last).await?;
    let mut groups = keyed(marked(db, last, inner).await?);
    let earlier = marked(db, first, inner).await?.into_iter();
    let since_first = moved(db, first, span.from).await?.into_iter();
    let parts = earlier.chain(since_first).map(Group::taken_off);
    let parts = parts.chain(moved(db, last, span.before).await?);
    let parts = parts.chain(redeemers_before(db, span.from, inner, last).await?);
    let parts = parts.chain(redeemers_since(db, last, span).await?);
    for part in parts.chain(no_redeemers(db, span, first, last).await?) {
        let group = groups.entry(part.department.clone()).or_insert_with(|| named(&part));
        *group = std::mem::take(group).plus(&part);
    }
    Ok(groups)
}

/// The same from every account.
pub(super) async fn from_accounts(db: &impl ConnectionTrait, span: Span) -> Result<Groups> {
    let (first, last) = (mark_before(db, span.from).await?, mark_before(db, span.before).await?);
    let values = [last, first, last, span.before, first, span.from].map(Into::into);
    Ok(keyed(dialect::rows(db, FROM_ACCOUNTS, values).await?))
}

fn keyed(groups: Vec<Group>) -> Groups {
    groups.into_iter().map(|group| (group.department.clone(), group)).collect()
}

fn named(group: &Group) -> Group {
    Group { department: group.department.clone(), ..Group::default() }
}

/// The first mark within the span; its end when there is none.
async fn first_mark_within(db: &impl ConnectionTrait, span: Span, last: Timestamp) -> Result<Timestamp> {
    #[derive(FromQueryResult)]
    struct Mark {
        at: Timestamp,
    }
    let sql = "SELECT at FROM marks WHERE at >= ? AND at <= ? ORDER BY at LIMIT 1";
    let mark: Option<Mark> = dialect::row(db, sql, [span.from.into(), last.into()]).await?;
    Ok(mark.map_or(span.before, |mark| mark.at))
}

/// Departments are told apart letter by letter, as everywhere; some databases would take `IT` for `it`.
const FROM_ACCOUNTS: &str = concat!(
    "SELECT department, CAST(COUNT(*) AS SIGNED) AS people, \
       CAST(SUM(CASE WHEN is_active THEN 1 ELSE 0 END) AS SIGNED) AS active, \
       CAST(SUM(CASE WHEN is_active AND redeemed > refunded THEN 1 ELSE 0 END) AS SIGNED) AS redeemers, \
       CAST(SUM(issued) AS SIGNED) AS issued, CAST(SUM(redeemed) AS SIGNED) AS redeemed, \
       CAST(SUM(refunded) AS SIGNED) AS refunded, CAST(SUM(expired) AS SIGNED) AS expired, \
       CAST(SUM(deducted) AS SIGNED) AS deducted, CAST(SUM(held) AS SIGNED) AS held FROM (SELECT p.department, p.is_active, ",
    moved_by_account!("people p"),
    ") everybody GROUP BY department, HEX(department)"
);

/// What a mark says, and who redeemed anything since another one.
async fn marked(db: &impl ConnectionTrait, mark: Timestamp, since: Timestamp) -> Result<Vec<Group>> {
    dialect::rows(
        db,
        "SELECT department, CAST(SUM(people) AS SIGNED) AS people, CAST(SUM(active) AS SIGNED) AS active, \
           CAST(SUM(CASE WHEN redeemed_since >= ? THEN active ELSE 0 END) AS SIGNED) AS redeemers, \
           CAST(SUM(issued) AS SIGNED) AS issued, CAST(SUM(redeemed) AS SIGNED) AS redeemed, \
           CAST(SUM(refunded) AS SIGNED) AS refunded, CAST(SUM(expired) AS SIGNED) AS expired, \
           CAST(SUM(deducted) AS SIGNED) AS deducted, \
           CAST(SUM(issued + refunded - redeemed - expired - deducted) AS SIGNED) AS held \
         FROM department_marks WHERE mark_at = ? GROUP BY department, HEX(department)",
        [since.into(), mark.into()],
    )
    .await
}

/// What moved between a mark and an end.
async fn moved(db: &impl ConnectionTrait, from: Timestamp, before: Timestamp) -> Result<Vec<Group>> {
    if from >= before {
        return Ok(Vec::new());
    }
    dialect::rows(
        db,
        "SELECT p.department, CAST(0 AS SIGNED) AS people, CAST(0 AS SIGNED) AS active, CAST(0 AS SIGNED) AS redeemers, \
           CAST(SUM(CASE t.kind WHEN 'grant' THEN t.amount ELSE 0 END) AS SIGNED) AS issued, \
           CAST(SUM(CASE t.kind WHEN 'redeem' THEN t.amount ELSE 0 END) AS SIGNED) AS redeemed, \
           CAST(SUM(CASE t.kind WHEN 'refund' THEN t.amount ELSE 0 END) AS SIGNED) AS refunded, \
           CAST(SUM(CASE t.kind WHEN 'expire' THEN t.amount ELSE 0 END) AS SIGNED) AS expired, \
           CAST(SUM(CASE t.kind WHEN 'deduct' THEN t.amount ELSE 0 END) AS SIGNED) AS deducted, \
           CAST(SUM(CASE WHEN t.kind IN ('grant', 'refund') THEN t.amount ELSE -t.amount END) AS SIGNED) AS held \
         FROM transfers t JOIN accounts a ON a.id = t.account_id JOIN people p ON p.id = a.person_id \
         WHERE t.kind IN ('grant', 'redeem', 'refund', 'expire', 'deduct') AND t.at >= ? AND t.at < ? \
         GROUP BY p.department, HEX(p.department)",
        [from.into(), before.into()],
    )
    .await
}

#[derive(FromQueryResult)]
struct Redeemers {
    department: Option<String>,
    redeemers: i64,
}

impl From<Redeemers> for Group {
    fn from(row: Redeemers) -> Self {
        Self { department: row.department, redeemers: row.redeemers, ..Self::default() }
    }
}

/// Who redeemed anything within the span before its first mark, and not again until its last one.
async fn redeemers_before(
    db: &impl ConnectionTrait,
    from: Timestamp,
    inner: Timestamp,
    last: Timestamp,
) -> Result<impl Iterator<Item = Group>> {
    let mut rows: Vec<Redeemers> = Vec::new();
    if from < inner && from < last {
        rows = dialect::rows(
            db,
            "SELECT p.department, CAST(COUNT(*) AS SIGNED) AS redeemers FROM account_marks m \
               JOIN accounts a ON a.id = m.account_id JOIN people p ON p.id = a.person_id \
             WHERE m.mark_at = ? AND m.last_redeemed_at >= ? AND m.last_redeemed_at < ? AND p.is_active \
             GROUP BY p.department, HEX(p.department)",
            [last.into(), from.into(), inner.into()],
        )
        .await?;
    }
    Ok(rows.into_iter().map(Group::from))
}

/// Who redeemed anything within the span since its last mark, and not before.
async fn redeemers_since(
    db: &impl ConnectionTrait,
    last: Timestamp,
    span: Span,
) -> Result<impl Iterator<Item = Group>> {
    let since = last.max(span.from);
    let mut rows: Vec<Redeemers> = Vec::new();
    if since < span.before {
        rows = dialect::rows(
            db,
            "SELECT p.department, CAST(COUNT(*) AS SIGNED) AS redeemers FROM ( \
               SELECT DISTINCT account_id FROM transfers WHERE kind = 'redeem' AND at >= ? AND at < ?) t \
               JOIN accounts a ON a.id = t.account_id JOIN people p ON p.id = a.person_id \
               LEFT JOIN account_marks m ON m.mark_at = ? AND m.account_id = t.account_id \
             WHERE p.is_active AND (m.last_redeemed_at IS NULL OR m.last_redeemed_at < ?) \
             GROUP BY p.department, HEX(p.department)",
            [since.into(), span.before.into(), last.into(), span.from.into()],
        )
        .await?;
    }
    Ok(rows.into_iter().map(Group::from))
}

/// Of those to whom something was given back within the span, which are few, whoever redeemed in it and kept nothing.
const NO_REDEEMERS: &str = concat!(
    "SELECT department, CAST(-COUNT(*) AS SIGNED) AS redeemers FROM (SELECT p.department, ",
    moved_by_account!(
        "(SELECT DISTINCT account_id FROM transfers WHERE kind = 'refund' AND at >= ? AND at < ?) g \
           JOIN accounts o ON o.id = g.account_id JOIN people p ON p.id = o.person_id AND p.is_active"
    ),
    ") back WHERE redeemed > 0 AND redeemed <= refunded GROUP BY department, HEX(department)"
);

/// Who redeemed within the span, and got as much back in it: they are taken off again.
async fn no_redeemers(
    db: &impl ConnectionTrait,
    span: Span,
    first: Timestamp,
    last: Timestamp,
) -> Result<impl Iterator<Item = Group>> {
    let values = [span.from, span.before, last, first, last, span.before, first, span.from].map(Into::into);
    let rows: Vec<Redeemers> = dialect::rows(db, NO_REDEEMERS, values).await?;
    Ok(rows.into_iter().map(Group::from))
}
