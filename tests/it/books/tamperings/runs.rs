//! Runs of grants.

use super::{Tampering, breaks};

pub(super) const TAMPERINGS: &[Tampering] = &[
    breaks("rows-give-once", "UPDATE grants SET run_position = 5 WHERE run_position = 2", &[]),
    breaks("rows-give-once", "UPDATE grants SET run_id = NULL WHERE run_position = 2", &[]),
    breaks(
        "rows-give-once",
        "UPDATE grants SET run_id = (SELECT id FROM grant_runs WHERE state = 'done'), run_position = 5 WHERE amount = 700",
        &[],
    ),
    breaks(
        "rows-give-once",
        "INSERT INTO grants SELECT * FROM grants_saved WHERE run_position = 2",
        &["grants-are-booked", "acts-are-audited"],
    ),
    breaks(
        "rows-give-once",
        "UPDATE grant_run_rows SET amount = 10 WHERE state = 'good' OR position = 2",
        &["runs-count-their-rows"],
    ),
    breaks(
        "rows-give-once",
        "UPDATE grant_run_rows SET state = 'failed' WHERE state = 'granted'",
        &["runs-count-their-rows"],
    ),
    breaks(
        "rows-give-once",
        "UPDATE grant_run_rows SET person_id = (SELECT id FROM people WHERE name = 'Ben Brook') WHERE state = 'granted'",
        &[],
    ),
    breaks(
        "rows-are-taken-back",
        "UPDATE transfers SET reverses_id = NULL WHERE amount = 8 AND kind = 'deduct'",
        &["soonest-lots-are-spent-first", "deductions-are-booked", "acts-are-audited"],
    ),
    // Counts.
    breaks("runs-count-their-rows", "UPDATE grant_runs SET row_count = row_count + 1", &[]),
    breaks("runs-count-their-rows", "UPDATE grant_runs SET good_count = good_count + 1", &[]),
    breaks("runs-count-their-rows", "UPDATE grant_runs SET total = total + 1", &[]),
    breaks("runs-count-their-rows", "UPDATE grant_runs SET granted_count = granted_count + 1", &[]),
    breaks("runs-count-their-rows", "UPDATE grant_runs SET granted_total = granted_total + 1", &[]),
    breaks("runs-count-their-rows", "UPDATE grant_runs SET failed_count = 0 WHERE failed_count = 1", &[]),
    breaks("runs-count-their-rows", "UPDATE grant_runs SET taken_back_count = taken_back_count + 1", &[]),
    breaks(
        "runs-count-their-rows",
        "UPDATE grant_runs SET taken_back_total = 7 WHERE state = 'reversed'",
        &[],
    ),
    breaks("runs-count-their-rows", "UPDATE grant_run_rows SET state = 'kept' WHERE state = 'granted'", &[]),
    breaks("runs-count-their-rows", "DELETE FROM grant_run_rows WHERE state = 'good' OR state = 'bad'", &[]),
    // States.
    breaks("runs-count-their-rows", "UPDATE grant_runs SET state = 'draft' WHERE state = 'reversed'", &[]),
    breaks("runs-count-their-rows", "UPDATE grant_runs SET state = 'running' WHERE state = 'done'", &[]),
    breaks("runs-count-their-rows", "UPDATE grant_runs SET state = 'done' WHERE state = 'draft'", &[]),
    breaks(
        "runs-count-their-rows",
        "UPDATE grant_runs SET state = 'reversing' WHERE state = 'reversed'",
        &[],
    ),
    breaks("runs-count-their-rows", "UPDATE grant_runs SET state = 'reversed' WHERE state = 'done'", &[]),
];
