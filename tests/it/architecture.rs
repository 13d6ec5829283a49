//! The rules of the house that a program can check, by reading the source as text.
//!
//! Each rule is a test here; what finds its offences, and the proof that it can, lies in the folder beside.
//! A failure names the line, the rule, and why there is such a rule. When the rule is wrong, change the table
//! in its file and say so in the commit: the table is the rule.

mod books;
mod floors;
mod lexer;
mod shape;
mod tables;
mod templates;
mod words;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

use lexer::Literal;

/// Why each rule exists, by its number in CONTRIBUTING.md.
const WHY: &[(u8, &str)] = &[
    (1, "modules import downwards only, so that any of them can be read without what is built upon it"),
    (
        2,
        "only pages.rs, hr.rs, api.rs, web/, server/ and dev/ know HTTP, so that jobs, tests and every other \
         entrance can use the same rules of the shop",
    ),
    (
        6,
        "the books are append-only and one file writes each, so that a wrong balance has one place to come from",
    ),
    (
        9,
        "a fragment is a block of its page and nothing is trusted unescaped, so that one file shows a whole page \
         and the content security policy can forbid everything inline",
    ),
    (14, "a file says what lives in it and fits a head, so that a newcomer finds and keeps their way"),
    (16, "every sentence a person reads comes from locales/, so that the shop can speak another language"),
    (
        18,
        "a table says what it is by roles, since our styles make cards of its rows on a phone and browsers then no \
         longer tell a screen reader of rows and columns",
    ),
];

/// A line that breaks a rule.
#[derive(Debug, PartialEq, Eq)]
struct Offence {
    rule: u8,
    place: String,
    line: usize,
    what: String,
}

impl Offence {
    fn new(rule: u8, place: &str, line: usize, what: impl Into<String>) -> Self {
        Self { rule, place: place.to_owned(), line, what: what.into() }
    }
}

/// One file, its path written from the root of the repository with `/`.
struct Text {
    path: String,
    text: String,
}

/// One Rust file: its code without comments and the insides of strings, and those insides.
struct Source {
    path: String,
    code: String,
    literals: Vec<Literal>,
}

impl Source {
    fn new(path: &str, text: &str) -> Self {
        let (code, literals) = lexer::take_apart(text);
        Self { path: path.to_owned(), code, literals }
    }
}

/// Every file under `folder` whose name ends with `ending`, in order of path.
fn files(folder: &str, ending: &str) -> io::Result<Vec<Text>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join(folder)];
    let mut found: Vec<PathBuf> = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    let read = |path: &PathBuf| -> io::Result<Text> {
        let short = path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/");
        Ok(Text { path: short, text: fs::read_to_string(path)? })
    };
    found.iter().map(read).collect()
}

fn sources() -> io::Result<Vec<Source>> {
    Ok(files("src", ".rs")?.iter().map(|file| Source::new(&file.path, &file.text)).collect())
}

/// All offences as one message, rule by rule, each with its reason.
fn report(offences: &[Offence]) -> String {
    let mut message = String::new();
    for (rule, why) in WHY {
        let of_rule: Vec<&Offence> = offences.iter().filter(|offence| offence.rule == *rule).collect();
        if of_rule.is_empty() {
            continue;
        }
        let _ = write!(message, "\nrule {rule}: {why}\n");
        for Offence { place, line, what, .. } in of_rule {
            let _ = writeln!(message, "  {place}:{line}: {what}");
        }
    }
    message
}

/// The line (from 1) on which byte `at` of `text` lies.
fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Where `name` stands in `code` as a whole name (or path of names): its line and what follows.
fn mentions<'c>(code: &'c str, name: &'c str) -> impl Iterator<Item = (usize, &'c str)> {
    code.match_indices(name).filter_map(move |(at, _)| {
        let (before, rest) = code.split_at_checked(at)?;
        let after = rest.strip_prefix(name)?;
        let inside = before.ends_with(is_name) || (name.ends_with(is_name) && after.starts_with(is_name));
        (!inside).then(|| (line_of(code, at), after))
    })
}

#[track_caller]
fn nothing_found(looked_at: usize, offences: &[Offence]) {
    assert!(looked_at > 0, "nothing was looked at: the test looks in the wrong place");
    assert!(offences.is_empty(), "{}", report(offences));
}

#[test]
fn modules_import_lower_floors_only() {
    let sources = sources().unwrap();
    nothing_found(sources.len(), &sources.iter().flat_map(floors::imports).collect::<Vec<_>>());
}

#[test]
fn only_the_files_at_the_door_know_http() {
    let sources = sources().unwrap();
    nothing_found(sources.len(), &sources.iter().flat_map(floors::http).collect::<Vec<_>>());
}

#[test]
fn the_books_are_append_only_and_one_file_writes_each() {
    let sources = sources().unwrap();
    nothing_found(sources.len(), &sources.iter().flat_map(books::writes).collect::<Vec<_>>());
}

#[test]
fn pages_hold_no_partials_and_nothing_inline() {
    let pages = files("templates", ".html").unwrap();
    nothing_found(pages.len(), &pages.iter().flat_map(templates::inline).collect::<Vec<_>>());
}

#[test]
fn pages_hold_no_words_of_their_own() {
    let pages = files("templates", ".html").unwrap();
    nothing_found(pages.len(), &pages.iter().flat_map(templates::literal_words).collect::<Vec<_>>());
}

#[test]
fn tables_say_what_their_rows_and_cells_are() {
    let pages = files("templates", ".html").unwrap();
    nothing_found(pages.len(), &pages.iter().flat_map(tables::roles).collect::<Vec<_>>());
}

#[test]
fn files_say_what_lives_in_them_and_stay_short() {
    let all: Vec<Text> =
        ["src", "migrations", "tests/it"].iter().flat_map(|folder| files(folder, ".rs").unwrap()).collect();
    nothing_found(all.len(), &all.iter().flat_map(shape::of_file).collect::<Vec<_>>());
}

#[test]
fn every_sentence_said_is_in_the_locale_and_every_one_there_is_said() {
    let locale = files("locales/en", ".ftl").unwrap();
    let pages = files("templates", ".html").unwrap();
    let offences = words::missing_or_unused(&locale, &pages, &sources().unwrap());
    nothing_found(locale.len().min(pages.len()), &offences);
}

#[test]
fn a_failure_says_where_what_and_why() {
    let message = report(&[Offence::new(9, "templates/a.html", 3, "an inline style")]);
    assert!(message.contains("rule 9: a fragment is a block of its page"), "{message}");
    assert!(message.contains("templates/a.html:3: an inline style"), "{message}");
}

#[test]
fn a_name_inside_a_longer_name_is_no_mention() {
    let found: Vec<_> = mentions("my_askama\naskama::x askama_web", "askama").collect();
    assert_eq!(found, [(2, "::x askama_web")]);
}
