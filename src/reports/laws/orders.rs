//! Orders: one for each key, charged once, told step by step.

use super::Law;

pub(super) const LAWS: &[Law] = &[
    Law {
        name: "one-order-per-key",
        meaning: "a person's checkout key makes one order, and no two orders have one number",
        query: "SELECT CONCAT('key ', LOWER(HEX(checkout_key))) AS what, 1 AS expected, COUNT(*) AS found \
              FROM orders GROUP BY person_id, checkout_key HAVING COUNT(*) > 1 \
            UNION ALL SELECT CONCAT('order ', number) AS what, 1 AS expected, COUNT(*) AS found \
              FROM orders GROUP BY number HAVING COUNT(*) > 1",
    },
    Law {
        name: "one-charge-per-order",
        meaning: "an order is charged once, exactly its total, to its owner",
        query: "SELECT CONCAT('order ', o.number) AS what, o.total AS expected, t.amount AS found FROM orders o \
              LEFT JOIN transfers t ON t.order_id = o.id AND t.kind = 'redeem' \
              LEFT JOIN accounts a ON a.id = t.account_id AND a.person_id = o.person_id \
              WHERE a.id IS NULL OR t.amount <> o.total \
            UNION ALL SELECT CONCAT('order ', LOWER(HEX(order_id))) AS what, 1 AS expected, COUNT(*) AS found \
              FROM transfers WHERE kind = 'redeem' AND order_id IS NOT NULL GROUP BY order_id HAVING COUNT(*) > 1 \
            UNION ALL SELECT CONCAT('transfer ', t.id) AS what, 1 AS expected, 0 AS found FROM transfers t \
              LEFT JOIN orders o ON o.id = t.order_id WHERE t.order_id IS NOT NULL AND o.id IS NULL",
    },
    Law {
        name: "order-total-is-its-lines",
        meaning: "an order's total is the sum of its lines, and no more than was agreed to",
        query: "SELECT CONCAT('order ', o.number) AS what, CAST(COALESCE(s.points, 0) AS SIGNED) AS expected, \
              o.total AS found \
            FROM orders o LEFT JOIN ( \
              SELECT order_id, SUM(unit_price * quantity) AS points FROM order_lines GROUP BY order_id) s \
              ON s.order_id = o.id \
            WHERE o.total <> COALESCE(s.points, 0) OR o.total > o.expected_total OR o.total <= 0",
    },
    Law {
        name: "lines-within-bounds",
        meaning: "a line sells at least one piece for at least a point, and no more of it is cancelled than was bought",
        query: "SELECT CONCAT('order line ', LOWER(HEX(id))) AS what, quantity AS expected, cancelled AS found \
            FROM order_lines WHERE cancelled < 0 OR cancelled > quantity OR quantity <= 0 OR unit_price <= 0",
    },
    Law {
        name: "order-state-fits",
        meaning: "an order is cancelled when, and only when, nothing is left of it",
        query: "SELECT CONCAT('order ', o.number) AS what, CASE WHEN o.state = 'cancelled' THEN 0 ELSE 1 END AS expected, \
              CAST(COALESCE(s.pieces, 0) AS SIGNED) AS found \
            FROM orders o LEFT JOIN ( \
              SELECT order_id, SUM(quantity - cancelled) AS pieces FROM order_lines GROUP BY order_id) s \
              ON s.order_id = o.id \
            WHERE (o.state = 'cancelled') <> (COALESCE(s.pieces, 0) = 0)",
    },
    Law {
        name: "orders-have-their-steps",
        meaning: "the steps of an order lead to the state it is in, and none of them is taken twice",
        query: "SELECT CONCAT('order ', o.number, ', ', o.state) AS what, 1 AS expected, 0 AS found \
            FROM orders o LEFT JOIN (SELECT order_id, \
                SUM(CASE kind WHEN 'placed' THEN 1 ELSE 0 END) AS placed, \
                SUM(CASE kind WHEN 'preparing' THEN 1 ELSE 0 END) AS preparing, \
                SUM(CASE kind WHEN 'fulfilled' THEN 1 ELSE 0 END) AS fulfilled, \
                SUM(CASE kind WHEN 'cancelled' THEN 1 ELSE 0 END) AS cancelled \
              FROM order_events GROUP BY order_id) s ON s.order_id = o.id \
            WHERE NOT COALESCE(s.placed = 1 AND s.preparing <= 1 AND s.fulfilled <= 1 AND CASE o.state \
              WHEN 'placed' THEN s.preparing = 0 AND s.fulfilled = 0 AND s.cancelled = 0 \
              WHEN 'preparing' THEN s.preparing = 1 AND s.fulfilled = 0 AND s.cancelled = 0 \
              WHEN 'fulfilled' THEN s.fulfilled = 1 AND s.cancelled = 0 \
              WHEN 'cancelled' THEN s.cancelled = 1 ELSE 0 END, 0)",
    },
];
