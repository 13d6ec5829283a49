//! What must not be forgotten, what is to be told, what ran when, and sums of the past.

use super::{Breach, INLINE, foreign_key, primary_key};

pub(super) const BREACHES: &[Breach] = &[
    primary_key("audit_events (id)", "UPDATE audit_events SET id = 1"),
    foreign_key(
        "audit_events_actor",
        "audit_events (actor_id) REFERENCES people (id)",
        "UPDATE audit_events SET actor_id = x'EE'",
    ),
    foreign_key(
        INLINE,
        "audit_events (person_id) REFERENCES people (id)",
        "UPDATE audit_events SET person_id = x'EE'",
    ),
    primary_key("outbox_messages (id)", "UPDATE outbox_messages SET id = x'01'"),
    // What ran when.
    primary_key("leases (name)", "UPDATE leases SET name = 'same'"),
    primary_key("job_runs (name)", "UPDATE job_runs SET name = 'same'"),
    primary_key("book_checks (id)", "UPDATE book_checks SET id = 1"),
    // Sums of the past.
    primary_key("marks (at)", "UPDATE marks SET at = '2026-05-01' WHERE transfers = 9"),
    primary_key("account_marks (mark_at, account_id)", "UPDATE account_marks SET account_id = x'11'"),
    foreign_key(
        "account_marks_mark",
        "account_marks (mark_at) REFERENCES marks (at)",
        "UPDATE account_marks SET mark_at = '2001-01-01'",
    ),
    foreign_key(
        "account_marks_account",
        "account_marks (account_id) REFERENCES accounts (id)",
        "UPDATE account_marks SET account_id = x'EE' WHERE issued = 1",
    ),
    primary_key("product_marks (mark_at, product_id)", "UPDATE product_marks SET product_id = x'01'"),
    foreign_key(
        "product_marks_mark",
        "product_marks (mark_at) REFERENCES marks (at)",
        "UPDATE product_marks SET mark_at = '2001-01-01'",
    ),
    foreign_key(
        "product_marks_product",
        "product_marks (product_id) REFERENCES products (id)",
        "UPDATE product_marks SET product_id = x'EE' WHERE pieces = 1",
    ),
    primary_key("department_marks (id)", "UPDATE department_marks SET id = 1"),
    foreign_key(
        "department_marks_mark",
        "department_marks (mark_at) REFERENCES marks (at)",
        "UPDATE department_marks SET mark_at = '2001-01-01'",
    ),
    primary_key("day_marks (at)", "UPDATE day_marks SET at = '2026-05-01'"),
];
