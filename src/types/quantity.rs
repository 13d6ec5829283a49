//! Quantity: how many of one product, from one to a named limit.

use std::fmt;
use std::str::FromStr;

use sea_orm::DeriveValueType;
use serde::{Deserialize, Serialize};

/// The most of one product in a cart line.
pub const MOST_OF_ONE_PRODUCT: i64 = 50;

/// A number of pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, DeriveValueType)]
#[serde(transparent)]
pub struct Quantity(i64);

impl Quantity {
    /// One piece.
    pub const ONE: Self = Self(1);

    /// `n` pieces, when that is between 1 and [`MOST_OF_ONE_PRODUCT`].
    #[must_use]
    pub fn new(n: i64) -> Option<Self> {
        (1..=MOST_OF_ONE_PRODUCT).contains(&n).then_some(Self(n))
    }

    /// The number itself.
    #[must_use]
    pub fn get(self) -> i64 {
        self.0
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Plain ASCII digits only: no sign, no blank, no other script's digits.
impl FromStr for Quantity {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        whole_number(text).and_then(Self::new).ok_or(())
    }
}

/// A whole number written in plain ASCII digits, or `None`.
#[must_use]
pub fn whole_number(text: &str) -> Option<i64> {
    (!text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_digits_within_the_limit_are_a_quantity() {
        assert_eq!("1".parse(), Ok(Quantity::ONE));
        assert_eq!("50".parse::<Quantity>().map(Quantity::get), Ok(50));
        for bad in ["", "0", "51", "-1", "+1", " 1", "1 ", "1.0", "1e1", "0x1", "٣", "9223372036854775808"] {
            assert_eq!(bad.parse::<Quantity>(), Err(()), "{bad:?}");
        }
    }
}
