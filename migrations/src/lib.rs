//! The history of the shop's schema, as plain SQL.
//!
//! One file a step, run once, in order, and never edited after it has landed: a change is a further file.
//! The files hold SQL that SQLite, MySQL and MariaDB all read; the few words in which they differ are written
//! as tokens, translated by [`dialect`]. MySQL commits each DDL statement by itself, so a step may stop half-way:
//! every statement can be run again. Callers hold the migration lock; nothing here does.
//!
//! While a new version arrives the one before it goes on working, and must be able to start again: a step only adds. One
//! that takes something away comes when no version uses it any more, and says in its name what a version must know to work
//! after it: `0025_drop_old_names_needs_0022`.

mod dialect;

use sea_orm_migration::prelude::*;
pub use sea_orm_migration::{MigrationStatus, MigratorTrait};

/// Every step, oldest first: its name in the database and its SQL.
const STEPS: &[(&str, &str)] = &[
    ("0001_people", include_str!("sql/0001_people.sql")),
    ("0002_catalog", include_str!("sql/0002_catalog.sql")),
    ("0003_orders", include_str!("sql/0003_orders.sql")),
    ("0004_ledger", include_str!("sql/0004_ledger.sql")),
    ("0005_records", include_str!("sql/0005_records.sql")),
    ("0006_refunds", include_str!("sql/0006_refunds.sql")),
    ("0007_expiry", include_str!("sql/0007_expiry.sql")),
    ("0008_limits", include_str!("sql/0008_limits.sql")),
    ("0009_books", include_str!("sql/0009_books.sql")),
    ("0010_grants", include_str!("sql/0010_grants.sql")),
    ("0011_runs", include_str!("sql/0011_runs.sql")),
    ("0012_products", include_str!("sql/0012_products.sql")),
    ("0013_pictures", include_str!("sql/0013_pictures.sql")),
    ("0014_orders", include_str!("sql/0014_orders.sql")),
    ("0015_people", include_str!("sql/0015_people.sql")),
    ("0016_audit", include_str!("sql/0016_audit.sql")),
    ("0017_scale", include_str!("sql/0017_scale.sql")),
    ("0018_sums", include_str!("sql/0018_sums.sql")),
    ("0019_offer", include_str!("sql/0019_offer.sql")),
    ("0020_rule_approval", include_str!("sql/0020_rule_approval.sql")),
];

/// The word before the number of the step that a program must know.
const NEEDS: &str = "_needs_";

/// The names of all steps, oldest first.
pub fn names() -> impl Iterator<Item = &'static str> {
    STEPS.iter().map(|(name, _)| *name)
}

/// Whether a program of this version works after a step that it does not know.
#[must_use]
pub fn works_after(step: &str) -> bool {
    let newest = names().last().unwrap_or_default();
    step.rsplit_once(NEEDS)
        .is_none_or(|(_, needed)| newest.get(..needed.len()).is_some_and(|known| known >= needed))
}

/// Runs the steps and remembers which have run.
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        STEPS.iter().map(|&(name, sql)| -> Box<dyn MigrationTrait> { Box::new(Step { name, sql }) }).collect()
    }
}

struct Step {
    name: &'static str,
    sql: &'static str,
}

impl MigrationName for Step {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for statement in dialect::statements(self.sql, db.get_database_backend()) {
            if let Err(error) = db.execute_unprepared(&statement).await
                && !dialect::already_there(&error)
            {
                return Err(error);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{NEEDS, STEPS, works_after};

    /// What a version that runs already would stumble over.
    const TAKES_AWAY: [&str; 6] =
        ["DROP TABLE", "DROP COLUMN", "RENAME", "MODIFY", "CHANGE COLUMN", "ADD CONSTRAINT"];

    /// These were there already when step 16 meant others by them; step 17 makes up for it.
    const TAKEN_TWICE: [&str; 2] = ["transfers_by_kind", "transfers_by_time"];

    /// A step goes on where something is there already, so a name that is taken would silently make nothing.
    #[test]
    fn every_index_has_a_name_of_its_own() {
        let mut seen = HashSet::new();
        let words = STEPS.iter().flat_map(|(_, sql)| sql.lines()).filter_map(|line| {
            let rest = line.trim().strip_prefix("CREATE ")?;
            let rest = rest.strip_prefix("UNIQUE ").unwrap_or(rest).strip_prefix("INDEX ")?;
            rest.split_whitespace().next()
        });
        let again: Vec<&str> = words.filter(|name| !seen.insert(*name)).collect();
        assert!(seen.len() > TAKEN_TWICE.len());
        assert_eq!(again, TAKEN_TWICE);
    }
    #[test]
    fn a_step_that_takes_something_away_says_what_it_needs() {
        for (name, sql) in STEPS {
            let sql = sql.to_uppercase();
            let taken = TAKES_AWAY.iter().find(|words| sql.contains(*words));
            assert!(taken.is_none() || name.contains(NEEDS), "{name} has {taken:?}");
        }
    }

    #[test]
    fn a_program_works_after_a_step_that_only_adds_or_needs_what_it_knows() {
        let newest = STEPS.last().unwrap().0.get(..4).unwrap();
        assert!(works_after("9998_adds"));
        assert!(works_after("9998_takes_away_needs_0001"));
        assert!(works_after(&format!("9998_takes_away_needs_{newest}")));
        assert!(!works_after("9998_takes_away_needs_9997"));
    }
}
