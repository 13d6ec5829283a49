//! Marks: sums of everything before a moment, so that reports need not read the past again. Measured with a million
//! transfers, a year takes 10 ms instead of 500, its products 10 instead of 900.
//!
//! Marks are made from transfers and stock moves, which never change, of days that are over for a while, so that nothing
//! that is still being written can belong to them. Three a month stay, and the newest; of what moved in all (`days`) each
//! day stays. Each run looks whether the newest mark still says what the books say; when it does not, all of them are made
//! anew. What they say of departments (`departments`) is made again soon after anybody
//! has changed.

pub mod days;
pub mod departments;

use chrono::Datelike;
use chrono_tz::Tz;
use futures::FutureExt;
use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult, QueryOrder};

use crate::entity::marks;
use crate::error::Result;
use crate::platform::db::{Db, Tx};
use crate::platform::dialect;
use crate::reports::figures::BEGINNING;
use crate::reports::range::month_of;
use crate::types::time::{Day, Timestamp};

/// A day that has been over for so long is settled: no write takes longer.
const SETTLED_AFTER_S: i64 = 6 * 3_600;
/// Marks that do not stay are kept for so long, for pages that have just found them.
const DAYS_KEPT: i64 = 2;
/// Before these days of each month marks stay.
const STAYING: [u32; 3] = [1, 11, 21];
/// Marks made in one run: twenty years of them.
const MOST_MADE: usize = 20 * 12 * STAYING.len();

/// The job: makes the marks that are missing. Returns how many.
///
/// # Errors
/// When the database fails; what is made stays.
pub async fn run(db: &Db, now: Timestamp, zone: Tz) -> Result<usize> {
    let settled = now.plus_seconds(-SETTLED_AFTER_S).day_in(zone).start_in(zone);
    let mut last = newest(db.reads()).await?;
    if let Some(mark) = &last
        && !still_fits(db.long_reads(), mark).await?
    {
        tracing::warn!(at = %mark.at.iso(), "the sums of the past do not fit the books and are made anew");
        db.write("reports.forget_marks", |tx| forget(tx).boxed()).await?;
        last = None;
    }
    let mut made = 0;
    let mut at = match last {
        Some(mark) => mark.at,
        None => match first_transfer(db.reads()).await? {
            Some(first) => month_of(first.day_in(zone)).start_in(zone),
            None => return Ok(0),
        },
    };
    while at < settled && made < MOST_MADE {
        let from = at;
        at = next_staying(from.day_in(zone)).start_in(zone).min(settled);
        db.write("reports.make_mark", move |tx| make(tx, from, at, zone).boxed()).await?;
        made += 1;
    }
    forget_days(db, now, zone).await?;
    departments::run(db).await?;
    Ok(made)
}

/// The next day before which a mark stays.
fn next_staying(day: Day) -> Day {
    let later = STAYING.into_iter().filter_map(|number| day.0.with_day(number)).find(|other| *other > day.0);
    later.map_or_else(|| month_of(day).plus_months(1), Day)
}

async fn newest(db: &impl ConnectionTrait) -> Result<Option<marks::Model>> {
    Ok(marks::Entity::find().order_by_desc(marks::Column::At).one(db).await?)
}

async fn first_transfer(db: &impl ConnectionTrait) -> Result<Option<Timestamp>> {
    #[derive(FromQueryResult)]
    struct First {
        at: Timestamp,
    }
    let sql = "SELECT at FROM transfers ORDER BY at LIMIT 1";
    Ok(dialect::row::<First>(db, sql, []).await?.map(|first| first.at))
}

/// What the books say of everything before a moment.
const TOTALS: &str = "\
    SELECT CAST(COUNT(*) AS SIGNED) AS transfers, \
      (SELECT CAST(COUNT(*) AS SIGNED) FROM stock_moves WHERE reason IN ('sold', 'returned') AND at < ?) AS moves, \
      CAST(COALESCE(SUM(CASE kind WHEN 'grant' THEN amount ELSE 0 END), 0) AS SIGNED) AS issued, \
      CAST(COALESCE(SUM(CASE kind WHEN 'redeem' THEN amount ELSE 0 END), 0) AS SIGNED) AS redeemed, \
      CAST(COALESCE(SUM(CASE kind WHEN 'refund' THEN amount ELSE 0 END), 0) AS SIGNED) AS refunded, \
      CAST(COALESCE(SUM(CASE kind WHEN 'expire' THEN amount ELSE 0 END), 0) AS SIGNED) AS expired, \
      CAST(COALESCE(SUM(CASE kind WHEN 'deduct' THEN amount ELSE 0 END), 0) AS SIGNED) AS deducted \
    FROM transfers WHERE kind IN ('grant', 'redeem', 'refund', 'expire', 'deduct') AND at < ?";

