//! The addresses of the points desk: acts, one person given to at a time, and the rules.

use std::fmt::Display;

use crate::urls::with_query;

/// Every grant and deduction.
#[must_use]
pub fn points() -> String {
    "/hr/points".to_owned()
}

/// The same, filtered: `query` is encoded already.
#[must_use]
pub fn points_filtered(query: &str) -> String {
    with_query("/hr/points", query)
}

#[must_use]
pub fn points_csv(query: &str) -> String {
    with_query("/hr/points.csv", query)
}

/// One person's account: lots, statement, where points came from and went.
#[must_use]
pub fn account(person: impl Display) -> String {
    format!("/hr/points/people/{person}")
}

/// The same with a filtered statement: `query` is encoded already.
#[must_use]
pub fn account_filtered(person: impl Display, query: &str) -> String {
    with_query(&format!("/hr/points/people/{person}"), query)
}

#[must_use]
pub fn account_csv(person: impl Display, query: &str) -> String {
    with_query(&format!("/hr/points/people/{person}/statement.csv"), query)
}

#[must_use]
pub fn grants() -> String {
    "/hr/points/grants".to_owned()
}

#[must_use]
pub fn new_grant() -> String {
    "/hr/points/grants/new".to_owned()
}

#[must_use]
pub fn new_grant_for(person: impl Display) -> String {
    format!("/hr/points/grants/new?person={person}")
}

#[must_use]
pub fn grant(grant: impl Display) -> String {
    format!("/hr/points/grants/{grant}")
}

#[must_use]
pub fn grant_reversal(grant: impl Display) -> String {
    format!("/hr/points/grants/{grant}/reversal")
}

#[must_use]
pub fn deductions() -> String {
    "/hr/points/deductions".to_owned()
}

#[must_use]
pub fn new_deduction() -> String {
    "/hr/points/deductions/new".to_owned()
}

#[must_use]
pub fn new_deduction_for(person: impl Display) -> String {
    format!("/hr/points/deductions/new?person={person}")
}

#[must_use]
pub fn rules() -> String {
    "/hr/points/rules".to_owned()
}

#[must_use]
pub fn new_rule(kind: &str) -> String {
    format!("/hr/points/rules/new?kind={kind}")
}

#[must_use]
pub fn rule(rule: impl Display) -> String {
    format!("/hr/points/rules/{rule}")
}

/// The same with another page of its exceptions: `query` is encoded already.
#[must_use]
pub fn rule_filtered(rule: impl Display, query: &str) -> String {
    with_query(&format!("/hr/points/rules/{rule}"), query)
}

#[must_use]
pub fn edit_rule(rule: impl Display) -> String {
    format!("/hr/points/rules/{rule}/edit")
}

/// What a rule gives next, to whom: `query` is encoded already.
#[must_use]
pub fn rule_preview(rule: impl Display, query: &str) -> String {
    with_query(&format!("/hr/points/rules/{rule}/preview"), query)
}

#[must_use]
pub fn rule_preview_csv(rule: impl Display, query: &str) -> String {
    with_query(&format!("/hr/points/rules/{rule}/preview.csv"), query)
}

/// What a rule has not given on its day.
#[must_use]
pub fn rule_missed(rule: impl Display) -> String {
    format!("/hr/points/rules/{rule}/missed")
}

/// The same of one month, `2026-06`, with everybody.
#[must_use]
pub fn rule_missed_csv(rule: impl Display, month: &str) -> String {
    format!("/hr/points/rules/{rule}/missed.csv?month={month}")
}

#[must_use]
pub fn rule_approval(rule: impl Display) -> String {
    format!("/hr/points/rules/{rule}/approval")
}

#[must_use]
pub fn rule_catch_ups(rule: impl Display) -> String {
    format!("/hr/points/rules/{rule}/catch-ups")
}

#[must_use]
pub fn rule_overrides(rule: impl Display) -> String {
    format!("/hr/points/rules/{rule}/overrides")
}

#[must_use]
pub fn new_override(rule: impl Display) -> String {
    format!("/hr/points/rules/{rule}/overrides/new")
}

#[must_use]
pub fn new_override_for(rule: impl Display, person: impl Display) -> String {
    format!("/hr/points/rules/{rule}/overrides/new?person={person}")
}

/// The same for an exception that is there, on this page of the list.
#[must_use]
pub fn override_at(rule: impl Display, person: impl Display, page: u32) -> String {
    format!("{}&page={page}", new_override_for(rule, person))
}

#[must_use]
pub fn override_removal(rule: impl Display, person: impl Display) -> String {
    format!("/hr/points/rules/{rule}/overrides/{person}/removal")
}
