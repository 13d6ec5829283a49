//! What each row of a sheet means: somebody new, a change, nothing, or a refusal with every reason. Pure: the same rows and
//! the same people give the same verdicts.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::known::Known;
use super::{Content, Row, Rules, Totals};
use crate::entity::people;
use crate::error::{FieldErrors, FieldProblem};
use crate::people::edit::Edit;
use crate::people::profile::{Change, Profile, Typed, one_line};
use crate::types::id::PersonId;

/// A row and its verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    pub line: u64,
    pub typed: Typed,
    /// Whom it is about, if they have left.
    pub leaver: Option<Leaver>,
    pub verdict: Verdict,
}

/// Somebody who has left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leaver {
    pub id: PersonId,
    pub name: String,
    pub employee_number: Option<String>,
}

/// What becomes of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    New(Profile),
    Changed { edit: Box<Edit>, changes: Vec<Change> },
    Unchanged,
    Refused(Vec<Problem>),
}

/// Why a row is refused. Kept with the import, and so in words of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Problem {
    Missing {
        field: String,
    },
    TooLong {
        field: String,
        most: u64,
    },
    NotAnEmail,
    NotADay {
        field: String,
    },
    /// The birthday is still to come.
    NotBornYet,
    NoSuchOffice,
    /// The same number, or address, stands in another line.
    NumberTwice {
        line: u64,
    },
    EmailTwice {
        line: u64,
    },
    /// Another line is about the same person.
    PersonTwice {
        line: u64,
    },
    /// The number is one person's and the address another's.
    EmailOfAnother,
    /// The address is that of somebody who has left, and the number is not.
    EmailOfLeaver(Leaver),
    /// It would change whoever enters the sheet.
    OwnRecord,
}

impl Judged {
    /// A row of an import that is over.
    pub(super) fn refused_before(row: Row) -> Self {
        Self { line: row.line, typed: row.typed, leaver: None, verdict: Verdict::Refused(row.problems) }
    }
}

impl Leaver {
    /// Nobody, as long as they are here.
    fn of(person: &people::Model) -> Option<Self> {
        (!person.is_active).then(|| Self {
            id: person.id,
            name: person.name.clone(),
            employee_number: person.employee_number.clone(),
        })
    }
}

/// The number of a row as it is compared.
pub(super) fn number_of(row: &Row) -> String {
    one_line(&row.typed.employee_number)
}

/// The address of a row as it is compared.
pub(super) fn email_of(row: &Row) -> String {
    row.typed.email.trim().to_lowercase()
}

/// Judges every row.
#[must_use]
pub fn judge(content: &Content, known: &Known, rules: &Rules) -> Vec<Judged> {
    let numbers = lines_of(&content.rows, number_of);
    let emails = lines_of(&content.rows, email_of);
    // Also whose address went to somebody else: otherwise the same file could find the address free when it comes again.
    let persons =
        lines_of(&content.rows, |row| met_by(row, known).map(|at| at.to_string()).unwrap_or_default());
    let judged = content.rows.iter().map(|row| {
        let mut problems = Vec::new();
        let other = |lines: &HashMap<String, Vec<u64>>, key: &str| {
            lines.get(key).and_then(|lines| lines.iter().copied().find(|line| *line != row.line))
        };
        problems.extend(other(&numbers, &number_of(row)).map(|line| Problem::NumberTwice { line }));
        problems.extend(other(&emails, &email_of(row)).map(|line| Problem::EmailTwice { line }));
        let person = person_of(row, known);
        if problems.is_empty() {
            let key = person.map(|at| at.to_string()).unwrap_or_default();
            problems.extend(other(&persons, &key).map(|line| Problem::PersonTwice { line }));
        }
        let verdict = match verdict(row, person, known, rules) {
            Ok(verdict) if problems.is_empty() => verdict,
            Ok(_) => Verdict::Refused(problems),
            Err(more) => {
                problems.extend(more);
                Verdict::Refused(problems)
            }
        };
        let leaver = person.and_then(|at| known.people.get(at)).and_then(Leaver::of);
        Judged { line: row.line, typed: row.typed.clone(), leaver, verdict }
    });
    judged.collect()
}

