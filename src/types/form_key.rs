//! The key of a form that must do its work once: minted when the form is rendered, kept by what it makes.
//! The same key twice is the same thing.

use std::fmt;
use std::str::FromStr;

use sea_orm::DeriveValueType;
use uuid::Uuid;

/// 122 random bits that stand for one form somebody was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, DeriveValueType)]
pub struct FormKey(Uuid);

impl FormKey {
    /// A key nobody has used.
    #[must_use]
    pub fn mint() -> Self {
        Self(Uuid::new_v4())
    }
}

impl fmt::Display for FormKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for FormKey {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::from_str(text).map(Self)
    }
}
