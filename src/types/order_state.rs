//! Where an order stands.

use sea_orm::{DeriveActiveEnum, EnumIter};

/// `Placed` until somebody begins to prepare it, `Preparing` until it is handed over; codes are handed over at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "kebab-case")]
pub enum OrderState {
    Placed,
    Preparing,
    Fulfilled,
    Cancelled,
}

impl OrderState {
    /// Its name in the database and in addresses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Placed => "placed",
            Self::Preparing => "preparing",
            Self::Fulfilled => "fulfilled",
            Self::Cancelled => "cancelled",
        }
    }
}
