//! The addresses of the points desk.

use std::fmt::Display;

/// Every grant and deduction.
#[must_use]
pub fn points() -> String {
    "/hr/points".to_owned()
}

/// One person's account: lots, statement, where points came from and went.
#[must_use]
pub fn account(person: impl Display) -> String {
    format!("/hr/points/people/{person}")
}

#[must_use]
pub fn runs() -> String {
    "/hr/points/runs".to_owned()
}

#[must_use]
pub fn runs_new() -> String {
    "/hr/points/runs/new".to_owned()
}

#[must_use]
pub fn run(run: impl Display) -> String {
    format!("/hr/points/runs/{run}")
}
