//! `awsomeshop check-books`: every law of the books asked as a query. A row is a broken promise, told with its law.

use std::io::Write;
use std::process::ExitCode;

use futures::FutureExt;
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::error::{Error, Result};
use crate::platform::db::Db;
use crate::platform::dialect;
use crate::reports::laws;

/// Rows looked for of each law: where more are wrong, they are wrong for one reason.
const MOST_FOUND: usize = 1_000;
/// Rows shown of each broken law.
const MOST_ROWS: usize = 20;

/// What was found about one law.
#[derive(Debug)]
pub struct Finding {
    pub law: &'static str,
    pub meaning: &'static str,
    /// What breaks it, one line each.
    pub rows: Vec<String>,
}

/// What was found about all of them.
#[derive(Debug)]
pub struct Report(pub Vec<Finding>);

#[derive(FromQueryResult)]
struct Offence {
    what: String,
    expected: Option<i64>,
    found: Option<i64>,
}

/// Asks every law of one and the same moment: what is booked meanwhile is in none of the answers.
///
/// # Errors
/// When the database fails.
pub async fn check_at_once(db: &Db) -> Result<Report> {
    db.snapshot(|tx| check(tx).boxed()).await
}

/// Asks every law, one after the other. One that the rows do not even let be asked is broken, and silences no other.
///
/// # Errors
/// When the database fails.
pub async fn check(db: &impl ConnectionTrait) -> Result<Report> {
    let mut findings = Vec::new();
    for law in laws::all() {
        let rows = match dialect::first_rows::<Offence>(db, law.query, MOST_FOUND).await {
            Ok(offences) => offences.iter().map(told).collect(),
            // Without the database's own words, which may quote what stands in the rows.
            Err(Error::Database(error)) if dialect::is_about_values(&error) => {
                vec!["what stands in the rows cannot be read or added up".to_owned()]
            }
            Err(error) => return Err(error),
        };
        findings.push(Finding { law: law.name, meaning: law.meaning, rows });
    }
    Ok(Report(findings))
}

fn told(row: &Offence) -> String {
    format!("{}: expected {}, found {}", row.what, shown(row.expected), shown(row.found))
}

fn shown(number: Option<i64>) -> String {
    number.map_or_else(|| "nothing".to_owned(), |number| number.to_string())
}

impl Report {
    /// Whether no law is broken.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.broken().next().is_none()
    }

    /// The broken laws.
    pub fn broken(&self) -> impl Iterator<Item = &Finding> {
        self.0.iter().filter(|finding| !finding.rows.is_empty())
    }

    /// Tells the operator, law by law; the exit code is 1 when one is broken.
    #[must_use]
    pub fn print(&self) -> ExitCode {
        let mut out = std::io::stdout().lock();
        let told = self.0.iter().try_for_each(|finding| {
            let verdict = if finding.rows.is_empty() { "holds " } else { "BROKEN" };
            writeln!(out, "{verdict}  {}: {}", finding.law, finding.meaning)?;
            finding.rows.iter().take(MOST_ROWS).try_for_each(|row| writeln!(out, "          {row}"))?;
            let more = finding.rows.len().saturating_sub(MOST_ROWS);
            if more > 0 { writeln!(out, "          and {more} more") } else { Ok(()) }
        });
        if told.is_ok() && self.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}
