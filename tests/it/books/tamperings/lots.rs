//! Lots and draws.

use super::{Tampering, breaks};

pub(super) const TAMPERINGS: &[Tampering] = &[
    breaks(
        "lots-within-bounds",
        "UPDATE lots SET granted = granted - 1 WHERE granted = 700",
        &["lots-are-what-was-drawn", "credits-make-lots"],
    ),
    breaks(
        "lots-within-bounds",
        "UPDATE lots SET remaining = -1 WHERE granted = 30",
        &["balance-is-lots", "lots-are-what-was-drawn", "expiry-names-its-lot"],
    ),
    breaks(
        "lots-within-bounds",
        "UPDATE lots SET granted = 0 WHERE granted = 30",
        &["lots-are-what-was-drawn", "credits-make-lots"],
    ),
    breaks(
        "lots-end-after-they-begin",
        "UPDATE lots SET created_at = '2999-01-01 00:00:00' WHERE expires_at IS NOT NULL",
        &[],
    ),
    breaks(
        "lots-are-what-was-drawn",
        "UPDATE draws SET amount = amount + 1 WHERE transfer_id = (SELECT MAX(transfer_id) FROM draws_saved)",
        &["debits-are-drawn"],
    ),
    breaks(
        "lots-are-what-was-drawn",
        "UPDATE lots SET remaining = 1 WHERE granted = 100",
        &["balance-is-lots"],
    ),
    // Points that come in.
    breaks(
        "credits-make-lots",
        "UPDATE lots SET transfer_id = (SELECT MIN(transfer_id) FROM grants) WHERE granted = 700",
        &[],
    ),
    breaks("credits-make-lots", "DELETE FROM lots WHERE granted = 700", &["balance-is-lots"]),
    breaks(
        "credits-make-lots",
        "UPDATE lots SET transfer_id = 999 WHERE granted = 100",
        &["draws-fit-their-lot", "grace-lots-are-late-refunds"],
    ),
    breaks(
        "credits-make-lots",
        "UPDATE lots SET account_id = (SELECT MIN(id) FROM accounts WHERE balance = 0) WHERE granted = 100",
        &["draws-fit-their-lot"],
    ),
    breaks(
        "credits-make-lots",
        "UPDATE lots SET transfer_id = (SELECT MIN(id) FROM transfers WHERE kind = 'redeem') WHERE granted = 100",
        &["grace-lots-are-late-refunds"],
    ),
    // Points that go out.
    breaks(
        "debits-are-drawn",
        "DELETE FROM draws WHERE transfer_id IN (SELECT id FROM transfers WHERE kind = 'deduct' AND reverses_id IS NULL)",
        &["lots-are-what-was-drawn"],
    ),
    breaks(
        "debits-are-drawn",
        "DELETE FROM draws WHERE transfer_id IN (SELECT id FROM transfers WHERE kind = 'redeem')",
        &["lots-are-what-was-drawn", "refunds-undo-draws"],
    ),
    breaks("draws-fit-their-lot", "UPDATE lots SET expires_at = created_at WHERE granted = 500", &[]),
    breaks(
        "draws-fit-their-lot",
        "UPDATE lots SET account_id = (SELECT MIN(id) FROM accounts WHERE balance = 0) WHERE granted = 500",
        &["balance-is-lots", "credits-make-lots"],
    ),
    breaks(
        "draws-fit-their-lot",
        "INSERT INTO draws (id, transfer_id, lot_id, amount) SELECT 1000, 999, id, 1 FROM lots WHERE granted = 700",
        &["lots-are-what-was-drawn"],
    ),
    breaks(
        "draws-fit-their-lot",
        "UPDATE draws SET lot_id = x'77' WHERE amount = 5",
        &["lots-are-what-was-drawn"],
    ),
    breaks(
        "draws-fit-their-lot",
        "UPDATE transfers SET lot_id = (SELECT id FROM lots WHERE granted = 100) WHERE kind = 'expire'",
        &["expiry-names-its-lot", "lapsed-lots-are-not-woken"],
    ),
    breaks(
        "draws-fit-their-lot",
        "UPDATE draws SET amount = 0 WHERE amount = 5",
        &["lots-are-what-was-drawn", "debits-are-drawn"],
    ),
    // The order in which lots are spent.
    breaks(
        "soonest-lots-are-spent-first",
        "UPDATE lots SET expires_at = '2999-01-01 00:00:00' WHERE granted = 700",
        &[],
    ),
    breaks(
        "soonest-lots-are-spent-first",
        "UPDATE lots SET expires_at = CASE granted WHEN 500 THEN '2999-01-01 00:00:00' ELSE '2998-01-01 00:00:00' END \
         WHERE granted IN (500, 700)",
        &[],
    ),
    breaks(
        "soonest-lots-are-spent-first",
        "UPDATE draws SET lot_id = (SELECT id FROM lots WHERE granted = 700) \
         WHERE transfer_id = (SELECT MAX(id) FROM transfers WHERE kind = 'redeem')",
        &["lots-are-what-was-drawn"],
    ),
    breaks(
        "soonest-lots-are-spent-first",
        "UPDATE lots SET remaining = 50, expires_at = '2026-07-01 00:00:00' WHERE granted = 200",
        &["balance-is-lots", "lots-are-what-was-drawn", "lapsed-lots-are-not-woken"],
    ),
    breaks(
        "credits-make-lots",
        "UPDATE lots SET expires_at = '2999-01-01 00:00:00', transfer_id = (SELECT MAX(id) FROM transfers) \
         WHERE granted = 700",
        &[],
    ),
    // Lots that ended.
    breaks(
        "expiry-names-its-lot",
        "UPDATE transfers SET lot_id = (SELECT id FROM lots WHERE granted = 700) WHERE kind = 'expire'",
        &[],
    ),
    breaks("expiry-names-its-lot", "UPDATE lots SET expires_at = NULL WHERE granted = 30", &[]),
    breaks(
        "expiry-names-its-lot",
        "UPDATE lots SET expires_at = '2999-01-01 00:00:00' WHERE granted = 30",
        &[],
    ),
    breaks(
        "expiry-names-its-lot",
        "UPDATE draws SET lot_id = (SELECT id FROM lots WHERE granted = 200) WHERE amount = 30",
        &["lots-are-what-was-drawn"],
    ),
    breaks(
        "expiry-names-its-lot",
        "INSERT INTO transfers SELECT * FROM transfers_saved WHERE kind = 'expire'",
        &["balance-is-transfers", "points-are-conserved", "balance-after-follows"],
    ),
];
