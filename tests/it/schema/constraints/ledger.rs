//! The points books: accounts, transfers, lots, what was drawn from them and what went back.

use super::{Breach, check, foreign_key, primary_key, unique};

pub(super) const BREACHES: &[Breach] = &[
    primary_key("accounts (id)", "UPDATE accounts SET id = x'11' WHERE kind = 'issued'"),
    unique("accounts_person_id", "accounts (person_id)", "UPDATE accounts SET person_id = x'01'"),
    foreign_key(
        "accounts_person",
        "accounts (person_id) REFERENCES people (id)",
        "UPDATE accounts SET person_id = x'EE' WHERE kind = 'issued'",
    ),
    check("accounts_balance_not_negative", "UPDATE accounts SET balance = -1"),
    // Transfers.
    primary_key("transfers (id)", "UPDATE transfers SET id = 1 WHERE kind = 'spare'"),
    unique("transfers_reverses", "transfers (reverses_id)", "UPDATE transfers SET reverses_id = 1"),
    unique("transfers_lot_expires_once", "transfers (lot_id)", "UPDATE transfers SET lot_id = x'01'"),
    foreign_key(
        "transfers_from",
        "transfers (from_account_id) REFERENCES accounts (id)",
        "UPDATE transfers SET from_account_id = x'EE'",
    ),
    foreign_key(
        "transfers_to",
        "transfers (to_account_id) REFERENCES accounts (id)",
        "UPDATE transfers SET to_account_id = x'EE'",
    ),
    foreign_key(
        "transfers_account",
        "transfers (account_id) REFERENCES accounts (id)",
        "UPDATE transfers SET account_id = x'EE'",
    ),
    foreign_key(
        "transfers_order",
        "transfers (order_id) REFERENCES orders (id)",
        "UPDATE transfers SET order_id = x'EE'",
    ),
    foreign_key(
        "transfers_actor",
        "transfers (actor_id) REFERENCES people (id)",
        "UPDATE transfers SET actor_id = x'EE'",
    ),
    check("transfers_amount_positive", "UPDATE transfers SET amount = 0"),
    check("transfers_balance_not_negative", "UPDATE transfers SET balance_after = -1"),
    // Lots.
    primary_key("lots (id)", "UPDATE lots SET id = x'01' WHERE granted = 7"),
    foreign_key(
        "lots_account",
        "lots (account_id) REFERENCES accounts (id)",
        // With a day: MySQL 9.7 does not ask for the parent when another column of the key's index is NULL.
        "UPDATE lots SET expires_at = '2027-06-15', account_id = x'EE'",
    ),
    foreign_key(
        "lots_transfer",
        "lots (transfer_id) REFERENCES transfers (id)",
        "UPDATE lots SET transfer_id = 999",
    ),
    check("lots_granted_positive", "UPDATE lots SET granted = 0, remaining = 0"),
    check("lots_remaining_within", "UPDATE lots SET remaining = -1"),
    check("lots_remaining_within", "UPDATE lots SET remaining = granted + 1"),
    // What was drawn from them.
    primary_key("draws (id)", "UPDATE draws SET id = 1 WHERE id = 9"),
    unique("draws_once", "draws (transfer_id, lot_id)", "UPDATE draws SET lot_id = x'01'"),
    foreign_key(
        "draws_transfer",
        "draws (transfer_id) REFERENCES transfers (id)",
        "UPDATE draws SET transfer_id = 999 WHERE id = 1",
    ),
    foreign_key(
        "draws_lot",
        "draws (lot_id) REFERENCES lots (id)",
        "UPDATE draws SET lot_id = x'EE' WHERE id = 1",
    ),
    check("draws_amount_positive", "UPDATE draws SET amount = 0"),
    // What went back.
    primary_key("refund_parts (id)", "UPDATE refund_parts SET id = 1"),
    unique("refund_parts_once", "refund_parts (transfer_id, draw_id)", "UPDATE refund_parts SET draw_id = 1"),
    foreign_key(
        "refund_parts_transfer",
        "refund_parts (transfer_id) REFERENCES transfers (id)",
        "UPDATE refund_parts SET transfer_id = 999",
    ),
    foreign_key(
        "refund_parts_draw",
        "refund_parts (draw_id) REFERENCES draws (id)",
        "UPDATE refund_parts SET draw_id = 999 WHERE id = 1",
    ),
    foreign_key(
        "refund_parts_grace_lot",
        "refund_parts (grace_lot_id) REFERENCES lots (id)",
        "UPDATE refund_parts SET grace_lot_id = x'EE'",
    ),
    check("refund_parts_amount_positive", "UPDATE refund_parts SET amount = 0"),
    // Whom we told that points are about to lapse.
    primary_key(
        "expiry_warnings (account_id, ends_at, days_before)",
        "UPDATE expiry_warnings SET days_before = 7",
    ),
    foreign_key(
        "expiry_warnings_account",
        "expiry_warnings (account_id) REFERENCES accounts (id)",
        "UPDATE expiry_warnings SET account_id = x'EE'",
    ),
];
