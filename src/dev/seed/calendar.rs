//! When everything has happened: the past of the demonstration as a list of events, laid out from today backwards. Pure.

use std::collections::BTreeMap;

use chrono::{Datelike, Months};
use chrono_tz::Tz;

use super::chance::Chance;
use crate::dev::cast::{self, Habit, Member, PEOPLE};
use crate::types::id::OrderId;
use crate::types::points::Points;
use crate::types::time::{Day, Timestamp};

/// How long ago the shop opened: long enough that the first points have lapsed.
const OPEN_FOR_MONTHS: u32 = 15;
/// After so many months points lapse.
const POINTS_LAST_MONTHS: u32 = 12;
/// Products that were there from the beginning; the others came one by one.
const FIRST_PRODUCTS: usize = 28;
/// The last product came so many days ago.
const LAST_PRODUCT_DAYS_AGO: i64 = 6;
/// What everybody gets each month.
const MONTHLY: Points = Points(250);
/// What everybody gets each year of working here.
const ANNIVERSARY: Points = Points(500);
const CAMPAIGN: Points = Points(150);
/// The points of the campaign lapse so many days from now.
const CAMPAIGN_ENDS_IN_DAYS: u64 = 12;
const HOUR_S: i64 = 3_600;

/// Thanks for something particular, from these.
const THANKS: [&str; 8] = [
    "For staying late so that the release went out.",
    "For showing three new colleagues around.",
    "For the best talk of the company days.",
    "For mending the printer nobody dared to touch.",
    "For calming down a very unhappy customer.",
    "For organising the summer party.",
    "For the idea that saved us a week.",
    "For a year of watering everybody's plants.",
];

