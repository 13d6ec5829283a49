//! Runs of grants: each row gives once, and the run counts what its rows did.

use super::Law;

pub(super) const LAWS: &[Law] = &[
    Law {
        name: "rows-give-once",
        meaning: "a row of a run that was granted is one grant of as many points to the same person, and no other row is any",
        query: "SELECT CONCAT('run ', LOWER(HEX(r.run_id)), ', row ', r.position) AS what, \
              COALESCE(r.amount, 0) AS expected, COALESCE(g.amount, 0) AS found FROM grant_run_rows r \
              LEFT JOIN grants g ON g.run_id = r.run_id AND g.run_position = r.position \
              WHERE (r.state IN ('granted', 'taken-back', 'kept')) <> (g.id IS NOT NULL) \
                OR g.amount <> r.amount OR g.person_id <> r.person_id \
            UNION ALL SELECT CONCAT('grant ', LOWER(HEX(g.id))) AS what, 1 AS expected, 0 AS found FROM grants g \
              LEFT JOIN grant_run_rows r ON r.run_id = g.run_id AND r.position = g.run_position \
              WHERE g.run_id IS NOT NULL AND r.run_id IS NULL \
            UNION ALL SELECT CONCAT('run ', LOWER(HEX(run_id)), ', row ', run_position) AS what, 1 AS expected, \
              COUNT(*) AS found FROM grants WHERE run_id IS NOT NULL GROUP BY run_id, run_position HAVING COUNT(*) > 1",
    },
    Law {
        name: "rows-are-taken-back",
        meaning: "a row that was taken back has a transfer that reverses its grant",
        query: "SELECT CONCAT('run ', LOWER(HEX(r.run_id)), ', row ', r.position) AS what, r.amount AS expected, \
              0 AS found FROM grant_run_rows r \
              JOIN grants g ON g.run_id = r.run_id AND g.run_position = r.position \
              LEFT JOIN transfers t ON t.reverses_id = g.transfer_id WHERE r.state = 'taken-back' AND t.id IS NULL",
    },
    Law {
        name: "runs-count-their-rows",
        meaning: "a run counts what its rows did, its total is that of its good rows, and it is done when nothing is left to do",
        query: "SELECT CONCAT('run ', LOWER(HEX(n.id))) AS what, n.good_count AS expected, \
              CAST(COALESCE(s.good + s.granted + s.failed, 0) AS SIGNED) AS found \
            FROM grant_runs n LEFT JOIN (SELECT run_id, COUNT(*) AS all_rows, \
                SUM(CASE WHEN state = 'bad' THEN 0 ELSE amount END) AS total, \
                SUM(CASE WHEN state = 'good' THEN 1 ELSE 0 END) AS good, \
                SUM(CASE WHEN state IN ('granted', 'taken-back', 'kept') THEN 1 ELSE 0 END) AS granted, \
                SUM(CASE WHEN state IN ('granted', 'taken-back', 'kept') THEN amount ELSE 0 END) AS points, \
                SUM(CASE WHEN state = 'failed' THEN 1 ELSE 0 END) AS failed, \
                SUM(CASE WHEN state = 'taken-back' THEN 1 ELSE 0 END) AS taken_back, \
                SUM(CASE WHEN state = 'taken-back' THEN amount ELSE 0 END) AS points_back, \
                SUM(CASE WHEN state = 'kept' THEN 1 ELSE 0 END) AS kept \
              FROM grant_run_rows GROUP BY run_id) s ON s.run_id = n.id \
            WHERE NOT COALESCE(s.all_rows = n.row_count AND s.good + s.granted + s.failed = n.good_count \
              AND s.total = n.total AND s.granted = n.granted_count AND s.points = n.granted_total AND s.failed = n.failed_count \
              AND s.taken_back = n.taken_back_count AND s.points_back = n.taken_back_total AND s.kept = n.kept_count \
              AND CASE n.state WHEN 'done' THEN s.good = 0 WHEN 'reversed' THEN s.taken_back + s.kept = s.granted \
                WHEN 'running' THEN s.good > 0 WHEN 'reversing' THEN s.taken_back + s.kept < s.granted \
                ELSE s.granted + s.failed = 0 END, 0)",
    },
];
