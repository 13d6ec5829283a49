//! Points that will lapse: how many within some days from today, and in which lots they lie.
//!
//! What somebody who has left may keep ends on a day of the company's calendar (`LeaverPolicy`), often before the lots would end
//! by themselves. Databases do not know that calendar, so the lots of the few who leave theirs within these days are read as a
//! whole and put among those of all others, which an index has in order.

use std::cmp::Ordering;

use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use crate::error::Result;
use crate::platform::config::LeaverPolicy;
use crate::platform::dialect;
use crate::reports::figures::BEGINNING;
use crate::reports::sought::{Sought, is_sought};
use crate::types::id::{LotId, PersonId};
use crate::types::paging::Paging;
use crate::types::points::Points;
use crate::types::time::Timestamp;

/// Within how many days, today included.
pub const WITHIN_DAYS: [u64; 3] = [30, 60, 90];
/// What the lots can be sorted by.
pub const COLUMNS: &[&str] = &["day", "points", "person"];
/// Lots of people who have left that are looked at, of those who left last first.
const MOST_OF_LEAVERS: i64 = 50_000;

/// The days ahead that are looked at.
#[derive(Clone, Copy, Debug)]
pub struct Ahead {
    pub now: Timestamp,
    /// The end of the last of them.
    pub until: Timestamp,
    pub leaving: LeaverPolicy,
}

/// Whose lots are wanted, and in which order.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub people: Sought,
    /// One of [`COLUMNS`].
    pub sort: &'static str,
    pub descending: bool,
}

/// What lapses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Lapsing {
    pub points: i64,
    pub lots: i64,
}

/// A lot that will lapse.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Lot {
    pub id: LotId,
    pub person_id: PersonId,
    pub name: String,
    /// Begins with the folded name: the same order on every database.
    pub search_text: String,
    pub department: Option<String>,
    pub is_active: bool,
    pub points: Points,
    pub expires_at: Timestamp,
}

/// All that lapse, and a page of them.
#[derive(Clone, Debug)]
pub struct Found {
    pub lapsing: Lapsing,
    pub lots: Vec<Lot>,
    /// Which page it is: one beyond the last is the last one.
    pub paging: Paging,
}

impl Ahead {
    /// So many days from today.
    #[must_use]
    pub fn of(now: Timestamp, leaving: LeaverPolicy, days: u64) -> Self {
        let until = now.day_in(leaving.zone).plus_days(days).start_in(leaving.zone);
        Self { now, until, leaving }
    }

    fn holds(&self, end: Timestamp) -> bool {
        self.now < end && end <= self.until
    }

    /// Whoever left before this moment keeps nothing beyond these days.
    fn gone_before(&self) -> Timestamp {
        self.leaving.left_before(self.until).unwrap_or(BEGINNING)
    }
}

impl Wanted {
    fn compare(&self, one: &Lot, other: &Lot) -> Ordering {
        let by_day = one.expires_at.cmp(&other.expires_at);
        let by_points = one.points.cmp(&other.points);
        let (order, then) = match self.sort {
            "points" => (by_points, by_day),
            "person" => (one.search_text.cmp(&other.search_text), by_day),
            _ => (by_day, by_points),
        };
        let order = if self.descending { order.reverse() } else { order };
        order.then(then).then(one.id.cmp(&other.id))
    }
}

/// How much lapses within each of [`WITHIN_DAYS`], whoever has it.
///
/// # Errors
/// When the database fails.
pub async fn within_each(
    db: &impl ConnectionTrait,
    now: Timestamp,
    leaving: LeaverPolicy,
) -> Result<Vec<(u64, Lapsing)>> {
    let everybody = Sought::default();
    let furthest = WITHIN_DAYS.into_iter().max().unwrap_or_default();
    let leavers = of_leavers(db, Ahead::of(now, leaving, furthest), &everybody).await?;
    let mut each = Vec::with_capacity(WITHIN_DAYS.len());
    for days in WITHIN_DAYS {
        each.push((days, sum(db, Ahead::of(now, leaving, days), &everybody, &leavers).await?));
    }
    Ok(each)
}

/// How much lapses of what is wanted, and one page of its lots.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &impl ConnectionTrait, ahead: Ahead, wanted: &Wanted, paging: Paging) -> Result<Found> {
    let leavers = of_leavers(db, ahead, &wanted.people).await?;
    let lapsing = sum(db, ahead, &wanted.people, &leavers).await?;
    let paging = paging.within(u64::try_from(lapsing.lots).unwrap_or_default());
    let theirs = leavers.into_iter().map(|leaver| leaver.lot);
    let mut lots: Vec<Lot> = theirs.filter(|lot| ahead.holds(lot.expires_at)).collect();
    // No more of those before the page are leavers': so many of the others are before it wherever leavers' lots fall.
    let skipped = paging.offset().saturating_sub(u64::try_from(lots.len()).unwrap_or(u64::MAX));
    let before = paging.offset() - skipped;
    lots.extend(of_others(db, ahead, wanted, [before + paging.limit(), skipped]).await?);
    lots.sort_by(|one, other| wanted.compare(one, other));
    let [before, most] = [before, paging.limit()].map(|n| usize::try_from(n).unwrap_or(usize::MAX));
    Ok(Found { lapsing, lots: lots.into_iter().skip(before).take(most).collect(), paging })
}

