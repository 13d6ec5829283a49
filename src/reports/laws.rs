//! The laws, each a name, a sentence and a query for the rows that break it. A row says what, what was expected and what
//! was found. The queries read the tables alone and share nothing with the code that writes them.

/// A promise of the books.
pub(super) struct Law {
    pub name: &'static str,
    pub meaning: &'static str,
    /// Columns `what`, `expected`, `found`.
    pub query: &'static str,
}

pub(super) const LAWS: &[Law] = &[
    Law {
        name: "balance-is-transfers",
        meaning: "a balance is what came in minus what went out",
        query: "SELECT x.what, x.expected, x.found FROM ( \
            SELECT CONCAT('account ', LOWER(HEX(a.id))) AS what, a.balance AS found, \
              CAST(COALESCE((SELECT SUM(CASE WHEN t.to_account_id = a.id THEN t.amount ELSE -t.amount END) \
                FROM transfers t WHERE t.from_account_id = a.id OR t.to_account_id = a.id), 0) AS SIGNED) AS expected \
            FROM accounts a WHERE a.person_id IS NOT NULL) x WHERE x.found IS NULL OR x.found <> x.expected",
    },
    Law {
        name: "balance-is-lots",
        meaning: "a balance is what remains in its lots",
        query: "SELECT x.what, x.expected, x.found FROM ( \
            SELECT CONCAT('account ', LOWER(HEX(a.id))) AS what, a.balance AS found, \
              CAST(COALESCE((SELECT SUM(l.remaining) FROM lots l WHERE l.account_id = a.id), 0) AS SIGNED) AS expected \
            FROM accounts a WHERE a.person_id IS NOT NULL) x WHERE x.found IS NULL OR x.found <> x.expected",
    },
    Law {
        name: "no-balance-below-zero",
        meaning: "no balance is negative, and none ever was",
        query: "SELECT CONCAT('account ', LOWER(HEX(id))) AS what, 0 AS expected, balance AS found \
              FROM accounts WHERE balance < 0 \
            UNION ALL SELECT CONCAT('transfer ', id) AS what, 0 AS expected, balance_after AS found \
              FROM transfers WHERE balance_after < 0",
    },
    Law {
        name: "balance-after-follows",
        meaning: "each transfer's balance is the one before it plus or minus its amount",
        query: "SELECT CONCAT('transfer ', x.id) AS what, x.expected, x.found FROM ( \
            SELECT t.id, t.balance_after AS found, \
              COALESCE(LAG(t.balance_after) OVER (PARTITION BY t.account_id ORDER BY t.id), 0) \
                + CASE WHEN t.to_account_id = t.account_id THEN t.amount ELSE -t.amount END AS expected \
            FROM transfers t) x WHERE x.found <> x.expected",
    },
    Law {
        name: "transfers-have-two-ends",
        meaning: "a transfer moves points between a person and the right account of the system",
        query: "SELECT CONCAT('transfer ', t.id) AS what, 1 AS expected, 0 AS found FROM transfers t \
            LEFT JOIN accounts f ON f.id = t.from_account_id LEFT JOIN accounts o ON o.id = t.to_account_id \
            WHERE t.amount <= 0 OR NOT COALESCE(CASE t.kind \
              WHEN 'grant' THEN f.kind = 'issued' AND o.kind = 'person' AND t.account_id = t.to_account_id \
              WHEN 'refund' THEN f.kind = 'redeemed' AND o.kind = 'person' AND t.account_id = t.to_account_id \
              WHEN 'redeem' THEN f.kind = 'person' AND o.kind = 'redeemed' AND t.account_id = t.from_account_id \
              WHEN 'expire' THEN f.kind = 'person' AND o.kind = 'expired' AND t.account_id = t.from_account_id \
              WHEN 'deduct' THEN f.kind = 'person' AND o.kind = 'issued' AND t.account_id = t.from_account_id \
              ELSE 0 END, 0)",
    },
    Law {
        name: "lots-within-bounds",
        meaning: "a lot holds no less than nothing and no more than it began with",
        query: "SELECT CONCAT('lot ', LOWER(HEX(id))) AS what, granted AS expected, remaining AS found \
            FROM lots WHERE remaining < 0 OR remaining > granted OR granted <= 0",
    },
    Law {
        name: "lots-are-what-was-drawn",
        meaning: "what remains in a lot is what it began with minus its draws plus what of them came back",
        query: "SELECT x.what, x.expected, x.found FROM ( \
            SELECT CONCAT('lot ', LOWER(HEX(l.id))) AS what, l.remaining AS found, \
              CAST(l.granted - COALESCE((SELECT SUM(d.amount) FROM draws d WHERE d.lot_id = l.id), 0) \
                + COALESCE((SELECT SUM(r.amount) FROM refund_parts r JOIN draws d ON d.id = r.draw_id \
                    WHERE d.lot_id = l.id AND r.grace_lot_id IS NULL), 0) AS SIGNED) AS expected \
            FROM lots l) x WHERE x.found <> x.expected",
    },
    Law {
        name: "credits-make-lots",
        meaning: "points that come in make lots of exactly as many, in the same account",
        query: "SELECT x.what, x.expected, x.found FROM ( \
            SELECT CONCAT('transfer ', t.id) AS what, t.amount AS expected, \
              CAST(COALESCE((SELECT SUM(l.granted) FROM lots l \
                WHERE l.transfer_id = t.id AND l.account_id = t.account_id), 0) AS SIGNED) AS found \
            FROM transfers t WHERE t.kind = 'grant') x WHERE x.found <> x.expected \
            UNION ALL SELECT CONCAT('lot ', LOWER(HEX(l.id))) AS what, 1 AS expected, 0 AS found FROM lots l \
              LEFT JOIN transfers t ON t.id = l.transfer_id \
              WHERE t.id IS NULL OR t.account_id <> l.account_id OR t.kind NOT IN ('grant', 'refund')",
    },
    Law {
        name: "debits-are-drawn",
        meaning: "points that go out are drawn from lots of the same account, exactly as many",
        query: "SELECT x.what, x.expected, x.found FROM ( \
            SELECT CONCAT('transfer ', t.id) AS what, t.amount AS expected, \
              CAST(COALESCE((SELECT SUM(d.amount) FROM draws d JOIN lots l ON l.id = d.lot_id \
                WHERE d.transfer_id = t.id AND l.account_id = t.account_id), 0) AS SIGNED) AS found \
            FROM transfers t WHERE t.kind IN ('redeem', 'expire', 'deduct')) x WHERE x.found <> x.expected",
    },
    Law {
        name: "expiry-names-its-lot",
        meaning: "an expiry names the lot it ended, which had an end and is empty",
        query: "SELECT CONCAT('transfer ', t.id) AS what, 0 AS expected, l.remaining AS found FROM transfers t \
            LEFT JOIN lots l ON l.id = t.lot_id \
            WHERE t.kind = 'expire' AND (l.id IS NULL OR l.remaining <> 0 OR l.expires_at IS NULL OR l.expires_at > t.at)",
    },
    Law {
        name: "one-charge-per-order",
        meaning: "an order is charged once, exactly its total, to its owner",
        query: "SELECT x.what, x.expected, x.found FROM ( \
            SELECT CONCAT('order ', o.number) AS what, o.total AS expected, \
              CAST(COALESCE((SELECT SUM(t.amount) FROM transfers t JOIN accounts a ON a.id = t.from_account_id \
                WHERE t.order_id = o.id AND t.kind = 'redeem' AND a.person_id = o.person_id), 0) AS SIGNED) AS found, \
              (SELECT COUNT(*) FROM transfers t WHERE t.order_id = o.id AND t.kind = 'redeem') AS charges \
            FROM orders o) x WHERE x.found <> x.expected OR x.charges <> 1 \
            UNION ALL SELECT CONCAT('transfer ', t.id) AS what, 1 AS expected, 0 AS found FROM transfers t \
              LEFT JOIN orders o ON o.id = t.order_id WHERE t.kind IN ('redeem', 'refund') AND o.id IS NULL",
    },
    Law {
        name: "order-total-is-its-lines",
        meaning: "an order's total is the sum of its lines, and no more than was agreed to",
        query: "SELECT x.what, x.expected, x.found FROM ( \
            SELECT CONCAT('order ', o.number) AS what, o.total AS found, o.expected_total AS agreed, \
              CAST(COALESCE((SELECT SUM(l.unit_price * l.quantity) FROM order_lines l WHERE l.order_id = o.id), 0) AS SIGNED) \
                AS expected FROM orders o) x WHERE x.found <> x.expected OR x.found > x.agreed OR x.found <= 0",
    },
    Law {
        name: "stock-is-its-moves",
        meaning: "stock is the sum of its moves and never negative",
        query: "SELECT x.what, x.expected, x.found FROM ( \
            SELECT CONCAT('product ', p.slug) AS what, p.stock AS found, \
              CAST(COALESCE((SELECT SUM(m.quantity) FROM stock_moves m WHERE m.product_id = p.id), 0) AS SIGNED) AS expected \
            FROM products p) x WHERE x.found <> x.expected OR x.found < 0",
    },
    Law {
        name: "sold-is-taken",
        meaning: "the pieces of each order line were taken from stock, exactly as many",
        query: "SELECT x.what, x.expected, x.found FROM ( \
            SELECT CONCAT('order ', o.number, ', ', l.name) AS what, l.quantity AS expected, \
              CAST(-COALESCE((SELECT SUM(m.quantity) FROM stock_moves m WHERE m.order_id = l.order_id \
                AND m.product_id = l.product_id AND m.reason = 'sold'), 0) AS SIGNED) AS found \
            FROM order_lines l JOIN orders o ON o.id = l.order_id) x WHERE x.found <> x.expected \
            UNION ALL SELECT CONCAT('stock move ', m.id) AS what, 1 AS expected, 0 AS found FROM stock_moves m \
              LEFT JOIN order_lines l ON l.order_id = m.order_id AND l.product_id = m.product_id \
              WHERE (m.reason = 'sold' OR m.order_id IS NOT NULL) AND l.id IS NULL",
    },
    Law {
        name: "cancelled-is-returned",
        meaning: "the cancelled pieces of each order line came back to stock, exactly as many",
        query: "SELECT x.what, x.expected, x.found FROM ( \
            SELECT CONCAT('order ', o.number, ', ', l.name) AS what, l.cancelled AS expected, \
              CAST(COALESCE((SELECT SUM(m.quantity) FROM stock_moves m WHERE m.order_id = l.order_id \
                AND m.product_id = l.product_id AND m.reason = 'returned'), 0) AS SIGNED) AS found \
            FROM order_lines l JOIN orders o ON o.id = l.order_id) x WHERE x.found <> x.expected",
    },
    Law {
        name: "cancelled-is-refunded",
        meaning: "an order gives back what its cancelled pieces cost, to its owner, and never more than was charged",
        query: "SELECT x.what, x.expected, x.found FROM ( \
            SELECT CONCAT('order ', o.number) AS what, o.refunded AS noted, o.total AS total, \
              CAST(COALESCE((SELECT SUM(l.unit_price * l.cancelled) FROM order_lines l WHERE l.order_id = o.id), 0) AS SIGNED) \
                AS expected, \
              CAST(COALESCE((SELECT SUM(t.amount) FROM transfers t JOIN accounts a ON a.id = t.to_account_id \
                WHERE t.order_id = o.id AND t.kind = 'refund' AND a.person_id = o.person_id), 0) AS SIGNED) AS found \
            FROM orders o) x WHERE x.found <> x.expected OR x.noted <> x.expected OR x.found > x.total",
    },
    Law {
        name: "refunds-undo-draws",
        meaning: "a refund gives back draws of its order's charge, exactly as many points, and no draw more than once",
        query: "SELECT x.what, x.expected, x.found FROM ( \
            SELECT CONCAT('refund ', t.id) AS what, t.amount AS expected, \
              CAST(COALESCE((SELECT SUM(r.amount) FROM refund_parts r JOIN draws d ON d.id = r.draw_id \
                JOIN transfers c ON c.id = d.transfer_id \
                WHERE r.transfer_id = t.id AND c.order_id = t.order_id AND c.kind = 'redeem'), 0) AS SIGNED) AS found \
            FROM transfers t WHERE t.kind = 'refund') x WHERE x.found <> x.expected \
            UNION ALL SELECT y.what, y.expected, y.found FROM ( \
              SELECT CONCAT('draw ', d.id) AS what, d.amount AS expected, CAST(SUM(r.amount) AS SIGNED) AS found \
              FROM refund_parts r JOIN draws d ON d.id = r.draw_id GROUP BY d.id, d.amount) y WHERE y.found > y.expected",
    },
    Law {
        name: "grace-lots-are-late-refunds",
        meaning: "a lot that a refund made holds exactly the points that came too late for their own lot",
        query: "SELECT x.what, x.expected, x.found FROM ( \
            SELECT CONCAT('lot ', LOWER(HEX(l.id))) AS what, l.granted AS found, \
              CAST(COALESCE((SELECT SUM(r.amount) FROM refund_parts r \
                WHERE r.grace_lot_id = l.id AND r.transfer_id = l.transfer_id), 0) AS SIGNED) AS expected \
            FROM lots l JOIN transfers t ON t.id = l.transfer_id WHERE t.kind = 'refund') x WHERE x.found <> x.expected \
            UNION ALL SELECT CONCAT('refund part ', r.id) AS what, 1 AS expected, 0 AS found FROM refund_parts r \
              LEFT JOIN lots l ON l.id = r.grace_lot_id AND l.transfer_id = r.transfer_id \
              WHERE r.grace_lot_id IS NOT NULL AND l.id IS NULL",
    },
    Law {
        name: "order-state-fits",
        meaning: "an order is cancelled when, and only when, nothing is left of it",
        query: "SELECT x.what, x.expected, x.found FROM ( \
            SELECT CONCAT('order ', o.number) AS what, \
              CAST(COALESCE((SELECT SUM(l.quantity - l.cancelled) FROM order_lines l WHERE l.order_id = o.id), 0) AS SIGNED) \
                AS found, CASE WHEN o.state = 'cancelled' THEN 0 ELSE 1 END AS expected FROM orders o) x \
            WHERE (x.expected = 0 AND x.found <> 0) OR (x.expected = 1 AND x.found <= 0)",
    },
    Law {
        name: "redeemed-is-sold",
        meaning: "a product's count of redeemed pieces is what was sold of it and not cancelled",
        query: "SELECT x.what, x.expected, x.found FROM ( \
            SELECT CONCAT('product ', p.slug) AS what, p.redeemed AS found, \
              CAST(COALESCE((SELECT SUM(l.quantity - l.cancelled) FROM order_lines l WHERE l.product_id = p.id), 0) AS SIGNED) \
                AS expected \
            FROM products p) x WHERE x.found <> x.expected",
    },
    Law {
        name: "codes-are-stock",
        meaning: "a digital product has exactly as many free codes as stock",
        query: "SELECT x.what, x.expected, x.found FROM ( \
            SELECT CONCAT('product ', p.slug) AS what, p.stock AS expected, \
              (SELECT COUNT(*) FROM codes c WHERE c.product_id = p.id AND c.order_line_id IS NULL) AS found \
            FROM products p WHERE p.kind = 'digital') x WHERE x.found <> x.expected",
    },
    Law {
        name: "sold-codes-are-assigned",
        meaning: "a digital order line holds exactly as many codes of its own product as were bought and not cancelled",
        query: "SELECT x.what, x.expected, x.found FROM ( \
            SELECT CONCAT('order ', o.number, ', ', l.name) AS what, \
              CASE WHEN l.kind = 'digital' THEN l.quantity - l.cancelled ELSE 0 END AS expected, \
              (SELECT COUNT(*) FROM codes c WHERE c.order_line_id = l.id AND c.product_id = l.product_id) AS found \
            FROM order_lines l JOIN orders o ON o.id = l.order_id) x WHERE x.found <> x.expected",
    },
    Law {
        name: "grants-are-booked",
        meaning: "a grant is a transfer of as many points to the same person, with its audit row, and never to oneself",
        query: "SELECT CONCAT('grant ', LOWER(HEX(g.id))) AS what, g.amount AS expected, t.amount AS found FROM grants g \
            LEFT JOIN transfers t ON t.id = g.transfer_id LEFT JOIN accounts a ON a.id = t.to_account_id \
            WHERE t.id IS NULL OR t.kind <> 'grant' OR t.amount <> g.amount OR a.person_id <> g.person_id \
              OR g.actor_id = g.person_id \
            UNION ALL SELECT CONCAT('transfer ', t.id) AS what, 1 AS expected, 0 AS found FROM transfers t \
              LEFT JOIN grants g ON g.transfer_id = t.id WHERE t.kind = 'grant' AND g.id IS NULL",
    },
    Law {
        name: "acts-are-audited",
        meaning: "every grant and every order has its audit row",
        query: "SELECT x.what, 0 AS expected, x.found FROM ( \
            SELECT 'grants without audit row' AS what, (SELECT COUNT(*) FROM grants) \
              - (SELECT COUNT(*) FROM audit_events WHERE action = 'points.grant') AS found \
            UNION ALL SELECT 'orders without audit row' AS what, (SELECT COUNT(*) FROM orders) \
              - (SELECT COUNT(*) FROM audit_events WHERE action = 'order.place') AS found) x WHERE x.found <> 0",
    },
];
