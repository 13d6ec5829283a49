//! Stock and codes.

use super::{Tampering, breaks};

pub(super) const TAMPERINGS: &[Tampering] = &[
    breaks("stock-is-its-moves", "UPDATE products SET stock = stock + 1 WHERE kind = 'physical'", &[]),
    breaks(
        "stock-is-its-moves",
        "DELETE FROM stock_moves WHERE product_id = (SELECT id FROM products WHERE kind = 'digital')",
        &["sold-is-taken", "withdrawn-codes-left-stock", "decisions-are-audited"],
    ),
    breaks(
        "moves-fit-their-reason",
        "UPDATE stock_moves SET reason = 'returned' WHERE reason = 'received'",
        &[],
    ),
    breaks(
        "moves-fit-their-reason",
        "UPDATE stock_moves SET quantity = -quantity WHERE reason = 'returned'",
        &["stock-is-its-moves", "cancelled-is-returned"],
    ),
    breaks(
        "moves-fit-their-reason",
        "UPDATE stock_moves SET quantity = -quantity WHERE reason = 'sold'",
        &["stock-is-its-moves", "sold-is-taken"],
    ),
    breaks(
        "moves-fit-their-reason",
        "UPDATE stock_moves SET order_id = NULL WHERE reason = 'sold'",
        &["sold-is-taken"],
    ),
    breaks(
        "moves-fit-their-reason",
        "UPDATE stock_moves SET quantity = 0 WHERE reason = 'damaged'",
        &["stock-is-its-moves"],
    ),
    breaks(
        "sold-is-taken",
        "UPDATE stock_moves SET quantity = quantity - 1 WHERE reason = 'sold'",
        &["stock-is-its-moves"],
    ),
    breaks(
        "sold-is-taken",
        "UPDATE stock_moves SET order_id = (SELECT order_id FROM order_lines WHERE kind = 'digital') \
         WHERE reason = 'damaged'",
        &["moves-fit-their-reason"],
    ),
    breaks(
        "cancelled-is-returned",
        "UPDATE stock_moves SET quantity = quantity + 1 WHERE reason = 'returned'",
        &["stock-is-its-moves"],
    ),
    breaks(
        "cancelled-is-returned",
        "UPDATE stock_moves SET product_id = (SELECT id FROM products WHERE kind = 'digital') WHERE reason = 'returned'",
        &["stock-is-its-moves", "sold-is-taken"],
    ),
    breaks("redeemed-is-sold", "UPDATE products SET redeemed = redeemed + 1", &[]),
    // Codes.
    breaks("codes-are-stock", "DELETE FROM codes WHERE order_line_id IS NULL AND withdrawn_at IS NULL", &[]),
    breaks(
        "sold-codes-are-assigned",
        "DELETE FROM codes WHERE order_line_id IS NOT NULL",
        &["shown-codes-are-steps"],
    ),
    breaks(
        "sold-codes-are-assigned",
        "UPDATE codes SET product_id = (SELECT id FROM products WHERE kind = 'physical') WHERE order_line_id IS NOT NULL",
        &["codes-fit-their-line"],
    ),
    breaks(
        "sold-codes-are-assigned",
        "UPDATE codes SET product_id = (SELECT id FROM products WHERE kind = 'physical'), claimed_at = created_at, \
         order_line_id = (SELECT MIN(id) FROM order_lines WHERE kind = 'physical') \
         WHERE order_line_id IS NULL AND withdrawn_at IS NULL",
        &["codes-are-stock", "codes-fit-their-line"],
    ),
    breaks(
        "codes-fit-their-line",
        "UPDATE codes SET revealed_at = created_at WHERE order_line_id IS NULL",
        &[],
    ),
    breaks("codes-fit-their-line", "UPDATE codes SET claimed_at = NULL WHERE order_line_id IS NOT NULL", &[]),
    breaks(
        "codes-fit-their-line",
        "UPDATE codes SET claimed_at = created_at WHERE order_line_id IS NULL",
        &[],
    ),
    breaks(
        "codes-fit-their-line",
        "UPDATE codes SET revealed_at = '2000-01-01 00:00:00' WHERE order_line_id IS NOT NULL",
        &[],
    ),
    breaks(
        "codes-fit-their-line",
        "UPDATE codes SET withdrawn_at = created_at WHERE order_line_id IS NOT NULL",
        &["withdrawn-codes-left-stock"],
    ),
    breaks(
        "shown-codes-are-steps",
        "UPDATE codes SET revealed_at = NULL WHERE order_line_id IS NOT NULL",
        &[],
    ),
    breaks(
        "shown-codes-are-steps",
        "DELETE FROM order_events WHERE kind = 'code-revealed'",
        &["acts-are-audited"],
    ),
    breaks(
        "shown-codes-are-steps",
        "UPDATE order_events SET order_id = (SELECT id FROM orders WHERE state = 'preparing') WHERE kind = 'code-revealed'",
        &["acts-are-audited"],
    ),
    breaks("withdrawn-codes-left-stock", "DELETE FROM codes WHERE withdrawn_at IS NOT NULL", &[]),
    breaks(
        "withdrawn-codes-left-stock",
        "UPDATE codes SET withdrawn_at = NULL WHERE withdrawn_at IS NOT NULL",
        &["codes-are-stock"],
    ),
    breaks(
        "withdrawn-codes-left-stock",
        "UPDATE stock_moves SET product_id = (SELECT id FROM products WHERE kind = 'physical') WHERE reason = 'withdrawn'",
        &["stock-is-its-moves", "decisions-are-audited"],
    ),
];
