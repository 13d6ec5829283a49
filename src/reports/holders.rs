//! Everybody, with what moved on their account in some days and what they held at its end: found, sorted and added up by
//! the database, so that a page costs what its people cost.

use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use crate::error::Result;
use crate::platform::dialect;
use crate::reports::departments::Group;
use crate::reports::figures::{Sums, mark_before};
use crate::reports::range::Range;
use crate::reports::sought::{Sought, is_sought};
use crate::types::id::PersonId;
use crate::types::paging::Paging;

/// What they can be sorted by.
pub const COLUMNS: &[&str] =
    &["name", "department", "issued", "redeemed", "refunded", "expired", "deducted", "held"];
/// No limit.
const ALL: [i64; 2] = [i64::MAX, 0];

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

/// Which of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    /// Who redeemed more than was given back to them, and still works here.
    Redeemed,
    /// Who works here and kept nothing that they redeemed, if they did.
    Idle,
    /// Who held anything at the end.
    Holding,
}

/// Who is wanted, and in which order.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub people: Sought,
    pub show: Option<Show>,
    /// One of [`COLUMNS`].
    pub sort: &'static str,
    pub descending: bool,
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
}

impl Show {
    pub const ALL: [Self; 3] = [Self::Redeemed, Self::Idle, Self::Holding];

    /// As it stands in an address.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Redeemed => "redeemed",
            Self::Idle => "idle",
            Self::Holding => "holding",
        }
    }
}

impl Wanted {
    /// Whether it takes the figures of all to know who is on a page.
    fn is_by_figures(&self) -> bool {
        self.show.is_some() || !matches!(self.sort, "name" | "department")
    }
}

/// Of each of these people what moved in a range and what they held at its end: a mark's sums and what moved since, up to
/// the end; and the same up to the beginning, taken off. For the question marks: the mark before the end, the one before
/// the beginning, from the former to the end, from the latter to the beginning.
macro_rules! moved_by_account {
    ($($people:tt)*) => {
        concat!(
            "COALESCE(e.issued, 0) - COALESCE(s.issued, 0) + COALESCE(r.issued, 0) AS issued, \
             COALESCE(e.redeemed, 0) - COALESCE(s.redeemed, 0) + COALESCE(r.redeemed, 0) AS redeemed, \
             COALESCE(e.refunded, 0) - COALESCE(s.refunded, 0) + COALESCE(r.refunded, 0) AS refunded, \
             COALESCE(e.expired, 0) - COALESCE(s.expired, 0) + COALESCE(r.expired, 0) AS expired, \
             COALESCE(e.deducted, 0) - COALESCE(s.deducted, 0) + COALESCE(r.deducted, 0) AS deducted, \
             COALESCE(e.issued + e.refunded - e.redeemed - e.expired - e.deducted, 0) + COALESCE(r.held, 0) AS held FROM ",
            $($people)*,
            " LEFT JOIN accounts a ON a.person_id = p.id \
              LEFT JOIN account_marks e ON e.mark_at = ? AND e.account_id = a.id \
              LEFT JOIN account_marks s ON s.mark_at = ? AND s.account_id = a.id \
              LEFT JOIN (SELECT account_id, \
                CAST(SUM(CASE kind WHEN 'grant' THEN points ELSE 0 END) AS SIGNED) AS issued, \
                CAST(SUM(CASE kind WHEN 'redeem' THEN points ELSE 0 END) AS SIGNED) AS redeemed, \
                CAST(SUM(CASE kind WHEN 'refund' THEN points ELSE 0 END) AS SIGNED) AS refunded, \
                CAST(SUM(CASE kind WHEN 'expire' THEN points ELSE 0 END) AS SIGNED) AS expired, \
                CAST(SUM(CASE kind WHEN 'deduct' THEN points ELSE 0 END) AS SIGNED) AS deducted, \
                CAST(SUM(held) AS SIGNED) AS held FROM ( \
                SELECT account_id, kind, amount AS points, \
                  CASE WHEN kind IN ('grant', 'refund') THEN amount ELSE -amount END AS held FROM transfers \
                  WHERE kind IN ('grant', 'redeem', 'refund', 'expire', 'deduct') AND at >= ? AND at < ? \
                UNION ALL SELECT account_id, kind, -amount, 0 FROM transfers \
                  WHERE kind IN ('grant', 'redeem', 'refund', 'expire', 'deduct') AND at >= ? AND at < ? \
              ) moved GROUP BY account_id) r ON r.account_id = a.id"
        )
    };
}
pub(super) use moved_by_account;

/// Who fits by what is known of them, and of those who fits by what moved. So many are taken of the first as the page has,
/// when that is what it is about.
macro_rules! found {
    ($what:literal, $some:literal, $shown:literal) => {
        concat!(
            "SELECT ",
            $what,
            " FROM (SELECT p.id AS person_id, p.name, p.employee_number, p.department, p.is_active, p.search_text, ",
            moved_by_account!(concat!(
                "(SELECT p.id FROM people p WHERE ",
                is_sought!(),
                " ",
                $some,
                " LIMIT ? OFFSET ?) some JOIN people p ON p.id = some.id"
            )),
            ") h WHERE (? = '' OR (? = 'redeemed' AND is_active AND redeemed > refunded) \
                OR (? = 'idle' AND is_active AND redeemed <= refunded) OR (? = 'holding' AND held <> 0)) ",
            $shown
        )
    };
}

