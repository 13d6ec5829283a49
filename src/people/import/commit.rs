//! Enters a sheet: judged once more, then everything at once or nothing.

use serde_json::json;

use super::judge::{self, Judged, Verdict};
use super::{Content, Row, Rules, Totals};
use crate::audit::{self, Act};
use crate::error::{Error, Refusal, Result};
use crate::people::edit::{self, Edit};
use crate::people::enter;
use crate::people::profile::{Change, Profile};
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::id::ImportId;
use crate::types::time::Timestamp;

/// Enters and changes everybody of an import; returns whether it was this call that did.
///
/// # Errors
/// [`crate::error::Refusal::ImportForgotten`]; [`crate::error::Refusal::ChangedMeanwhile`] when somebody changes one of
/// these people at this very moment.
pub async fn commit(tx: &Tx, now: Timestamp, rules: &Rules, id: ImportId) -> Result<bool> {
    let before = super::load(tx, now, id).await?;
    if !super::claim(tx, now, id).await? {
        return Ok(false);
    }
    let judged = before.judged(tx, rules).await?;
    let totals = judge::totals(&judged);
    let (mut new, mut edits, mut acts, mut refused) = (vec![], vec![], vec![], vec![]);
    for Judged { line, typed, verdict, .. } in judged {
        match verdict {
            Verdict::New(profile) => new.push(profile),
            Verdict::Changed { edit, changes } => {
                acts.push(edit::act(edit.person_id, &changes));
                edits.push((*edit, changes));
            }
            Verdict::Unchanged => {}
            Verdict::Refused(problems) => refused.push(Row { line, typed, problems }),
        }
    }
    // In the order in which everybody locks people.
    edits.sort_by_key(|(edit, _)| edit.person_id);
    match write(tx, now, rules, id, &edits, &new).await {
        // Somebody took an address or a number after the rows were judged.
        Err(Error::Database(error)) if dialect::is_duplicate(&error) => {
            return Err(Refusal::ChangedMeanwhile.into());
        }
        written => written?,
    }
    acts.push(whole(id, totals));
    audit::record_all(tx, now, rules.actor, acts).await?;
    finish(tx, id, totals, Content { rows: refused }).await?;
    Ok(true)
}

async fn write(
    tx: &Tx,
    now: Timestamp,
    rules: &Rules,
    id: ImportId,
    edits: &[(Edit, Vec<Change>)],
    new: &[Profile],
) -> Result<()> {
    edit::write_all(tx, edits).await?;
    enter::enter_all(tx, now, rules.actor, id, new).await
}

fn whole(id: ImportId, totals: Totals) -> Act {
    Act {
        action: "people.import",
        subject_kind: "import",
        subject_id: id.to_string(),
        details: json!(totals),
    }
}

/// What is left to be told of it.
async fn finish(tx: &Tx, id: ImportId, totals: Totals, refused: Content) -> Result<()> {
    dialect::execute(
        tx,
        "UPDATE people_imports SET content = ?, entered = ?, changed = ?, unchanged = ?, refused = ? WHERE id = ?",
        [
            serde_json::to_value(&refused).map_err(anyhow::Error::new)?.into(),
            totals.entered.into(),
            totals.changed.into(),
            totals.unchanged.into(),
            totals.refused.into(),
            id.into(),
        ],
    )
    .await?;
    Ok(())
}
