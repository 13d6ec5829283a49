//! The words in which the databases differ, and how a file falls into statements.
//!
//! | token | MySQL, MariaDB | SQLite |
//! |---|---|---|
//! | `{id}` | `BINARY(16)` | `BLOB` |
//! | `{hash}` | `BINARY(32)` | `BLOB` |
//! | `{bytes:N}` | `VARBINARY(N)` | `BLOB` |
//! | `{exact:N}` | `VARCHAR(N)` compared byte by byte | `TEXT` |
//! | `{at}` | `DATETIME(6)`, UTC | `TEXT`, RFC 3339 |
//! | `{json}` | `JSON` | `TEXT` |
//! | `{serial}` | `BIGINT` counting up, primary key | `INTEGER` likewise |
//! | `{uuid:HEX}` | the sixteen bytes | the same |
//! | `{constraint}` | `, ADD CONSTRAINT` | `CONSTRAINT`, after `ADD COLUMN …` |

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// The statements of one file in the words of `backend`, comments taken out.
pub(crate) fn statements(sql: &str, backend: DbBackend) -> Vec<String> {
    let code: String =
        sql.lines().filter(|line| !line.trim_start().starts_with("--")).collect::<Vec<_>>().join("\n");
    code.split(';').map(str::trim).filter(|s| !s.is_empty()).map(|s| translate(s, backend)).collect()
}

/// Indexes and columns cannot be made "if not exists" everywhere; a repeated step finds them there and goes on.
pub(crate) fn already_there(error: &DbErr) -> bool {
    // As MySQL, MariaDB and SQLite say it: an index, a column, a constraint that comes with its column.
    const SAID: [&str; 4] =
        ["duplicate key name", "duplicate column name", "duplicate check constraint name", "already exists"];
    let text = error.to_string().to_lowercase();
    SAID.iter().any(|said| text.contains(said))
}

fn translate(statement: &str, backend: DbBackend) -> String {
    let mut out = String::with_capacity(statement.len());
    let mut rest = statement;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((token, tail)) = after.split_once('}') else {
            rest = after;
            break;
        };
        out.push_str(&word(token, backend));
        rest = tail;
    }
    out.push_str(rest);
    out
}

fn word(token: &str, backend: DbBackend) -> String {
    let (name, argument) = token.split_once(':').unwrap_or((token, ""));
    let lite = backend == DbBackend::Sqlite;
    match (name, lite) {
        ("id", false) => "BINARY(16)".to_owned(),
        ("hash", false) => "BINARY(32)".to_owned(),
        ("bytes", false) => format!("VARBINARY({argument})"),
        ("id" | "hash" | "bytes", true) => "BLOB".to_owned(),
        ("exact", false) => format!("VARCHAR({argument}) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"),
        ("at", false) => "DATETIME(6)".to_owned(),
        ("json", false) => "JSON".to_owned(),
        ("exact" | "at" | "json", true) => "TEXT".to_owned(),
        ("serial", false) => "BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY".to_owned(),
        ("serial", true) => "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT".to_owned(),
        ("uuid", _) => format!("x'{argument}'"),
        ("constraint", false) => ", ADD CONSTRAINT".to_owned(),
        ("constraint", true) => "CONSTRAINT".to_owned(),
        _ => format!("{{{token}}}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_become_the_words_of_each_database() {
        let sql = "-- a comment; with a semicolon\nCREATE TABLE a (id {id}, n {exact:9});\nSELECT 1;";
        assert_eq!(statements(sql, DbBackend::Sqlite), ["CREATE TABLE a (id BLOB, n TEXT)", "SELECT 1"]);
        assert_eq!(
            statements(sql, DbBackend::MySql),
            [
                "CREATE TABLE a (id BINARY(16), n VARCHAR(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin)",
                "SELECT 1"
            ]
        );
    }
}
