//! The checkout key: minted when a confirm page is rendered, spent by the order it becomes.
//! The same key twice is the same order.

use std::fmt;
use std::str::FromStr;

use sea_orm::DeriveValueType;
use uuid::Uuid;

/// 122 random bits that stand for one intended order of one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, DeriveValueType)]
pub struct CheckoutKey(Uuid);

impl CheckoutKey {
    /// A key nobody has used.
    #[must_use]
    pub fn mint() -> Self {
        Self(Uuid::new_v4())
    }
}

impl fmt::Display for CheckoutKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for CheckoutKey {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::from_str(text).map(Self)
    }
}
