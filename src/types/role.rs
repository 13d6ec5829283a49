//! Roles: what a person may do beyond being an employee. One role a desk, and one that has them all.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A desk of HR. Duties are separate: being at one desk opens no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Desk {
    Points,
    Products,
    Orders,
    People,
    Reports,
    Audit,
}

/// What a person may do beyond being an employee.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Every desk.
    SuperAdmin,
    /// One desk.
    Desk(Desk),
}

impl Role {
    /// Every role there is.
    pub const ALL: [Self; 7] = [
        Self::SuperAdmin,
        Self::Desk(Desk::Points),
        Self::Desk(Desk::Products),
        Self::Desk(Desk::Orders),
        Self::Desk(Desk::People),
        Self::Desk(Desk::Reports),
        Self::Desk(Desk::Audit),
    ];

    /// Its name in the database and in the configuration.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::SuperAdmin => "super-admin",
            Self::Desk(Desk::Points) => "points",
            Self::Desk(Desk::Products) => "products",
            Self::Desk(Desk::Orders) => "orders",
            Self::Desk(Desk::People) => "people",
            Self::Desk(Desk::Reports) => "reports",
            Self::Desk(Desk::Audit) => "audit",
        }
    }

    /// Whether this role opens `desk`.
    #[must_use]
    pub fn opens(self, desk: Desk) -> bool {
        self == Self::SuperAdmin || self == Self::Desk(desk)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Role {
    type Err = ();
    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|role| role.name() == name).ok_or(())
    }
}
