//! The addresses of the people desk.

use std::fmt::Display;

use crate::urls::with_query;

#[must_use]
pub fn people() -> String {
    "/hr/people".to_owned()
}

/// The list, filtered: `query` is encoded already.
#[must_use]
pub fn people_filtered(query: &str) -> String {
    with_query("/hr/people", query)
}

/// The list as CSV, with the same filter as the page.
#[must_use]
pub fn people_csv(query: &str) -> String {
    with_query("/hr/people.csv", query)
}

#[must_use]
pub fn person_new() -> String {
    "/hr/people/new".to_owned()
}

#[must_use]
pub fn person(person: impl Display) -> String {
    format!("/hr/people/{person}")
}

#[must_use]
pub fn person_edit(person: impl Display) -> String {
    format!("/hr/people/{person}/edit")
}

#[must_use]
pub fn person_deactivation(person: impl Display) -> String {
    format!("/hr/people/{person}/deactivation")
}

#[must_use]
pub fn person_reactivation(person: impl Display) -> String {
    format!("/hr/people/{person}/reactivation")
}

/// Sheets of people.
#[must_use]
pub fn imports() -> String {
    "/hr/people/imports".to_owned()
}

/// The sheets, filtered: `query` is encoded already.
#[must_use]
pub fn imports_filtered(query: &str) -> String {
    with_query("/hr/people/imports", query)
}

/// The same sheets as CSV.
#[must_use]
pub fn imports_csv(query: &str) -> String {
    with_query("/hr/people/imports.csv", query)
}

#[must_use]
pub fn import(import: impl Display) -> String {
    format!("/hr/people/imports/{import}")
}

/// Its rows, filtered: `query` is encoded already.
#[must_use]
pub fn import_filtered(import: impl Display, query: &str) -> String {
    with_query(&format!("/hr/people/imports/{import}"), query)
}

#[must_use]
pub fn import_entry(import: impl Display) -> String {
    format!("/hr/people/imports/{import}/entry")
}

#[must_use]
pub fn import_refused(import: impl Display) -> String {
    format!("/hr/people/imports/{import}/refused.csv")
}
