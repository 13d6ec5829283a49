//! The shop under load, as a process of its own: clients that are too slow, too many or too quick, and a shop that leaves
//! while people use it. Counts and statuses are asserted; times and ratios are printed, because they are the machine's.
//!
//! The house of `tests/it` stands around it: its database, identity provider and object store are what the processes get.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test ends where something it needs is not there, and says what it measured"
)]

#[expect(dead_code, reason = "the house has more than a load test needs")]
#[path = "../it/support/mod.rs"]
mod support;

mod flood;
mod leaving;
mod memory;
mod process;
mod slow;
mod wire;
