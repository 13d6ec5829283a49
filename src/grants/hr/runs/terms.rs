//! Why a run is made, what people read beside their points, and until when these are good: as typed, read and shown again.

use super::words;
use crate::error::{FieldErrors, FieldProblem};
use crate::grants::hr::fields;
use crate::grants::reasons;
use crate::platform::app::App;
use crate::types::grant_run::RunEnds;
use crate::types::time::Day;
use crate::web::page::{Choice, FormErrors, Page};

/// Reason, note and end, as the form shows them.
pub(super) struct TermsView {
    pub reasons: Vec<Choice>,
    pub note: String,
    pub ends: Vec<Choice>,
    pub ends_on: String,
    pub errors: FormErrors,
}

/// Reason, note and end, as somebody typed them.
#[derive(Clone, Debug, Default)]
pub(super) struct TypedTerms {
    pub reason: String,
    pub note: String,
    /// `policy`, `never` or `day`.
    pub ends: String,
    pub ends_on: String,
}

/// The same, understood.
pub(super) struct Terms {
    pub reason: &'static str,
    pub note: String,
    pub ends: RunEnds,
}

impl TypedTerms {
    pub(super) fn read(&self, app: &App, errors: &mut FieldErrors) -> Option<Terms> {
        let reason = reasons::of_grant(&self.reason);
        if reason.is_none() {
            let missing = self.reason.is_empty();
            errors.add("reason", if missing { FieldProblem::Required } else { FieldProblem::NotInList });
        }
        let note = fields::note(errors, &self.note);
        let ends = match self.ends.as_str() {
            "" | "policy" => Some(RunEnds::Policy),
            "never" => Some(RunEnds::Never),
            "day" => self.day(app, errors),
            _ => {
                errors.add("ends", FieldProblem::NotInList);
                None
            }
        };
        Some(Terms { reason: reason?, note, ends: ends? })
    }

    fn day(&self, app: &App, errors: &mut FieldErrors) -> Option<RunEnds> {
        match Day::parse(&self.ends_on) {
            None => errors.add("ends_on", FieldProblem::NotADate),
            Some(day) if day.end_in(app.config.time_zone) <= app.now() => {
                errors.add("ends_on", FieldProblem::NotAhead);
            }
            Some(day) => return Some(RunEnds::On(day)),
        }
        None
    }

    pub(super) fn view(&self, page: &Page, errors: FieldErrors) -> TermsView {
        let text = page.text;
        let chosen = if self.ends.is_empty() { "policy" } else { &self.ends };
        let choice =
            |value: &str, label: String| Choice { value: value.to_owned(), label, selected: value == chosen };
        TermsView {
            reasons: words::reasons(text, &self.reason),
            note: self.note.clone(),
            ends: vec![
                choice("policy", text.say("runs-ends-policy").to_string()),
                choice("never", text.say("runs-ends-never").to_string()),
                choice("day", text.say("runs-ends-day").to_string()),
            ],
            ends_on: self.ends_on.clone(),
            errors: page.errors(errors),
        }
    }
}
