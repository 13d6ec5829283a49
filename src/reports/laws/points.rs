//! Balances and transfers: what people have is what came in and did not go out.

use super::Law;

pub(super) const LAWS: &[Law] = &[
    Law {
        name: "balance-is-transfers",
        meaning: "a balance is what came in minus what went out",
        query: "SELECT CONCAT('account ', LOWER(HEX(a.id))) AS what, \
              CAST(COALESCE(s.points, 0) AS SIGNED) AS expected, a.balance AS found \
            FROM accounts a LEFT JOIN ( \
              SELECT t.account_id, SUM(CASE WHEN t.to_account_id = t.account_id THEN t.amount ELSE -t.amount END) AS points \
              FROM transfers t GROUP BY t.account_id) s ON s.account_id = a.id \
            WHERE a.person_id IS NOT NULL AND (a.balance IS NULL OR a.balance <> COALESCE(s.points, 0))",
    },
    Law {
        name: "balance-is-lots",
        meaning: "a balance is what remains in its lots",
        query: "SELECT CONCAT('account ', LOWER(HEX(a.id))) AS what, \
              CAST(COALESCE(s.points, 0) AS SIGNED) AS expected, a.balance AS found \
            FROM accounts a LEFT JOIN ( \
              SELECT account_id, SUM(remaining) AS points FROM lots GROUP BY account_id) s ON s.account_id = a.id \
            WHERE a.person_id IS NOT NULL AND (a.balance IS NULL OR a.balance <> COALESCE(s.points, 0))",
    },
    Law {
        name: "points-are-conserved",
        meaning: "what the system's accounts gave and did not take back is what people have",
        query: "SELECT x.what, x.expected, x.found FROM (SELECT 'points of everyone' AS what, \
              (SELECT CAST(COALESCE(SUM(CASE f.kind WHEN 'person' THEN 0 ELSE t.amount END \
                  - CASE o.kind WHEN 'person' THEN 0 ELSE t.amount END), 0) AS SIGNED) \
                FROM transfers t JOIN accounts f ON f.id = t.from_account_id JOIN accounts o ON o.id = t.to_account_id) \
                AS expected, \
              (SELECT CAST(COALESCE(SUM(balance), 0) AS SIGNED) FROM accounts WHERE kind = 'person') AS found) x \
            WHERE x.expected <> x.found",
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
            WHERE NOT COALESCE(CASE t.kind \
              WHEN 'grant' THEN f.kind = 'issued' AND o.kind = 'person' AND t.account_id = t.to_account_id \
              WHEN 'refund' THEN f.kind = 'redeemed' AND o.kind = 'person' AND t.account_id = t.to_account_id \
              WHEN 'redeem' THEN f.kind = 'person' AND o.kind = 'redeemed' AND t.account_id = t.from_account_id \
              WHEN 'expire' THEN f.kind = 'person' AND o.kind = 'expired' AND t.account_id = t.from_account_id \
              WHEN 'deduct' THEN f.kind = 'person' AND o.kind = 'issued' AND t.account_id = t.from_account_id \
              ELSE 0 END, 0)",
    },
    Law {
        name: "transfers-name-their-cause",
        meaning: "a charge and a refund name their order, an expiry its lot, and only a deduction reverses another",
        query: "SELECT CONCAT('transfer ', id) AS what, 1 AS expected, 0 AS found FROM transfers \
            WHERE (kind IN ('redeem', 'refund')) <> (order_id IS NOT NULL) OR (kind = 'expire') <> (lot_id IS NOT NULL) \
              OR (reverses_id IS NOT NULL AND kind <> 'deduct')",
    },
    Law {
        name: "amounts-within-bounds",
        meaning: "a transfer moves at least one point and no more than a thousand million",
        query: "SELECT CONCAT('transfer ', id) AS what, 1 AS expected, amount AS found FROM transfers \
            WHERE amount <= 0 OR amount > 1000000000",
    },
    Law {
        name: "reversals-name-their-grant",
        meaning: "a reversal takes back one earlier grant to the same account, all of it from its own lot, and only once",
        query: "SELECT CONCAT('transfer ', r.id) AS what, g.amount AS expected, r.amount AS found FROM transfers r \
              LEFT JOIN transfers g ON g.id = r.reverses_id LEFT JOIN draws d ON d.transfer_id = r.id \
              LEFT JOIN lots l ON l.id = d.lot_id \
              WHERE r.reverses_id IS NOT NULL AND (g.id IS NULL OR g.kind <> 'grant' OR g.id >= r.id \
                OR g.account_id <> r.account_id OR g.amount <> r.amount OR l.id IS NULL OR l.transfer_id <> g.id) \
            UNION ALL SELECT CONCAT('transfer ', reverses_id) AS what, 1 AS expected, COUNT(*) AS found FROM transfers \
              WHERE reverses_id IS NOT NULL GROUP BY reverses_id HAVING COUNT(*) > 1",
    },
];
