//! The scheduled check of the books: asked, written down for every task to tell, and said aloud when a law is broken.

use futures::FutureExt;
use sea_orm::{EntityTrait, QueryOrder, Set};

use crate::entity::book_checks;
use crate::error::Result;
use crate::platform::db::{Db, Tx};
use crate::platform::dialect;
use crate::reports::books::{self, Report};
use crate::types::time::Timestamp;

/// For how long what was found is kept.
const KEPT_DAYS: i64 = 90;
/// A check older than this, in seconds, says nothing about now: the job that makes one each hour does not run.
const STALE_S: i64 = 3 * 3_600;

/// What is known about the books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    pub state: State,
    pub at: Option<Timestamp>,
    pub broken: Vec<String>,
}

/// How the books are, as far as is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nobody has looked yet.
    Unchecked,
    /// It was too long ago that somebody looked.
    Stale,
    Broken,
    Ok,
}

impl Known {
    /// That nobody has looked.
    #[must_use]
    pub fn nothing() -> Self {
        Self { state: State::Unchecked, at: None, broken: Vec::new() }
    }
}

impl State {
    /// Its name in `/health`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unchecked => "unchecked",
            Self::Stale => "stale",
            Self::Broken => "broken",
            Self::Ok => "ok",
        }
    }
}

/// The job: asks every law and writes down what was found. Returns how many rows break one.
///
/// # Errors
/// When the database fails.
pub async fn run(db: &Db, now: Timestamp) -> Result<usize> {
    let report = books::check_at_once(db).await?;
    let broken: Vec<&'static str> = report.broken().map(|finding| finding.law).collect();
    let offences = report.broken().map(|finding| finding.rows.len()).sum();
    if !report.is_clean() {
        tracing::error!(laws = broken.join(" "), rows = first_rows(&report), offences, "the books are wrong");
    }
    db.write("books.note", move |tx| note(tx, now, broken.join(" "), offences).boxed()).await?;
    Ok(offences)
}

/// One row of each broken law, for the log: they hold ids and numbers only.
fn first_rows(report: &Report) -> String {
    let rows = report.broken().filter_map(|finding| finding.rows.first().map(String::as_str));
    rows.collect::<Vec<_>>().join("; ")
}

async fn note(tx: &Tx, now: Timestamp, broken_laws: String, offences: usize) -> Result<()> {
    let row = book_checks::ActiveModel {
        at: Set(now),
        broken_laws: Set(broken_laws),
        offences: Set(i64::try_from(offences).unwrap_or(i64::MAX)),
        ..Default::default()
    };
    book_checks::Entity::insert(row).exec_without_returning(tx).await?;
    dialect::execute(tx, "DELETE FROM book_checks WHERE at < ?", [now.plus_days(-KEPT_DAYS).into()]).await?;
    Ok(())
}

/// What the last check found.
///
/// # Errors
/// When the database fails.
pub async fn known(db: &Db, now: Timestamp) -> Result<Known> {
    let last = book_checks::Entity::find().order_by_desc(book_checks::Column::Id).one(db.reads()).await?;
    let Some(last) = last else {
        return Ok(Known::nothing());
    };
    let broken: Vec<String> = last.broken_laws.split_whitespace().map(str::to_owned).collect();
    let state = if !broken.is_empty() {
        State::Broken
    } else if now.seconds_since(last.at) > STALE_S {
        State::Stale
    } else {
        State::Ok
    };
    Ok(Known { state, at: Some(last.at), broken })
}
