//! When a rule gives to whom: days of the company's calendar. Pure.

use chrono::Datelike;

use crate::types::rule_kind::RuleKind;
use crate::types::time::Day;

/// Whoever signs in first does so once.
const EVER: &str = "ever";

/// On which days a rule gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// On this day of each month, or on its last day when it is shorter.
    Monthly {
        day: u32,
    },
    Anniversary,
    Birthday,
    Welcome,
}

/// What rules go by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// From this day on somebody works here and the shop knows them.
    pub here_since: Day,
    pub hired_on: Option<Day>,
    pub birthday: Option<Day>,
    pub first_signed_in_on: Option<Day>,
}

/// Something that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    pub on: Day,
    /// What it is given once for: a month, a year, or ever.
    pub period: String,
}

impl When {
    /// Of a rule of this kind; a monthly one without a day is one of the first.
    #[must_use]
    pub fn new(kind: RuleKind, day_of_month: Option<i64>) -> Self {
        match kind {
            RuleKind::Monthly => {
                Self::Monthly { day: day_of_month.and_then(|day| u32::try_from(day).ok()).unwrap_or(1) }
            }
            RuleKind::Anniversary => Self::Anniversary,
            RuleKind::Birthday => Self::Birthday,
            RuleKind::Welcome => Self::Welcome,
        }
    }

    /// All that is due to somebody from one day to another, both of them included.
    #[must_use]
    pub fn dues(self, who: &Facts, from: Day, to: Day) -> Vec<Due> {
        let due = |on: Day, period: String| {
            (from <= on && on <= to && who.here_since <= on).then_some(Due { on, period })
        };
        match self {
            Self::Monthly { day } => {
                months(from, to).filter_map(|month| due(on_day(month, day), month_of(month))).collect()
            }
            Self::Anniversary => who.hired_on.map_or_else(Vec::new, |hired| {
                years_after(hired, from, to).filter_map(|on| due(on, year_of(on))).collect()
            }),
            // Nobody works here on the day they are born.
            Self::Birthday => who.birthday.map_or_else(Vec::new, |born| {
                years_after(born, from, to).filter_map(|on| due(on, year_of(on))).collect()
            }),
            Self::Welcome => {
                // Who looks around before their first day is welcomed on it.
                let on = who.first_signed_in_on.map(|on| on.max(who.here_since));
                on.and_then(|on| due(on, EVER.to_owned())).into_iter().collect()
            }
        }
    }

    /// The name of the round in which something due on this day is given: its month for monthly ones, else the day.
    #[must_use]
    pub fn slot(self, on: Day) -> String {
        match self {
            Self::Monthly { .. } => month_of(on),
            Self::Anniversary | Self::Birthday | Self::Welcome => on.0.format("%Y-%m-%d").to_string(),
        }
    }

    /// The day on which a round is due that was due in the month of `once`; none when it does not know that round.
    #[must_use]
    pub fn day_of(self, slot: &str, once: Day) -> Option<Day> {
        let first = once.0.with_day(1).map_or(once, Day);
        let mut rounds = self.slots(first, once.end_of_month()).into_iter();
        rounds.find(|(known, _)| known == slot).map(|(_, day)| day)
    }

    /// The rounds of days from one to another, both included, and the day each of them is due.
    #[must_use]
    pub fn slots(self, from: Day, to: Day) -> Vec<(String, Day)> {
        match self {
            Self::Monthly { day } => {
                let due = months(from, to).map(|month| on_day(month, day));
                due.filter(|on| from <= *on && *on <= to).map(|on| (self.slot(on), on)).collect()
            }
            Self::Anniversary | Self::Birthday | Self::Welcome => {
                let days = from.0.iter_days().take_while(|day| *day <= to.0).map(Day);
                days.map(|day| (self.slot(day), day)).collect()
            }
        }
    }
}

/// The month of a day, as periods and rounds are named: `2026-06`.
#[must_use]
pub fn month_of(day: Day) -> String {
    day.0.format("%Y-%m").to_string()
}

fn year_of(day: Day) -> String {
    day.0.format("%Y").to_string()
}

/// The first days of the months from one day to another.
fn months(from: Day, to: Day) -> impl Iterator<Item = Day> {
    let first = from.0.with_day(1).map_or(from, Day);
    (0..).map(move |n| first.plus_months(n)).take_while(move |month| *month <= to)
}

/// That day of a month, or its last one.
fn on_day(month: Day, day: u32) -> Day {
    month.0.with_day(day).map_or_else(|| month.end_of_month(), Day)
}

