//! Transfers: their two ends, their cause, their amount, and what they take back.

use super::{Tampering, breaks};

pub(super) const TAMPERINGS: &[Tampering] = &[
    // The wrong account of the system.
    breaks(
        "transfers-have-two-ends",
        "UPDATE transfers SET from_account_id = (SELECT id FROM accounts WHERE kind = 'redeemed') WHERE kind = 'grant'",
        &[],
    ),
    breaks(
        "transfers-have-two-ends",
        "UPDATE transfers SET from_account_id = (SELECT id FROM accounts WHERE kind = 'issued') WHERE kind = 'refund'",
        &[],
    ),
    breaks(
        "transfers-have-two-ends",
        "UPDATE transfers SET to_account_id = (SELECT id FROM accounts WHERE kind = 'expired') WHERE kind = 'redeem'",
        &[],
    ),
    breaks(
        "transfers-have-two-ends",
        "UPDATE transfers SET to_account_id = (SELECT id FROM accounts WHERE kind = 'redeemed') WHERE kind = 'expire'",
        &[],
    ),
    breaks(
        "transfers-have-two-ends",
        "UPDATE transfers SET to_account_id = (SELECT id FROM accounts WHERE kind = 'expired') WHERE kind = 'deduct'",
        &[],
    ),
    // No person at the other end.
    breaks(
        "transfers-have-two-ends",
        "UPDATE transfers SET to_account_id = from_account_id, account_id = from_account_id \
         WHERE kind = 'grant' AND amount = 700",
        &["balance-is-transfers", "points-are-conserved", "balance-after-follows", "credits-make-lots"],
    ),
    breaks(
        "transfers-have-two-ends",
        "UPDATE transfers SET from_account_id = to_account_id, account_id = to_account_id WHERE kind = 'redeem'",
        &[
            "balance-is-transfers",
            "points-are-conserved",
            "balance-after-follows",
            "draws-fit-their-lot",
            "one-charge-per-order",
        ],
    ),
    breaks(
        "transfers-have-two-ends",
        "UPDATE transfers SET from_account_id = to_account_id, account_id = to_account_id WHERE kind = 'expire'",
        &["balance-is-transfers", "points-are-conserved", "balance-after-follows", "draws-fit-their-lot"],
    ),
    breaks(
        "transfers-have-two-ends",
        "UPDATE transfers SET from_account_id = to_account_id, account_id = to_account_id \
         WHERE kind = 'deduct' AND amount = 5",
        &["balance-is-transfers", "points-are-conserved", "balance-after-follows", "draws-fit-their-lot"],
    ),
    breaks(
        "transfers-have-two-ends",
        "UPDATE transfers SET from_account_id = x'77' WHERE kind = 'refund'",
        &["points-are-conserved"],
    ),
    // On the statement of the system.
    breaks(
        "transfers-have-two-ends",
        "UPDATE transfers SET account_id = from_account_id WHERE kind = 'grant' AND amount = 40",
        &["balance-is-transfers", "balance-after-follows", "reversals-name-their-grant", "credits-make-lots"],
    ),
    breaks(
        "transfers-have-two-ends",
        "UPDATE transfers SET account_id = from_account_id WHERE kind = 'refund'",
        &["balance-is-transfers", "balance-after-follows", "credits-make-lots", "cancelled-is-refunded"],
    ),
    breaks(
        "transfers-have-two-ends",
        "UPDATE transfers SET account_id = to_account_id WHERE kind = 'redeem'",
        &["balance-is-transfers", "balance-after-follows", "draws-fit-their-lot", "one-charge-per-order"],
    ),
    breaks(
        "transfers-have-two-ends",
        "UPDATE transfers SET account_id = to_account_id WHERE kind = 'expire'",
        &["balance-is-transfers", "balance-after-follows", "draws-fit-their-lot"],
    ),
    breaks(
        "transfers-have-two-ends",
        "UPDATE transfers SET account_id = to_account_id WHERE kind = 'deduct' AND amount = 5",
        &["balance-is-transfers", "balance-after-follows", "draws-fit-their-lot"],
    ),
    breaks(
        "transfers-have-two-ends",
        "UPDATE transfers SET kind = 'lapse' WHERE kind = 'expire'",
        &["transfers-name-their-cause", "draws-fit-their-lot"],
    ),
    // Causes.
    breaks(
        "transfers-name-their-cause",
        "UPDATE transfers SET order_id = (SELECT id FROM orders WHERE state = 'preparing') WHERE kind = 'deduct'",
        &[],
    ),
    breaks(
        "transfers-name-their-cause",
        "UPDATE transfers SET order_id = NULL WHERE kind = 'refund'",
        &["cancelled-is-refunded", "cancellations-refund-once", "refunds-undo-draws", "orders-are-told"],
    ),
    breaks(
        "transfers-name-their-cause",
        "UPDATE transfers SET lot_id = NULL WHERE kind = 'expire'",
        &["expiry-names-its-lot"],
    ),
    breaks(
        "transfers-name-their-cause",
        "UPDATE transfers SET lot_id = (SELECT id FROM lots WHERE granted = 700) WHERE kind = 'grant' AND amount = 700",
        &[],
    ),
    breaks(
        "transfers-name-their-cause",
        "UPDATE transfers SET reverses_id = 999 WHERE kind = 'expire'",
        &["reversals-name-their-grant"],
    ),
    // Amounts.
    breaks(
        "amounts-within-bounds",
        "UPDATE transfers SET amount = 0 WHERE kind = 'expire'",
        &["balance-is-transfers", "points-are-conserved", "balance-after-follows", "debits-are-drawn"],
    ),
    breaks(
        "amounts-within-bounds",
        "UPDATE transfers SET amount = amount + 1000000000 WHERE kind = 'expire'",
        &["balance-is-transfers", "points-are-conserved", "balance-after-follows", "debits-are-drawn"],
    ),
    // Reversals.
    breaks(
        "reversals-name-their-grant",
        "UPDATE transfers SET reverses_id = (SELECT MIN(transfer_id) FROM grants) WHERE reverses_id IS NOT NULL",
        &["rows-are-taken-back", "acts-are-audited"],
    ),
    breaks(
        "reversals-name-their-grant",
        "UPDATE transfers SET reverses_id = (SELECT MAX(transfer_id) FROM grants) WHERE kind = 'deduct'",
        &["deductions-are-booked", "acts-are-audited"],
    ),
    breaks(
        "reversals-name-their-grant",
        "UPDATE transfers SET reverses_id = (SELECT transfer_id FROM lots WHERE granted = 100) \
         WHERE kind = 'redeem' AND order_id = (SELECT id FROM orders WHERE state = 'cancelled')",
        &["transfers-name-their-cause"],
    ),
    breaks(
        "reversals-name-their-grant",
        "UPDATE transfers SET amount = amount + 1 WHERE kind = 'grant' AND amount = 40",
        &[
            "balance-is-transfers",
            "points-are-conserved",
            "balance-after-follows",
            "credits-make-lots",
            "grants-are-booked",
        ],
    ),
    breaks(
        "reversals-name-their-grant",
        "DELETE FROM draws WHERE amount = 40",
        &["lots-are-what-was-drawn", "debits-are-drawn"],
    ),
    breaks(
        "reversals-name-their-grant",
        "UPDATE draws SET lot_id = (SELECT id FROM lots WHERE granted = 700) WHERE amount = 40",
        &["lots-are-what-was-drawn"],
    ),
    breaks(
        "reversals-name-their-grant",
        "INSERT INTO transfers SELECT * FROM transfers_saved WHERE kind = 'deduct' AND amount = 40",
        &["balance-is-transfers", "points-are-conserved", "balance-after-follows"],
    ),
];
