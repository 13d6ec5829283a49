//! Accounts, and whoever gives to themselves.

use super::{Tampering, breaks};

pub(super) const TAMPERINGS: &[Tampering] = &[
    breaks("accounts-are-whole", "UPDATE accounts SET balance = 0 WHERE kind = 'issued'", &[]),
    breaks(
        "accounts-are-whole",
        "UPDATE accounts SET person_id = x'77' WHERE kind = 'issued'",
        &["balance-is-transfers", "balance-is-lots"],
    ),
    breaks(
        "accounts-are-whole",
        "UPDATE accounts SET kind = 'issued' WHERE kind = 'expired'",
        &["transfers-have-two-ends"],
    ),
    breaks(
        "accounts-are-whole",
        "INSERT INTO accounts (id, kind, person_id, balance, created_at) \
         SELECT x'77', kind, NULL, NULL, created_at FROM accounts_saved WHERE kind = 'issued'",
        &[],
    ),
    breaks(
        "accounts-are-whole",
        "INSERT INTO accounts (id, kind, person_id, balance, created_at) \
         SELECT x'77', 'lost', NULL, NULL, created_at FROM accounts_saved WHERE kind = 'issued'",
        &[],
    ),
    breaks(
        "accounts-are-whole",
        "INSERT INTO accounts (id, kind, person_id, balance, created_at) SELECT x'77', kind, person_id, 0, created_at \
         FROM accounts_saved WHERE person_id = (SELECT id FROM people WHERE name = 'Ann Archer')",
        &[],
    ),
    breaks(
        "accounts-are-whole",
        "DELETE FROM accounts WHERE person_id = (SELECT id FROM people WHERE name = 'Hal Hart')",
        &[],
    ),
    breaks(
        "nobody-grants-to-themselves",
        "UPDATE transfers SET actor_id = (SELECT id FROM people WHERE name = 'Ann Archer') WHERE kind = 'grant'",
        &["grants-are-booked"],
    ),
    breaks(
        "nobody-grants-to-themselves",
        "UPDATE grants SET actor_id = person_id",
        &["grants-are-booked", "acts-are-audited"],
    ),
];
