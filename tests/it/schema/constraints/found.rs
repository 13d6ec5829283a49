//! The constraints that a database has, a line each, and those foreign keys that do not hold in it.

use std::collections::BTreeSet;

use sea_orm::FromQueryResult;

use crate::support::database::TestDatabase;

#[derive(FromQueryResult)]
struct Line {
    line: String,
}

/// A foreign key of SQLite's, with what should not be there: what else happens when the other row goes.
const SQLITE_KEY: &str = "'FOREIGN KEY ' || t.name || ' (' || k.\"from\" || ') REFERENCES ' || k.\"table\" || \
                          ' (' || k.\"to\" || ')' || CASE WHEN k.on_delete IN ('NO ACTION', 'RESTRICT') THEN '' \
                          ELSE ' ON DELETE ' || k.on_delete END AS line";

const SQLITE_KEYS: [&str; 2] = [
    "SELECT line FROM (SELECT 'PRIMARY KEY ' || t.name || ' (' || (SELECT GROUP_CONCAT(c.name, ', ') FROM \
     (SELECT name FROM pragma_table_info(t.name) WHERE pk > 0 ORDER BY pk) c) || ')' AS line \
     FROM sqlite_master t WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name <> 'seaql_migrations') \
     WHERE line IS NOT NULL",
    "SELECT 'UNIQUE ' || t.name || ' (' || (SELECT GROUP_CONCAT(c.name, ', ') FROM \
     (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno) c) || ')' AS line \
     FROM sqlite_master t JOIN pragma_index_list(t.name) i \
     WHERE t.type = 'table' AND t.name <> 'seaql_migrations' AND i.\"unique\" = 1 AND i.origin <> 'pk'",
];

/// MariaDB adds a check of its own to every column of JSON, under the column's name: the three in the second statement.
const SERVER: [&str; 4] = [
    "SELECT CAST(CONCAT(IF(index_name = 'PRIMARY', 'PRIMARY KEY ', 'UNIQUE '), table_name, ' (', \
     GROUP_CONCAT(column_name ORDER BY seq_in_index SEPARATOR ', '), ')') AS CHAR) AS line \
     FROM information_schema.statistics \
     WHERE table_schema = DATABASE() AND non_unique = 0 AND table_name <> 'seaql_migrations' \
     GROUP BY table_name, index_name",
    "SELECT CAST(CONCAT('CHECK ', constraint_name) AS CHAR) AS line FROM information_schema.table_constraints \
     WHERE table_schema = DATABASE() AND constraint_type = 'CHECK' \
     AND constraint_name NOT IN ('content', 'details', 'payload')",
    "SELECT CAST(CONCAT('FOREIGN KEY ', table_name, ' (', column_name, ') REFERENCES ', referenced_table_name, \
     ' (', referenced_column_name, ')') AS CHAR) AS line FROM information_schema.key_column_usage \
     WHERE table_schema = DATABASE() AND referenced_table_name IS NOT NULL",
    // What should not be there: a key by which something else happens when the other row goes.
    "SELECT CAST(CONCAT('FOREIGN KEY ', constraint_name, ' ON DELETE ', delete_rule) AS CHAR) AS line \
     FROM information_schema.referential_constraints \
     WHERE constraint_schema = DATABASE() AND delete_rule NOT IN ('NO ACTION', 'RESTRICT')",
];

/// Keys by their tables and columns, checks by their names.
pub(super) async fn constraints(database: &TestDatabase) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    if !database.is_sqlite() {
        for sql in SERVER {
            found.extend(lines(database, sql).await);
        }
        return found;
    }
    for sql in SQLITE_KEYS {
        found.extend(lines(database, sql).await);
    }
    let keys = format!(
        "SELECT {SQLITE_KEY} FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) k WHERE t.type = 'table'"
    );
    found.extend(lines(database, &keys).await);
    let tables = "SELECT sql AS line FROM sqlite_master WHERE type = 'table' AND name <> 'seaql_migrations'";
    found.extend(lines(database, tables).await.iter().flat_map(|table| checks(table)));
    found
}

/// The foreign keys of SQLite that some row does not fit.
pub(super) async fn broken_keys(database: &TestDatabase) -> BTreeSet<String> {
    let sql = format!(
        "SELECT DISTINCT {SQLITE_KEY} FROM pragma_foreign_key_check b JOIN sqlite_master t ON t.name = b.\"table\" \
         JOIN pragma_foreign_key_list(t.name) k ON k.id = b.fkid WHERE t.type = 'table'"
    );
    lines(database, &sql).await.into_iter().collect()
}

/// Before version 9 MySQL reads a foreign key that is written into its column, and makes none. MariaDB makes it.
pub(super) async fn forgets_inline_keys(database: &TestDatabase) -> bool {
    if database.is_sqlite() {
        return false;
    }
    let version = lines(database, "SELECT CAST(VERSION() AS CHAR) AS line").await.concat();
    let major = version.split('.').next().and_then(|major| major.parse::<u32>().ok());
    !version.contains("MariaDB") && major.is_some_and(|major| major < 9)
}

/// The names of the checks in what made a table: nowhere else does SQLite keep them.
fn checks(table: &str) -> Vec<String> {
    let words: Vec<&str> = table.split_whitespace().collect();
    let is_check = |word: &str| word == "CHECK" || word.starts_with("CHECK(");
    let named = words.windows(3).filter(|three| is_check(three[2]));
    named
        .map(|three| match three {
            ["CONSTRAINT", name, _] => format!("CHECK {name}"),
            _ => format!("CHECK without a name after {}", three.join(" ")),
        })
        .collect()
}

async fn lines(database: &TestDatabase, sql: &str) -> Vec<String> {
    database.rows::<Line>(sql).await.into_iter().map(|row| row.line).collect()
}

#[test]
fn checks_are_found_with_their_names_and_without() {
    let table = "CREATE TABLE a (\n  b BIGINT CHECK(b > 0),\n  CONSTRAINT a_b CHECK (b < 9), c TEXT, CHECK (c <> ''))";
    assert_eq!(
        checks(table),
        [
            "CHECK without a name after b BIGINT CHECK(b",
            "CHECK a_b",
            "CHECK without a name after c TEXT, CHECK"
        ]
    );
}
