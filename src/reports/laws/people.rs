//! People: one account each, and nobody is their own benefactor.

use super::Law;

pub(super) const LAWS: &[Law] = &[
    Law {
        name: "accounts-are-whole",
        meaning: "whoever has come in has one account, with a balance; the system has three, without",
        query: "SELECT CONCAT('account ', LOWER(HEX(id))) AS what, 1 AS expected, 0 AS found FROM accounts \
              WHERE kind NOT IN ('person', 'issued', 'redeemed', 'expired') \
                OR (kind = 'person') <> (person_id IS NOT NULL) OR (kind = 'person') <> (balance IS NOT NULL) \
            UNION ALL SELECT CONCAT('person ', LOWER(HEX(person_id))) AS what, 1 AS expected, COUNT(*) AS found \
              FROM accounts WHERE person_id IS NOT NULL GROUP BY person_id HAVING COUNT(*) > 1 \
            UNION ALL SELECT DISTINCT CONCAT('person ', LOWER(HEX(s.person_id))) AS what, 1 AS expected, 0 AS found \
              FROM sessions s LEFT JOIN accounts a ON a.person_id = s.person_id WHERE a.id IS NULL \
            UNION ALL SELECT x.what, 3 AS expected, x.found FROM (SELECT 'accounts of the system' AS what, \
                COUNT(*) AS found, COUNT(DISTINCT kind) AS kinds FROM accounts \
                WHERE kind IN ('issued', 'redeemed', 'expired')) x WHERE x.found <> 3 OR x.kinds <> 3",
    },
    Law {
        name: "nobody-grants-to-themselves",
        meaning: "whoever gives points gives them to somebody else",
        query: "SELECT CONCAT('grant ', LOWER(HEX(id))) AS what, 0 AS expected, amount AS found \
              FROM grants WHERE actor_id = person_id \
            UNION ALL SELECT CONCAT('transfer ', t.id) AS what, 0 AS expected, t.amount AS found FROM transfers t \
              JOIN accounts a ON a.id = t.account_id WHERE t.kind = 'grant' AND t.actor_id = a.person_id",
    },
];
