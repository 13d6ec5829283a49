//! Records: every act has left its trace, and the outside was told or will be.

use super::Law;

pub(super) const LAWS: &[Law] = &[
    Law {
        name: "grants-are-booked",
        meaning: "a grant is a transfer of as many points to the same person, by the same hand, and each such transfer is \
            one grant",
        query: "SELECT CONCAT('grant ', LOWER(HEX(g.id))) AS what, g.amount AS expected, t.amount AS found FROM grants g \
              LEFT JOIN transfers t ON t.id = g.transfer_id LEFT JOIN accounts a ON a.id = t.to_account_id \
              WHERE t.id IS NULL OR t.kind <> 'grant' OR t.amount <> g.amount OR a.person_id <> g.person_id \
                OR (t.actor_id IS NULL) <> (g.actor_id IS NULL) OR t.actor_id <> g.actor_id \
            UNION ALL SELECT CONCAT('transfer ', transfer_id) AS what, 1 AS expected, COUNT(*) AS found \
              FROM grants GROUP BY transfer_id HAVING COUNT(*) > 1 \
            UNION ALL SELECT CONCAT('transfer ', t.id) AS what, 1 AS expected, 0 AS found FROM transfers t \
              LEFT JOIN grants g ON g.transfer_id = t.id WHERE t.kind = 'grant' AND g.id IS NULL",
    },
    Law {
        // Points are always taken by somebody: only tests of the ledger take them without a hand.
        name: "deductions-are-booked",
        meaning: "a deduction is a transfer of as many points from the same person, by the same hand, and each such transfer \
            by somebody that takes back no grant is one deduction",
        query: "SELECT CONCAT('deduction ', LOWER(HEX(d.id))) AS what, d.amount AS expected, \
              COALESCE(t.amount, 0) AS found FROM deductions d \
              LEFT JOIN transfers t ON t.id = d.transfer_id LEFT JOIN accounts a ON a.id = t.from_account_id \
              WHERE t.id IS NULL OR t.kind <> 'deduct' OR t.amount <> d.amount OR a.person_id <> d.person_id \
                OR t.reverses_id IS NOT NULL OR t.actor_id IS NULL OR t.actor_id <> d.actor_id \
            UNION ALL SELECT CONCAT('transfer ', transfer_id) AS what, 1 AS expected, COUNT(*) AS found \
              FROM deductions GROUP BY transfer_id HAVING COUNT(*) > 1 \
            UNION ALL SELECT CONCAT('transfer ', t.id) AS what, 1 AS expected, 0 AS found FROM transfers t \
              LEFT JOIN deductions d ON d.transfer_id = t.id \
              WHERE t.kind = 'deduct' AND t.reverses_id IS NULL AND t.actor_id IS NOT NULL AND d.id IS NULL",
    },
    Law {
        name: "rule-grants-name-their-rule",
        meaning: "what a rule gives names one of the rules and its period, and nobody of HR has given it",
        query: "SELECT CONCAT('grant ', LOWER(HEX(g.id))) AS what, 1 AS expected, 0 AS found FROM grants g \
            LEFT JOIN grant_rules r ON r.id = UNHEX(REPLACE(g.rule, '-', '')) \
            WHERE (g.rule IS NULL) <> (g.period IS NULL) \
              OR (g.rule IS NOT NULL AND (r.id IS NULL OR g.actor_id IS NOT NULL))",
    },
    Law {
        name: "rules-give-once",
        meaning: "a rule gives to a person once in each of its periods",
        query: "SELECT CONCAT('rule ', rule, ', ', period, ', person ', LOWER(HEX(person_id))) AS what, 1 AS expected, \
              COUNT(*) AS found \
            FROM grants WHERE rule IS NOT NULL AND period IS NOT NULL GROUP BY rule, period, person_id HAVING COUNT(*) > 1",
    },
    Law {
        // Acts count up and their audit rows down: what is left over on either side has no match. A grant is taken back by
        // somebody, as points are.
        name: "acts-are-audited",
        meaning: "every grant, every deduction, every grant taken back and every step of an order has its own audit row, of \
            the same person, and no other has one",
        query: "SELECT CONCAT(x.action, ' of ', LOWER(HEX(x.subject))) AS what, \
              CAST(SUM(x.acts) AS SIGNED) AS expected, CAST(SUM(x.audits) AS SIGNED) AS found FROM ( \
              SELECT 'points.grant' AS action, id AS subject, actor_id, 1 AS acts, 0 AS audits FROM grants \
              UNION ALL SELECT 'points.deduct', id, actor_id, 1, 0 FROM deductions \
              UNION ALL SELECT 'points.undo', g.id, t.actor_id, 1, 0 FROM transfers t \
                JOIN grants g ON g.transfer_id = t.reverses_id WHERE t.reverses_id IS NOT NULL AND t.actor_id IS NOT NULL \
              UNION ALL SELECT CASE kind WHEN 'placed' THEN 'order.place' WHEN 'preparing' THEN 'order.prepare' \
                  WHEN 'fulfilled' THEN 'order.fulfil' WHEN 'code-revealed' THEN 'code.reveal' \
                  WHEN 'note' THEN 'order.note' WHEN 'private-note' THEN 'order.note' ELSE 'order.cancel' END, \
                order_id, actor_id, 1, 0 FROM order_events \
                WHERE kind IN ('placed', 'preparing', 'partly-cancelled', 'cancelled', 'code-revealed', 'note', 'private-note') \
                  OR (kind = 'fulfilled' AND actor_id IS NOT NULL) \
              UNION ALL SELECT action, UNHEX(REPLACE(subject_id, '-', '')), actor_id, 0, 1 FROM audit_events \
                WHERE action IN ('points.grant', 'points.deduct', 'order.place', 'order.prepare', 'order.cancel', 'order.note', 'code.reveal') \
                  OR (action IN ('order.fulfil', 'points.undo') AND actor_id IS NOT NULL)) x \
            GROUP BY x.subject, x.action, x.actor_id HAVING SUM(x.acts) <> SUM(x.audits)",
    },
    Law {
        name: "decisions-are-audited",
        meaning: "every verdict on a run, every word to take one back, every move of stock by hand, every list of codes and \
            every code withdrawn has its own audit row, of the same person, and no other has one",
        query: "SELECT CONCAT(x.action, ' of ', LOWER(HEX(x.subject))) AS what, \
              CAST(SUM(x.acts) AS SIGNED) AS expected, CAST(SUM(x.audits) AS SIGNED) AS found FROM ( \
              SELECT CASE state WHEN 'rejected' THEN 'run.reject' ELSE 'run.approve' END AS action, id AS subject, \
                  judge_id AS actor_id, 1 AS acts, 0 AS audits FROM grant_runs WHERE judge_id IS NOT NULL \
              UNION ALL SELECT 'run.reverse', id, reverser_id, 1, 0 FROM grant_runs WHERE reverser_id IS NOT NULL \
              UNION ALL SELECT 'stock.adjust', product_id, actor_id, 1, 0 FROM stock_moves WHERE form_key IS NOT NULL \
              UNION ALL SELECT 'codes.add', product_id, actor_id, 1, 0 FROM code_batches \
              UNION ALL SELECT 'code.withdraw', product_id, actor_id, 1, 0 FROM stock_moves WHERE reason = 'withdrawn' \
              UNION ALL SELECT action, UNHEX(REPLACE(subject_id, '-', '')), actor_id, 0, 1 FROM audit_events WHERE action \
                IN ('run.approve', 'run.reject', 'run.reverse', 'stock.adjust', 'codes.add', 'code.withdraw')) x \
            GROUP BY x.subject, x.action, x.actor_id HAVING SUM(x.acts) <> SUM(x.audits)",
    },
    Law {
        // DISTINCT makes SQLite keep the numbers with an index instead of looking each up anew.
        name: "orders-are-told",
        meaning: "the outside is told of every order that is placed, and once each time something of it is cancelled",
        query: "SELECT CONCAT('order ', o.number) AS what, 1 AS expected, 0 AS found FROM orders o LEFT JOIN ( \
              SELECT DISTINCT REPLACE(CAST(JSON_EXTRACT(payload, '$.number') AS CHAR), '\"', '') AS number \
                FROM outbox_messages WHERE kind = 'order-placed') m ON m.number = o.number WHERE m.number IS NULL \
            UNION ALL SELECT CONCAT('order ', x.number) AS what, CAST(SUM(x.acts) AS SIGNED) AS expected, \
              CAST(SUM(x.messages) AS SIGNED) AS found FROM ( \
              SELECT o.number, 1 AS acts, 0 AS messages FROM transfers t JOIN orders o ON o.id = t.order_id \
                WHERE t.kind = 'refund' \
              UNION ALL SELECT REPLACE(CAST(JSON_EXTRACT(payload, '$.number') AS CHAR), '\"', ''), 0, 1 \
                FROM outbox_messages WHERE kind = 'order-cancelled') x \
            GROUP BY x.number HAVING SUM(x.acts) <> SUM(x.messages)",
    },
    Law {
        name: "messages-end-once",
        meaning: "a message is delivered or given up, never both, and nobody holds it any more then",
        query: "SELECT CONCAT('message ', LOWER(HEX(id))) AS what, 1 AS expected, attempts AS found FROM outbox_messages \
            WHERE (done_at IS NOT NULL AND dead_at IS NOT NULL) OR attempts < 0 \
              OR (claimed_until IS NOT NULL AND (done_at IS NOT NULL OR dead_at IS NOT NULL))",
    },
];
