//! Everything in a database, row by row, so that a test can say "nothing changed" and mean it.

use std::collections::BTreeMap;

use sea_orm::FromQueryResult;

use super::database::TestDatabase;

/// Every row of every table, each as one text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents(BTreeMap<String, Vec<String>>);

/// The one statement that asks for all of it, and the tables it asks.
pub struct Question {
    tables: Vec<String>,
    sql: String,
}

#[derive(FromQueryResult)]
struct Line {
    part_of: String,
    line: String,
}

impl Question {
    /// For the tables that are there now.
    pub async fn of(database: &TestDatabase) -> Self {
        let tables = database.tables().await;
        let mut parts = Vec::new();
        for table in &tables {
            let columns = database.columns(table).await;
            let values: Vec<String> = columns
                .iter()
                .map(|column| &column.name)
                .map(|name| {
                    format!("'{name}=', CASE WHEN `{name}` IS NULL THEN 'NULL' ELSE HEX(`{name}`) END")
                })
                .collect();
            let values = values.join(", ");
            parts.push(format!(
                "SELECT '{table}' AS part_of, CONCAT_WS(' ', {values}) AS line FROM `{table}`"
            ));
        }
        Self { tables, sql: parts.join(" UNION ALL ") }
    }
}

impl Contents {
    /// Reads it all.
    pub async fn of(database: &TestDatabase) -> Self {
        Self::asked(database, &Question::of(database).await).await
    }

    /// The same, by whoever asks often.
    pub async fn asked(database: &TestDatabase, question: &Question) -> Self {
        let mut tables: BTreeMap<_, _> =
            question.tables.iter().map(|table| (table.clone(), Vec::new())).collect();
        for row in database.rows::<Line>(&question.sql).await {
            tables.entry(row.part_of).or_default().push(row.line);
        }
        for lines in tables.values_mut() {
            lines.sort();
        }
        Self(tables)
    }

    /// How many rows each table has.
    pub fn counts(&self) -> BTreeMap<String, usize> {
        self.0.iter().map(|(table, rows)| (table.clone(), rows.len())).collect()
    }

    /// What is in only one of the two, a line each: `+` is new, `-` is gone.
    pub fn changes(&self, later: &Self) -> Vec<String> {
        let mut changes = Vec::new();
        let none = Vec::new();
        for table in self.0.keys().chain(later.0.keys().filter(|table| !self.0.contains_key(*table))) {
            let (before, after) = (self.0.get(table).unwrap_or(&none), later.0.get(table).unwrap_or(&none));
            if before == after {
                continue;
            }
            let only = |these: &[String], those: &[String], sign| {
                let lines = these.iter().filter(|row| !those.contains(row));
                lines.map(|row| format!("{sign} {table}: {row}")).collect::<Vec<_>>()
            };
            changes.extend(only(before, after, '-'));
            changes.extend(only(after, before, '+'));
        }
        changes
    }
}
