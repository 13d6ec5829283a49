//! The rows of a sheet, judged: who is meant, how much, and what speaks against it. Values in, values out.

use std::collections::{HashMap, HashSet};

use ring::digest::{SHA256, digest};

use crate::grants::single::{LONGEST_NOTE, MOST_GRANTED};
use crate::types::grant_run::{RowProblem, RowState};
use crate::types::id::PersonId;
use crate::types::points::{MOST_POINTS, Points};
use crate::types::quantity::whole_number;

/// An amount so many times the median of its sheet is worth a second look.
const UNUSUAL_TIMES: i64 = 5;
/// And so is every amount above this, whatever the others are.
pub const UNUSUAL_POINTS: i64 = 10_000;
/// Characters that are kept of what was typed.
const LONGEST_WHO: usize = 254;
const LONGEST_AMOUNT: usize = 40;
/// At the end of a note of which only the beginning is kept.
const CUT: char = '…';

/// A row as somebody typed it.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// The line of the file.
    pub line: i64,
    /// Either may be empty; a sheet may have one column for both.
    pub number: String,
    pub email: String,
    pub amount: String,
    pub note: String,
}

/// What is known of a person who may be meant.
#[derive(Clone, Debug)]
pub struct Known {
    pub is_active: bool,
    pub balance: Points,
}

/// Everybody who may be meant by a sheet.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    pub by_number: HashMap<String, PersonId>,
    /// In lower case.
    pub by_email: HashMap<String, PersonId>,
    pub known: HashMap<PersonId, Known>,
}

/// A row that was judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    pub line: i64,
    pub who: String,
    pub amount_typed: String,
    pub note: String,
    pub person_id: Option<PersonId>,
    pub amount: Option<Points>,
    pub is_unusual: bool,
    pub problem: Option<RowProblem>,
    /// The earlier line with the same person.
    pub other_line: Option<i64>,
}

impl Judged {
    /// Where it stands at first.
    #[must_use]
    pub fn state(&self) -> RowState {
        if self.problem.is_none() { RowState::Good } else { RowState::Bad }
    }
}

/// Judges rows that `maker` wants granted. Nobody is given points twice by one run: of several rows for a person the
/// first one stands.
#[must_use]
pub fn judge(typed: &[Typed], directory: &Directory, maker: PersonId) -> Vec<Judged> {
    let mut first_lines: HashMap<PersonId, i64> = HashMap::new();
    let mut rows: Vec<Judged> = typed.iter().map(|row| judge_one(row, directory, maker)).collect();
    for row in &mut rows {
        let Some(person) = row.person_id else { continue };
        match first_lines.get(&person) {
            None => {
                first_lines.insert(person, row.line);
            }
            Some(line) => {
                row.problem = row.problem.or(Some(RowProblem::Twice));
                row.other_line = Some(*line);
            }
        }
    }
    let bound = unusual_above(&rows);
    for row in &mut rows {
        row.is_unusual = row.problem.is_none() && row.amount.is_some_and(|amount| amount.0 > bound);
    }
    rows
}

/// Above how many points an amount is unusual among these rows.
fn unusual_above(rows: &[Judged]) -> i64 {
    let good = rows.iter().filter(|row| row.problem.is_none());
    let mut amounts: Vec<i64> = good.filter_map(|row| row.amount.map(|amount| amount.0)).collect();
    amounts.sort_unstable();
    let median = amounts.get(amounts.len() / 2).copied().unwrap_or(UNUSUAL_POINTS);
    UNUSUAL_POINTS.min(median.saturating_mul(UNUSUAL_TIMES))
}

fn judge_one(row: &Typed, directory: &Directory, maker: PersonId) -> Judged {
    let person = who(row, directory);
    let amount = amount(&row.amount);
    let known = person.as_ref().ok().and_then(|person| directory.known.get(person));
    let leaves_no_room =
        |known: &Known| amount.is_ok_and(|amount| known.balance.0.saturating_add(amount.0) > MOST_POINTS);
    let problem = match (&person, known) {
        (Err(problem), _) => Some(*problem),
        (Ok(person), _) if *person == maker => Some(RowProblem::Maker),
        (Ok(_), None) => Some(RowProblem::Unknown),
        (Ok(_), Some(known)) if !known.is_active => Some(RowProblem::Inactive),
        (Ok(_), Some(_)) if amount.is_err() => amount.err(),
        (Ok(_), Some(known)) if leaves_no_room(known) => Some(RowProblem::OverBalance),
        (Ok(_), Some(_)) if row.note.chars().count() > LONGEST_NOTE => Some(RowProblem::NoteTooLong),
        (Ok(_), Some(_)) => None,
    };
    let typed = match (row.number.as_str(), row.email.as_str()) {
        // As it is nobody, and stays so when the row is mended and uploaded again.
        (number, email) if person.is_err() && !number.is_empty() && !email.is_empty() => {
            format!("{number} / {email}")
        }
        ("", one) | (one, _) => one.to_owned(),
    };
    Judged {
        line: row.line,
        who: beginning(&typed, LONGEST_WHO),
        amount_typed: beginning(&row.amount, LONGEST_AMOUNT),
        note: kept(&row.note),
        person_id: person.ok(),
        amount: amount.ok(),
        is_unusual: false,
        problem,
        other_line: None,
    }
}

