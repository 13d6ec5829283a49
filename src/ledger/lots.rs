//! Lots: the parts of a balance, each with its own end; and the plan of which to spend. The one place that makes them.

use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult, Set};

use crate::entity::lots;
use crate::error::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::id::{AccountId, LotId, OrderId, PersonId};
use crate::types::points::Points;
use crate::types::time::Timestamp;

/// What remains in a lot, and until when. `None` never ends.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Lot {
    pub id: LotId,
    pub remaining: Points,
    pub expires_at: Option<Timestamp>,
}

/// So much from this lot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draw {
    pub lot_id: LotId,
    pub amount: Points,
    pub expires_at: Option<Timestamp>,
}

/// Why an amount cannot be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Short {
    pub by: Points,
}

/// Which lots pay `amount`: the one that expires first, then the older one; lots that never expire last.
/// Lots that have ended by `now` pay nothing.
///
/// # Errors
/// [`Short`] with the missing points.
pub fn plan(lots: &[Lot], amount: Points, now: Timestamp) -> Result<Vec<Draw>, Short> {
    let mut open: Vec<&Lot> = lots.iter().filter(|lot| lot.expires_at.is_none_or(|end| end > now)).collect();
    open.sort_by_key(|lot| (lot.expires_at.is_none(), lot.expires_at, lot.id));
    let mut missing = amount;
    let mut draws = Vec::new();
    for lot in open {
        let take = lot.remaining.min(missing);
        if take > Points::ZERO {
            draws.push(Draw { lot_id: lot.id, amount: take, expires_at: lot.expires_at });
            missing = missing.minus(take).unwrap_or_default();
        }
    }
    if missing > Points::ZERO { Err(Short { by: missing }) } else { Ok(draws) }
}

/// The sum of amounts that came from one account.
pub(super) fn sum(amounts: impl IntoIterator<Item = Points>) -> Result<Points> {
    Points::sum(amounts).ok_or_else(|| Error::Internal(anyhow::anyhow!("points beyond counting")))
}

/// Makes a lot of points that a transfer brought in.
pub(super) async fn open(
    tx: &Tx,
    now: Timestamp,
    account_id: AccountId,
    transfer_id: i64,
    amount: Points,
    expires_at: Option<Timestamp>,
) -> Result<LotId> {
    let id = LotId::new();
    let new = NewLot { account_id, transfer_id, amount, expires_at };
    lots::Entity::insert(row(now, id, new)).exec_without_returning(tx).await?;
    Ok(id)
}

/// Points that a transfer brought in, to be made a lot.
#[derive(Clone, Copy)]
pub(super) struct NewLot {
    pub account_id: AccountId,
    pub transfer_id: i64,
    pub amount: Points,
    pub expires_at: Option<Timestamp>,
}

/// Makes several lots at once.
pub(super) async fn open_many(tx: &Tx, now: Timestamp, new: Vec<NewLot>) -> Result<()> {
    let rows = new.into_iter().map(|new| row(now, LotId::new(), new));
    lots::Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(())
}

fn row(now: Timestamp, id: LotId, new: NewLot) -> lots::ActiveModel {
    lots::ActiveModel {
        id: Set(id),
        account_id: Set(new.account_id),
        transfer_id: Set(new.transfer_id),
        granted: Set(new.amount),
        remaining: Set(new.amount),
        expires_at: Set(new.expires_at),
        created_at: Set(now),
    }
}

/// Puts points back that were drawn from a lot; never more than it began with.
pub(super) async fn put_back(tx: &Tx, id: LotId, amount: Points) -> Result<()> {
    let changed = dialect::execute(
        tx,
        "UPDATE lots SET remaining = remaining + ? WHERE id = ? AND remaining + ? <= granted",
        [amount.into(), id.into(), amount.into()],
    )
    .await?;
    if changed == 1 { Ok(()) } else { Err(Error::Internal(anyhow::anyhow!("lot {id} would overflow"))) }
}

