//! Limits: how much one person may have in a period of the company's calendar.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Days, NaiveDate};
use chrono_tz::Tz;
use sea_orm::{DeriveActiveEnum, EnumIter};

use crate::types::points::MOST_POINTS;
use crate::types::quantity::whole_number;
use crate::types::time::{Day, Timestamp};

/// The most a limit can let through; what needs more needs no limit.
pub const MOST_OF_A_LIMIT: i64 = MOST_POINTS;

/// After what time a limit counts from nothing again. Weeks begin on Monday, all of them at midnight where the company is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "kebab-case")]
pub enum Period {
    Week,
    Month,
    Year,
    /// Never: so much for each person, once and for all.
    Ever,
}

/// So many in each period. It reads `3/month`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// At least one, at most [`MOST_OF_A_LIMIT`].
    pub count: i64,
    pub period: Period,
}

impl Period {
    /// All of them, the shortest first.
    pub const ALL: [Self; 4] = [Self::Week, Self::Month, Self::Year, Self::Ever];

    /// Its name in the database, in variables and in sentences.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
            Self::Ever => "ever",
        }
    }

    /// The moment the period began in which `now` lies; `None` when it always was.
    #[must_use]
    pub fn begins(self, now: Timestamp, zone: Tz) -> Option<Timestamp> {
        self.first_day(now.day_in(zone)).map(|day| day.start_in(zone))
    }

    /// The moment the next one begins, which is no longer part of this one; `None` when there is none.
    #[must_use]
    pub fn ends(self, now: Timestamp, zone: Tz) -> Option<Timestamp> {
        let first = self.first_day(now.day_in(zone))?;
        let next = match self {
            Self::Week => first.plus_days(7),
            Self::Month => first.plus_months(1),
            Self::Year => first.plus_months(12),
            Self::Ever => return None,
        };
        Some(next.start_in(zone))
    }

    fn first_day(self, Day(day): Day) -> Option<Day> {
        let first = match self {
            Self::Week => day.checked_sub_days(Days::new(day.weekday().num_days_from_monday().into())),
            Self::Month => day.with_day(1),
            Self::Year => NaiveDate::from_ymd_opt(day.year(), 1, 1),
            Self::Ever => None,
        };
        first.map(Day)
    }
}

impl FromStr for Period {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|period| period.name() == text).ok_or(())
    }
}

impl Limit {
    /// As a row keeps it: both columns, or neither when there is no limit.
    #[must_use]
    pub fn of(count: Option<i64>, period: Option<Period>) -> Option<Self> {
        count.zip(period).map(|(count, period)| Self { count, period })
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.count, self.period.name())
    }
}

impl FromStr for Limit {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let (count, period) = text.split_once('/').ok_or(())?;
        let count = whole_number(count).filter(|n| (1..=MOST_OF_A_LIMIT).contains(n)).ok_or(())?;
        Ok(Self { count, period: period.parse()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BERLIN: Tz = Tz::Europe__Berlin;

    fn at(text: &str) -> Timestamp {
        Timestamp(chrono::DateTime::parse_from_rfc3339(text).unwrap().to_utc())
    }

    fn span(period: Period, now: &str, zone: Tz) -> [String; 2] {
        let (from, until) = (period.begins(at(now), zone), period.ends(at(now), zone));
        [from, until].map(|moment| moment.unwrap().iso())
    }

    #[test]
    fn a_week_begins_on_monday_where_the_company_is() {
        let week = ["2026-06-14T22:00:00Z", "2026-06-21T22:00:00Z"];
        for now in ["2026-06-14T22:00:00Z", "2026-06-17T12:00:00Z", "2026-06-21T21:59:59.999999Z"] {
            assert_eq!(span(Period::Week, now, BERLIN), week, "{now}");
        }
        assert_eq!(span(Period::Week, "2026-06-14T21:59:59Z", BERLIN)[1], week[0]);
        // It is Sunday in Honolulu still.
        assert_eq!(
            span(Period::Week, "2026-06-14T22:00:00Z", Tz::Pacific__Honolulu)[1],
            "2026-06-15T10:00:00Z"
        );
    }

    #[test]
    fn weeks_run_across_the_change_of_clocks_and_of_years() {
        // The night of 29 March 2026 has no hour from two to three: this week is an hour short.
        let spring = ["2026-03-22T23:00:00Z", "2026-03-29T22:00:00Z"];
        assert_eq!(span(Period::Week, "2026-03-29T21:59:59Z", BERLIN), spring);
        let autumn = ["2026-10-18T22:00:00Z", "2026-10-25T23:00:00Z"];
        assert_eq!(span(Period::Week, "2026-10-25T22:30:00Z", BERLIN), autumn);
        let new_year = ["2026-12-27T23:00:00Z", "2027-01-03T23:00:00Z"];
        assert_eq!(span(Period::Week, "2027-01-01T00:00:00Z", BERLIN), new_year);
    }

    #[test]
    fn months_and_years_begin_at_local_midnight() {
        assert_eq!(
            span(Period::Month, "2026-03-31T21:59:59Z", BERLIN),
            ["2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z"]
        );
        assert_eq!(span(Period::Month, "2026-12-31T23:00:00Z", BERLIN)[0], "2026-12-31T23:00:00Z");
        assert_eq!(span(Period::Month, "2028-02-29T12:00:00Z", Tz::UTC)[1], "2028-03-01T00:00:00Z");
        assert_eq!(
            span(Period::Year, "2026-12-31T22:59:59Z", BERLIN),
            ["2025-12-31T23:00:00Z", "2026-12-31T23:00:00Z"]
        );
        assert_eq!(span(Period::Year, "2026-12-31T23:00:00Z", BERLIN)[1], "2027-12-31T23:00:00Z");
        // Where the clock skips the first midnight of a month, the month begins an hour later.
        assert_eq!(span(Period::Month, "2006-04-15T12:00:00Z", Tz::Asia__Amman)[0], "2006-03-31T21:00:00Z");
    }

    #[test]
    fn for_ever_has_neither_beginning_nor_end() {
        let now = at("2026-06-15T10:00:00Z");
        assert_eq!((Period::Ever.begins(now, BERLIN), Period::Ever.ends(now, BERLIN)), (None, None));
    }

    #[test]
    fn a_limit_reads_as_it_is_written() {
        for text in ["1/week", "3/month", "20/year", "1000000000/ever"] {
            assert_eq!(text.parse::<Limit>().unwrap().to_string(), text);
        }
        for bad in [
            "",
            "3",
            "/month",
            "3/",
            "0/month",
            "-1/month",
            "3/day",
            "3 / month",
            "3/Month",
            "1000000001/ever",
        ] {
            assert_eq!(bad.parse::<Limit>(), Err(()), "{bad:?}");
        }
    }
}
