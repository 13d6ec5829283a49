//! Everybody at once, from a sheet: read (`read`), judged row by row (`judge`), looked at, then entered (`commit`).
//!
//! A sheet that was read is a row of `people_imports` with the lines as they were written; nothing about people changes. It
//! is judged each time it is looked at and once more when it is entered, because the world goes on in between. Entering is
//! one transaction and happens once: whoever clicks second finds it done. What was refused stays with the import, with its
//! reasons. The same file a second time changes nothing. A sheet that nobody enters is forgotten after a day; the others stay
//! on the `list`.
//!
//! A row is somebody the shop knows by the employee number, or else by the e-mail address. An empty cell leaves its field as
//! it is, and so does a column that is not there: a sheet adds and changes, and takes nothing away.
//!
//! A sheet brings nobody back: a row about somebody who has left says so, and whoever looks at it finds the way to their page.
//! When their address stands beside another number, it has become somebody else's. That row is refused, or it would write
//! the name of the one on the account of the other.

pub mod commit;
pub mod judge;
mod known;
pub mod list;
pub mod read;

use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, Set,
};
use serde::{Deserialize, Serialize};

use crate::entity::people_imports;
use crate::error::{Error, Refusal, Result};
use crate::people::profile::Typed;
use crate::platform::config::Office;
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::actor::Actor;
use crate::types::id::{ImportId, PersonId};
use crate::types::time::{Day, Timestamp};

use judge::{Judged, Problem};

/// Rows of one sheet.
pub const MOST_ROWS: usize = 20_000;
/// Bytes of one sheet.
pub const MOST_BYTES: usize = 8 * 1024 * 1024;
/// A sheet that nobody has entered is forgotten after this.
const KEPT_S: i64 = 24 * 60 * 60;

const PREVIEWED: &str = "previewed";
const COMMITTED: &str = "committed";

/// What is kept of a sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    pub rows: Vec<Row>,
}

/// A line of the sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    pub line: u64,
    pub typed: Typed,
    /// Once everything else is entered: why this was not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
}

/// An import as its page tells it.
#[derive(Clone, Debug)]
pub struct Import {
    pub id: ImportId,
    pub file_name: String,
    pub maker: String,
    pub created_at: Timestamp,
    pub committed_at: Option<Timestamp>,
    pub row_count: i64,
    pub totals: Totals,
    digest: Vec<u8>,
    content: serde_json::Value,
}

/// How many rows are what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    pub entered: i64,
    pub changed: i64,
    pub unchanged: i64,
    pub refused: i64,
}

/// By what rows are judged.
#[derive(Clone, Debug)]
pub struct Rules {
    pub offices: Vec<Office>,
    pub today: Day,
    /// Whoever judges: nobody changes their own record.
    pub actor: Actor,
}

/// Keeps a sheet to be looked at.
///
/// # Errors
/// When the database fails.
pub async fn keep(tx: &Tx, now: Timestamp, maker: PersonId, sheet: read::Read) -> Result<ImportId> {
    let id = ImportId::new();
    people_imports::ActiveModel {
        id: Set(id),
        digest: Set(sheet.digest),
        file_name: Set(sheet.file_name),
        state: Set(PREVIEWED.to_owned()),
        row_count: Set(i64::try_from(sheet.content.rows.len()).unwrap_or(i64::MAX)),
        content: Set(serde_json::to_value(&sheet.content).map_err(anyhow::Error::new)?),
        entered: Set(0),
        changed: Set(0),
        unchanged: Set(0),
        refused: Set(0),
        maker_id: Set(maker),
        created_at: Set(now),
        committed_at: Set(None),
    }
    .insert(tx)
    .await?;
    Ok(id)
}

/// An import that must be there and not be forgotten.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn load(db: &impl ConnectionTrait, now: Timestamp, id: ImportId) -> Result<Import> {
    let row = people_imports::Entity::find_by_id(id).filter(remembered(now)).one(db).await?;
    let row = row.ok_or(Error::NotFound)?;
    let maker = crate::people::load(db, row.maker_id).await?;
    Ok(Import {
        id,
        file_name: row.file_name,
        maker: maker.name,
        created_at: row.created_at,
        committed_at: row.committed_at,
        row_count: row.row_count,
        totals: Totals {
            entered: row.entered,
            changed: row.changed,
            unchanged: row.unchanged,
            refused: row.refused,
        },
        digest: row.digest,
        content: row.content,
    })
}

impl Import {
    /// What became of the rows, or would become of them now; afterwards only those are left that were refused.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn judged(&self, db: &impl ConnectionTrait, rules: &Rules) -> Result<Vec<Judged>> {
        let content: Content = serde_json::from_value(self.content.clone()).map_err(anyhow::Error::new)?;
        if self.committed_at.is_some() {
            return Ok(content.rows.into_iter().map(Judged::refused_before).collect());
        }
        let known = known::of(db, &content).await?;
        Ok(judge::judge(&content, &known, rules))
    }

    /// When this very file was entered before, if it was.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn entered_before(&self, db: &impl ConnectionTrait) -> Result<Option<Timestamp>> {
        #[derive(FromQueryResult)]
        struct Before {
            committed_at: Timestamp,
        }
        let before: Option<Before> = dialect::row(
            db,
            "SELECT committed_at FROM people_imports WHERE digest = ? AND id <> ? AND committed_at IS NOT NULL \
             ORDER BY committed_at DESC LIMIT 1",
            [self.digest.clone().into(), self.id.into()],
        )
        .await?;
        Ok(before.map(|before| before.committed_at))
    }
}

/// The job: forgets sheets that nobody entered in time.
///
/// # Errors
/// When the database fails.
pub async fn forget_old(tx: &Tx, now: Timestamp) -> Result<()> {
    let sql = "DELETE FROM people_imports WHERE state = ? AND created_at <= ?";
    dialect::execute(tx, sql, [PREVIEWED.into(), oldest(now).into()]).await?;
    Ok(())
}

fn oldest(now: Timestamp) -> Timestamp {
    now.plus_seconds(-KEPT_S)
}

fn remembered(now: Timestamp) -> Condition {
    Condition::any()
        .add(people_imports::Column::State.eq(COMMITTED))
        .add(people_imports::Column::CreatedAt.gt(oldest(now)))
}

/// The import is entered from now on: exactly one caller is told so.
async fn claim(tx: &Tx, now: Timestamp, id: ImportId) -> Result<bool> {
    let claimed = dialect::execute(
        tx,
        "UPDATE people_imports SET state = ?, committed_at = ? WHERE id = ? AND state = ? AND created_at > ?",
        [COMMITTED.into(), now.into(), id.into(), PREVIEWED.into(), oldest(now).into()],
    )
    .await?;
    if claimed == 1 {
        return Ok(true);
    }
    let found = people_imports::Entity::find_by_id(id).one(tx).await?;
    match found {
        Some(import) if import.committed_at.is_some() => Ok(false),
        _ => Err(Refusal::ImportForgotten.into()),
    }
}
