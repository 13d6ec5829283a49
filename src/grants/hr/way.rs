//! Giving or taking: where each of them is done, and what it leaves.

use crate::error::{FieldProblem, Refusal, Result};
use crate::types::id::PersonId;
use crate::types::points::{MOST_POINTS, Points};
use crate::urls;

/// Which way the points go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Give,
    Take,
}

impl Way {
    /// Where somebody is picked.
    pub(super) fn start(self) -> String {
        match self {
            Self::Give => urls::hr::new_grant(),
            Self::Take => urls::hr::new_deduction(),
        }
    }

    /// Where the form for somebody is.
    pub(super) fn start_for(self, person_id: PersonId) -> String {
        match self {
            Self::Give => urls::hr::new_grant_for(person_id),
            Self::Take => urls::hr::new_deduction_for(person_id),
        }
    }

    /// What can be spent afterwards, or why it cannot be.
    pub(super) fn after(self, before: Points, amount: Points) -> Result<Points, FieldProblem> {
        let most = Points(MOST_POINTS);
        let room = most.minus(before).unwrap_or_default();
        match self {
            Self::Take => before.minus(amount).ok_or(FieldProblem::OnlySoMany { left: before }),
            Self::Give if amount > room => Err(FieldProblem::Refused(Refusal::BalanceFull { most, room })),
            Self::Give => Ok(before.plus(amount).unwrap_or(before)),
        }
    }
}
