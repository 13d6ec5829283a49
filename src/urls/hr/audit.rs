//! The addresses of the audit desk.

use std::fmt::Display;

use crate::urls::with_query;

#[must_use]
pub fn audit() -> String {
    "/hr/audit".to_owned()
}

/// The trail, filtered: `query` is encoded already.
#[must_use]
pub fn audit_filtered(query: &str) -> String {
    with_query("/hr/audit", query)
}

/// The same as a file.
#[must_use]
pub fn audit_csv(query: &str) -> String {
    with_query("/hr/audit.csv", query)
}

/// One act.
#[must_use]
pub fn audit_event(event: i64) -> String {
    format!("/hr/audit/{event}")
}

/// Everything that was done in a request.
#[must_use]
pub fn audit_of_request(request: &str) -> String {
    format!("/hr/audit?request={request}")
}

/// Everything that was done on something, by its id.
#[must_use]
pub fn audit_about(subject: impl Display) -> String {
    format!("/hr/audit?q={subject}")
}

/// Everything that was done about a person.
#[must_use]
pub fn audit_of_person(person: impl Display) -> String {
    format!("/hr/audit?person={person}")
}
