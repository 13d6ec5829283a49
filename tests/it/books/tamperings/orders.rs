//! Orders, their charge, their lines and their steps.

use super::{Tampering, breaks};

pub(super) const TAMPERINGS: &[Tampering] = &[
    breaks(
        "one-order-per-key",
        "UPDATE orders SET checkout_key = (SELECT MIN(checkout_key) FROM orders_saved)",
        &[],
    ),
    breaks(
        "one-order-per-key",
        "UPDATE orders SET number = (SELECT number FROM orders_saved WHERE state = 'cancelled') WHERE state = 'preparing'",
        &[],
    ),
    breaks(
        "one-charge-per-order",
        "UPDATE orders SET person_id = (SELECT id FROM people WHERE name = 'Ben Brook'), \
         checkout_key = (SELECT checkout_key FROM orders_saved WHERE state = 'cancelled') WHERE state = 'preparing'",
        &[],
    ),
    breaks(
        "one-charge-per-order",
        "UPDATE transfers SET order_id = (SELECT id FROM orders WHERE state = 'preparing') WHERE kind = 'redeem'",
        &["refunds-undo-draws"],
    ),
    breaks(
        "one-charge-per-order",
        "INSERT INTO transfers SELECT * FROM transfers_saved WHERE kind = 'redeem'",
        &["balance-is-transfers", "points-are-conserved", "balance-after-follows", "refunds-undo-draws"],
    ),
    breaks(
        "one-charge-per-order",
        "UPDATE transfers SET order_id = x'77' WHERE kind = 'refund'",
        &["cancelled-is-refunded", "cancellations-refund-once", "refunds-undo-draws", "orders-are-told"],
    ),
    breaks("order-total-is-its-lines", "UPDATE orders SET expected_total = total - 1", &[]),
    breaks(
        "order-total-is-its-lines",
        "UPDATE orders SET total = total - 1 WHERE state = 'preparing'",
        &["one-charge-per-order"],
    ),
    breaks(
        "order-total-is-its-lines",
        "DELETE FROM order_lines WHERE kind = 'digital'",
        &[
            "order-state-fits",
            "sold-is-taken",
            "redeemed-is-sold",
            "codes-fit-their-line",
            "shown-codes-are-steps",
        ],
    ),
    breaks(
        "order-total-is-its-lines",
        "INSERT INTO orders (id, number, person_id, checkout_key, state, expected_total, total, delivery_kind, \
         delivery_to, version, placed_at, refunded) SELECT x'77', 'AW-0000-0000', person_id, x'77', 'cancelled', 0, 0, \
         delivery_kind, delivery_to, version, placed_at, 0 FROM orders_saved WHERE state = 'preparing'",
        &["one-charge-per-order", "orders-have-their-steps", "orders-are-told"],
    ),
    breaks(
        "lines-within-bounds",
        "UPDATE order_lines SET cancelled = quantity + 1 WHERE kind = 'digital'",
        &["cancelled-is-refunded", "cancelled-is-returned", "redeemed-is-sold", "sold-codes-are-assigned"],
    ),
    breaks(
        "lines-within-bounds",
        "UPDATE order_lines SET cancelled = -1 WHERE kind = 'digital'",
        &["cancelled-is-refunded", "cancelled-is-returned", "redeemed-is-sold", "sold-codes-are-assigned"],
    ),
    breaks(
        "lines-within-bounds",
        "UPDATE order_lines SET quantity = 0 WHERE kind = 'digital'",
        &[
            "order-total-is-its-lines",
            "order-state-fits",
            "sold-is-taken",
            "redeemed-is-sold",
            "sold-codes-are-assigned",
        ],
    ),
    breaks(
        "lines-within-bounds",
        "UPDATE order_lines SET unit_price = 0 WHERE kind = 'digital'",
        &["order-total-is-its-lines"],
    ),
    breaks(
        "order-state-fits",
        "UPDATE orders SET state = 'placed' WHERE state = 'cancelled'",
        &["orders-have-their-steps"],
    ),
    breaks(
        "order-state-fits",
        "UPDATE orders SET state = 'cancelled' WHERE state = 'preparing'",
        &["orders-have-their-steps"],
    ),
    // Steps.
    breaks(
        "orders-have-their-steps",
        "UPDATE order_events SET kind = 'forgotten' WHERE kind = 'fulfilled' AND actor_id IS NULL",
        &[],
    ),
    breaks(
        "orders-have-their-steps",
        "DELETE FROM order_events WHERE kind = 'placed'",
        &["acts-are-audited"],
    ),
    breaks(
        "orders-have-their-steps",
        "INSERT INTO order_events SELECT * FROM order_events_saved WHERE kind = 'placed'",
        &["acts-are-audited"],
    ),
    breaks(
        "orders-have-their-steps",
        "INSERT INTO order_events SELECT * FROM order_events_saved WHERE kind = 'cancelled'",
        &["cancellations-refund-once", "acts-are-audited"],
    ),
    breaks("orders-have-their-steps", "UPDATE orders SET state = 'placed' WHERE state = 'fulfilled'", &[]),
    breaks("orders-have-their-steps", "UPDATE orders SET state = 'placed' WHERE state = 'preparing'", &[]),
    breaks("orders-have-their-steps", "UPDATE orders SET state = 'preparing' WHERE state = 'placed'", &[]),
    breaks("orders-have-their-steps", "UPDATE orders SET state = 'lost' WHERE state = 'preparing'", &[]),
    breaks(
        "orders-have-their-steps",
        "INSERT INTO order_events (id, order_id, kind, note, actor_id, at, carrier, tracking_number) \
         SELECT 1000 + id, (SELECT id FROM orders WHERE state = 'cancelled'), 'fulfilled', note, NULL, at, '', '' \
         FROM order_events_saved WHERE kind = 'placed'",
        &[],
    ),
    breaks(
        "orders-have-their-steps",
        "INSERT INTO order_events (id, order_id, kind, note, actor_id, at, carrier, tracking_number) \
         SELECT 1000 + id, (SELECT id FROM orders WHERE state = 'cancelled'), 'preparing', note, NULL, at, '', '' \
         FROM order_events_saved WHERE kind = 'placed'",
        &["acts-are-audited"],
    ),
    breaks(
        "orders-have-their-steps",
        "INSERT INTO order_events (id, order_id, kind, note, actor_id, at, carrier, tracking_number) \
         SELECT 1000 + id, order_id, 'fulfilled', note, NULL, at, '', '' \
         FROM order_events_saved WHERE kind = 'preparing'",
        &[],
    ),
    breaks(
        "orders-have-their-steps",
        "INSERT INTO order_events (id, order_id, kind, note, actor_id, at, carrier, tracking_number) \
         SELECT 1000 + id, order_id, 'cancelled', note, actor_id, at, '', '' \
         FROM order_events_saved WHERE kind = 'preparing'",
        &["cancellations-refund-once", "acts-are-audited"],
    ),
    breaks(
        "orders-have-their-steps",
        "INSERT INTO order_events (id, order_id, kind, note, actor_id, at, carrier, tracking_number) \
         SELECT 1000 + id, order_id, 'cancelled', note, actor_id, at, '', '' \
         FROM order_events_saved WHERE kind = 'fulfilled'",
        &["cancellations-refund-once", "acts-are-audited"],
    ),
];