/// The same day of later years that may lie between two days; the 29th of February becomes the 28th.
fn years_after(day: Day, from: Day, to: Day) -> impl Iterator<Item = Day> {
    let first = (from.0.year() - day.0.year()).max(1);
    let last = to.0.year() - day.0.year();
    (first..=last).filter_map(move |years| Some(day.plus_months(u32::try_from(years).ok()?.checked_mul(12)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn facts() -> Facts {
        Facts { here_since: day("2020-01-01"), hired_on: None, birthday: None, first_signed_in_on: None }
    }

    fn dues(when: When, who: &Facts, from: &str, to: &str) -> Vec<String> {
        let dues = when.dues(who, day(from), day(to));
        dues.into_iter().map(|due| format!("{} for {}", due.on.0, due.period)).collect()
    }

    #[test]
    fn a_month_without_that_day_gives_on_its_last() {
        let last = When::Monthly { day: 31 };
        assert_eq!(
            dues(last, &facts(), "2027-12-31", "2028-04-29"),
            [
                "2027-12-31 for 2027-12",
                "2028-01-31 for 2028-01",
                "2028-02-29 for 2028-02",
                "2028-03-31 for 2028-03"
            ]
        );
        assert_eq!(
            dues(When::Monthly { day: 30 }, &facts(), "2027-02-28", "2027-02-28"),
            ["2027-02-28 for 2027-02"]
        );
        assert_eq!(dues(When::Monthly { day: 1 }, &facts(), "2027-02-02", "2027-02-28"), [""; 0]);
    }

    #[test]
    fn whoever_comes_after_the_day_is_left_out_and_on_the_day_is_not() {
        let who = Facts { here_since: day("2026-06-15"), ..facts() };
        assert_eq!(dues(When::Monthly { day: 14 }, &who, "2026-06-01", "2026-06-30"), [""; 0]);
        assert_eq!(
            dues(When::Monthly { day: 15 }, &who, "2026-06-01", "2026-06-30"),
            ["2026-06-15 for 2026-06"]
        );
        let born = Facts { birthday: Some(day("1990-06-14")), ..who };
        assert_eq!(dues(When::Birthday, &born, "2026-01-01", "2027-12-31"), ["2027-06-14 for 2027"]);
    }

    #[test]
    fn an_anniversary_is_never_the_day_of_hiring_itself() {
        let who = Facts { hired_on: Some(day("2024-02-29")), ..facts() };
        assert_eq!(
            dues(When::Anniversary, &who, "2024-01-01", "2028-12-31"),
            ["2025-02-28 for 2025", "2026-02-28 for 2026", "2027-02-28 for 2027", "2028-02-29 for 2028"]
        );
        assert_eq!(dues(When::Anniversary, &facts(), "2024-01-01", "2028-12-31"), [""; 0]);
    }

    #[test]
    fn a_birthday_on_the_29th_of_february_is_the_28th_in_other_years() {
        let who = Facts { birthday: Some(day("1996-02-29")), ..facts() };
        assert_eq!(
            dues(When::Birthday, &who, "2027-02-28", "2028-02-29"),
            ["2027-02-28 for 2027", "2028-02-29 for 2028"]
        );
        let future = Facts { birthday: Some(day("2030-01-01")), ..facts() };
        assert_eq!(dues(When::Birthday, &future, "2027-01-01", "2028-02-29"), [""; 0]);
    }

    #[test]
    fn a_welcome_comes_once() {
        let who = Facts { first_signed_in_on: Some(day("2026-06-15")), ..facts() };
        assert_eq!(dues(When::Welcome, &who, "2026-06-15", "2026-06-15"), ["2026-06-15 for ever"]);
        assert_eq!(dues(When::Welcome, &who, "2026-06-16", "2027-06-15"), [""; 0]);
        let early = Facts { here_since: day("2026-07-01"), ..who };
        assert_eq!(dues(When::Welcome, &early, "2026-06-01", "2026-12-31"), ["2026-07-01 for ever"]);
    }

    #[test]
    fn rounds_are_months_or_days() {
        let slots = |when: When, from, to| when.slots(day(from), day(to)).into_iter().map(|(slot, _)| slot);
        assert_eq!(
            slots(When::Monthly { day: 31 }, "2027-01-31", "2027-03-30").collect::<Vec<_>>(),
            ["2027-01", "2027-02"]
        );
        assert_eq!(
            slots(When::Birthday, "2027-02-27", "2027-03-01").collect::<Vec<_>>(),
            ["2027-02-27", "2027-02-28", "2027-03-01"]
        );
    }
}
