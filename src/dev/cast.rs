//! The twelve people of the demonstration (`demo/people.json`): whom one can sign in as, and how each of them has used
//! the shop so far.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::types::time::Day;

/// The groups of the identity provider that mean something to the shop.
pub const ADMINS: &str = "shop-admins";
pub const ORDERS: &str = "shop-orders";
pub const PRODUCTS: &str = "shop-products";
pub const POINTS: &str = "shop-points";

/// Runs the shop, and grants what people have earned.
pub const HELENA: &str = "helena";
/// Grants points, too: to Helena, say.
pub const CLARA: &str = "clara";

/// The days in the list are those of a company as it was on this day; they move along with today.
const AS_OF: &str = "2026-11-21";

/// How somebody has used the shop so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Habit {
    /// Has just begun: no points, no orders.
    New,
    /// Redeems something every few weeks.
    Regular,
    /// The same, with care: there are always points left.
    Careful,
    /// The same as regular, and nothing but codes.
    Digital,
    /// Hardly redeems anything: some points have lapsed, more soon will.
    Saver,
    /// Redeems everything at once.
    Spender,
}

/// Where somebody has things sent.
#[derive(Clone, Copy, Debug)]
pub struct Home {
    pub line1: &'static str,
    pub postcode: &'static str,
    pub city: &'static str,
    pub country: &'static str,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    pub key: String,
    pub name: String,
    /// The address the identity provider has verified.
    pub email: String,
    pub employee_number: String,
    pub department: String,
    /// The name of an office.
    pub office: String,
    hired_on: Day,
    birthday: Option<Day>,
    pub groups: Vec<String>,
    /// What one can try as them.
    pub introduction: String,
}

/// All of them, in the order in which the sign-in page shows them.
pub static PEOPLE: LazyLock<Vec<Member>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("demo/people.json")).unwrap_or_else(|error| {
        tracing::error!(%error, "demo/people.json cannot be read");
        Vec::new()
    })
});

/// The member of this key.
#[must_use]
pub fn member(key: &str) -> Option<&'static Member> {
    PEOPLE.iter().find(|member| member.key == key)
}

impl Member {
    #[must_use]
    pub fn habit(&self) -> Habit {
        match self.key.as_str() {
            "liam" => Habit::New,
            "ines" | "tomas" => Habit::Saver,
            "jonas" => Habit::Spender,
            "mara" => Habit::Careful,
            "mei" => Habit::Digital,
            _ => Habit::Regular,
        }
    }

    /// Where they have things sent; the others pick them up at the office.
    #[must_use]
    pub fn home(&self) -> Option<Home> {
        let (line1, postcode, city, country) = match self.key.as_str() {
            "mara" => ("Kastanienallee 31", "10435", "Berlin", "DE"),
            "ines" => ("Rua da Bica 9", "1200-054", "Lisbon", "PT"),
            "arjun" => ("18 Tiong Poh Road", "160018", "Singapore", "SG"),
            "helena" => ("Bergmannstraße 60", "10961", "Berlin", "DE"),
            "clara" => ("Travessa do Carmo 4", "1200-095", "Lisbon", "PT"),
            _ => return None,
        };
        Some(Home { line1, postcode, city, country })
    }

    /// When they were hired, seen from `today`.
    #[must_use]
    pub fn hired_on(&self, today: Day) -> Day {
        let since = Day::parse(AS_OF).map_or_else(Default::default, |as_of| as_of.0 - self.hired_on.0);
        today.0.checked_sub_signed(since).map_or(self.hired_on, Day)
    }

    /// Their birthday does not move.
    #[must_use]
    pub fn birthday(&self) -> Option<Day> {
        self.birthday
    }

    /// Whether they are in a group of the identity provider.
    #[must_use]
    pub fn is_in(&self, group: &str) -> bool {
        self.groups.iter().any(|own| own == group)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::types::email::Email;

    #[test]
    fn twelve_people_are_somebody_else_each_and_can_get_mail() {
        let keys: BTreeSet<_> = PEOPLE.iter().map(|member| &member.key).collect();
        let numbers: BTreeSet<_> = PEOPLE.iter().map(|member| &member.employee_number).collect();
        assert_eq!((PEOPLE.len(), keys.len(), numbers.len()), (12, 12, 12));
        // Nothing leaves for a domain that is reserved for examples.
        assert!(
            PEOPLE
                .iter()
                .all(|person| person.email.ends_with(".example") && person.email.parse::<Email>().is_ok())
        );
    }

    #[test]
    fn every_desk_has_somebody_and_the_named_ones_are_there() {
        for group in [ADMINS, ORDERS, PRODUCTS, POINTS] {
            assert!(PEOPLE.iter().any(|member| member.is_in(group)), "{group}");
        }
        assert!(member(HELENA).is_some() && member(CLARA).is_some());
        for habit in
            [Habit::New, Habit::Regular, Habit::Careful, Habit::Digital, Habit::Saver, Habit::Spender]
        {
            assert!(PEOPLE.iter().any(|member| member.habit() == habit), "{habit:?}");
        }
    }

    #[test]
    fn whoever_is_new_is_new_whenever_one_looks() {
        let liam = member("liam").unwrap();
        assert_eq!(liam.hired_on(Day::parse("2026-11-21").unwrap()), liam.hired_on);
        assert_eq!(liam.hired_on(Day::parse("2028-11-21").unwrap()), Day::parse("2028-11-02").unwrap());
    }
}
