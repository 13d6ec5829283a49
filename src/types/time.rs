//! Time: moments in UTC to the microsecond (what both databases keep), days of the company's calendar, and the clock.
//! Only the clock knows the present; everyone else is told it as an argument called `now`.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, SecondsFormat, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use sea_orm::DeriveValueType;
use serde::{Deserialize, Serialize};

/// The last year that somebody can type: what ends with its last day still has a year of four digits in every time zone.
const LAST_YEAR: i32 = 9_998;

/// A moment, UTC, whole microseconds.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, DeriveValueType,
)]
#[serde(transparent)]
pub struct Timestamp(pub DateTime<Utc>);

/// A day of the calendar, no time zone.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, DeriveValueType,
)]
#[serde(transparent)]
pub struct Day(pub NaiveDate);

impl Timestamp {
    /// That many microseconds since 1970. Out of range is 1970 itself.
    #[must_use]
    pub fn from_micros(micros: i64) -> Self {
        Self(DateTime::from_timestamp_micros(micros).unwrap_or_default())
    }

    /// Microseconds since 1970.
    #[must_use]
    pub fn micros(self) -> i64 {
        self.0.timestamp_micros()
    }

    /// Seconds since 1970.
    #[must_use]
    pub fn seconds(self) -> i64 {
        self.0.timestamp()
    }

    /// `seconds` later, or earlier when negative.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        TimeDelta::try_seconds(seconds).and_then(|d| self.0.checked_add_signed(d)).map_or(self, Self)
    }

    /// `days` of 24 hours later, or earlier when negative.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        self.plus_seconds(days.saturating_mul(86_400))
    }

    /// Seconds from `earlier` to `self`.
    #[must_use]
    pub fn seconds_since(self, earlier: Self) -> i64 {
        self.seconds() - earlier.seconds()
    }

    /// For `datetime=""` and JSON: RFC 3339, seconds.
    #[must_use]
    pub fn iso(self) -> String {
        self.0.to_rfc3339_opts(SecondsFormat::Secs, true)
    }

    /// `21 November 2026`: the last day in `zone` on which something is good that ends at this moment.
    #[must_use]
    pub fn last_day_in(self, zone: Tz) -> String {
        self.plus_seconds(-1).date_in(zone)
    }

    /// `21 November 2026`: the day it is then in `zone`.
    #[must_use]
    pub fn date_in(self, zone: Tz) -> String {
        self.0.with_timezone(&zone).format("%-d %B %Y").to_string()
    }

    /// Which day it is then in `zone`.
    #[must_use]
    pub fn day_in(self, zone: Tz) -> Day {
        Day(self.0.with_timezone(&zone).date_naive())
    }
}

/// Part of a key here and there, but never one the database makes.
impl sea_orm::TryFromU64 for Timestamp {
    fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
        Err(sea_orm::DbErr::ConvertFromU64("Timestamp"))
    }
}

impl Day {
    /// The moment this day begins in `zone`. Where the clock skips midnight, the first moment after it.
    #[must_use]
    pub fn start_in(self, zone: Tz) -> Timestamp {
        let midnight = self.0.and_time(chrono::NaiveTime::MIN);
        let start = (0..=3)
            .filter_map(|hour| midnight.checked_add_signed(TimeDelta::hours(hour)))
            .find_map(|local| zone.from_local_datetime(&local).earliest());
        Timestamp(start.map_or_else(|| midnight.and_utc(), |local| local.to_utc()))
    }

    /// The moment this day is over in `zone`: the start of the next one.
    #[must_use]
    pub fn end_in(self, zone: Tz) -> Timestamp {
        self.plus_days(1).start_in(zone)
    }

    /// That many days later.
    #[must_use]
    pub fn plus_days(self, days: u64) -> Self {
        self.0.checked_add_days(Days::new(days)).map_or(self, Self)
    }

    /// That many days earlier.
    #[must_use]
    pub fn minus_days(self, days: u64) -> Self {
        self.0.checked_sub_days(Days::new(days)).map_or(self, Self)
    }

    /// That many months later; the 31st becomes the last day of a shorter month.
    #[must_use]
    pub fn plus_months(self, months: u32) -> Self {
        self.0.checked_add_months(Months::new(months)).map_or(self, Self)
    }

    /// The last day of its month.
    #[must_use]
    pub fn end_of_month(self) -> Self {
        let first = self.0.with_day(1).unwrap_or(self.0);
        let next = first.checked_add_months(Months::new(1)).and_then(|day| day.pred_opt());
        next.map_or(self, Self)
    }

    /// The 31st of December of its year.
    #[must_use]
    pub fn end_of_year(self) -> Self {
        NaiveDate::from_ymd_opt(self.0.year(), 12, 31).map_or(self, Self)
    }

    /// `yyyy-mm-dd`, as date inputs write it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::parse_as(text, "%Y-%m-%d", 1970)
    }

    /// A day in somebody's life, which may be long ago: `yyyy-mm-dd`, or `dd.mm.yyyy` as spreadsheets of many countries
    /// write it.
    #[must_use]
    pub fn parse_of_life(text: &str) -> Option<Self> {
        Self::parse_as(text, "%Y-%m-%d", 1900).or_else(|| Self::parse_as(text, "%d.%m.%Y", 1900))
    }

    fn parse_as(text: &str, format: &str, first_year: i32) -> Option<Self> {
        let day = NaiveDate::parse_from_str(text, format).ok();
        day.filter(|day| (first_year..=LAST_YEAR).contains(&day.year())).map(Self)
    }

    /// `yyyy-mm-dd`
    #[must_use]
    pub fn iso(self) -> String {
        self.0.format("%Y-%m-%d").to_string()
    }

    /// `21 November 2026`
    #[must_use]
    pub fn words(self) -> String {
        self.0.format("%-d %B %Y").to_string()
    }
}

