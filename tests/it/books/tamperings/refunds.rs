//! What goes back.

use super::{Tampering, breaks};

pub(super) const TAMPERINGS: &[Tampering] = &[
    breaks("cancelled-is-refunded", "UPDATE orders SET refunded = refunded - 1 WHERE refunded > 0", &[]),
    breaks(
        "cancelled-is-refunded",
        "UPDATE transfers SET amount = amount + 1 WHERE kind = 'refund'",
        &["balance-is-transfers", "points-are-conserved", "balance-after-follows", "refunds-undo-draws"],
    ),
    breaks(
        "cancelled-is-refunded",
        "UPDATE orders SET total = total - 1 WHERE state = 'cancelled'",
        &["one-charge-per-order", "order-total-is-its-lines"],
    ),
    breaks(
        "cancelled-is-refunded",
        "INSERT INTO transfers (id, kind, from_account_id, to_account_id, account_id, amount, balance_after, order_id, \
         lot_id, reverses_id, actor_id, reason, at) SELECT 1000 + t.id, t.kind, t.from_account_id, a.id, a.id, t.amount, \
         t.amount, t.order_id, NULL, NULL, t.actor_id, t.reason, t.at FROM transfers_saved t JOIN accounts a \
         ON a.person_id = (SELECT id FROM people WHERE name = 'Ben Brook') \
         WHERE t.kind = 'refund' AND t.order_id = (SELECT id FROM orders WHERE state = 'cancelled')",
        &[
            "balance-is-transfers",
            "points-are-conserved",
            "cancellations-refund-once",
            "refunds-undo-draws",
            "orders-are-told",
        ],
    ),
    breaks(
        "cancelled-is-refunded",
        "INSERT INTO transfers (id, kind, from_account_id, to_account_id, account_id, amount, balance_after, order_id, \
         lot_id, reverses_id, actor_id, reason, at) SELECT 1000 + id, kind, from_account_id, from_account_id, \
         from_account_id, amount, amount, order_id, NULL, NULL, actor_id, reason, at FROM transfers_saved \
         WHERE kind = 'refund' AND order_id = (SELECT id FROM orders WHERE state = 'cancelled')",
        &["transfers-have-two-ends", "cancellations-refund-once", "refunds-undo-draws", "orders-are-told"],
    ),
    breaks("cancellations-refund-once", "UPDATE transfers SET actor_id = NULL WHERE kind = 'refund'", &[]),
    breaks(
        "cancellations-refund-once",
        "UPDATE order_events SET kind = 'note' WHERE kind = 'partly-cancelled'",
        &["acts-are-audited"],
    ),
    // Draws that are given back.
    breaks(
        "refunds-undo-draws",
        "UPDATE refund_parts SET draw_id = (SELECT MAX(id) FROM draws) WHERE grace_lot_id IS NOT NULL",
        &["lapsed-lots-are-not-woken"],
    ),
    breaks(
        "refunds-undo-draws",
        "UPDATE refund_parts SET amount = amount + 1 WHERE grace_lot_id IS NULL",
        &["lots-are-what-was-drawn"],
    ),
    breaks(
        "refunds-undo-draws",
        "UPDATE transfers SET kind = 'lapse' \
         WHERE kind = 'redeem' AND order_id = (SELECT id FROM orders WHERE state = 'cancelled')",
        &[
            "transfers-have-two-ends",
            "transfers-name-their-cause",
            "draws-fit-their-lot",
            "one-charge-per-order",
        ],
    ),
    breaks(
        "refunds-undo-draws",
        "UPDATE draws SET amount = amount - 1 WHERE id IN (SELECT draw_id FROM refund_parts WHERE grace_lot_id IS NULL)",
        &["lots-are-what-was-drawn", "debits-are-drawn"],
    ),
    breaks(
        "refunds-undo-draws",
        "INSERT INTO refund_parts (id, transfer_id, draw_id, amount, grace_lot_id) \
         SELECT 1000, 999, draw_id, 1, NULL FROM refund_parts_saved WHERE grace_lot_id IS NOT NULL",
        &["lots-are-what-was-drawn"],
    ),
    breaks(
        "refunds-undo-draws",
        "INSERT INTO refund_parts (id, transfer_id, draw_id, amount, grace_lot_id) \
         SELECT 1000, (SELECT MAX(id) FROM transfers), draw_id, 1, NULL \
         FROM refund_parts_saved WHERE grace_lot_id IS NOT NULL",
        &["lots-are-what-was-drawn", "lapsed-lots-are-not-woken"],
    ),
    breaks(
        "refunds-undo-draws",
        "INSERT INTO refund_parts (id, transfer_id, draw_id, amount, grace_lot_id) \
         SELECT 1000, transfer_id, 999, 1, NULL FROM refund_parts_saved WHERE grace_lot_id IS NULL",
        &[],
    ),
    breaks(
        "refunds-undo-draws",
        "INSERT INTO refund_parts (id, transfer_id, draw_id, amount, grace_lot_id) \
         SELECT 1000, transfer_id, (SELECT MAX(id) FROM draws), 1, NULL \
         FROM refund_parts_saved WHERE grace_lot_id IS NOT NULL",
        &["lots-are-what-was-drawn"],
    ),
    breaks(
        "refunds-undo-draws",
        "INSERT INTO refund_parts (id, transfer_id, draw_id, amount, grace_lot_id) \
         SELECT 1000, transfer_id, draw_id, 0, NULL FROM refund_parts_saved WHERE grace_lot_id IS NULL",
        &[],
    ),
    // Lots that had lapsed.
    breaks(
        "grace-lots-are-late-refunds",
        "UPDATE refund_parts SET grace_lot_id = (SELECT id FROM lots WHERE granted = 700) WHERE grace_lot_id IS NOT NULL",
        &[],
    ),
    breaks(
        "grace-lots-are-late-refunds",
        "UPDATE lots SET granted = granted + 1 WHERE granted IN (100, 700)",
        &["lots-are-what-was-drawn", "credits-make-lots"],
    ),
    breaks(
        "grace-lots-are-late-refunds",
        "UPDATE refund_parts SET grace_lot_id = NULL WHERE grace_lot_id IS NOT NULL",
        &["lots-are-what-was-drawn", "lapsed-lots-are-not-woken"],
    ),
    breaks(
        "lapsed-lots-are-not-woken",
        "UPDATE lots SET expires_at = '2999-01-01 00:00:00' WHERE granted = 200",
        &[],
    ),
];
