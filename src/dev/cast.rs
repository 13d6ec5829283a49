//! The twelve people of the demonstration: whom one can sign in as, and how each of them has used the shop.

/// The groups of the identity provider that mean something to the shop.
pub const ADMINS: &str = "shop-admins";
pub const ORDERS: &str = "shop-orders";
pub const PRODUCTS: &str = "shop-products";
pub const POINTS: &str = "shop-points";

/// Reserved for examples: no mail ever leaves for it.
const DOMAIN: &str = "awsomeshop.example";

/// How somebody has used the shop so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Habit {
    /// Has just begun: no points, no orders.
    New,
    /// Redeems something every few weeks.
    Regular,
    /// Hardly redeems anything: some points have lapsed, more soon will.
    Saver,
    /// Redeems everything at once.
    Spender,
}

/// One of them.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    pub key: &'static str,
    pub name: &'static str,
    pub employee_number: &'static str,
    pub department: &'static str,
    /// The slug of an office.
    pub office: &'static str,
    pub hired_months_ago: u32,
    pub habit: Habit,
    /// Line, postcode, city and country, for those who have things sent home.
    pub home: Option<(&'static str, &'static str, &'static str, &'static str)>,
    pub groups: &'static [&'static str],
    /// What one can try as them.
    pub introduction: &'static str,
}

impl Member {
    /// The address the identity provider has verified.
    #[must_use]
    pub fn email(&self) -> String {
        format!("{}@{DOMAIN}", self.key)
    }
}

/// All of them, in the order in which the sign-in page shows them.
pub const PEOPLE: [Member; 12] = [
    Member {
        key: "mara.lindqvist",
        name: "Mara Lindqvist",
        employee_number: "1007",
        department: "Engineering",
        office: "berlin",
        hired_months_ago: 41,
        habit: Habit::Regular,
        home: Some(("Kastanienallee 31", "10435", "Berlin", "DE")),
        groups: &[],
        introduction: "Redeems something every few weeks. The place to begin.",
    },
    Member {
        key: "ines.carvalho",
        name: "Inês Carvalho",
        employee_number: "1012",
        department: "Design",
        office: "lisbon",
        hired_months_ago: 65,
        habit: Habit::Saver,
        home: Some(("Rua da Bica 9", "1200-054", "Lisbon", "PT")),
        groups: &[],
        introduction: "Saves up: a large balance, and some of it lapses soon.",
    },
    Member {
        key: "jonas.weber",
        name: "Jonas Weber",
        employee_number: "1019",
        department: "Support",
        office: "berlin",
        hired_months_ago: 27,
        habit: Habit::Spender,
        home: None,
        groups: &[],
        introduction: "Spends everything at once and is nearly out of points.",
    },
    Member {
        key: "liam.goh",
        name: "Liam Goh",
        employee_number: "1043",
        department: "Operations",
        office: "singapore",
        hired_months_ago: 0,
        habit: Habit::New,
        home: None,
        groups: &[],
        introduction: "Has just started: no points yet, and no orders.",
    },
    Member {
        key: "arjun.nair",
        name: "Arjun Nair",
        employee_number: "1038",
        department: "Engineering",
        office: "singapore",
        hired_months_ago: 8,
        habit: Habit::Regular,
        home: Some(("18 Tiong Poh Road", "160018", "Singapore", "SG")),
        groups: &[],
        introduction: "Joined this year. Likes things for the desk.",
    },
    Member {
        key: "sofia.keller",
        name: "Sofia Keller",
        employee_number: "1024",
        department: "Marketing",
        office: "berlin",
        hired_months_ago: 30,
        habit: Habit::Regular,
        home: None,
        groups: &[],
        introduction: "Has everything sent to the office.",
    },
    Member {
        key: "mei.tan",
        name: "Mei Tan",
        employee_number: "1031",
        department: "Sales",
        office: "singapore",
        hired_months_ago: 19,
        habit: Habit::Regular,
        home: Some(("77 Everton Road", "089395", "Singapore", "SG")),
        groups: &[],
        introduction: "Redeems something every few weeks.",
    },
    Member {
        key: "tomas.rocha",
        name: "Tomás Rocha",
        employee_number: "1015",
        department: "Finance",
        office: "lisbon",
        hired_months_ago: 52,
        habit: Habit::Saver,
        home: None,
        groups: &[],
        introduction: "Waits for the one big thing.",
    },
    Member {
        key: "helena.vogt",
        name: "Helena Vogt",
        employee_number: "1001",
        department: "Human Resources",
        office: "berlin",
        hired_months_ago: 88,
        habit: Habit::Regular,
        home: Some(("Bergmannstraße 60", "10961", "Berlin", "DE")),
        groups: &[ADMINS],
        introduction: "Runs the shop: every desk of HR is open to her.",
    },
    Member {
        key: "clara.mendes",
        name: "Clara Mendes",
        employee_number: "1009",
        department: "Human Resources",
        office: "lisbon",
        hired_months_ago: 47,
        habit: Habit::Regular,
        home: None,
        groups: &[POINTS],
        introduction: "Grants points, and sees nothing else of HR.",
    },
    Member {
        key: "priya.raman",
        name: "Priya Raman",
        employee_number: "1022",
        department: "Human Resources",
        office: "singapore",
        hired_months_ago: 33,
        habit: Habit::Regular,
        home: None,
        groups: &[PRODUCTS],
        introduction: "Looks after the products and their stock.",
    },
    Member {
        key: "oskar.brandt",
        name: "Oskar Brandt",
        employee_number: "1028",
        department: "Office Management",
        office: "berlin",
        hired_months_ago: 24,
        habit: Habit::Regular,
        home: None,
        groups: &[ORDERS],
        introduction: "Packs and hands over what was ordered.",
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::types::email::Email;

    #[test]
    fn everybody_is_somebody_else_and_can_get_mail() {
        let keys: BTreeSet<_> = PEOPLE.iter().map(|member| member.key).collect();
        let numbers: BTreeSet<_> = PEOPLE.iter().map(|member| member.employee_number).collect();
        assert_eq!((keys.len(), numbers.len()), (12, 12));
        assert!(PEOPLE.iter().all(|member| member.email().parse::<Email>().is_ok()));
    }

    #[test]
    fn each_group_has_one_member() {
        for group in [ADMINS, ORDERS, PRODUCTS, POINTS] {
            assert_eq!(PEOPLE.iter().filter(|member| member.groups.contains(&group)).count(), 1, "{group}");
        }
    }
}
