//! The addresses of runs: points for many people at once.

use std::fmt::Display;

use crate::urls::with_query;

#[must_use]
pub fn runs() -> String {
    "/hr/points/runs".to_owned()
}

/// The runs, filtered: `query` is encoded already.
#[must_use]
pub fn runs_filtered(query: &str) -> String {
    with_query("/hr/points/runs", query)
}

/// The same runs as CSV.
#[must_use]
pub fn runs_csv(query: &str) -> String {
    with_query("/hr/points/runs.csv", query)
}

/// The form for a sheet.
#[must_use]
pub fn runs_new() -> String {
    "/hr/points/runs/new".to_owned()
}

/// The form for people picked by a filter: `query` is encoded already.
#[must_use]
pub fn runs_new_many(query: &str) -> String {
    let more = if query.is_empty() { "" } else { "&" };
    format!("/hr/points/runs/new?kind=many{more}{query}")
}

/// Where that form goes.
#[must_use]
pub fn runs_many() -> String {
    "/hr/points/runs/many".to_owned()
}

#[must_use]
pub fn run(run: impl Display) -> String {
    format!("/hr/points/runs/{run}")
}

/// A run with its rows filtered: `query` is encoded already.
#[must_use]
pub fn run_filtered(run: impl Display, query: &str) -> String {
    with_query(&format!("/hr/points/runs/{run}"), query)
}

/// The rows of a run as CSV.
#[must_use]
pub fn run_rows_csv(run: impl Display, query: &str) -> String {
    with_query(&format!("/hr/points/runs/{run}/rows.csv"), query)
}

#[must_use]
pub fn run_commitment(run: impl Display) -> String {
    format!("/hr/points/runs/{run}/commitment")
}

#[must_use]
pub fn run_withdrawal(run: impl Display) -> String {
    format!("/hr/points/runs/{run}/withdrawal")
}

#[must_use]
pub fn run_approval(run: impl Display) -> String {
    format!("/hr/points/runs/{run}/approval")
}

#[must_use]
pub fn run_rejection(run: impl Display) -> String {
    format!("/hr/points/runs/{run}/rejection")
}

#[must_use]
pub fn run_reversal(run: impl Display) -> String {
    format!("/hr/points/runs/{run}/reversal")
}
