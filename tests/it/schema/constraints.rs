//! Every constraint of the schema holds by itself: for each there is a statement that breaks it and no other, and that is
//! refused in its name. What the database has and what is broken here are the same, so that a constraint that comes wants
//! a statement here, and one that goes is missed.

mod catalog;
mod found;
mod grants;
mod ledger;
mod orders;
mod people;
mod records;
mod scene;

use std::collections::BTreeSet;

use sea_orm::ConnectionTrait;

use crate::support::database::TestDatabase;

/// A statement, and the constraint that must refuse it.
#[derive(Clone, Copy)]
struct Breach {
    constraint: Constraint,
    sql: &'static str,
}

/// `on` is the table with its columns, of a foreign key also where they lead.
#[derive(Clone, Copy)]
enum Constraint {
    PrimaryKey {
        on: &'static str,
    },
    Unique {
        name: &'static str,
        on: &'static str,
    },
    /// Every row that breaks it breaks `implied_by` too.
    Check {
        name: &'static str,
        implied_by: Option<&'static str>,
    },
    ForeignKey {
        name: &'static str,
        on: &'static str,
    },
}

/// A foreign key that a step has written into its column, and that each database names by itself.
const INLINE: &str = "";

const fn primary_key(on: &'static str, sql: &'static str) -> Breach {
    Breach { constraint: Constraint::PrimaryKey { on }, sql }
}

const fn unique(name: &'static str, on: &'static str, sql: &'static str) -> Breach {
    Breach { constraint: Constraint::Unique { name, on }, sql }
}

const fn check(name: &'static str, sql: &'static str) -> Breach {
    Breach { constraint: Constraint::Check { name, implied_by: None }, sql }
}

/// Whichever the database asks first refuses: that the one is there, only the list of what is there tells.
const fn implied_check(name: &'static str, by: &'static str, sql: &'static str) -> Breach {
    Breach { constraint: Constraint::Check { name, implied_by: Some(by) }, sql }
}

const fn foreign_key(name: &'static str, on: &'static str, sql: &'static str) -> Breach {
    Breach { constraint: Constraint::ForeignKey { name, on }, sql }
}

impl Constraint {
    /// As [`found::constraints`] calls it.
    fn line(self) -> String {
        match self {
            Self::PrimaryKey { on } => format!("PRIMARY KEY {on}"),
            Self::Unique { on, .. } => format!("UNIQUE {on}"),
            Self::Check { name, .. } => format!("CHECK {name}"),
            Self::ForeignKey { on, .. } => format!("FOREIGN KEY {on}"),
        }
    }

    /// Whether a database of this kind says `said` when this constraint refuses.
    fn refuses(self, said: &str, is_sqlite: bool) -> bool {
        if is_sqlite { self.refuses_on_sqlite(said) } else { self.refuses_on_a_server(said) }
    }

    fn refuses_on_sqlite(self, said: &str) -> bool {
        match self {
            Self::PrimaryKey { on } | Self::Unique { on, .. } => {
                let (table, columns) = parts(on);
                let columns: Vec<String> = columns.iter().map(|column| format!("{table}.{column}")).collect();
                said.ends_with(&format!("UNIQUE constraint failed: {}", columns.join(", ")))
            }
            Self::Check { name, implied_by } => [Some(name), implied_by]
                .into_iter()
                .flatten()
                .any(|name| said.ends_with(&format!("CHECK constraint failed: {name}"))),
            Self::ForeignKey { .. } => said.ends_with("FOREIGN KEY constraint failed"),
        }
    }