/// A lot of somebody who has left, with the end that it has for that, and the one it would have by itself.
struct Leaver {
    lot: Lot,
    by_itself: Option<Timestamp>,
}

/// The lots of all who keep nothing beyond these days.
async fn of_leavers(db: &impl ConnectionTrait, ahead: Ahead, people: &Sought) -> Result<Vec<Leaver>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: LotId,
        person_id: PersonId,
        name: String,
        search_text: String,
        department: Option<String>,
        left_at: Timestamp,
        points: Points,
        expires_at: Option<Timestamp>,
    }
    let mut values: Vec<Value> = vec![ahead.gone_before().into()];
    values.extend(people.values());
    values.push(MOST_OF_LEAVERS.into());
    let rows: Vec<Row> = dialect::rows(
        db,
        concat!(
            "SELECT l.id, p.id AS person_id, p.name, p.search_text, p.department, p.left_at, l.remaining AS points, \
               l.expires_at FROM people p JOIN accounts a ON a.person_id = p.id JOIN lots l ON l.account_id = a.id \
             WHERE NOT p.is_active AND p.left_at < ? AND a.balance > 0 AND l.remaining > 0 AND ",
            is_sought!(),
            " ORDER BY p.left_at DESC, l.id LIMIT ?"
        ),
        values,
    )
    .await?;
    let leaver = |row: Row| {
        let ends = [ahead.leaving.ends_at(row.left_at), row.expires_at];
        let lot = Lot {
            id: row.id,
            person_id: row.person_id,
            name: row.name,
            search_text: row.search_text,
            department: row.department,
            is_active: false,
            points: row.points,
            expires_at: ends.into_iter().flatten().min()?,
        };
        Some(Leaver { lot, by_itself: row.expires_at })
    };
    Ok(rows.into_iter().filter_map(leaver).collect())
}

/// What lapses in all: what the lots say by themselves, put right for leavers.
async fn sum(
    db: &impl ConnectionTrait,
    ahead: Ahead,
    people: &Sought,
    leavers: &[Leaver],
) -> Result<Lapsing> {
    let days: [Value; 2] = [ahead.now.into(), ahead.until.into()];
    let lapsing: Option<Lapsing> = if people.is_everybody() {
        dialect::row(
            db,
            "SELECT CAST(COALESCE(SUM(remaining), 0) AS SIGNED) AS points, COUNT(*) AS lots FROM lots \
             WHERE remaining > 0 AND expires_at > ? AND expires_at <= ?",
            days,
        )
        .await?
    } else {
        dialect::row(
            db,
            concat!(
                "SELECT CAST(COALESCE(SUM(l.remaining), 0) AS SIGNED) AS points, COUNT(*) AS lots FROM lots l \
                 JOIN accounts a ON a.id = l.account_id JOIN people p ON p.id = a.person_id \
                 WHERE l.remaining > 0 AND l.expires_at > ? AND l.expires_at <= ? AND ",
                is_sought!()
            ),
            days.into_iter().chain(people.values()),
        )
        .await?
    };
    let mut lapsing = lapsing.unwrap_or_default();
    for Leaver { lot, by_itself } in leavers {
        let was_counted = by_itself.is_some_and(|end| ahead.holds(end));
        let more = i64::from(ahead.holds(lot.expires_at)) - i64::from(was_counted);
        lapsing.lots += more;
        lapsing.points += more * lot.points.0;
    }
    Ok(lapsing)
}

/// The lots of everybody else, in an order.
macro_rules! others {
    ($order:literal) => {
        concat!(
            "SELECT l.id, p.id AS person_id, p.name, p.search_text, p.department, p.is_active, l.remaining AS points, \
               l.expires_at FROM lots l JOIN accounts a ON a.id = l.account_id JOIN people p ON p.id = a.person_id \
             WHERE l.remaining > 0 AND l.expires_at > ? AND l.expires_at <= ? \
               AND (p.is_active OR p.left_at IS NULL OR p.left_at >= ?) AND ",
            is_sought!(),
            " ORDER BY ",
            $order,
            " LIMIT ? OFFSET ?"
        )
    };
}

/// `part`: how many of them, and how many are skipped.
async fn of_others(
    db: &impl ConnectionTrait,
    ahead: Ahead,
    wanted: &Wanted,
    part: [u64; 2],
) -> Result<Vec<Lot>> {
    // As `Wanted::compare` has it.
    let sql = match (wanted.sort, wanted.descending) {
        ("points", false) => others!("l.remaining, l.expires_at, l.id"),
        ("points", true) => others!("l.remaining DESC, l.expires_at, l.id"),
        ("person", false) => others!("p.search_text, l.expires_at, l.id"),
        ("person", true) => others!("p.search_text DESC, l.expires_at, l.id"),
        (_, false) => others!("l.expires_at, l.remaining, l.id"),
        (_, true) => others!("l.expires_at DESC, l.remaining, l.id"),
    };
    let mut values: Vec<Value> = [ahead.now, ahead.until, ahead.gone_before()].map(Value::from).into();
    values.extend(wanted.people.values());
    values.extend(part.map(Value::from));
    dialect::rows(db, sql, values).await
}
