//! What is done by hand to the rows, the law that must name it, and those that cannot but notice it too.

/// A statement, the law it is meant to break, and every other one that it breaks by its nature.
pub struct Tampering {
    pub sql: &'static str,
    pub law: &'static str,
    pub also: &'static [&'static str],
}

const fn breaks(law: &'static str, sql: &'static str, also: &'static [&'static str]) -> Tampering {
    Tampering { sql, law, also }
}

pub const TAMPERINGS: &[Tampering] = &[
    // Balances and transfers.
    breaks(
        "balance-is-transfers",
        "UPDATE accounts SET balance = balance + 1 WHERE person_id IS NOT NULL",
        &["balance-is-lots", "points-are-conserved"],
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
        "no-balance-below-zero",
        "UPDATE transfers SET balance_after = -1 WHERE kind = 'expire'",
        &["balance-after-follows"],
    ),
    breaks(
        "balance-after-follows",
        "UPDATE transfers SET balance_after = balance_after + 1 WHERE kind = 'redeem'",
        &[],
    ),
    breaks(
        "transfers-have-two-ends",
        "UPDATE transfers SET to_account_id = (SELECT id FROM accounts WHERE kind = 'expired') WHERE kind = 'redeem'",
        &[],
    ),
    breaks(
        "transfers-name-their-cause",
        "UPDATE transfers SET order_id = (SELECT id FROM orders WHERE state = 'preparing') WHERE kind = 'deduct'",
        &[],
    ),
    breaks(
        "amounts-within-bounds",
        "UPDATE transfers SET amount = amount + 1000000000 WHERE kind = 'expire'",
        &["balance-is-transfers", "points-are-conserved", "balance-after-follows", "debits-are-drawn"],
    ),
    breaks(
        "reversals-name-their-grant",
        "UPDATE transfers SET reverses_id = (SELECT MIN(transfer_id) FROM grants) WHERE reverses_id IS NOT NULL",
        &["rows-are-taken-back"],
    ),
    breaks(
        "reversals-name-their-grant",
        "UPDATE transfers SET reverses_id = (SELECT MAX(transfer_id) FROM grants) WHERE kind = 'deduct'",
        &[],
    ),
    // Lots and draws.
    breaks(
        "lots-within-bounds",
        "UPDATE lots SET granted = granted - 1 WHERE granted = 700",
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
        "credits-make-lots",
        "UPDATE lots SET transfer_id = (SELECT MIN(transfer_id) FROM grants) WHERE granted = 700",
        &[],
    ),
    breaks(
        "debits-are-drawn",
        "DELETE FROM draws WHERE transfer_id IN (SELECT id FROM transfers WHERE kind = 'deduct' AND reverses_id IS NULL)",
        &["lots-are-what-was-drawn"],
    ),
    breaks("draws-fit-their-lot", "UPDATE lots SET expires_at = created_at WHERE granted = 500", &[]),
    breaks(
        "draws-fit-their-lot",
        "UPDATE lots SET account_id = (SELECT MIN(id) FROM accounts WHERE balance = 0) WHERE granted = 500",
        &["balance-is-lots", "credits-make-lots"],
    ),
    breaks(
        "soonest-lots-are-spent-first",
        "UPDATE lots SET expires_at = '2999-01-01 00:00:00' WHERE granted = 700",
        &[],
    ),
    breaks(
        "expiry-names-its-lot",
        "UPDATE transfers SET lot_id = (SELECT id FROM lots WHERE granted = 700) WHERE kind = 'expire'",
        &[],
    ),
    // Orders.
    breaks(
        "one-order-per-key",
        "UPDATE orders SET checkout_key = (SELECT MIN(checkout_key) FROM orders_saved)",
        &[],
    ),
    breaks(
        "one-charge-per-order",
        "UPDATE orders SET person_id = (SELECT id FROM people WHERE name = 'Ben Brook') WHERE state = 'preparing'",
        &[],
    ),
    breaks(
        "one-charge-per-order",
        "UPDATE transfers SET order_id = (SELECT id FROM orders WHERE state = 'preparing') WHERE kind = 'redeem'",
        &["refunds-undo-draws"],
    ),
    breaks("order-total-is-its-lines", "UPDATE orders SET expected_total = total - 1", &[]),
    breaks(
        "order-total-is-its-lines",
        "UPDATE orders SET total = total - 1 WHERE state = 'preparing'",
        &["one-charge-per-order"],
    ),
    breaks(
        "lines-within-bounds",
        "UPDATE order_lines SET cancelled = quantity + 1 WHERE kind = 'digital'",
        &["cancelled-is-refunded", "cancelled-is-returned", "redeemed-is-sold", "sold-codes-are-assigned"],
    ),
    breaks(
        "order-state-fits",
        "UPDATE orders SET state = 'placed' WHERE state = 'cancelled'",
        &["orders-have-their-steps"],
    ),
    breaks(
        "orders-have-their-steps",
        "UPDATE order_events SET kind = 'forgotten' WHERE kind = 'fulfilled' AND actor_id IS NULL",
        &[],
    ),
    breaks("orders-have-their-steps", "UPDATE orders SET state = 'placed' WHERE state = 'fulfilled'", &[]),
    // Refunds.
    breaks("cancelled-is-refunded", "UPDATE orders SET refunded = refunded - 1 WHERE refunded > 0", &[]),
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
        "grace-lots-are-late-refunds",
        "UPDATE refund_parts SET grace_lot_id = (SELECT id FROM lots WHERE granted = 700) WHERE grace_lot_id IS NOT NULL",
        &[],
    ),
    breaks(
        "lapsed-lots-are-not-woken",
        "UPDATE lots SET expires_at = '2999-01-01 00:00:00' WHERE granted = 200",
        &[],
    ),
    // Stock and codes.
    breaks("stock-is-its-moves", "UPDATE products SET stock = stock + 1 WHERE kind = 'physical'", &[]),
    breaks(
        "moves-fit-their-reason",
        "UPDATE stock_moves SET reason = 'returned' WHERE reason = 'received'",
        &[],
    ),
    breaks(
        "sold-is-taken",
        "UPDATE stock_moves SET quantity = quantity - 1 WHERE reason = 'sold'",
        &["stock-is-its-moves"],
    ),
    breaks(
        "cancelled-is-returned",
        "UPDATE stock_moves SET quantity = quantity + 1 WHERE reason = 'returned'",
        &["stock-is-its-moves"],
    ),
    breaks("redeemed-is-sold", "UPDATE products SET redeemed = redeemed + 1", &[]),
    breaks("codes-are-stock", "DELETE FROM codes WHERE order_line_id IS NULL", &[]),
    breaks("sold-codes-are-assigned", "DELETE FROM codes WHERE order_line_id IS NOT NULL", &[]),
    breaks(
        "codes-fit-their-line",
        "UPDATE codes SET revealed_at = created_at WHERE order_line_id IS NULL",
        &[],
    ),
    breaks("codes-fit-their-line", "UPDATE codes SET claimed_at = NULL WHERE order_line_id IS NOT NULL", &[]),
    breaks(
        "codes-fit-their-line",
        "UPDATE codes SET revealed_at = '2000-01-01 00:00:00' WHERE order_line_id IS NOT NULL",
        &[],
    ),
    // People.
    breaks("accounts-are-whole", "UPDATE accounts SET balance = 0 WHERE kind = 'issued'", &[]),
    breaks(
        "accounts-are-whole",
        "UPDATE accounts SET kind = 'issued' WHERE kind = 'expired'",
        &["transfers-have-two-ends"],
    ),
    breaks(
        "accounts-are-whole",
        "DELETE FROM accounts WHERE person_id = (SELECT id FROM people WHERE name = 'Hal Hart')",
        &[],
    ),
    breaks(
        "nobody-grants-to-themselves",
        "UPDATE transfers SET actor_id = (SELECT id FROM people WHERE name = 'Ann Archer') WHERE kind = 'grant'",
        &[],
    ),
    breaks("nobody-grants-to-themselves", "UPDATE grants SET actor_id = person_id", &["acts-are-audited"]),
    // Records.
    breaks("grants-are-booked", "UPDATE grants SET amount = amount + 1", &["rows-give-once"]),
    breaks(
        "grants-are-booked",
        "UPDATE grants SET transfer_id = (SELECT MIN(transfer_id) FROM grants_saved)",
        &["rows-are-taken-back"],
    ),
    breaks("deductions-are-booked", "UPDATE deductions SET amount = amount + 1", &[]),
    breaks(
        "deductions-are-booked",
        "UPDATE deductions SET transfer_id = (SELECT id FROM transfers WHERE kind = 'expire')",
        &[],
    ),
    breaks("rule-grants-name-their-rule", "UPDATE grants SET period = '2026-06'", &[]),
    breaks(
        "rules-give-once",
        "UPDATE grants SET rule = 'monthly', period = '2026-06'",
        &["rule-grants-name-their-rule"],
    ),
    // Runs.
    breaks("rows-give-once", "UPDATE grants SET run_position = 5 WHERE run_position = 2", &[]),
    breaks("rows-give-once", "UPDATE grants SET run_id = NULL WHERE run_position = 2", &[]),
    breaks(
        "rows-give-once",
        "UPDATE grant_run_rows SET amount = 10 WHERE state = 'good' OR position = 2",
        &["runs-count-their-rows"],
    ),
    breaks(
        "rows-are-taken-back",
        "UPDATE transfers SET reverses_id = NULL WHERE amount = 8 AND kind = 'deduct'",
        &["soonest-lots-are-spent-first"],
    ),
    breaks("runs-count-their-rows", "UPDATE grant_runs SET failed_count = 0 WHERE failed_count = 1", &[]),
    breaks("runs-count-their-rows", "UPDATE grant_runs SET state = 'running' WHERE state = 'done'", &[]),
    breaks(
        "runs-count-their-rows",
        "UPDATE grant_runs SET taken_back_total = 7 WHERE state = 'reversed'",
        &[],
    ),
    breaks("acts-are-audited", "DELETE FROM audit_events WHERE action = 'points.deduct'", &[]),
    breaks("acts-are-audited", "DELETE FROM audit_events WHERE action = 'order.cancel'", &[]),
    breaks("acts-are-audited", "UPDATE audit_events SET actor_id = NULL WHERE action = 'order.fulfil'", &[]),
    breaks(
        "acts-are-audited",
        "UPDATE audit_events SET subject_id = (SELECT MIN(subject_id) FROM audit_events_saved WHERE action = 'order.place') \
         WHERE action = 'order.place'",
        &[],
    ),
    breaks("orders-are-told", "DELETE FROM outbox_messages WHERE kind = 'order-cancelled'", &[]),
    breaks(
        "orders-are-told",
        "UPDATE outbox_messages SET payload = (SELECT payload FROM outbox_messages_saved \
         WHERE kind = 'order-placed' ORDER BY id LIMIT 1) \
         WHERE kind = 'order-placed'",
        &[],
    ),
    breaks("messages-end-once", "UPDATE outbox_messages SET done_at = created_at, dead_at = created_at", &[]),
];
