//! When granted points lapse: the company's policy, counted in its calendar.

use std::fmt;
use std::str::FromStr;

use chrono_tz::Tz;

use crate::types::time::Timestamp;

/// Further ahead is a mistake in the configuration.
pub const MOST_MONTHS: u32 = 120;
pub const MOST_YEARS: u32 = 10;

/// Until when points are good that are granted today. All end when a local day is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpiryPolicy {
    Never,
    /// On the same day so many months on.
    Months(u32),
    /// On the last day of the month, so many months on; 0 is this month.
    EndOfMonth(u32),
    /// On the last day of the year, so many years on; 0 is this year.
    EndOfYear(u32),
}

impl ExpiryPolicy {
    /// When points lapse that are granted at `now`.
    #[must_use]
    pub fn ends(self, now: Timestamp, zone: Tz) -> Option<Timestamp> {
        let today = now.day_in(zone);
        let last = match self {
            Self::Never => return None,
            Self::Months(months) => today.plus_months(months),
            Self::EndOfMonth(months) => today.plus_months(months).end_of_month(),
            Self::EndOfYear(years) => today.plus_months(years.saturating_mul(12)).end_of_year(),
        };
        Some(last.end_in(zone))
    }
}

impl fmt::Display for ExpiryPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Never => f.write_str("never"),
            Self::Months(n) => write!(f, "months:{n}"),
            Self::EndOfMonth(n) => write!(f, "end-of-month:{n}"),
            Self::EndOfYear(n) => write!(f, "end-of-year:{n}"),
        }
    }
}

/// `never`, `months:12`, `end-of-month:3`, `end-of-year:1`
impl FromStr for ExpiryPolicy {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if text == "never" {
            return Ok(Self::Never);
        }
        let (kind, number) = text.split_once(':').ok_or(())?;
        let number = Some(number).filter(|n| n.bytes().all(|b| b.is_ascii_digit())).ok_or(())?;
        let number: u32 = number.parse().map_err(|_too_long| ())?;
        match kind {
            "months" if (1..=MOST_MONTHS).contains(&number) => Ok(Self::Months(number)),
            "end-of-month" if number <= MOST_MONTHS => Ok(Self::EndOfMonth(number)),
            "end-of-year" if number <= MOST_YEARS => Ok(Self::EndOfYear(number)),
            _ => Err(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(policy: &str, now: &str, zone: Tz) -> Option<String> {
        let now = Timestamp(chrono::DateTime::parse_from_rfc3339(now).unwrap().to_utc());
        policy.parse::<ExpiryPolicy>().unwrap().ends(now, zone).map(Timestamp::iso)
    }

    #[test]
    fn points_last_until_the_local_day_is_over() {
        let berlin = Tz::Europe__Berlin;
        let end = |policy, now| ends(policy, now, berlin).unwrap();
        assert_eq!(end("months:12", "2026-11-21T10:00:00Z"), "2027-11-21T23:00:00Z");
        // In Berlin it is the 22nd already.
        assert_eq!(end("months:12", "2026-11-21T23:30:00Z"), "2027-11-22T23:00:00Z");
        // Granted in winter, over in summer.
        assert_eq!(end("months:6", "2026-12-15T10:00:00Z"), "2027-06-15T22:00:00Z");
        // The day the clocks go forward has 23 hours, and back 25.
        assert_eq!(end("months:1", "2026-02-28T10:00:00Z"), "2026-03-28T23:00:00Z");
        assert_eq!(end("end-of-month:0", "2026-03-02T10:00:00Z"), "2026-03-31T22:00:00Z");
        assert_eq!(end("end-of-month:0", "2026-10-02T10:00:00Z"), "2026-10-31T23:00:00Z");
        assert_eq!(
            ends("months:1", "2026-06-15T13:00:00Z", Tz::Pacific__Auckland).unwrap(),
            "2026-07-16T12:00:00Z"
        );
        assert_eq!(
            ends("end-of-year:0", "2026-12-31T11:30:00Z", Tz::Pacific__Auckland).unwrap(),
            "2027-12-31T11:00:00Z"
        );
    }

    #[test]
    fn short_months_and_leap_years_end_where_they_end() {
        let end = |policy, now| ends(policy, now, Tz::UTC).unwrap();
        assert_eq!(end("months:1", "2026-01-31T00:00:00Z"), "2026-03-01T00:00:00Z");
        assert_eq!(end("months:12", "2028-02-29T00:00:00Z"), "2029-03-01T00:00:00Z");
        assert_eq!(end("end-of-month:1", "2028-01-31T00:00:00Z"), "2028-03-01T00:00:00Z");
        assert_eq!(end("end-of-year:1", "2028-02-29T00:00:00Z"), "2030-01-01T00:00:00Z");
        assert_eq!(ends("never", "2028-02-29T00:00:00Z", Tz::UTC), None);
    }

    #[test]
    fn a_policy_has_one_spelling() {
        for good in ["never", "months:1", "months:120", "end-of-month:0", "end-of-year:10"] {
            assert_eq!(good.parse::<ExpiryPolicy>().unwrap().to_string(), good);
        }
        for bad in [
            "",
            "Never",
            "months",
            "months:",
            "months:0",
            "months:121",
            "months:-1",
            "months:+1",
            "end-of-year:11",
            "years:1",
        ] {
            assert_eq!(bad.parse::<ExpiryPolicy>(), Err(()), "{bad}");
        }
    }
}
