//! What had moved in all before each day that is over: what moved on some days in a row is the difference of two.

use chrono_tz::Tz;
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder};

use crate::entity::{day_marks, marks};
use crate::error::Result;
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::reports::figures::{self, Sums};
use crate::types::points::Points;
use crate::types::time::Timestamp;

/// Makes those from `first` on, before which nothing moved, or from the newest on that is there, up to `at`.
pub(super) async fn make(tx: &Tx, first: Timestamp, at: Timestamp, zone: Tz) -> Result<()> {
    let newest = day_marks::Entity::find().order_by_desc(day_marks::Column::At).one(tx).await?;
    let (mut from, mut sums) = newest.as_ref().map_or((first, Sums::default()), |day| (day.at, of(day)));
    if newest.is_none() {
        write(tx, from, sums).await?;
    }
    while from < at {
        let before = from.day_in(zone).end_in(zone).min(at);
        sums = sums.plus(figures::moved(tx, from, before).await?);
        write(tx, before, sums).await?;
        from = before;
    }
    Ok(())
}

async fn write(tx: &Tx, at: Timestamp, sums: Sums) -> Result<()> {
    let amounts = [sums.issued, sums.redeemed, sums.refunded, sums.expired, sums.deducted];
    dialect::execute(
        tx,
        "INSERT INTO day_marks (at, issued, redeemed, refunded, expired, deducted) VALUES (?, ?, ?, ?, ?, ?)",
        std::iter::once(at.into()).chain(amounts.map(Into::into)),
    )
    .await?;
    Ok(())
}

/// Whether the day of a mark says what the mark says.
pub(super) async fn fit(db: &impl ConnectionTrait, mark: &marks::Model) -> Result<bool> {
    let day = day_marks::Entity::find_by_id(mark.at).one(db).await?;
    let said = [mark.issued, mark.redeemed, mark.refunded, mark.expired, mark.deducted];
    Ok(day.is_some_and(|day| [day.issued, day.redeemed, day.refunded, day.expired, day.deducted] == said))
}

/// What it says.
pub(in crate::reports) fn of(day: &day_marks::Model) -> Sums {
    let [Points(issued), Points(redeemed), Points(refunded), Points(expired), Points(deducted)] =
        [day.issued, day.redeemed, day.refunded, day.expired, day.deducted];
    Sums { issued, redeemed, refunded, expired, deducted }
}
