//! Refunds: what goes back is what was cancelled, by the draws that paid it.

use super::Law;

pub(super) const LAWS: &[Law] = &[
    Law {
        name: "cancelled-is-refunded",
        meaning: "an order gives back what its cancelled pieces cost, to its owner, and never more than was charged",
        query: "SELECT CONCAT('order ', o.number) AS what, CAST(COALESCE(l.points, 0) AS SIGNED) AS expected, \
              CAST(COALESCE(b.points, 0) AS SIGNED) AS found \
            FROM orders o \
            LEFT JOIN (SELECT order_id, SUM(unit_price * cancelled) AS points FROM order_lines GROUP BY order_id) l \
              ON l.order_id = o.id \
            LEFT JOIN (SELECT t.order_id, a.person_id, SUM(t.amount) AS points \
                FROM transfers t JOIN accounts a ON a.id = t.account_id \
                WHERE t.kind = 'refund' GROUP BY t.order_id, a.person_id) b \
              ON b.order_id = o.id AND b.person_id = o.person_id \
            WHERE COALESCE(b.points, 0) <> COALESCE(l.points, 0) OR o.refunded <> COALESCE(l.points, 0) \
              OR o.refunded > o.total \
            UNION ALL SELECT CONCAT('transfer ', t.id) AS what, 1 AS expected, 0 AS found FROM transfers t \
              JOIN orders o ON o.id = t.order_id LEFT JOIN accounts a ON a.id = t.account_id \
              WHERE t.kind = 'refund' AND (a.person_id IS NULL OR a.person_id <> o.person_id)",
    },
    Law {
        name: "cancellations-refund-once",
        meaning: "each time an order is cancelled, as a whole or in part, points go back once, by the same hand",
        query: "SELECT CONCAT('order ', LOWER(HEX(x.order_id))) AS what, \
              CAST(SUM(x.steps) AS SIGNED) AS expected, CAST(SUM(x.refunds) AS SIGNED) AS found FROM ( \
              SELECT order_id, actor_id, 1 AS steps, 0 AS refunds FROM order_events \
                WHERE kind IN ('partly-cancelled', 'cancelled') \
              UNION ALL SELECT order_id, actor_id, 0, 1 FROM transfers WHERE kind = 'refund') x \
            GROUP BY x.order_id, x.actor_id HAVING SUM(x.steps) <> SUM(x.refunds)",
    },
    Law {
        name: "refunds-undo-draws",
        meaning: "a refund gives back draws of its order's charge, exactly as many points, and no draw more than once",
        query: "SELECT CONCAT('transfer ', t.id) AS what, t.amount AS expected, \
              CAST(COALESCE(s.points, 0) AS SIGNED) AS found \
            FROM transfers t LEFT JOIN ( \
              SELECT r.transfer_id, c.order_id, SUM(r.amount) AS points FROM refund_parts r \
                JOIN draws d ON d.id = r.draw_id JOIN transfers c ON c.id = d.transfer_id AND c.kind = 'redeem' \
                GROUP BY r.transfer_id, c.order_id) s ON s.transfer_id = t.id AND s.order_id = t.order_id \
            WHERE t.kind = 'refund' AND t.amount <> COALESCE(s.points, 0) \
            UNION ALL SELECT CONCAT('draw ', d.id) AS what, d.amount AS expected, CAST(SUM(r.amount) AS SIGNED) AS found \
              FROM refund_parts r JOIN draws d ON d.id = r.draw_id GROUP BY d.id, d.amount HAVING SUM(r.amount) > d.amount \
            UNION ALL SELECT CONCAT('refund part ', r.id) AS what, 1 AS expected, 0 AS found FROM refund_parts r \
              LEFT JOIN transfers t ON t.id = r.transfer_id LEFT JOIN draws d ON d.id = r.draw_id \
              WHERE t.id IS NULL OR t.kind <> 'refund' OR d.id IS NULL OR d.transfer_id >= t.id OR r.amount <= 0",
    },
    Law {
        name: "grace-lots-are-late-refunds",
        meaning: "a lot that a refund made holds exactly the points that came too late for their own lot",
        query: "SELECT CONCAT('lot ', LOWER(HEX(l.id))) AS what, CAST(COALESCE(s.points, 0) AS SIGNED) AS expected, \
              l.granted AS found \
            FROM lots l JOIN transfers t ON t.id = l.transfer_id LEFT JOIN ( \
              SELECT grace_lot_id, transfer_id, SUM(amount) AS points FROM refund_parts \
                WHERE grace_lot_id IS NOT NULL GROUP BY grace_lot_id, transfer_id) s \
              ON s.grace_lot_id = l.id AND s.transfer_id = l.transfer_id \
            WHERE t.kind = 'refund' AND l.granted <> COALESCE(s.points, 0) \
            UNION ALL SELECT CONCAT('refund part ', r.id) AS what, 1 AS expected, 0 AS found FROM refund_parts r \
              LEFT JOIN lots l ON l.id = r.grace_lot_id AND l.transfer_id = r.transfer_id \
              WHERE r.grace_lot_id IS NOT NULL AND l.id IS NULL",
    },
    Law {
        name: "lapsed-lots-are-not-woken",
        meaning: "points come back into their own lot unless it has ended, and only then into a fresh one",
        query: "SELECT CONCAT('refund part ', r.id) AS what, 1 AS expected, 0 AS found FROM refund_parts r \
            JOIN transfers t ON t.id = r.transfer_id JOIN draws d ON d.id = r.draw_id JOIN lots l ON l.id = d.lot_id \
            LEFT JOIN transfers e ON e.lot_id = l.id AND e.id < t.id \
            WHERE (r.grace_lot_id IS NULL) = (COALESCE(l.expires_at <= t.at, 0) OR e.id IS NOT NULL)",
    },
];
