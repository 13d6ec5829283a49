//! Stock and codes: what is on the shelf, what was sold from it, and which code is whose.

use super::Law;

pub(super) const LAWS: &[Law] = &[
    Law {
        name: "stock-is-its-moves",
        meaning: "stock is the sum of its moves and never negative",
        query: "SELECT CONCAT('product ', p.slug) AS what, CAST(COALESCE(s.pieces, 0) AS SIGNED) AS expected, \
              p.stock AS found \
            FROM products p LEFT JOIN ( \
              SELECT product_id, SUM(quantity) AS pieces FROM stock_moves GROUP BY product_id) s ON s.product_id = p.id \
            WHERE p.stock <> COALESCE(s.pieces, 0) OR p.stock < 0",
    },
    Law {
        name: "moves-fit-their-reason",
        meaning: "what is sold leaves the shelf and what is returned comes back, both for an order, and nothing else is for one",
        query: "SELECT CONCAT('stock move ', id) AS what, 1 AS expected, 0 AS found FROM stock_moves \
            WHERE NOT CASE reason WHEN 'sold' THEN quantity < 0 AND order_id IS NOT NULL \
              WHEN 'returned' THEN quantity > 0 AND order_id IS NOT NULL \
              ELSE quantity <> 0 AND order_id IS NULL END",
    },
    Law {
        name: "sold-is-taken",
        meaning: "the pieces of each order line were taken from stock, exactly as many",
        query: "SELECT CONCAT('order line ', LOWER(HEX(l.id)), ', ', l.name) AS what, l.quantity AS expected, \
              CAST(COALESCE(s.pieces, 0) AS SIGNED) AS found \
            FROM order_lines l LEFT JOIN (SELECT order_id, product_id, -SUM(quantity) AS pieces FROM stock_moves \
                WHERE reason = 'sold' GROUP BY order_id, product_id) s \
              ON s.order_id = l.order_id AND s.product_id = l.product_id \
            WHERE l.quantity <> COALESCE(s.pieces, 0) \
            UNION ALL SELECT CONCAT('stock move ', m.id) AS what, 1 AS expected, 0 AS found FROM stock_moves m \
              LEFT JOIN order_lines l ON l.order_id = m.order_id AND l.product_id = m.product_id \
              WHERE m.order_id IS NOT NULL AND l.id IS NULL",
    },
    Law {
        name: "cancelled-is-returned",
        meaning: "the cancelled pieces of each order line came back to stock, exactly as many",
        query: "SELECT CONCAT('order line ', LOWER(HEX(l.id)), ', ', l.name) AS what, l.cancelled AS expected, \
              CAST(COALESCE(s.pieces, 0) AS SIGNED) AS found \
            FROM order_lines l LEFT JOIN (SELECT order_id, product_id, SUM(quantity) AS pieces FROM stock_moves \
                WHERE reason = 'returned' GROUP BY order_id, product_id) s \
              ON s.order_id = l.order_id AND s.product_id = l.product_id \
            WHERE l.cancelled <> COALESCE(s.pieces, 0)",
    },
    Law {
        name: "redeemed-is-sold",
        meaning: "a product's count of redeemed pieces is what was sold of it and not cancelled",
        query: "SELECT CONCAT('product ', p.slug) AS what, CAST(COALESCE(s.pieces, 0) AS SIGNED) AS expected, \
              p.redeemed AS found \
            FROM products p LEFT JOIN ( \
              SELECT product_id, SUM(quantity - cancelled) AS pieces FROM order_lines GROUP BY product_id) s \
              ON s.product_id = p.id \
            WHERE p.redeemed <> COALESCE(s.pieces, 0)",
    },
    Law {
        name: "codes-are-stock",
        meaning: "a digital product has exactly as many free codes as stock",
        query: "SELECT CONCAT('product ', p.slug) AS what, p.stock AS expected, COALESCE(s.free, 0) AS found \
            FROM products p LEFT JOIN (SELECT product_id, COUNT(*) AS free FROM codes \
                WHERE order_line_id IS NULL AND withdrawn_at IS NULL GROUP BY product_id) s ON s.product_id = p.id \
            WHERE p.kind = 'digital' AND p.stock <> COALESCE(s.free, 0)",
    },
    Law {
        name: "sold-codes-are-assigned",
        meaning: "a digital order line holds exactly as many codes of its own product as were bought and not cancelled",
        query: "SELECT CONCAT('order line ', LOWER(HEX(l.id)), ', ', l.name) AS what, \
              CASE WHEN l.kind = 'digital' THEN l.quantity - l.cancelled ELSE 0 END AS expected, \
              COALESCE(s.codes, 0) AS found \
            FROM order_lines l LEFT JOIN (SELECT order_line_id, product_id, COUNT(*) AS codes FROM codes \
                WHERE order_line_id IS NOT NULL GROUP BY order_line_id, product_id) s \
              ON s.order_line_id = l.id AND s.product_id = l.product_id \
            WHERE CASE WHEN l.kind = 'digital' THEN l.quantity - l.cancelled ELSE 0 END <> COALESCE(s.codes, 0)",
    },
    Law {
        name: "codes-fit-their-line",
        meaning: "a code that was given or shown belongs to an order line of its product and was never withdrawn; a free one \
            was never shown",
        query: "SELECT CONCAT('code ', LOWER(HEX(c.id))) AS what, 1 AS expected, 0 AS found FROM codes c \
            LEFT JOIN order_lines l ON l.id = c.order_line_id AND l.product_id = c.product_id AND l.kind = 'digital' \
            WHERE (c.order_line_id IS NULL) <> (c.claimed_at IS NULL) OR (c.order_line_id IS NOT NULL AND l.id IS NULL) \
              OR (c.revealed_at IS NOT NULL AND c.order_line_id IS NULL) OR c.revealed_at < c.claimed_at \
              OR (c.withdrawn_at IS NOT NULL AND c.order_line_id IS NOT NULL)",
    },
    Law {
        name: "shown-codes-are-steps",
        meaning: "each code that was shown is a step of its order, and no step tells of any other",
        query: "SELECT CONCAT('order ', LOWER(HEX(x.order_id))) AS what, \
              CAST(SUM(x.codes) AS SIGNED) AS expected, CAST(SUM(x.steps) AS SIGNED) AS found FROM ( \
              SELECT l.order_id, 1 AS codes, 0 AS steps FROM codes c JOIN order_lines l ON l.id = c.order_line_id \
                WHERE c.revealed_at IS NOT NULL \
              UNION ALL SELECT order_id, 0, 1 FROM order_events WHERE kind = 'code-revealed') x \
            GROUP BY x.order_id HAVING SUM(x.codes) <> SUM(x.steps)",
    },
    Law {
        name: "withdrawn-codes-left-stock",
        meaning: "each code that was withdrawn left the stock of its product by a move, and no such move was without one",
        query: "SELECT CONCAT('product ', LOWER(HEX(x.product_id))) AS what, \
              CAST(SUM(x.pieces) AS SIGNED) AS expected, CAST(SUM(x.codes) AS SIGNED) AS found FROM ( \
              SELECT product_id, -quantity AS pieces, 0 AS codes FROM stock_moves WHERE reason = 'withdrawn' \
              UNION ALL SELECT product_id, 0, 1 FROM codes WHERE withdrawn_at IS NOT NULL) x \
            GROUP BY x.product_id HAVING SUM(x.pieces) <> SUM(x.codes)",
    },
];