/// Brings the end of every lot of an account that holds points forward to now.
pub(super) async fn end_now(tx: &Tx, now: Timestamp, account_id: AccountId) -> Result<()> {
    dialect::execute(
        tx,
        "UPDATE lots SET expires_at = ? WHERE account_id = ? AND remaining > 0 AND (expires_at IS NULL OR expires_at > ?)",
        [now.into(), account_id.into(), now.into()],
    )
    .await?;
    Ok(())
}

/// The lots of an account with something in them, lapsed ones included.
///
/// # Errors
/// When the database fails.
pub async fn with_points(db: &impl ConnectionTrait, account_id: AccountId) -> Result<Vec<Lot>> {
    dialect::rows(
        db,
        "SELECT id, remaining, expires_at FROM lots WHERE account_id = ? AND remaining > 0 ORDER BY expires_at, id",
        [account_id.into()],
    )
    .await
}

/// The lots a person can spend now, the next to expire first.
///
/// # Errors
/// When the database fails.
pub async fn of_person(db: &impl ConnectionTrait, now: Timestamp, person_id: PersonId) -> Result<Vec<Lot>> {
    dialect::rows(
        db,
        "SELECT l.id, l.remaining, l.expires_at FROM lots l JOIN accounts a ON a.id = l.account_id \
         WHERE a.person_id = ? AND l.remaining > 0 AND (l.expires_at IS NULL OR l.expires_at > ?) \
         ORDER BY l.expires_at IS NULL, l.expires_at, l.id",
        [person_id.into(), now.into()],
    )
    .await
}

/// Which lots paid an order.
///
/// # Errors
/// When the database fails.
pub async fn that_paid(db: &impl ConnectionTrait, order_id: OrderId) -> Result<Vec<Draw>> {
    #[derive(FromQueryResult)]
    struct Row {
        lot_id: LotId,
        amount: Points,
        expires_at: Option<Timestamp>,
    }
    let rows: Vec<Row> = dialect::rows(
        db,
        "SELECT d.lot_id, d.amount, l.expires_at FROM draws d JOIN lots l ON l.id = d.lot_id \
         JOIN transfers t ON t.id = d.transfer_id WHERE t.order_id = ? AND t.kind = 'redeem' ORDER BY d.id",
        [order_id.into()],
    )
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Draw { lot_id: r.lot_id, amount: r.amount, expires_at: r.expires_at })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: i64) -> Timestamp {
        Timestamp::from_micros(0).plus_days(day)
    }

    fn lot(remaining: i64, expires: Option<i64>) -> Lot {
        Lot { id: LotId::new(), remaining: Points(remaining), expires_at: expires.map(at) }
    }

    fn drawn(lots: &[Lot], amount: i64) -> Result<Vec<(usize, i64)>, Short> {
        let place = |id| lots.iter().position(|lot| lot.id == id).unwrap();
        plan(lots, Points(amount), at(10))
            .map(|draws| draws.iter().map(|d| (place(d.lot_id), d.amount.0)).collect())
    }

    #[test]
    fn the_lot_that_expires_first_is_spent_first_then_the_older_then_what_never_expires() {
        let lots = [lot(5, None), lot(5, Some(30)), lot(5, Some(20)), lot(5, Some(20))];
        assert_eq!(drawn(&lots, 12), Ok(vec![(2, 5), (3, 5), (1, 2)]));
        assert_eq!(drawn(&lots, 20), Ok(vec![(2, 5), (3, 5), (1, 5), (0, 5)]));
    }

    #[test]
    fn what_is_missing_is_said_in_points() {
        assert_eq!(drawn(&[lot(5, None)], 7), Err(Short { by: Points(2) }));
        assert_eq!(drawn(&[], 1), Err(Short { by: Points(1) }));
        assert_eq!(drawn(&[lot(5, None)], 0), Ok(vec![]));
    }

    #[test]
    fn a_lot_that_ends_now_pays_nothing_any_more() {
        assert_eq!(drawn(&[lot(5, Some(10)), lot(5, Some(11))], 5), Ok(vec![(1, 5)]));
        assert_eq!(drawn(&[lot(5, Some(10))], 5), Err(Short { by: Points(5) }));
    }
}