macro_rules! listed {
    ($some:literal, $shown:literal) => {
        found!(
            "person_id, name, employee_number, department, is_active, issued, redeemed, refunded, expired, deducted, held",
            $some,
            $shown
        )
    };
}

const BY_NAME: &str =
    listed!("ORDER BY p.search_text, p.id", "ORDER BY search_text, person_id LIMIT ? OFFSET ?");
const BY_NAME_BACK: &str = listed!(
    "ORDER BY p.search_text DESC, p.id DESC",
    "ORDER BY search_text DESC, person_id DESC LIMIT ? OFFSET ?"
);
const BY_DEPARTMENT: &str = listed!(
    "ORDER BY p.department, p.search_text, p.id",
    "ORDER BY department, search_text, person_id LIMIT ? OFFSET ?"
);
const BY_DEPARTMENT_BACK: &str = listed!(
    "ORDER BY p.department DESC, p.search_text, p.id",
    "ORDER BY department DESC, search_text, person_id LIMIT ? OFFSET ?"
);
const BY_AMOUNT: &str = listed!(
    "",
    "ORDER BY ? * CASE ? WHEN 'issued' THEN issued WHEN 'redeemed' THEN redeemed WHEN 'refunded' THEN refunded \
     WHEN 'expired' THEN expired WHEN 'deducted' THEN deducted ELSE held END, search_text, person_id LIMIT ? OFFSET ?"
);
const GROUPS: &str = found!(
    "department, CAST(COUNT(*) AS SIGNED) AS people, \
     CAST(SUM(CASE WHEN is_active THEN 1 ELSE 0 END) AS SIGNED) AS active, \
     CAST(SUM(CASE WHEN is_active AND redeemed > refunded THEN 1 ELSE 0 END) AS SIGNED) AS redeemers, \
     CAST(SUM(issued) AS SIGNED) AS issued, CAST(SUM(redeemed) AS SIGNED) AS redeemed, \
     CAST(SUM(refunded) AS SIGNED) AS refunded, CAST(SUM(expired) AS SIGNED) AS expired, \
     CAST(SUM(deducted) AS SIGNED) AS deducted, CAST(SUM(held) AS SIGNED) AS held",
    "",
    "GROUP BY department, HEX(department)"
);

/// One page of those who are wanted.
///
/// # Errors
/// When the database fails.
pub async fn page(
    db: &impl ConnectionTrait,
    range: &Range,
    wanted: &Wanted,
    paging: Paging,
) -> Result<Vec<Holder>> {
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    listed(db, range, wanted, [number(paging.limit()), number(paging.offset())]).await
}

/// All of them.
///
/// # Errors
/// When the database fails.
pub async fn all(db: &impl ConnectionTrait, range: &Range, wanted: &Wanted) -> Result<Vec<Holder>> {
    listed(db, range, wanted, ALL).await
}

async fn listed(
    db: &impl ConnectionTrait,
    range: &Range,
    wanted: &Wanted,
    part: [i64; 2],
) -> Result<Vec<Holder>> {
    let (some, shown) = if wanted.is_by_figures() { (ALL, part) } else { (part, ALL) };
    let mut values = values(db, range, wanted, some).await?;
    let sql = match (wanted.sort, wanted.descending) {
        ("name", false) => BY_NAME,
        ("name", true) => BY_NAME_BACK,
        ("department", false) => BY_DEPARTMENT,
        ("department", true) => BY_DEPARTMENT_BACK,
        (column, descending) => {
            values.extend([Value::from(if descending { -1_i64 } else { 1 }), column.into()]);
            BY_AMOUNT
        }
    };
    values.extend(shown.map(Value::from));
    dialect::rows(db, sql, values).await
}

/// How many are wanted, and what moved, by department.
///
/// # Errors
/// When the database fails.
pub async fn groups(db: &impl ConnectionTrait, range: &Range, wanted: &Wanted) -> Result<Vec<Group>> {
    dialect::rows(db, GROUPS, values(db, range, wanted, ALL).await?).await
}

/// For the question marks of [`found`].
async fn values(
    db: &impl ConnectionTrait,
    range: &Range,
    wanted: &Wanted,
    some: [i64; 2],
) -> Result<Vec<Value>> {
    let mut values = wanted.people.values();
    values.extend(some.map(Value::from));
    let (from, before) = (range.from(), range.before());
    let (first, last) = (mark_before(db, from).await?, mark_before(db, before).await?);
    values.extend([last, first, last, before, first, from].map(Value::from));
    let show = wanted.show.map_or("", Show::name);
    values.extend([show; 4].map(Value::from));
    Ok(values)
}
