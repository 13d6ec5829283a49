//! Fields that several forms of the desk have: an amount of points, a note, a last day, a version.

use serde::Deserialize;

use crate::error::{FieldErrors, FieldProblem};
use crate::grants::single::{LONGEST_NOTE, MOST_GRANTED};
use crate::platform::app::App;
use crate::types::points::Points;
use crate::types::quantity::whole_number;
use crate::types::time::{Day, Timestamp};
use crate::web::form;

/// Further ahead is a slip of the hand.
const MOST_YEARS_AHEAD: u32 = 10;

/// What somebody lets begin: the version that they looked at.
#[derive(Deserialize)]
pub struct Looked {
    #[serde(deserialize_with = "form::version")]
    pub version: i64,
}

/// An amount of points as it is typed, and what is wrong with it.
pub(super) fn amount(errors: &mut FieldErrors, typed: &str) -> Points {
    match whole_number(typed) {
        Some(amount) if (1..=MOST_GRANTED).contains(&amount) => return Points(amount),
        Some(_) => errors.add("amount", FieldProblem::OutOfRange { min: 1, max: MOST_GRANTED }),
        None if typed.is_empty() => errors.add("amount", FieldProblem::Required),
        None => errors.add("amount", FieldProblem::NotANumber),
    }
    Points::ZERO
}

/// A note as it is typed, and what is wrong with it. Where a line ends counts once, as it does while one types.
pub(super) fn note(errors: &mut FieldErrors, typed: &str) -> String {
    let note = typed.replace("\r\n", "\n").trim().to_owned();
    if note.is_empty() {
        errors.add("note", FieldProblem::Required);
    } else if note.chars().count() > LONGEST_NOTE {
        errors.add("note", FieldProblem::TooLong { max: u64::try_from(LONGEST_NOTE).unwrap_or_default() });
    }
    note
}

/// The end of a day of one's own choice: today at the earliest.
pub(super) fn own_end(app: &App, errors: &mut FieldErrors, typed: &str) -> Option<Timestamp> {
    let zone = app.config.time_zone;
    let today = app.now().day_in(zone);
    match Day::parse(typed) {
        None if typed.is_empty() => errors.add("ends_on", FieldProblem::Required),
        None => errors.add("ends_on", FieldProblem::NotADate),
        Some(day) if day < today || day > today.plus_months(MOST_YEARS_AHEAD * 12) => {
            errors.add("ends_on", FieldProblem::NotAhead);
        }
        Some(day) => return Some(day.end_in(zone)),
    }
    None
}