#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult)]
struct Totals {
    transfers: i64,
    moves: i64,
    issued: i64,
    redeemed: i64,
    refunded: i64,
    expired: i64,
    deducted: i64,
}

async fn totals(db: &impl ConnectionTrait, before: Timestamp) -> Result<Totals> {
    let row = dialect::row(db, TOTALS, [before.into(), before.into()]).await?;
    row.ok_or_else(|| anyhow::anyhow!("a sum without a row").into())
}

async fn still_fits(db: &impl ConnectionTrait, mark: &marks::Model) -> Result<bool> {
    let said = Totals {
        transfers: mark.transfers,
        moves: mark.moves,
        issued: mark.issued.0,
        redeemed: mark.redeemed.0,
        refunded: mark.refunded.0,
        expired: mark.expired.0,
        deducted: mark.deducted.0,
    };
    Ok(said == totals(db, mark.at).await?
        && parts_fit(db, mark).await?
        && days::fit(db, mark).await?
        && departments::fit(db, mark).await?)
}

/// Whether what the mark says of accounts adds up to what it says of all, and of products to what was sold and returned.
async fn parts_fit(db: &impl ConnectionTrait, mark: &marks::Model) -> Result<bool> {
    #[derive(FromQueryResult)]
    struct Parts {
        held: i64,
        redeemed: i64,
        undated: i64,
        products: i64,
        sold: i64,
    }
    let parts: Option<Parts> = dialect::row(
        db,
        "SELECT CAST(COALESCE(SUM(issued - expired - deducted), 0) AS SIGNED) AS held, \
           CAST(COALESCE(SUM(redeemed - refunded), 0) AS SIGNED) AS redeemed, \
           CAST(COALESCE(SUM(CASE WHEN redeemed > 0 AND last_redeemed_at IS NULL THEN 1 ELSE 0 END), 0) AS SIGNED) AS undated, \
           (SELECT CAST(COALESCE(SUM(points), 0) AS SIGNED) FROM product_marks WHERE mark_at = ?) AS products, \
           (SELECT CAST(COALESCE(SUM(-m.quantity * l.unit_price), 0) AS SIGNED) FROM stock_moves m \
             JOIN order_lines l ON l.order_id = m.order_id AND l.product_id = m.product_id \
             WHERE m.reason IN ('sold', 'returned') AND m.at < ?) AS sold \
         FROM account_marks WHERE mark_at = ?",
        [mark.at.into(), mark.at.into(), mark.at.into()],
    )
    .await?;
    let held = mark.issued.0 - mark.expired.0 - mark.deducted.0;
    let redeemed = mark.redeemed.0 - mark.refunded.0;
    Ok(parts.is_some_and(|parts| {
        let all = (parts.held, parts.redeemed, parts.undated, parts.products);
        all == (held, redeemed, 0, parts.sold)
    }))
}

