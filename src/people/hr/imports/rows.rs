//! The rows of a sheet in words: what happens to each, what changes or why not, and who has left.

use crate::people::hr::field_label;
use crate::people::import::judge::{Judged, Leaver, Problem, Verdict};
use crate::people::profile::Change;
use crate::urls;
use crate::web::text::Text;

/// A row as it is looked at.
pub(super) struct RowView {
    pub(super) line: u64,
    pub(super) number: String,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) kind: &'static str,
    pub(super) label: String,
    pub(super) has_left: bool,
    pub(super) details: Vec<Detail>,
}

/// A sentence about a row, and the way to whom it speaks of.
pub(super) struct Detail {
    pub(super) sentence: String,
    pub(super) link: Option<Link>,
}

pub(super) struct Link {
    pub(super) href: String,
    pub(super) label: String,
}

impl From<String> for Detail {
    fn from(sentence: String) -> Self {
        Self { sentence, link: None }
    }
}

impl Link {
    fn to(text: Text, leaver: &Leaver) -> Self {
        let label = text.say("people-import-open-leaver").with("name", &leaver.name).to_string();
        Self { href: urls::hr::person(leaver.id), label }
    }
}

/// What a row counts as, as it stands in an address.
pub(super) fn kind_of(row: &Judged) -> &'static str {
    match row.verdict {
        Verdict::New(_) => "new",
        Verdict::Changed { .. } => "changed",
        Verdict::Unchanged => "unchanged",
        Verdict::Refused(_) => "refused",
    }
}

/// A row in words.
pub(super) fn view(text: Text, row: &Judged) -> RowView {
    let (label, more): (_, Vec<Detail>) = match &row.verdict {
        Verdict::New(_) => (text.say("people-import-new"), vec![]),
        Verdict::Changed { changes, .. } => (
            text.say("people-import-changed"),
            changes.iter().map(|change| changed(text, change).into()).collect(),
        ),
        Verdict::Unchanged => (text.say("people-import-unchanged"), vec![]),
        Verdict::Refused(problems) => (
            text.say("people-import-refused"),
            problems.iter().map(|problem| refused(text, problem)).collect(),
        ),
    };
    let left = row.leaver.as_ref().map(|leaver| Detail {
        sentence: text.say("people-import-has-left").to_string(),
        link: Some(Link::to(text, leaver)),
    });
    RowView {
        line: row.line,
        number: row.typed.employee_number.clone(),
        name: row.typed.name.clone(),
        email: row.typed.email.clone(),
        kind: kind_of(row),
        label: label.to_string(),
        has_left: left.is_some(),
        details: left.into_iter().chain(more).collect(),
    }
}

fn changed(text: Text, change: &Change) -> String {
    let shown = |value: &str| if value.is_empty() { "–".to_owned() } else { value.to_owned() };
    text.say("people-change")
        .with("field", field_label(text, change.field))
        .with("before", shown(&change.before))
        .with("after", shown(&change.after))
        .to_string()
}

fn refused(text: Text, problem: &Problem) -> Detail {
    let link = if let Problem::EmailOfLeaver(leaver) = problem { Some(Link::to(text, leaver)) } else { None };
    Detail { sentence: reason(text, problem), link }
}

/// Why a row is refused, as a sentence.
pub(super) fn reason(text: Text, problem: &Problem) -> String {
    match problem {
        Problem::Missing { field } => {
            text.say("people-import-missing").with("field", field_label(text, field))
        }
        Problem::TooLong { field, most } => {
            text.say("people-import-too-long").with("field", field_label(text, field)).with("most", *most)
        }
        Problem::NotAnEmail => text.say("people-import-not-an-email"),
        Problem::NotADay { field } => {
            text.say("people-import-not-a-day").with("field", field_label(text, field))
        }
        Problem::NotBornYet => text.say("people-import-not-born-yet"),
        Problem::NoSuchOffice => text.say("people-import-no-office"),
        Problem::NumberTwice { line } => text.say("people-import-number-twice").with("line", *line),
        Problem::EmailTwice { line } => text.say("people-import-email-twice").with("line", *line),
        Problem::PersonTwice { line } => text.say("people-import-person-twice").with("line", *line),
        Problem::EmailOfAnother => text.say("people-import-email-of-another"),
        Problem::EmailOfLeaver(Leaver { name, employee_number: Some(number), .. }) => {
            text.say("people-import-email-of-leaver").with("name", name).with("number", number)
        }
        Problem::EmailOfLeaver(Leaver { name, .. }) => {
            text.say("people-import-email-of-leaver-without-number").with("name", name)
        }
        Problem::OwnRecord => text.say("refusal-own-record"),
    }
    .to_string()
}
