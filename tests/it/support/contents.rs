//! Everything in a database, row by row, so that a test can say "nothing changed" and mean it.

use std::collections::BTreeMap;

use sea_orm::FromQueryResult;

use super::database::TestDatabase;

/// Every row of every table, each as one text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents(BTreeMap<String, Vec<String>>);

#[derive(FromQueryResult)]
struct Line {
    line: String,
}

impl Contents {
    /// Reads it all.
    pub async fn of(database: &TestDatabase) -> Self {
        let mut tables = BTreeMap::new();
        for table in database.tables().await {
            let columns = database.columns(&table).await;
            let values: Vec<String> = columns
                .iter()
                .map(|column| &column.name)
                .map(|name| {
                    format!("'{name}=', CASE WHEN `{name}` IS NULL THEN 'NULL' ELSE HEX(`{name}`) END")
                })
                .collect();
            let sql = format!("SELECT CONCAT_WS(' ', {}) AS line FROM `{table}`", values.join(", "));
            let rows: Vec<Line> = database.rows(&sql).await;
            let mut lines: Vec<String> = rows.into_iter().map(|row| row.line).collect();
            lines.sort();
            tables.insert(table, lines);
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
