//! Where the databases differ, and the one way to run hand-written SQL.
//!
//! SQL in the features uses `?` for values and words that SQLite, MySQL and MariaDB share; nothing is ever pasted
//! into it. What they say differently when something fails is told apart here.

use std::collections::BTreeSet;

use sea_orm::sea_query::{Expr, ExprTrait, Func, LikeExpr};
use sea_orm::sqlx::error::DatabaseError;
use sea_orm::sqlx::mysql::MySqlDatabaseError;
use sea_orm::sqlx::sqlite::SqliteError;
use sea_orm::{
    Condition, ConnectionTrait, DbBackend, DbErr, FromQueryResult, RuntimeErr, SqlErr, Statement, Value, sqlx,
};

use crate::error::Result;
use crate::platform::db;
use crate::types::search;

/// What a database error means to whoever asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Deadlock, lock wait, busy: the whole transaction may be tried again.
    TryAgain,
    /// Lost, silent, read-only, full: later, perhaps.
    Down,
    /// We asked something wrong.
    Bug,
}

/// MySQL: deadlock found; lock wait time-out; a table that was changed since the transaction began, or while a statement
/// was prepared.
const MYSQL_TRY_AGAIN: [u16; 4] = [1213, 1205, 1412, 1615];
/// MySQL: read-only server or transaction; full disk or table, a file or the binary log that cannot be written; shutting
/// down, too many connections, our password changed; time limit, a statement or connection that somebody killed.
#[rustfmt::skip]
const MYSQL_DOWN: [u16; 23] = [
    1290, 1792, 1836,
    3, 1021, 1026, 1030, 1114, 1180, 1598,
    1040, 1045, 1053, 1129, 1203, 1226,
    1152, 1317, 1927, 1969, 3024, 3169, 4031,
];
/// SQLite: busy, locked (primary result codes).
const SQLITE_TRY_AGAIN: [i64; 2] = [5, 6];
/// SQLite: read-only, input/output error, full, cannot open.
const SQLITE_DOWN: [i64; 4] = [8, 10, 13, 14];

/// MySQL: a number out of range; a text that is no JSON.
const MYSQL_VALUES: [u16; 5] = [1264, 1690, 3140, 3141, 3146];
/// The same in SQLite's words, which has one code for everything of its own.
const SQLITE_VALUES: [&str; 2] = ["integer overflow", "malformed JSON"];

/// Letters beyond ASCII in what is looked for that are found in either case; further ones only as they are written.
const MOST_LETTERS: usize = 20;

/// What `error` means.
#[must_use]
pub fn fault(error: &DbErr) -> Fault {
    let cause = match error {
        DbErr::ConnectionAcquire(_) => return Fault::Down,
        DbErr::Conn(RuntimeErr::Internal(said)) if said == db::SILENT => return Fault::Down,
        DbErr::Exec(RuntimeErr::SqlxError(e))
        | DbErr::Query(RuntimeErr::SqlxError(e))
        | DbErr::Conn(RuntimeErr::SqlxError(e)) => e,
        _ => return Fault::Bug,
    };
    match &**cause {
        sqlx::Error::Database(refusal) => refused(refusal.as_ref()),
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => Fault::Down,
        _ => Fault::Bug,
    }
}

fn refused(error: &dyn DatabaseError) -> Fault {
    if let Some(mysql) = error.try_downcast_ref::<MySqlDatabaseError>() {
        let number = mysql.number();
        if MYSQL_TRY_AGAIN.contains(&number) {
            return Fault::TryAgain;
        }
        return if MYSQL_DOWN.contains(&number) { Fault::Down } else { Fault::Bug };
    }
    if error.try_downcast_ref::<SqliteError>().is_some()
        && let Some(code) = error.code().and_then(|c| c.parse::<i64>().ok())
    {
        let primary = code & 0xff;
        if SQLITE_TRY_AGAIN.contains(&primary) {
            return Fault::TryAgain;
        }
        return if SQLITE_DOWN.contains(&primary) { Fault::Down } else { Fault::Bug };
    }
    Fault::Bug
}

/// Whether what stands in the rows keeps a query from being answered: a sum beyond counting, a text that is no number.
#[must_use]
pub fn is_about_values(error: &DbErr) -> bool {
    let (DbErr::Query(RuntimeErr::SqlxError(cause)) | DbErr::Exec(RuntimeErr::SqlxError(cause))) = error
    else {
        return matches!(error, DbErr::Type(_));
    };
    match &**cause {
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => true,
        sqlx::Error::Database(refusal) => {
            let number = refusal.try_downcast_ref::<MySqlDatabaseError>().map(MySqlDatabaseError::number);
            let said = refusal.message();
            number.is_some_and(|number| MYSQL_VALUES.contains(&number))
                || SQLITE_VALUES.iter().any(|words| said.contains(words))
        }
        _ => false,
    }
}

