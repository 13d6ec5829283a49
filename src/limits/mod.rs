//! Limits: how much one person may redeem in a period of the company's calendar, of one product and in the whole shop.
//!
//! What counts is what a person's orders hold now: pieces and points that were cancelled are free again, and count for
//! the period in which the order was placed. Nothing is stored but the limits themselves, so there is no counter that
//! could be wrong. Placing an order counts under the lock of the person's account, which makes one person's orders wait
//! for each other; what pages show is counted the same way and promises nothing.
//!
//! A count reads the person's orders of the period by `orders_by_person` and of each its line of the product by
//! `order_lines_product_once`.

use chrono_tz::Tz;
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use crate::error::{Refusal, Result};
use crate::platform::config::LimitPolicy;
use crate::platform::dialect;
use crate::types::id::{PersonId, ProductId};
use crate::types::limit::{Limit, Period};
use crate::types::points::Points;
use crate::types::time::Timestamp;

/// A limit, and how much of it a person has used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    pub limit: Limit,
    /// May be more than the limit, which may have been lowered since.
    pub used: i64,
    /// When it counts from nothing again.
    pub again_at: Option<Timestamp>,
}

/// What the limits of the whole shop leave to a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ShopAllowance {
    pub orders: Option<Allowance>,
    pub points: Option<Allowance>,
}

impl Allowance {
    fn new(limit: Limit, used: i64, now: Timestamp, zone: Tz) -> Self {
        Self { limit, used, again_at: limit.period.ends(now, zone) }
    }

    /// How much of it is left.
    #[must_use]
    pub fn left(&self) -> i64 {
        self.limit.count.saturating_sub(self.used).max(0)
    }
}

impl ShopAllowance {
    /// Whether one more order, of so many points, is within the limits.
    ///
    /// # Errors
    /// [`Refusal::OrderLimitReached`] or [`Refusal::PointLimitReached`].
    pub fn check(&self, total: Points) -> Result<(), Refusal> {
        if let Some(orders) = self.orders.filter(|orders| orders.left() == 0) {
            let Limit { count: limit, period } = orders.limit;
            return Err(Refusal::OrderLimitReached { limit, period });
        }
        match self.points {
            Some(points) if total.0 > points.left() => Err(Refusal::PointLimitReached {
                limit: Points(points.limit.count),
                left: Points(points.left()),
                period: points.limit.period,
            }),
            _ => Ok(()),
        }
    }
}

/// How many of a limited product the person's orders of this period hold.
///
/// # Errors
/// When the database fails.
pub async fn of_product(
    db: &impl ConnectionTrait,
    now: Timestamp,
    zone: Tz,
    person_id: PersonId,
    product_id: ProductId,
    limit: Limit,
) -> Result<Allowance> {
    #[derive(FromQueryResult)]
    struct Held {
        pieces: i64,
    }
    let mut values: Vec<Value> = vec![product_id.into(), person_id.into()];
    let sql = if bound(&mut values, limit.period, now, zone) {
        "SELECT CAST(COALESCE(SUM(l.quantity - l.cancelled), 0) AS SIGNED) AS pieces \
         FROM orders o JOIN order_lines l ON l.order_id = o.id AND l.product_id = ? \
         WHERE o.person_id = ? AND o.placed_at >= ? AND o.placed_at < ?"
    } else {
        "SELECT CAST(COALESCE(SUM(l.quantity - l.cancelled), 0) AS SIGNED) AS pieces \
         FROM orders o JOIN order_lines l ON l.order_id = o.id AND l.product_id = ? WHERE o.person_id = ?"
    };
    let held: Option<Held> = dialect::row(db, sql, values).await?;
    Ok(Allowance::new(limit, held.map_or(0, |held| held.pieces), now, zone))
}

/// How many orders of this period the person has, and what they hold. An order that was cancelled as a whole, or is
/// being placed and has no total yet, does not count.
///
/// # Errors
/// When the database fails.
pub async fn of_shop(
    db: &impl ConnectionTrait,
    now: Timestamp,
    policy: &LimitPolicy,
    person_id: PersonId,
) -> Result<ShopAllowance> {
    let mut allowance = ShopAllowance::default();
    if let Some(limit) = policy.orders {
        let used = held_in_shop(db, now, policy.zone, person_id, limit.period).await?.order_count;
        allowance.orders = Some(Allowance::new(limit, used, now, policy.zone));
    }
    if let Some(limit) = policy.points {
        let used = held_in_shop(db, now, policy.zone, person_id, limit.period).await?.points;
        allowance.points = Some(Allowance::new(limit, used, now, policy.zone));
    }
    Ok(allowance)
}

#[derive(Default, FromQueryResult)]
struct HeldInShop {
    order_count: i64,
    points: i64,
}

async fn held_in_shop(
    db: &impl ConnectionTrait,
    now: Timestamp,
    zone: Tz,
    person_id: PersonId,
    period: Period,
) -> Result<HeldInShop> {
    let mut values: Vec<Value> = vec![person_id.into()];
    let sql = if bound(&mut values, period, now, zone) {
        "SELECT COUNT(*) AS order_count, CAST(COALESCE(SUM(total - refunded), 0) AS SIGNED) AS points \
         FROM orders WHERE person_id = ? AND placed_at >= ? AND placed_at < ? AND total > refunded"
    } else {
        "SELECT COUNT(*) AS order_count, CAST(COALESCE(SUM(total - refunded), 0) AS SIGNED) AS points \
         FROM orders WHERE person_id = ? AND total > refunded"
    };
    let held: Option<HeldInShop> = dialect::row(db, sql, values).await?;
    Ok(held.unwrap_or_default())
}

/// Adds the bounds of the period to the values of a query, if it has any. No moment stands in for "none": a bound value is
/// a timestamp to the databases, and theirs do not reach far.
fn bound(values: &mut Vec<Value>, period: Period, now: Timestamp, zone: Tz) -> bool {
    let bounds = period.begins(now, zone).zip(period.ends(now, zone));
    values.extend(bounds.into_iter().flat_map(|(from, until)| [from.into(), until.into()]));
    bounds.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowance(count: i64, used: i64) -> Allowance {
        Allowance { limit: Limit { count, period: Period::Month }, used, again_at: None }
    }

    #[test]
    fn what_is_left_is_never_less_than_nothing() {
        let left = |used| allowance(3, used).left();
        assert_eq!([left(0), left(2), left(3), left(4), left(i64::MAX)], [3, 1, 0, 0, 0]);
    }

    #[test]
    fn the_last_order_and_the_last_point_are_within_the_limit() {
        let shop = |orders, points| ShopAllowance { orders: Some(orders), points: Some(points) };
        assert_eq!(ShopAllowance::default().check(Points(i64::MAX)), Ok(()));
        assert_eq!(shop(allowance(3, 2), allowance(100, 60)).check(Points(40)), Ok(()));
        let period = Period::Month;
        let orders = Refusal::OrderLimitReached { limit: 3, period };
        assert_eq!(shop(allowance(3, 3), allowance(100, 60)).check(Points(41)), Err(orders));
        let points = Refusal::PointLimitReached { limit: Points(100), left: Points(40), period };
        assert_eq!(shop(allowance(3, 2), allowance(100, 60)).check(Points(41)), Err(points));
    }
}
