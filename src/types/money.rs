//! Money, exactly: what a point is worth, and what many of them are. Millionths of the unit in whole numbers, never a float.

use std::fmt;
use std::str::FromStr;

use crate::types::points::Points;

/// Digits behind the point that are kept.
const PLACES: usize = 6;
/// Digits behind the point that are always shown.
const FEWEST_PLACES: usize = 2;
const MILLION: i128 = 1_000_000;
/// Nobody gives a point more worth than this, in whole units.
const MOST_WORTH: i128 = 1_000_000;

/// An amount in one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Money {
    millionths: i128,
    /// Three letters: EUR.
    currency: String,
}

/// What one point is worth. It reads `0.01 EUR`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PointValue(Money);

impl PointValue {
    /// What so many points are worth.
    #[must_use]
    pub fn of(&self, points: Points) -> Money {
        let millionths = self.0.millionths.saturating_mul(points.0.into());
        Money { millionths, currency: self.0.currency.clone() }
    }
}

impl FromStr for PointValue {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (amount, currency) = text.split_once(' ').ok_or(())?;
        let (whole, behind) = amount.split_once('.').unwrap_or((amount, "0"));
        let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        let is_currency = currency.len() == 3 && currency.bytes().all(|b| b.is_ascii_uppercase());
        if !is_number(whole) || !is_number(behind) || behind.len() > PLACES || !is_currency {
            return Err(());
        }
        let millionths: i128 = format!("{whole}{behind:0<PLACES$}").parse().map_err(|_too_long| ())?;
        let fits = (1..=MOST_WORTH * MILLION).contains(&millionths);
        fits.then(|| Self(Money { millionths, currency: currency.to_owned() })).ok_or(())
    }
}

impl fmt::Display for Money {
    /// `1,234.50 EUR`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.millionths < 0 { "−" } else { "" };
        let behind = format!("{:0PLACES$}", self.millionths.unsigned_abs() % MILLION.unsigned_abs());
        let shown = behind.trim_end_matches('0');
        let digits = (self.millionths.unsigned_abs() / MILLION.unsigned_abs()).to_string();
        write!(f, "{sign}")?;
        for (index, digit) in digits.chars().enumerate() {
            let comma = index > 0 && (digits.len() - index).is_multiple_of(3);
            write!(f, "{}{digit}", if comma { "," } else { "" })?;
        }
        write!(f, ".{shown:0<FEWEST_PLACES$} {}", self.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_worth_exactly_so_much() {
        let worth = |value: &str, points| value.parse::<PointValue>().unwrap().of(Points(points)).to_string();
        assert_eq!(worth("0.01 EUR", 1), "0.01 EUR");
        assert_eq!(worth("0.01 EUR", 123_456_789), "1,234,567.89 EUR");
        assert_eq!(worth("0.1 USD", 3), "0.30 USD");
        assert_eq!(worth("0.0125 EUR", 3), "0.0375 EUR");
        assert_eq!(worth("2 CHF", 1_000), "2,000.00 CHF");
        assert_eq!(worth("0.000001 EUR", 1), "0.000001 EUR");
        assert_eq!(worth("1000000 JPY", 1_000_000_000), "1,000,000,000,000,000.00 JPY");
        assert_eq!(worth("0.01 EUR", -150), "−1.50 EUR");
        assert_eq!(worth("0.01 EUR", 0), "0.00 EUR");
    }

    #[test]
    fn what_is_no_worth_is_refused() {
        for bad in [
            "",
            "0.01",
            "EUR",
            "0.01EUR",
            "0,01 EUR",
            "-0.01 EUR",
            "0 EUR",
            "0.00 EUR",
            "0.0000001 EUR",
            ".01 EUR",
            "1. EUR",
            "0.01 eur",
            "0.01 EURO",
            "0.01  EUR",
            "1e-2 EUR",
            "1000000.01 EUR",
            "99999999999999999999999999999999999999999 EUR",
        ] {
            assert_eq!(bad.parse::<PointValue>(), Err(()), "{bad:?}");
        }
    }
}