    /// MySQL puts the table before the name of a key, MariaDB does not; and each quotes the name of a check its own way.
    fn refuses_on_a_server(self, said: &str) -> bool {
        let key = |on: &str, name: &str| {
            let (table, _) = parts(on);
            said.ends_with(&format!(" for key '{table}.{name}'"))
                || said.ends_with(&format!(" for key '{name}'"))
        };
        match self {
            Self::PrimaryKey { on } => key(on, "PRIMARY"),
            Self::Unique { name, on } => key(on, name),
            Self::Check { name, implied_by } => [Some(name), implied_by]
                .into_iter()
                .flatten()
                .any(|name| said.contains(&format!("'{name}'")) || said.contains(&format!("`{name}`"))),
            Self::ForeignKey { name, on } => {
                let (table, columns) = parts(on);
                said.contains(&format!("`.`{table}`, CONSTRAINT `{name}"))
                    && said.contains(&format!("` FOREIGN KEY (`{}`)", columns.join("`, `")))
            }
        }
    }
}

/// The table and the columns of `table (column, column)`.
fn parts(on: &str) -> (&str, Vec<&str>) {
    let (table, rest) = on.split_once(" (").unwrap();
    let (columns, _) = rest.split_once(')').unwrap();
    (table, columns.split(", ").collect())
}

/// All of them, but what this server has never made.
async fn breaches(database: &TestDatabase) -> Vec<Breach> {
    let forgets_inline = found::forgets_inline_keys(database).await;
    let all = [
        people::BREACHES,
        catalog::BREACHES,
        orders::BREACHES,
        ledger::BREACHES,
        grants::BREACHES,
        records::BREACHES,
    ];
    let is_there = |breach: &Breach| {
        !(forgets_inline && matches!(breach.constraint, Constraint::ForeignKey { name: INLINE, .. }))
    };
    all.into_iter().flatten().copied().filter(is_there).collect()
}

/// How many rows `sql` changes, or what the database says to it. Whatever it does is undone.
async fn attempted(database: &TestDatabase, sql: &str) -> Result<u64, String> {
    database.run("BEGIN").await;
    let done = database.connection().execute_unprepared(sql).await;
    database.run("ROLLBACK").await;
    done.map(|done| done.rows_affected()).map_err(|error| error.to_string())
}

/// The foreign keys that `sql` breaks, on SQLite, which does not say which when it refuses.
async fn broken_keys(database: &TestDatabase, sql: &str) -> BTreeSet<String> {
    database.run("BEGIN").await;
    database.run("PRAGMA defer_foreign_keys = ON").await;
    database.run(sql).await;
    let broken = found::broken_keys(database).await;
    database.run("ROLLBACK").await;
    broken
}

/// What is wrong with how the database takes `breach`.
async fn complaint(database: &TestDatabase, breach: Breach) -> Option<String> {
    let (line, sql) = (breach.constraint.line(), breach.sql);
    match attempted(database, sql).await {
        Ok(rows) => Some(format!("{line} is broken in {rows} rows by {sql}")),
        Err(said) if !breach.constraint.refuses(&said, database.is_sqlite()) => {
            Some(format!("{line} is not what refuses {sql}: {said}"))
        }
        Err(_) if database.is_sqlite() && matches!(breach.constraint, Constraint::ForeignKey { .. }) => {
            let broken = broken_keys(database, sql).await;
            (broken != BTreeSet::from([line.clone()])).then(|| format!("{line}: {sql} breaks {broken:?}"))
        }
        Err(_) => None,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_breaks_a_constraint_is_refused_by_that_one() {
    let database = TestDatabase::with_tables().await;
    scene::set(&database).await;
    let mut wrong = Vec::new();
    for breach in breaches(&database).await {
        wrong.extend(complaint(&database, breach).await);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_constraint_that_is_there_is_broken_here_and_no_other() {
    let database = TestDatabase::with_tables().await;
    let there = found::constraints(&database).await;
    let here: BTreeSet<String> =
        breaches(&database).await.into_iter().map(|breach| breach.constraint.line()).collect();
    assert_eq!(here.difference(&there).collect::<Vec<_>>(), [""; 0], "the schema has lost them");
    assert_eq!(there.difference(&here).collect::<Vec<_>>(), [""; 0], "no statement here breaks them");
    database.remove().await;
}
