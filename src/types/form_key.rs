//! The key of a form: minted when it is shown, kept by what it does. The same form sent twice is done once.

use std::fmt;
use std::str::FromStr;

use sea_orm::DeriveValueType;
use uuid::Uuid;

/// 122 random bits that stand for one intended act.
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

/// Keys are minted here, never by the database.
impl sea_orm::TryFromU64 for FormKey {
    fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
        Err(sea_orm::DbErr::ConvertFromU64("FormKey"))
    }
}
