//! Who caused a change: a person, or the shop itself (a job, a rule).

use crate::types::id::PersonId;

/// Who caused a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    Person(PersonId),
    Shop,
}

impl Actor {
    /// The person, when it was one.
    #[must_use]
    pub fn person(self) -> Option<PersonId> {
        match self {
            Self::Person(id) => Some(id),
            Self::Shop => None,
        }
    }
}
