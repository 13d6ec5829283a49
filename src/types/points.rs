//! Points: whole, counted in `i64`, added and taken with overflow checked.

use sea_orm::DeriveValueType;
use serde::{Deserialize, Serialize};

/// The most points one amount may be: far above any balance, far below overflow of a sum of them.
pub const MOST_POINTS: i64 = 1_000_000_000;

/// An amount of points or a balance.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, DeriveValueType,
)]
#[serde(transparent)]
pub struct Points(pub i64);

impl Points {
    /// No points.
    pub const ZERO: Self = Self(0);

    /// `self + other`, or `None` beyond what `i64` holds.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// `self - other`, or `None` when that would be below zero.
    #[must_use]
    pub fn minus(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).filter(|left| *left >= 0).map(Self)
    }

    /// `self × n`, or `None` beyond what `i64` holds.
    #[must_use]
    pub fn times(self, n: i64) -> Option<Self> {
        self.0.checked_mul(n).map(Self)
    }

    /// The sum of many, or `None` beyond what `i64` holds.
    pub fn sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        amounts.into_iter().try_fold(Self::ZERO, Self::plus)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_goes_below_zero_or_over_the_edge() {
        assert_eq!(Points(5).minus(Points(5)), Some(Points(0)));
        assert_eq!(Points(5).minus(Points(6)), None);
        assert_eq!(Points(i64::MAX).plus(Points(1)), None);
        assert_eq!(Points(i64::MAX).times(2), None);
        assert_eq!(Points::sum([Points(1), Points(2)]), Some(Points(3)));
    }
}