/// How far a machine's clock may be from one that it follows: less is left alone, so that time goes on evenly.
const TOLERATED: TimeDelta = TimeDelta::seconds(1);

/// The present. A test's clock stands still until the test moves it.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's, and by how many microseconds the clock that it follows is ahead.
    System(Arc<AtomicI64>),
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's clock as it is.
    #[must_use]
    pub fn system() -> Self {
        Self::System(Arc::default())
    }

    /// Goes by another clock from now on, which showed `theirs` somewhen in the time that asking took; the difference, if
    /// that is another one than before and not within what is tolerated. A fixed clock stays where it is.
    pub fn follow(&self, theirs: Timestamp, took: Duration) -> Option<TimeDelta> {
        let Self::System(ahead) = self else { return None };
        let half = TimeDelta::from_std(took / 2).unwrap_or(TimeDelta::MAX);
        let difference = theirs.0 - (machine_time().0 - half);
        let tolerated = TOLERATED + half;
        let known = TimeDelta::microseconds(ahead.load(Ordering::SeqCst));
        if (difference - known).abs() <= tolerated {
            return None;
        }
        let new = if difference.abs() <= tolerated { TimeDelta::zero() } else { difference };
        ahead.store(new.num_microseconds().unwrap_or_default(), Ordering::SeqCst);
        Some(new)
    }

    /// A clock that stands at `moment`.
    #[must_use]
    pub fn fixed(moment: Timestamp) -> Self {
        Self::Fixed(Arc::new(AtomicI64::new(moment.micros())))
    }

    /// The present, whole microseconds.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System(ahead) => {
                Timestamp::from_micros(machine_time().micros().saturating_add(ahead.load(Ordering::SeqCst)))
            }
            Self::Fixed(micros) => Timestamp::from_micros(micros.load(Ordering::SeqCst)),
        }
    }

    /// Moves a fixed clock; the system's cannot be moved.
    pub fn advance_seconds(&self, seconds: i64) {
        if let Self::Fixed(micros) = self {
            micros.fetch_add(seconds.saturating_mul(1_000_000), Ordering::SeqCst);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that asks the machine for the time")]
fn machine_time() -> Timestamp {
    Timestamp::from_micros(Utc::now().timestamp_micros())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_follows_another_that_differs_by_more_than_a_second() {
        let clock = Clock::system();
        let ahead_s = || clock.now().seconds_since(machine_time());
        let moment = Duration::from_millis(10);
        assert_eq!(clock.follow(machine_time(), moment), None);
        assert_eq!(ahead_s(), 0);
        for (differs_s, told) in [(-10_800, true), (-10_800, false), (86_400, true), (0, true), (0, false)] {
            let changed = clock.follow(machine_time().plus_seconds(differs_s), moment);
            assert_eq!(
                changed.map(|by| (by.num_milliseconds() + 500).div_euclid(1_000)),
                told.then_some(differs_s)
            );
            assert!((ahead_s() - differs_s).abs() <= 1, "{} is not {differs_s}", ahead_s());
        }
        // What may be because asking took so long is no difference.
        clock.follow(machine_time().plus_seconds(-2), Duration::from_secs(4));
        assert_eq!(ahead_s(), 0);
        let fixed = Clock::fixed(Timestamp::from_micros(5));
        assert_eq!(fixed.follow(machine_time(), moment), None);
        assert_eq!(fixed.now(), Timestamp::from_micros(5));
    }

    #[test]
    fn a_day_ends_when_the_next_begins_where_the_company_is() {
        let day = Day::parse("2026-03-29").unwrap();
        assert_eq!(day.start_in(Tz::Europe__Berlin).iso(), "2026-03-28T23:00:00Z");
        assert_eq!(day.end_in(Tz::Europe__Berlin).iso(), "2026-03-29T22:00:00Z");
        // Beirut skips the midnight of this day: it begins at one o'clock.
        assert_eq!(day.start_in(Tz::Asia__Beirut).iso(), "2026-03-28T22:00:00Z");
    }

    #[test]
    fn months_end_where_they_end() {
        assert_eq!(Day::parse("2026-01-31").unwrap().plus_months(1), Day::parse("2026-02-28").unwrap());
        assert_eq!(Day::parse("2026-13-01"), None);
        assert_eq!(Day::parse("1e9-01-01"), None);
    }

    #[test]
    fn a_life_may_have_begun_long_ago_and_be_written_in_two_ways() {
        let day = |text| Day::parse_of_life(text).map(Day::iso);
        for text in ["1969-07-20", "20.07.1969", "20.7.1969"] {
            assert_eq!(day(text).as_deref(), Some("1969-07-20"), "{text}");
        }
        for text in ["07/20/1969", "20.7.69", "1899-12-31", "1969-02-30", ""] {
            assert_eq!(day(text), None, "{text}");
        }
        assert_eq!(Day::parse("1969-07-20"), None);
    }

    #[test]
    fn a_fixed_clock_moves_only_when_told() {
        let clock = Clock::fixed(Timestamp::from_micros(1_000_000));
        clock.advance_seconds(2);
        assert_eq!(clock.now().micros(), 3_000_000);
    }
}
