//! The ways points move.

use sea_orm::{DeriveActiveEnum, EnumIter, Iterable};

/// Why points moved, which also tells between which accounts and in which direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "kebab-case")]
pub enum TransferKind {
    /// issued → person
    Grant,
    /// person → redeemed
    Redeem,
    /// redeemed → person
    Refund,
    /// person → expired
    Expire,
    /// person → issued
    Deduct,
}

impl TransferKind {
    /// Whether the person gains.
    #[must_use]
    pub fn is_credit(self) -> bool {
        matches!(self, Self::Grant | Self::Refund)
    }

    /// Its name in the database and in addresses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Grant => "grant",
            Self::Redeem => "redeem",
            Self::Refund => "refund",
            Self::Expire => "expire",
            Self::Deduct => "deduct",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::iter().find(|kind| kind.name() == name)
    }
}