fn who(row: &Typed, directory: &Directory) -> Result<PersonId, RowProblem> {
    let by_number = || directory.by_number.get(&row.number).copied().ok_or(RowProblem::Unknown);
    let by_email = || directory.by_email.get(&row.email.to_lowercase()).copied().ok_or(RowProblem::Unknown);
    match (row.number.is_empty(), row.email.is_empty()) {
        (true, true) => Err(RowProblem::Nobody),
        (false, true) => by_number(),
        (true, false) => by_email(),
        (false, false) => match (by_number()?, by_email()?) {
            (one, other) if one == other => Ok(one),
            _ => Err(RowProblem::TwoPeople),
        },
    }
}

/// Whole points, in plain digits: `1.000` may be a thousand or one, so it is neither.
fn amount(text: &str) -> Result<Points, RowProblem> {
    if text.is_empty() {
        return Err(RowProblem::NoAmount);
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_whole = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    match whole_number(digits) {
        _ if !is_whole => Err(RowProblem::NotWhole),
        _ if text.starts_with('-') => Err(RowProblem::NotPositive),
        Some(0) => Err(RowProblem::NotPositive),
        Some(points) if points <= MOST_GRANTED => Ok(Points(points)),
        _ => Err(RowProblem::TooLarge),
    }
}

fn beginning(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

fn kept(note: &str) -> String {
    if note.chars().count() <= LONGEST_NOTE {
        return note.to_owned();
    }
    note.chars().take(LONGEST_NOTE - 1).chain([CUT]).collect()
}

/// A note as a file says it. One that was cut is too long there, too: uploaded again, it is refused again, and nobody reads
/// half of it.
#[must_use]
pub fn note_in_file(note: String) -> String {
    let is_cut = note.ends_with(CUT) && note.chars().count() == LONGEST_NOTE;
    if is_cut { format!("{note}{CUT}") } else { note }
}

/// What makes a sheet the same as another: who gets how much, in any order, by number or by e-mail.
#[must_use]
pub fn digest_of(rows: &[Judged]) -> Vec<u8> {
    let who =
        |row: &Judged| row.person_id.map_or_else(|| row.who.to_lowercase(), |person| person.to_string());
    let mut lines: Vec<String> =
        rows.iter().map(|row| format!("{}\u{1f}{}\n", who(row), row.amount_typed)).collect();
    lines.sort_unstable();
    digest(&SHA256, lines.concat().as_bytes()).as_ref().to_vec()
}

/// The people whose rows can be granted.
#[must_use]
pub fn receivers(rows: &[Judged]) -> HashSet<PersonId> {
    rows.iter().filter(|row| row.problem.is_none()).filter_map(|row| row.person_id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory(people: &[(&str, bool, i64)]) -> (Directory, Vec<PersonId>) {
        let mut directory = Directory::default();
        let mut ids = Vec::new();
        for (name, is_active, balance) in people {
            let id = PersonId::new();
            directory.by_number.insert(format!("E-{name}"), id);
            directory.by_email.insert(format!("{name}@example.test"), id);
            directory.known.insert(id, Known { is_active: *is_active, balance: Points(*balance) });
            ids.push(id);
        }
        (directory, ids)
    }

    fn row(line: i64, who: &str, amount: &str) -> Typed {
        let (number, email) = if who.contains('@') { ("", who) } else { (who, "") };
        Typed {
            line,
            number: number.to_owned(),
            email: email.to_owned(),
            amount: amount.to_owned(),
            note: String::new(),
        }
    }

    #[test]
    fn every_row_is_good_or_says_what_is_wrong_with_it() {
        let people = [("ann", true, 0), ("ben", true, MOST_POINTS - 9), ("old", false, 0), ("hr", true, 0)];
        let (directory, ids) = directory(&people);
        let both = Typed { email: "ben@example.test".to_owned(), ..row(12, "E-ann", "1") };
        let long = Typed { note: "x".repeat(LONGEST_NOTE + 1), ..row(13, "E-ben", "1") };
        let rows = [
            row(2, "Ann@Example.test", "50"),
            row(3, "E-ben", "9"),
            row(4, "E-ben", "10"),
            row(5, "E-ann", "50"),
            row(6, "E-nobody", "50"),
            row(7, "", "50"),
            row(8, "E-old", "50"),
            row(9, "E-hr", "50"),
            both,
            long,
        ];
        let judged = judge(&rows, &directory, ids[3]);
        let problems: Vec<_> = judged.iter().map(|row| row.problem).collect();
        assert_eq!(
            problems,
            [
                None,
                None,
                Some(RowProblem::OverBalance),
                Some(RowProblem::Twice),
                Some(RowProblem::Unknown),
                Some(RowProblem::Nobody),
                Some(RowProblem::Inactive),
                Some(RowProblem::Maker),
                Some(RowProblem::TwoPeople),
                Some(RowProblem::NoteTooLong),
            ]
        );
        assert_eq!(judged[3].other_line, Some(2));
        assert_eq!(receivers(&judged), HashSet::from([ids[0], ids[1]]));
    }

    #[test]
    fn a_note_that_is_too_long_says_that_there_was_more_and_stays_too_long() {
        let (directory, _) = directory(&[("ann", true, 0)]);
        let with = |note: &str| {
            let rows = [Typed { note: note.to_owned(), ..row(2, "E-ann", "5") }];
            judge(&rows, &directory, PersonId::new()).remove(0)
        };
        let longest = "ü".repeat(LONGEST_NOTE);
        let fits = with(&longest);
        assert_eq!((fits.problem, note_in_file(fits.note)), (None, longest.clone()));
        let mut in_file = format!("{longest}ü");
        for _ in 0..2 {
            let cut = with(&in_file);
            assert_eq!(cut.problem, Some(RowProblem::NoteTooLong));
            assert_eq!(cut.note, format!("{}…", "ü".repeat(LONGEST_NOTE - 1)));
            in_file = note_in_file(cut.note);
            assert_eq!(in_file.chars().count(), LONGEST_NOTE + 1);
        }
    }

    #[test]
    fn amounts_are_whole_positive_and_bounded() {
        for (text, expected) in [
            ("1", Ok(Points(1))),
            ("1000000", Ok(Points(MOST_GRANTED))),
            ("", Err(RowProblem::NoAmount)),
            ("0", Err(RowProblem::NotPositive)),
            ("-5", Err(RowProblem::NotPositive)),
            ("1.5", Err(RowProblem::NotWhole)),
            ("1,000", Err(RowProblem::NotWhole)),
            ("1e3", Err(RowProblem::NotWhole)),
            ("٣", Err(RowProblem::NotWhole)),
            ("-", Err(RowProblem::NotWhole)),
            ("ten", Err(RowProblem::NotWhole)),
            ("1000001", Err(RowProblem::TooLarge)),
            ("99999999999999999999", Err(RowProblem::TooLarge)),
        ] {
            assert_eq!(amount(text), expected, "{text:?}");
        }
    }

    #[test]
    fn what_is_far_above_the_others_is_unusual() {
        let (directory, _) = directory(&[("a", true, 0), ("b", true, 0), ("c", true, 0), ("d", true, 0)]);
        let unusual = |amounts: [&str; 4]| {
            let rows: Vec<_> = ["E-a", "E-b", "E-c", "E-d"].into_iter().zip(amounts).collect();
            let rows: Vec<_> = rows.into_iter().map(|(who, amount)| row(2, who, amount)).collect();
            judge(&rows, &directory, PersonId::new()).iter().map(|row| row.is_unusual).collect::<Vec<_>>()
        };
        assert_eq!(unusual(["100", "100", "100", "500"]), [false; 4]);
        assert_eq!(unusual(["100", "100", "100", "501"]), [false, false, false, true]);
        assert_eq!(unusual(["10001", "10001", "9000", "9000"]), [true, true, false, false]);
    }

    #[test]
    fn the_same_sheet_in_another_order_is_the_same() {
        let (directory, ids) = directory(&[("ann", true, 0), ("ben", true, 0)]);
        let of = |rows: &[Typed]| digest_of(&judge(rows, &directory, PersonId::new()));
        let one = of(&[row(2, "E-ann", "5"), row(3, "E-ben", "7"), row(4, "Who", "1")]);
        assert_eq!(one, of(&[row(2, "who", "1"), row(3, "ben@example.test", "7"), row(4, "E-ann", "5")]));
        assert_ne!(one, of(&[row(2, "E-ann", "7"), row(3, "E-ben", "5"), row(4, "who", "1")]));
        assert_eq!((one.len(), ids.len()), (32, 2));
    }
}
