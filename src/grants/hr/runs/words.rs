//! How runs and their rows are called.

use crate::types::grant_run::{RowProblem, RowState, RunEnds, RunOrigin, RunState};
use crate::web::page::{Choice, Page};
use crate::web::reasons::reason_label;
use crate::web::text::Text;

use crate::grants::reasons;

pub(super) fn state(text: Text, state: RunState) -> String {
    match state {
        RunState::Draft => text.say("runs-state-draft"),
        RunState::Waiting => text.say("runs-state-waiting"),
        RunState::Running => text.say("runs-state-running"),
        RunState::Done => text.say("runs-state-done"),
        RunState::Reversing => text.say("runs-state-reversing"),
        RunState::Reversed => text.say("runs-state-reversed"),
        RunState::Rejected => text.say("runs-state-rejected"),
        RunState::Discarded => text.say("runs-state-discarded"),
    }
    .to_string()
}

/// The colour of a state: what waits, what is good, and what is over.
pub(super) fn badge(state: RunState) -> &'static str {
    match state {
        RunState::Waiting | RunState::Running | RunState::Reversing => "preparing",
        RunState::Done => "good",
        RunState::Draft => "draft",
        RunState::Reversed | RunState::Rejected | RunState::Discarded => "over",
    }
}

pub(super) fn origin(text: Text, origin: RunOrigin) -> String {
    match origin {
        RunOrigin::Sheet => text.say("runs-origin-sheet"),
        RunOrigin::Many => text.say("runs-origin-many"),
        RunOrigin::Single => text.say("runs-origin-single"),
    }
    .to_string()
}

/// What a run is called: its sheet, or what people read beside their points.
pub(super) fn title(text: Text, from: RunOrigin, file_name: &str, note: &str) -> String {
    match (file_name.is_empty(), note.is_empty()) {
        (false, _) => file_name.to_owned(),
        (true, false) => note.to_owned(),
        (true, true) => origin(text, from),
    }
}

pub(super) fn reasons(text: Text, chosen: &str) -> Vec<Choice> {
    let choice = |code: &str| Choice {
        value: code.to_owned(),
        label: reason_label(text, code),
        selected: code == chosen,
    };
    let nothing = Choice {
        value: String::new(),
        label: text.say("runs-reason-choose").to_string(),
        selected: chosen.is_empty(),
    };
    std::iter::once(nothing).chain(reasons::OF_GRANTS.into_iter().map(choice)).collect()
}

/// Until when the points of a run are good, before it has begun.
pub(super) fn ends(page: &Page, ends: &str) -> String {
    match ends.parse() {
        Ok(RunEnds::Never) => page.say("runs-ends-never").to_string(),
        Ok(RunEnds::On(day)) => {
            page.say("runs-ends-until").with("day", day.0.format("%-d %B %Y").to_string()).to_string()
        }
        Ok(RunEnds::Policy) | Err(()) => page.say("runs-ends-policy").to_string(),
    }
}

pub(super) fn row_state(text: Text, state: RowState) -> String {
    match state {
        RowState::Good => text.say("runs-row-good"),
        RowState::Bad => text.say("runs-row-bad"),
        RowState::Granted => text.say("runs-row-granted"),
        RowState::Failed => text.say("runs-row-failed"),
        RowState::TakenBack => text.say("runs-row-taken-back"),
        RowState::Kept => text.say("runs-row-kept"),
    }
    .to_string()
}

/// The colour of a row's state.
pub(super) fn row_badge(state: RowState) -> &'static str {
    match state {
        RowState::Good | RowState::Granted => "good",
        RowState::Bad | RowState::Failed => "bad",
        RowState::TakenBack | RowState::Kept => "over",
    }
}

pub(super) fn problem(text: Text, problem: RowProblem, other_line: Option<i64>) -> String {
    match problem {
        RowProblem::Nobody => text.say("runs-problem-nobody"),
        RowProblem::Unknown => text.say("runs-problem-unknown"),
        RowProblem::TwoPeople => text.say("runs-problem-two-people"),
        RowProblem::Inactive => text.say("runs-problem-inactive"),
        RowProblem::Maker => text.say("runs-problem-maker"),
        RowProblem::Twice => text.say("runs-problem-twice").with("line", other_line.unwrap_or_default()),
        RowProblem::NoAmount => text.say("runs-problem-no-amount"),
        RowProblem::NotWhole => text.say("runs-problem-not-whole"),
        RowProblem::NotPositive => text.say("runs-problem-not-positive"),
        RowProblem::TooLarge => text.say("runs-problem-too-large"),
        RowProblem::NoteTooLong => text.say("runs-problem-note-too-long"),
        RowProblem::OverBalance => text.say("runs-problem-over-balance"),
        RowProblem::Ended => text.say("runs-problem-ended"),
        RowProblem::Touched => text.say("runs-problem-touched"),
    }
    .to_string()
}
