//! Where a run of grants comes from and stands, and what became of each of its rows.

use std::fmt;
use std::str::FromStr;

use chrono_tz::Tz;
use sea_orm::{DeriveActiveEnum, EnumIter};

use crate::types::expiry::ExpiryPolicy;
use crate::types::time::{Day, Timestamp};

/// How a run was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "kebab-case")]
pub enum RunOrigin {
    /// From an uploaded sheet.
    Sheet,
    /// The same amount for people picked by a filter.
    Many,
    /// One grant that needs a second pair of eyes.
    Single,
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "kebab-case")]
pub enum RunState {
    /// Looked over, nothing promised.
    Draft,
    /// For a second pair of eyes.
    Waiting,
    /// Points are being given.
    Running,
    Done,
    /// What is untouched is being taken back.
    Reversing,
    Reversed,
    Rejected,
    Discarded,
}

/// Where a row stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "kebab-case")]
pub enum RowState {
    /// Can be granted.
    Good,
    /// Could not be granted from the beginning.
    Bad,
    Granted,
    /// Could have been granted, but not any more when its turn came.
    Failed,
    TakenBack,
    /// Was to be taken back, but had been touched.
    Kept,
}

/// Why a row was not granted, or not taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "kebab-case")]
pub enum RowProblem {
    /// Neither number nor e-mail.
    Nobody,
    Unknown,
    /// Number and e-mail belong to two people.
    TwoPeople,
    Inactive,
    /// The maker of the run.
    Maker,
    /// The same person stands further up.
    Twice,
    NoAmount,
    NotWhole,
    NotPositive,
    TooLarge,
    NoteTooLong,
    /// The balance would be more than an account holds.
    OverBalance,
    /// The points of the run were good until a moment that is over.
    Ended,
    /// Some of the grant was spent, has lapsed or was taken back before.
    Touched,
}

impl RunOrigin {
    /// Its name in the database and in addresses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sheet => "sheet",
            Self::Many => "many",
            Self::Single => "single",
        }
    }
}

impl RunState {
    /// Its name in the database and in addresses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Reversing => "reversing",
            Self::Reversed => "reversed",
            Self::Rejected => "rejected",
            Self::Discarded => "discarded",
        }
    }

    /// Whether the job is at it, or will be.
    #[must_use]
    pub fn is_at_work(self) -> bool {
        matches!(self, Self::Running | Self::Reversing)
    }
}

impl RowState {
    /// Its name in the database and in addresses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Granted => "granted",
            Self::Failed => "failed",
            Self::TakenBack => "taken-back",
            Self::Kept => "kept",
        }
    }
}

/// Until when the points of a run are good, as it was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunEnds {
    Policy,
    Never,
    /// To the end of this day where the company is.
    On(Day),
}

impl RunEnds {
    /// The choice that ends so.
    #[must_use]
    pub fn at(end: Option<Timestamp>, zone: Tz) -> Self {
        end.map_or(Self::Never, |end| Self::On(end.plus_seconds(-1).day_in(zone)))
    }

    /// What that means for a run that begins at `now`.
    #[must_use]
    pub fn resolve(self, now: Timestamp, policy: ExpiryPolicy, zone: Tz) -> Option<Timestamp> {
        match self {
            Self::Policy => policy.ends(now, zone),
            Self::Never => None,
            Self::On(day) => Some(day.end_in(zone)),
        }
    }
}

impl fmt::Display for RunEnds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Policy => f.write_str("policy"),
            Self::Never => f.write_str("never"),
            Self::On(day) => day.0.fmt(f),
        }
    }
}

/// `policy`, `never`, `2027-03-31`
impl FromStr for RunEnds {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "policy" => Ok(Self::Policy),
            "never" => Ok(Self::Never),
            day => Day::parse(day).map(Self::On).ok_or(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_has_one_spelling() {
        for text in ["policy", "never", "2027-03-31"] {
            assert_eq!(text.parse::<RunEnds>().unwrap().to_string(), text);
        }
        for bad in ["", "Policy", "31.3.2027", "2027-02-30"] {
            assert_eq!(bad.parse::<RunEnds>(), Err(()), "{bad}");
        }
    }
}
