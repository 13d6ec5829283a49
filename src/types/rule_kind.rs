//! The occasions on which the shop gives points by itself.

use sea_orm::{DeriveActiveEnum, EnumIter, Iterable};

/// What a rule waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "kebab-case")]
pub enum RuleKind {
    /// A day of the month.
    Monthly,
    /// The day somebody began to work here, each year after that.
    Anniversary,
    Birthday,
    /// The first time somebody signs in.
    Welcome,
}

impl RuleKind {
    /// Its name in the database and in addresses, and the reason of what it gives.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Monthly => "monthly",
            Self::Anniversary => "anniversary",
            Self::Birthday => "birthday",
            Self::Welcome => "welcome",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::iter().find(|kind| kind.name() == name)
    }
}