/// How many of each there are.
#[must_use]
pub fn totals(judged: &[Judged]) -> Totals {
    let mut totals = Totals::default();
    for row in judged {
        match row.verdict {
            Verdict::New(_) => totals.entered += 1,
            Verdict::Changed { .. } => totals.changed += 1,
            Verdict::Unchanged => totals.unchanged += 1,
            Verdict::Refused(_) => totals.refused += 1,
        }
    }
    totals
}

/// How many rows are about people who have left, whatever becomes of them.
#[must_use]
pub fn about_leavers(judged: &[Judged]) -> i64 {
    i64::try_from(judged.iter().filter(|row| row.leaver.is_some()).count()).unwrap_or(i64::MAX)
}

/// Where each key stands; an empty one stands nowhere.
fn lines_of(rows: &[Row], key: impl Fn(&Row) -> String) -> HashMap<String, Vec<u64>> {
    let mut lines: HashMap<String, Vec<u64>> = HashMap::new();
    for row in rows {
        let key = key(row);
        if !key.is_empty() {
            lines.entry(key).or_default().push(row.line);
        }
    }
    lines
}

/// Whose number stands in a row, or else whose address.
fn met_by(row: &Row, known: &Known) -> Option<usize> {
    known.with_number(&number_of(row)).or_else(|| known.with_email(&email_of(row)))
}

/// Whom a row is about. An address goes to somebody else when its owner has left: beside a number that is not theirs it says
/// nothing about them.
fn person_of(row: &Row, known: &Known) -> Option<usize> {
    let number = number_of(row);
    let is_meant = |at: &usize| {
        let is_active = known.people.get(*at).is_some_and(|person| person.is_active);
        is_active || number.is_empty() || known.with_number(&number).is_some()
    };
    met_by(row, known).filter(is_meant)
}

fn verdict(row: &Row, person: Option<usize>, known: &Known, rules: &Rules) -> Result<Verdict, Vec<Problem>> {
    let person = person.and_then(|at| Some((at, known.people.get(at)?)));
    let before = person.map(|(_, person)| Typed::from(person)).unwrap_or_default();
    let typed = filled(&row.typed, &before);
    let mut problems = Vec::new();
    let profile = typed.profile(&rules.offices, &before.office, rules.today);
    if let Err(errors) = &profile {
        problems.extend(of_fields(errors));
    }
    let owner = known.with_email(&email_of(row)).filter(|owner| person.is_none_or(|(at, _)| at != *owner));
    if let Some(owner) = owner.and_then(|owner| known.people.get(owner)) {
        problems.push(Leaver::of(owner).map_or(Problem::EmailOfAnother, Problem::EmailOfLeaver));
    }
    let Ok(profile) = profile else { return Err(problems) };
    let Some((_, person)) = person else {
        return if problems.is_empty() { Ok(Verdict::New(profile)) } else { Err(problems) };
    };
    let changes = before.changes(&Typed::from(&profile));
    if !changes.is_empty() && rules.actor.person() == Some(person.id) {
        problems.push(Problem::OwnRecord);
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    if changes.is_empty() {
        return Ok(Verdict::Unchanged);
    }
    let edit = Box::new(Edit { person_id: person.id, version: person.version, profile });
    Ok(Verdict::Changed { edit, changes })
}

/// What was typed, and what is known where the sheet says nothing.
fn filled(typed: &Typed, before: &Typed) -> Typed {
    let mut filled = typed.clone();
    for (cell, known) in [
        (&mut filled.name, &before.name),
        (&mut filled.email, &before.email),
        (&mut filled.employee_number, &before.employee_number),
        (&mut filled.department, &before.department),
        (&mut filled.office, &before.office),
        (&mut filled.hired_on, &before.hired_on),
        (&mut filled.birthday, &before.birthday),
    ] {
        if one_line(cell).is_empty() {
            cell.clone_from(known);
        }
    }
    filled
}

fn of_fields(errors: &FieldErrors) -> impl Iterator<Item = Problem> {
    errors.iter().map(|(field, problem)| {
        let field = field.to_owned();
        match problem {
            FieldProblem::TooLong { max } => Problem::TooLong { field, most: *max },
            FieldProblem::NotAnEmail => Problem::NotAnEmail,
            FieldProblem::NotADate => Problem::NotADay { field },
            FieldProblem::InTheFuture => Problem::NotBornYet,
            FieldProblem::NotInList => Problem::NoSuchOffice,
            _ => Problem::Missing { field },
        }
    })
}