/// Sums everything before `at`: the mark before it, if there is one, and what moved since; `from` is where that one ends.
async fn make(tx: &Tx, from: Timestamp, at: Timestamp, zone: Tz) -> Result<()> {
    let last = newest(tx).await?.map_or(BEGINNING, |mark| mark.at);
    days::make(tx, from, at, zone).await?;
    let all = totals(tx, at).await?;
    let sums = [all.transfers, all.moves, all.issued, all.redeemed, all.refunded, all.expired, all.deducted];
    dialect::execute(
        tx,
        "INSERT INTO marks (at, transfers, moves, issued, redeemed, refunded, expired, deducted) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        std::iter::once(at.into()).chain(sums.map(Into::into)),
    )
    .await?;
    dialect::execute(
        tx,
        "INSERT INTO account_marks (mark_at, account_id, issued, redeemed, refunded, expired, deducted, \
           last_redeemed_at, redeemed_since) \
         SELECT ?, account_id, SUM(issued), SUM(redeemed), SUM(refunded), SUM(expired), SUM(deducted), \
           MAX(last_redeemed_at), MAX(redeemed_since) FROM ( \
           SELECT account_id, issued, redeemed, refunded, expired, deducted, last_redeemed_at, redeemed_since \
             FROM account_marks WHERE mark_at = ? \
           UNION ALL SELECT account_id, CASE kind WHEN 'grant' THEN amount ELSE 0 END AS issued, \
             CASE kind WHEN 'redeem' THEN amount ELSE 0 END AS redeemed, \
             CASE kind WHEN 'refund' THEN amount ELSE 0 END AS refunded, \
             CASE kind WHEN 'expire' THEN amount ELSE 0 END AS expired, \
             CASE kind WHEN 'deduct' THEN amount ELSE 0 END AS deducted, \
             CASE kind WHEN 'redeem' THEN at END AS last_redeemed_at, \
             CASE kind WHEN 'redeem' THEN ? END AS redeemed_since FROM transfers \
             WHERE kind IN ('grant', 'redeem', 'refund', 'expire', 'deduct') AND at >= ? AND at < ? \
         ) parts GROUP BY account_id",
        [at, last, last, last, at].map(Into::into),
    )
    .await?;
    dialect::execute(
        tx,
        "INSERT INTO product_marks (mark_at, product_id, pieces, points) \
         SELECT ?, product_id, SUM(pieces), SUM(points) FROM ( \
           SELECT product_id, pieces, points FROM product_marks WHERE mark_at = ? \
           UNION ALL SELECT m.product_id, -m.quantity AS pieces, -m.quantity * l.unit_price AS points FROM stock_moves m \
             JOIN order_lines l ON l.order_id = m.order_id AND l.product_id = m.product_id \
             WHERE m.reason IN ('sold', 'returned') AND m.at >= ? AND m.at < ? \
         ) parts GROUP BY product_id",
        [at, last, last, at].map(Into::into),
    )
    .await?;
    Ok(())
}

/// All of them, the newest last, so that whoever reads meanwhile finds sums or reads anew.
async fn forget(tx: &Tx) -> Result<()> {
    for mark in marks::Entity::find().order_by_asc(marks::Column::At).all(tx).await? {
        forget_one(tx, mark.at).await?;
    }
    dialect::execute(tx, "DELETE FROM day_marks", []).await?;
    Ok(())
}

async fn forget_one(tx: &Tx, at: Timestamp) -> Result<()> {
    dialect::execute(tx, "DELETE FROM department_marks WHERE mark_at = ?", [at.into()]).await?;
    dialect::execute(tx, "DELETE FROM account_marks WHERE mark_at = ?", [at.into()]).await?;
    dialect::execute(tx, "DELETE FROM product_marks WHERE mark_at = ?", [at.into()]).await?;
    dialect::execute(tx, "DELETE FROM marks WHERE at = ?", [at.into()]).await?;
    Ok(())
}

/// Marks that are neither new nor to stay.
async fn forget_days(db: &Db, now: Timestamp, zone: Tz) -> Result<()> {
    let old = now.plus_days(-DAYS_KEPT);
    for mark in marks::Entity::find().all(db.reads()).await? {
        let day = mark.at.day_in(zone);
        let stays = day.start_in(zone) == mark.at && STAYING.contains(&day.0.day());
        if mark.at < old && !stays {
            let at = mark.at;
            db.write("reports.forget_mark", move |tx| forget_one(tx, at).boxed()).await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_stay_three_times_a_month() {
        let next = |text| next_staying(Day::parse(text).unwrap()).0.to_string();
        let told =
            ["2026-02-01", "2026-02-10", "2026-02-11", "2026-02-20", "2026-02-21", "2026-12-31"].map(next);
        assert_eq!(
            told,
            ["2026-02-11", "2026-02-11", "2026-02-21", "2026-02-21", "2026-03-01", "2027-01-01"]
        );
    }
}