/// Whether a unique key was hit.
#[must_use]
pub fn is_duplicate(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

/// Takes their meaning from `%` and `_` in a `LIKE`. Not the backslash, which MySQL reads as an escape in its own
/// literals too.
const ESCAPE: char = '!';

/// For `LIKE … ESCAPE '!'`: what begins with these words to the letter.
#[must_use]
pub fn beginning_with(words: &str) -> String {
    let mut pattern = String::with_capacity(words.len() + 2);
    for sign in words.chars() {
        if matches!(sign, '%' | '_' | ESCAPE) {
            pattern.push(ESCAPE);
        }
        pattern.push(sign);
    }
    pattern.push('%');
    pattern
}

/// For `LIKE … ESCAPE '!'`: what contains these words to the letter.
#[must_use]
pub fn containing(words: &str) -> String {
    format!("%{}", beginning_with(words))
}

/// What contains these words to the letter.
#[must_use]
pub fn like(words: &str) -> LikeExpr {
    LikeExpr::new(containing(words)).escape(ESCAPE)
}

/// Whether `column`, which holds a folded text, has all words of a search in it; without words it has.
#[must_use]
pub fn has_words(column: &Expr, text: &str) -> Condition {
    let words = search::words(text);
    words.iter().fold(Condition::all(), |all, word| all.add(column.clone().like(like(word))))
}

/// Whether `column` contains these words, capitals or not. For columns of which no folded text is kept: MySQL compares
/// letters without regard to case, SQLite only those of ASCII, so the others that are looked for are made small in it.
#[must_use]
pub fn contains(column: Expr, words: &str) -> Expr {
    let letters: BTreeSet<(char, char)> = words.chars().filter_map(both_cases).collect();
    let letters: Vec<(char, char)> = letters.into_iter().take(MOST_LETTERS).collect();
    let small =
        |sign: char| letters.iter().find(|(capital, _)| *capital == sign).map_or(sign, |(_, small)| *small);
    let pattern = like(&words.chars().map(small).collect::<String>());
    let column = letters.iter().fold(column, |column, (capital, small)| {
        let [capital, small] = [capital, small].map(|letter| Expr::val(letter.to_string()));
        Expr::from(Func::cust("REPLACE").args([column, capital, small]))
    });
    column.like(pattern)
}

/// A letter beyond ASCII as a capital and small, if it is one of such a pair: not `ß`, nor `ı`, whose capital is an ASCII one.
fn both_cases(letter: char) -> Option<(char, char)> {
    let small = only(letter.to_lowercase())?;
    let capital = only(small.to_uppercase())?;
    let is_pair = capital != small && (letter == capital || letter == small);
    (is_pair && !capital.is_ascii() && !small.is_ascii() && only(capital.to_lowercase()) == Some(small))
        .then_some((capital, small))
}

fn only(mut letters: impl Iterator<Item = char>) -> Option<char> {
    letters.next().filter(|_| letters.next().is_none())
}

/// The rows of a hand-written query; `?` stands for each of `values`.
///
/// # Errors
/// When the database fails.
pub async fn rows<T: FromQueryResult>(
    db: &impl ConnectionTrait,
    sql: &'static str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<T>> {
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    Ok(T::find_by_statement(statement).all(db).await?)
}

/// The same, no more than `most` of them. The query has no limit of its own.
///
/// # Errors
/// When the database fails.
pub async fn first_rows<T: FromQueryResult>(
    db: &impl ConnectionTrait,
    sql: &'static str,
    most: usize,
) -> Result<Vec<T>> {
    let statement = Statement::from_string(db.get_database_backend(), format!("{sql} LIMIT {most}"));
    Ok(T::find_by_statement(statement).all(db).await?)
}

/// The first row of a hand-written query, if any.
///
/// # Errors
/// When the database fails.
pub async fn row<T: FromQueryResult>(
    db: &impl ConnectionTrait,
    sql: &'static str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Option<T>> {
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    Ok(T::find_by_statement(statement).one(db).await?)
}

/// Runs a hand-written statement and tells how many rows it touched.
///
/// # Errors
/// When the database fails.
pub async fn execute(
    db: &impl ConnectionTrait,
    sql: &'static str,
    values: impl IntoIterator<Item = Value>,
) -> Result<u64> {
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    Ok(db.execute_raw(statement).await?.rows_affected())
}

/// The rows of a hand-written query, locked for this transaction, without those that another one holds.
/// SQLite has one writer at a time, so there is nobody to skip.
///
/// # Errors
/// When the database fails.
pub async fn rows_skipping_locked<T: FromQueryResult>(
    tx: &impl ConnectionTrait,
    sql: &'static str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<T>> {
    let backend = tx.get_database_backend();
    let sql =
        if backend == DbBackend::MySql { format!("{sql} FOR UPDATE SKIP LOCKED") } else { sql.to_owned() };
    Ok(T::find_by_statement(Statement::from_sql_and_values(backend, sql, values)).all(tx).await?)
}

/// The first row of a hand-written query, locked for this transaction.
///
/// # Errors
/// When the database fails.
pub async fn locked_row<T: FromQueryResult>(
    tx: &impl ConnectionTrait,
    sql: &'static str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Option<T>> {
    let backend = tx.get_database_backend();
    let sql = if backend == DbBackend::MySql { format!("{sql} FOR UPDATE") } else { sql.to_owned() };
    Ok(T::find_by_statement(Statement::from_sql_and_values(backend, sql, values)).one(tx).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_patterns_are_taken_literally() {
        assert_eq!(containing("100%_!"), "%100!%!_!!%");
        assert_eq!(containing(r"a\b'"), r"%a\b'%");
        assert_eq!(beginning_with("7_A"), "7!_A%");
    }

    #[test]
    fn letters_beyond_ascii_are_looked_for_in_both_cases_when_they_have_two() {
        for pair in [('Ä', 'ä'), ('Ø', 'ø'), ('Ж', 'ж'), ('Σ', 'σ')] {
            assert_eq!((both_cases(pair.0), both_cases(pair.1)), (Some(pair), Some(pair)));
        }
        for alone in ['a', 'A', 'ß', 'ẞ', 'ı', 'İ', 'ſ', '\u{212a}', 'ς', 'ǅ', '日', '%'] {
            assert_eq!(both_cases(alone), None, "{alone}");
        }
    }
}
