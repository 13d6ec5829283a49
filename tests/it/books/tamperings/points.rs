//! Balances, and what each transfer says about them.

use super::{Tampering, breaks};

pub(super) const TAMPERINGS: &[Tampering] = &[
    breaks(
        "balance-is-transfers",
        "UPDATE accounts SET balance = balance + 1 WHERE person_id IS NOT NULL",
        &["balance-is-lots", "points-are-conserved"],
    ),
    breaks(
        "balance-is-transfers",
        "UPDATE accounts SET balance = NULL WHERE person_id IS NOT NULL",
        &["balance-is-lots", "points-are-conserved", "accounts-are-whole"],
    ),
    breaks(
        "balance-is-lots",
        "UPDATE lots SET remaining = remaining - 1 WHERE granted = 700",
        &["lots-are-what-was-drawn"],
    ),
    breaks(
        "points-are-conserved",
        "INSERT INTO accounts (id, kind, person_id, balance, created_at) \
         SELECT x'77', 'person', NULL, 5, created_at FROM accounts_saved WHERE kind = 'issued'",
        &["accounts-are-whole"],
    ),
    breaks(
        "points-are-conserved",
        "DELETE FROM transfers",
        &[
            "balance-is-transfers",
            "credits-make-lots",
            "draws-fit-their-lot",
            "one-charge-per-order",
            "cancelled-is-refunded",
            "cancellations-refund-once",
            "refunds-undo-draws",
            "rows-are-taken-back",
            "grants-are-booked",
            "deductions-are-booked",
            "acts-are-audited",
            "orders-are-told",
        ],
    ),
    breaks(
        "no-balance-below-zero",
        "UPDATE accounts SET balance = -1 WHERE balance = 0",
        &["balance-is-transfers", "balance-is-lots", "points-are-conserved"],
    ),
    breaks(
        "no-balance-below-zero",
        "UPDATE transfers SET balance_after = -1 WHERE kind = 'expire'",
        &["balance-after-follows"],
    ),
    breaks(
        "balance-after-follows",
        "UPDATE transfers SET balance_after = balance_after + 1 WHERE kind = 'redeem'",
        &[],
    ),
    breaks("balance-after-follows", "UPDATE transfers SET balance_after = balance_after - 1", &[]),
];