/// Something that happens.
#[derive(Clone, Debug)]
pub(super) enum Event {
    /// Somebody begins to work here, or was here when the shop opened.
    Join(&'static Member),
    /// The product of this place in the list is put on the shelves.
    Shelve(usize),
    Give(Gift),
    /// What is left of points given a year ago lapses.
    Lapse(&'static Member),
    /// Somebody looks around and redeems something, if there is something they can afford.
    Redeem(&'static Member),
    /// Somebody begins to prepare an order.
    Prepare {
        order_id: OrderId,
    },
    /// An order is handed over.
    HandOver {
        order_id: OrderId,
        note: String,
    },
    /// Somebody cancels an order.
    ChangeMind {
        member: &'static Member,
        number: String,
    },
    /// Somebody looks at the codes of an order, if it has any.
    Reveal {
        member: &'static Member,
        number: String,
    },
}

/// Points for somebody.
#[derive(Clone, Debug)]
pub(super) struct Gift {
    pub to: &'static Member,
    /// The shop itself, when it is nobody.
    pub from: Option<&'static Member>,
    pub amount: Points,
    pub reason: &'static str,
    pub note: String,
    pub expires_at: Timestamp,
}

/// Events in the order in which they happen.
pub(super) struct Calendar {
    pub now: Timestamp,
    zone: Tz,
    pub today: Day,
    events: BTreeMap<(Timestamp, u32), Event>,
    next: u32,
}

impl Calendar {
    /// The past before `now`, of a company that keeps its days in `zone` and has so many products.
    pub(super) fn lay_out(now: Timestamp, zone: Tz, products: usize, chance: &mut Chance) -> Self {
        let mut calendar = Self { now, zone, today: now.day_in(zone), events: BTreeMap::new(), next: 0 };
        let opening = calendar.months_ago(OPEN_FOR_MONTHS);
        for member in PEOPLE.iter() {
            let joined = member.hired_on(calendar.today).max(opening);
            calendar.add(calendar.at(joined, 7, 0), Event::Join(member));
        }
        calendar.lay_out_products(opening, products);
        calendar.lay_out_monthly(opening);
        calendar.lay_out_honours(opening, chance);
        calendar.lay_out_visits(opening, chance);
        calendar
    }

    /// Adds what has happened by now; what has not, is left out.
    pub(super) fn add(&mut self, at: Timestamp, event: Event) {
        if at < self.now {
            self.events.insert((at, self.next), event);
            self.next += 1;
        }
    }

    /// The next event; asking takes it away.
    pub(super) fn take_next(&mut self) -> Option<(Timestamp, Event)> {
        self.events.pop_first().map(|((at, _), event)| (at, event))
    }

    /// So many working hours after `at`, on a later day.
    pub(super) fn days_after(&self, at: Timestamp, days: u64, chance: &mut Chance) -> Timestamp {
        self.at(at.day_in(self.zone).plus_days(days), chance.between(9, 16), chance.between(0, 59))
    }

    fn lay_out_products(&mut self, opening: Day, products: usize) {
        let opened = self.at(opening, 8, 0);
        let later = products.saturating_sub(FIRST_PRODUCTS);
        let days_open = self.now.seconds_since(opened) / (24 * HOUR_S) - LAST_PRODUCT_DAYS_AGO;
        for index in 0..products {
            let place = index.saturating_sub(FIRST_PRODUCTS - 1);
            let share = |part: usize| i64::try_from(part).unwrap_or_default();
            let days = (days_open * share(place)).checked_div(share(later)).unwrap_or_default();
            let minutes = share(index);
            self.add(opened.plus_days(days).plus_seconds(minutes * 60), Event::Shelve(index));
        }
    }

    /// Every first of a month, for everybody who is here.
    fn lay_out_monthly(&mut self, opening: Day) {
        for month in 0..=OPEN_FOR_MONTHS {
            let first = opening.plus_months(month).0.with_day(1).map_or(opening, Day);
            let note = format!("Your points for {}", first.0.format("%B"));
            for (member, second) in PEOPLE.iter().zip(0_i64..) {
                let is_here = member.hired_on(self.today) < first && opening <= first;
                if is_here && member.habit() != Habit::New {
                    let at = self.at(first, 9, 0).plus_seconds(second);
                    self.give(at, member, None, MONTHLY, "monthly", note.clone());
                }
            }
        }
    }

    /// Anniversaries, thanks for something particular, and one campaign whose points lapse soon.
    fn lay_out_honours(&mut self, opening: Day, chance: &mut Chance) {
        let (Some(helena), Some(clara)) = (cast::member(cast::HELENA), cast::member(cast::CLARA)) else {
            return;
        };
        let thanking = PEOPLE.iter().filter(|member| member.habit() != Habit::New).cycle();
        for (note, member) in THANKS.iter().zip(thanking.skip(1).step_by(3)) {
            let day = opening.plus_days(u64::try_from(chance.between(30, 400)).unwrap_or_default());
            let amount = Points(chance.between(2, 8) * 25);
            let from = if member.key == clara.key { helena } else { clara };
            if member.hired_on(self.today) < day {
                let at = self.at(day, chance.between(10, 17), chance.between(0, 59));
                self.give(at, member, Some(from), amount, "thank-you", (*note).to_owned());
            }
        }
        for member in PEOPLE.iter() {
            let from = if member.key == helena.key { clara } else { helena };
            for years in 1.. {
                let day = member.hired_on(self.today).plus_months(12 * years);
                if day > self.today {
                    break;
                }
                let note =
                    if years == 1 { "One year with us".to_owned() } else { format!("{years} years with us") };
                if day > opening {
                    self.give(self.at(day, 10, 30), member, Some(from), ANNIVERSARY, "anniversary", note);
                }
            }
        }
        let ends = self.today.plus_days(CAMPAIGN_ENDS_IN_DAYS).end_in(self.zone);
        let note = "For a record quarter. Use them soon!".to_owned();
        for member in PEOPLE.iter().filter(|member| member.habit() != Habit::New) {
            let from = if member.key == helena.key { clara } else { helena };
            let (reason, note) = ("campaign", note.clone());
            let gift =
                Gift { to: member, from: Some(from), amount: CAMPAIGN, reason, note, expires_at: ends };
            self.add(self.now.plus_days(-9), Event::Give(gift));
        }
    }

    /// When people look around for something to redeem.
    fn lay_out_visits(&mut self, opening: Day, chance: &mut Chance) {
        for member in PEOPLE.iter() {
            let (least, most) = match member.habit() {
                Habit::New => continue,
                Habit::Spender => (24, 36),
                Habit::Regular | Habit::Careful | Habit::Digital => (24, 64),
                Habit::Saver => (150, 200),
            };
            let mut day = member.hired_on(self.today).max(opening).plus_days(5);
            while day < self.today {
                let at = self.at(day, chance.between(8, 20), chance.between(0, 59));
                self.add(at, Event::Redeem(member));
                day = day.plus_days(u64::try_from(chance.between(least, most)).unwrap_or(30));
            }
            // Whoever spends everything did so yesterday, and some others have just redeemed something, too.
            if member.habit() == Habit::Spender || (member.habit() == Habit::Regular && chance.in_100(40)) {
                let minutes = chance.between(60, 40 * 60);
                self.add(self.now.plus_seconds(-minutes * 60), Event::Redeem(member));
            }
        }
    }

    fn give(
        &mut self,
        at: Timestamp,
        to: &'static Member,
        from: Option<&'static Member>,
        amount: Points,
        reason: &'static str,
        note: String,
    ) {
        let expires_at = at.day_in(self.zone).plus_months(POINTS_LAST_MONTHS).end_in(self.zone);
        self.add(at, Event::Give(Gift { to, from, amount, reason, note, expires_at }));
        // The job that ends lots runs every few minutes.
        self.add(expires_at.plus_seconds(240), Event::Lapse(to));
    }

    fn at(&self, day: Day, hour: i64, minute: i64) -> Timestamp {
        day.start_in(self.zone).plus_seconds(hour * HOUR_S + minute * 60)
    }

    fn months_ago(&self, months: u32) -> Day {
        self.today.0.checked_sub_months(Months::new(months)).map_or(self.today, Day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar(now: &str) -> Calendar {
        let now = Timestamp(now.parse().unwrap());
        Calendar::lay_out(now, Tz::Europe__Berlin, 40, &mut Chance::new())
    }

    #[test]
    fn nothing_has_happened_later_than_now_and_everything_in_order() {
        for now in
            ["2026-11-21T10:00:00Z", "2026-03-31T23:30:00Z", "2028-02-29T00:00:01Z", "2027-01-01T07:00:00Z"]
        {
            let mut calendar = calendar(now);
            let mut before = Timestamp::from_micros(0);
            let (mut products, mut joined) = (0, Vec::new());
            while let Some((at, event)) = calendar.take_next() {
                assert!(before <= at && at < calendar.now, "{now}: {event:?}");
                before = at;
                match event {
                    Event::Join(member) => joined.push(member.key.as_str()),
                    Event::Shelve(_) => products += 1,
                    Event::Give(gift) => {
                        assert!(joined.contains(&gift.to.key.as_str()), "{now}: {gift:?}");
                        assert!(gift.from.is_none_or(
                            |from| from.key != gift.to.key && joined.contains(&from.key.as_str())
                        ));
                    }
                    Event::Lapse(member) | Event::Redeem(member) => {
                        assert!(joined.contains(&member.key.as_str()), "{now}");
                    }
                    Event::Prepare { .. }
                    | Event::HandOver { .. }
                    | Event::ChangeMind { .. }
                    | Event::Reveal { .. } => {}
                }
            }
            assert_eq!((products, joined.len()), (40, 12), "{now}");
        }
    }

    #[test]
    fn whoever_is_new_got_nothing_and_bought_nothing() {
        let mut calendar = calendar("2026-11-21T10:00:00Z");
        while let Some((_, event)) = calendar.take_next() {
            match event {
                Event::Give(Gift { to, .. }) | Event::Lapse(to) | Event::Redeem(to) => {
                    assert_ne!(to.habit(), Habit::New);
                }
                _ => {}
            }
        }
    }

    #[test]
    fn the_first_points_have_lapsed_and_others_soon_will() {
        let mut calendar = calendar("2026-11-21T10:00:00Z");
        let (mut lapsed, mut soon) = (0, 0);
        let in_a_month = calendar.now.plus_days(30);
        while let Some((_, event)) = calendar.take_next() {
            match event {
                Event::Lapse(_) => lapsed += 1,
                Event::Give(gift) if gift.expires_at > calendar.now && gift.expires_at < in_a_month => {
                    soon += 1;
                }
                _ => {}
            }
        }
        assert!(lapsed > 10 && soon > 10, "{lapsed} {soon}");
    }
}
