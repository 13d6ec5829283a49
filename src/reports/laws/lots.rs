//! Lots and draws: the parts of a balance, and what was taken from which.

use super::Law;

pub(super) const LAWS: &[Law] = &[
    Law {
        name: "lots-within-bounds",
        meaning: "a lot holds no less than nothing and no more than it began with",
        query: "SELECT CONCAT('lot ', LOWER(HEX(id))) AS what, granted AS expected, remaining AS found \
            FROM lots WHERE remaining < 0 OR remaining > granted OR granted <= 0",
    },
    Law {
        name: "lots-end-after-they-begin",
        meaning: "a lot does not lapse before it was made",
        query: "SELECT CONCAT('lot ', LOWER(HEX(id))) AS what, 1 AS expected, 0 AS found \
            FROM lots WHERE expires_at < created_at",
    },
    Law {
        name: "lots-are-what-was-drawn",
        meaning: "what remains in a lot is what it began with minus its draws plus what of them came back",
        query: "SELECT CONCAT('lot ', LOWER(HEX(l.id))) AS what, \
              CAST(l.granted - COALESCE(o.points, 0) + COALESCE(b.points, 0) AS SIGNED) AS expected, l.remaining AS found \
            FROM lots l \
            LEFT JOIN (SELECT lot_id, SUM(amount) AS points FROM draws GROUP BY lot_id) o ON o.lot_id = l.id \
            LEFT JOIN (SELECT d.lot_id, SUM(r.amount) AS points FROM refund_parts r JOIN draws d ON d.id = r.draw_id \
              WHERE r.grace_lot_id IS NULL GROUP BY d.lot_id) b ON b.lot_id = l.id \
            WHERE l.remaining <> l.granted - COALESCE(o.points, 0) + COALESCE(b.points, 0)",
    },
    Law {
        name: "credits-make-lots",
        meaning: "points that come in make lots of exactly as many, in the same account",
        query: "SELECT CONCAT('transfer ', t.id) AS what, t.amount AS expected, \
              CAST(COALESCE(s.points, 0) AS SIGNED) AS found \
            FROM transfers t LEFT JOIN ( \
              SELECT transfer_id, account_id, SUM(granted) AS points FROM lots GROUP BY transfer_id, account_id) s \
              ON s.transfer_id = t.id AND s.account_id = t.account_id \
            WHERE t.kind = 'grant' AND t.amount <> COALESCE(s.points, 0) \
            UNION ALL SELECT CONCAT('lot ', LOWER(HEX(l.id))) AS what, 1 AS expected, 0 AS found FROM lots l \
              LEFT JOIN transfers t ON t.id = l.transfer_id \
              WHERE t.id IS NULL OR t.account_id <> l.account_id OR t.kind NOT IN ('grant', 'refund')",
    },
    Law {
        name: "debits-are-drawn",
        meaning: "points that go out are drawn from lots, exactly as many",
        query: "SELECT CONCAT('transfer ', t.id) AS what, t.amount AS expected, \
              CAST(COALESCE(s.points, 0) AS SIGNED) AS found \
            FROM transfers t \
            LEFT JOIN (SELECT transfer_id, SUM(amount) AS points FROM draws GROUP BY transfer_id) s ON s.transfer_id = t.id \
            WHERE t.kind IN ('redeem', 'expire', 'deduct') AND t.amount <> COALESCE(s.points, 0)",
    },
    Law {
        name: "draws-fit-their-lot",
        meaning: "a draw takes points out of a lot of the same account, after it was made and before it ended",
        query: "SELECT CONCAT('draw ', d.id) AS what, 1 AS expected, 0 AS found FROM draws d \
            LEFT JOIN transfers t ON t.id = d.transfer_id LEFT JOIN lots l ON l.id = d.lot_id \
            LEFT JOIN transfers e ON e.lot_id = d.lot_id AND e.id < d.transfer_id \
            WHERE t.id IS NULL OR l.id IS NULL OR e.id IS NOT NULL OR d.amount <= 0 OR l.account_id <> t.account_id \
              OR t.kind NOT IN ('redeem', 'expire', 'deduct') OR l.transfer_id >= t.id \
              OR (t.kind <> 'expire' AND l.expires_at <= t.at)",
    },
    Law {
        // What remains now, without what came back, was there all the time: a lower bound that needs no replay.
        name: "soonest-lots-are-spent-first",
        meaning: "nothing is drawn from a lot while one that lapses sooner, or as soon and is older, still holds points",
        query: "SELECT CONCAT('transfer ', t.id, ' past lot ', LOWER(HEX(k.id))) AS what, 0 AS expected, k.kept AS found \
            FROM (SELECT l.id, l.account_id, l.transfer_id, l.expires_at, \
                CAST(l.remaining - COALESCE(b.points, 0) AS SIGNED) AS kept \
              FROM lots l LEFT JOIN (SELECT d.lot_id, SUM(r.amount) AS points FROM refund_parts r \
                JOIN draws d ON d.id = r.draw_id WHERE r.grace_lot_id IS NULL GROUP BY d.lot_id) b ON b.lot_id = l.id \
              WHERE l.remaining > 0) k \
            JOIN lots l ON l.account_id = k.account_id AND (l.expires_at > k.expires_at \
              OR (l.expires_at IS NULL AND k.expires_at IS NOT NULL) \
              OR ((l.expires_at = k.expires_at OR (l.expires_at IS NULL AND k.expires_at IS NULL)) AND l.id > k.id)) \
            JOIN draws d ON d.lot_id = l.id JOIN transfers t ON t.id = d.transfer_id \
            WHERE k.kept > 0 AND t.id > k.transfer_id AND t.kind IN ('redeem', 'deduct') AND t.reverses_id IS NULL \
              AND (k.expires_at IS NULL OR k.expires_at > t.at)",
    },
    Law {
        name: "expiry-names-its-lot",
        meaning: "an expiry takes all of the one lot it names, whose time had come, and each lot ends once",
        query: "SELECT CONCAT('transfer ', t.id) AS what, 0 AS expected, l.remaining AS found FROM transfers t \
              LEFT JOIN lots l ON l.id = t.lot_id \
              WHERE t.kind = 'expire' AND (l.id IS NULL OR l.remaining <> 0 OR l.expires_at IS NULL OR l.expires_at > t.at) \
            UNION ALL SELECT CONCAT('draw ', d.id) AS what, 0 AS expected, d.amount AS found FROM transfers t \
              JOIN draws d ON d.transfer_id = t.id WHERE t.kind = 'expire' AND d.lot_id <> t.lot_id \
            UNION ALL SELECT CONCAT('lot ', LOWER(HEX(lot_id))) AS what, 1 AS expected, COUNT(*) AS found FROM transfers \
              WHERE lot_id IS NOT NULL GROUP BY lot_id HAVING COUNT(*) > 1",
    },
];
