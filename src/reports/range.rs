//! From which day to which: days of the company's calendar, the last one included.

use chrono::{Datelike, Months, NaiveDate};
use chrono_tz::Tz;

use crate::types::time::{Day, Timestamp};

/// Nobody asks for more at once.
pub const MOST_DAYS: i64 = 3_660;
/// Up to so many days each stands for itself in a chart; beyond it months do.
const MOST_SINGLE_DAYS: i64 = 62;

/// Some days in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    pub first: Day,
    pub last: Day,
    zone: Tz,
}

/// What is asked for most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    ThisMonth,
    LastMonth,
    ThisQuarter,
    ThisYear,
}

/// Why two days are no range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoRange {
    Order,
    TooLong,
}

impl Preset {
    pub const ALL: [Self; 4] = [Self::ThisMonth, Self::LastMonth, Self::ThisQuarter, Self::ThisYear];

    /// Its name in addresses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ThisMonth => "this-month",
            Self::LastMonth => "last-month",
            Self::ThisQuarter => "this-quarter",
            Self::ThisYear => "this-year",
        }
    }

    /// Its days, whole: what is this month lasts until its end.
    #[must_use]
    pub fn range(self, now: Timestamp, zone: Tz) -> Range {
        let today = now.day_in(zone);
        let month = month_of(today);
        let (first, months) = match self {
            Self::ThisMonth => (month, 1),
            Self::LastMonth => (earlier(month, 1), 1),
            Self::ThisQuarter => (earlier(month, today.0.month0() % 3), 3),
            Self::ThisYear => (earlier(month, today.0.month0()), 12),
        };
        let next = first.plus_months(months);
        Range { first, last: Day(next.0.pred_opt().unwrap_or(next.0)), zone }
    }
}

impl Range {
    /// From one day to another.
    ///
    /// # Errors
    /// When they are the wrong way round or too far apart.
    pub fn between(first: Day, last: Day, zone: Tz) -> Result<Self, NoRange> {
        let range = Self { first, last, zone };
        match range.days() {
            ..=0 => Err(NoRange::Order),
            days if days > MOST_DAYS => Err(NoRange::TooLong),
            _ => Ok(range),
        }
    }

    /// The moment it begins.
    #[must_use]
    pub fn from(&self) -> Timestamp {
        self.first.start_in(self.zone)
    }

    /// The moment it is over, which is no longer part of it.
    #[must_use]
    pub fn before(&self) -> Timestamp {
        self.last.end_in(self.zone)
    }

    /// How many days it has.
    #[must_use]
    pub fn days(&self) -> i64 {
        (self.last.0 - self.first.0).num_days() + 1
    }

    /// Its days one by one, or its months when there are many.
    #[must_use]
    pub fn parts(&self) -> Vec<Self> {
        let by_days = self.days() <= MOST_SINGLE_DAYS;
        let mut parts = Vec::new();
        let mut first = self.first;
        while first <= self.last {
            let last = if by_days { first } else { first.end_of_month().min(self.last) };
            parts.push(Self { first, last, zone: self.zone });
            first = last.plus_days(1);
        }
        parts
    }

    /// Whether it is one day.
    #[must_use]
    pub fn is_a_day(&self) -> bool {
        self.first == self.last
    }
}

/// The first day of the month.
#[must_use]
pub fn month_of(day: Day) -> Day {
    Day(NaiveDate::from_ymd_opt(day.0.year(), day.0.month(), 1).unwrap_or(day.0))
}

fn earlier(day: Day, months: u32) -> Day {
    Day(day.0.checked_sub_months(Months::new(months)).unwrap_or(day.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BERLIN: Tz = Tz::Europe__Berlin;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn at(text: &str) -> Timestamp {
        Timestamp(chrono::DateTime::parse_from_rfc3339(text).unwrap().to_utc())
    }

    #[test]
    fn presets_are_whole_months_where_the_company_is() {
        let told = |preset: Preset, now| {
            let range = preset.range(at(now), BERLIN);
            (range.first.0.to_string(), range.last.0.to_string())
        };
        let days = |first: &str, last: &str| (first.to_owned(), last.to_owned());
        // In Berlin June has begun.
        let now = "2026-05-31T22:00:00Z";
        assert_eq!(told(Preset::ThisMonth, now), days("2026-06-01", "2026-06-30"));
        assert_eq!(told(Preset::LastMonth, now), days("2026-05-01", "2026-05-31"));
        assert_eq!(told(Preset::ThisQuarter, now), days("2026-04-01", "2026-06-30"));
        assert_eq!(told(Preset::ThisYear, now), days("2026-01-01", "2026-12-31"));
        assert_eq!(told(Preset::LastMonth, "2026-01-31T12:00:00Z"), days("2025-12-01", "2025-12-31"));
        assert_eq!(told(Preset::LastMonth, "2026-03-31T12:00:00Z"), days("2026-02-01", "2026-02-28"));
        let range = Preset::ThisMonth.range(at("2026-03-31T12:00:00Z"), BERLIN);
        assert_eq!(
            (range.from().iso(), range.before().iso()),
            ("2026-02-28T23:00:00Z".to_owned(), "2026-03-31T22:00:00Z".to_owned())
        );
    }

    #[test]
    fn a_range_goes_forward_and_not_too_far() {
        let between = |first, last| Range::between(day(first), day(last), BERLIN).map(|range| range.days());
        assert_eq!(between("2026-06-15", "2026-06-15"), Ok(1));
        assert_eq!(between("2026-06-15", "2026-06-14"), Err(NoRange::Order));
        assert_eq!(between("2016-01-01", "2026-01-07"), Ok(3_660));
        assert_eq!(between("2016-01-01", "2026-01-08"), Err(NoRange::TooLong));
    }

    #[test]
    fn few_days_stand_for_themselves_and_many_by_months() {
        let parts = |first, last| Range::between(day(first), day(last), BERLIN).unwrap().parts();
        let days = parts("2026-06-29", "2026-07-02");
        assert_eq!(days.len(), 4);
        assert!(days.iter().all(Range::is_a_day));
        assert_eq!(parts("2026-01-01", "2026-03-03").len(), 62);
        let months = parts("2026-01-15", "2026-04-02");
        let told: Vec<_> = months.iter().map(|part| format!("{} {}", part.first.0, part.last.0)).collect();
        assert_eq!(
            told,
            [
                "2026-01-15 2026-01-31",
                "2026-02-01 2026-02-28",
                "2026-03-01 2026-03-31",
                "2026-04-01 2026-04-02"
            ]
        );
    }
}
