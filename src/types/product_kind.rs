//! What a product is made of, and whether it is on offer.

use std::str::FromStr;

use sea_orm::{DeriveActiveEnum, EnumIter};

/// Something that is sent or picked up, or a code that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "kebab-case")]
pub enum ProductKind {
    Physical,
    Digital,
}

/// Whether employees see a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "kebab-case")]
pub enum ProductState {
    /// Never listed yet.
    Draft,
    Listed,
    /// Taken off the shelves for a while.
    Unlisted,
    /// Taken off for good; nothing that was sold is ever deleted.
    Archived,
}

impl ProductKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Physical, Self::Digital];

    /// Its name in the database and in addresses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Physical => "physical",
            Self::Digital => "digital",
        }
    }
}

impl FromStr for ProductKind {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.name() == text).ok_or(())
    }
}

impl ProductState {
    /// All of them, in the order of a product's life.
    pub const ALL: [Self; 4] = [Self::Draft, Self::Listed, Self::Unlisted, Self::Archived];

    /// Its name in the database and in addresses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Listed => "listed",
            Self::Unlisted => "unlisted",
            Self::Archived => "archived",
        }
    }

    /// Whether HR can make a product of this state one of the other.
    #[must_use]
    pub fn may_become(self, to: Self) -> bool {
        match to {
            Self::Draft => false,
            Self::Listed => matches!(self, Self::Draft | Self::Unlisted),
            Self::Unlisted => matches!(self, Self::Listed | Self::Archived),
            Self::Archived => self != Self::Archived,
        }
    }
}

impl FromStr for ProductState {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|state| state.name() == text).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sea_orm::ActiveEnum;

    #[test]
    fn names_are_those_of_the_database() {
        assert!(ProductKind::ALL.iter().all(|kind| kind.to_value() == kind.name()));
        assert!(ProductState::ALL.iter().all(|state| state.to_value() == state.name()));
    }

    #[test]
    fn nothing_becomes_a_draft_again_and_what_is_archived_is_not_listed_at_once() {
        let ways: Vec<_> = ProductState::ALL
            .into_iter()
            .flat_map(|from| ProductState::ALL.map(|to| (from, to)))
            .filter(|(from, to)| from.may_become(*to))
            .map(|(from, to)| format!("{} {}", from.name(), to.name()))
            .collect();
        assert_eq!(
            ways,
            [
                "draft listed",
                "draft archived",
                "listed unlisted",
                "listed archived",
                "unlisted listed",
                "unlisted archived",
                "archived unlisted"
            ]
        );
    }
}
