//! HR changes what it keeps about a person. The audit trail hears each field that is different, before and after.
//!
//! Changing an address links nobody and unlinks nobody: whoever has signed in once is known by their identity alone, and
//! whoever has not is linked by the address they have at that very moment (`admit`).

use std::collections::BTreeMap;

use sea_orm::{EntityTrait, Value};
use serde_json::json;

use crate::audit::{self, Act};
use crate::entity::people;
use crate::error::{Error, Refusal, Result};
use crate::people::enter;
use crate::people::profile::{Change, Profile, Typed};
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::actor::Actor;
use crate::types::id::PersonId;
use crate::types::time::Timestamp;

/// A person's row as it was shown, and what it shall become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    pub person_id: PersonId,
    pub version: i64,
    pub profile: Profile,
}

/// Changes a person; returns whether anything is different.
///
/// # Errors
/// [`Refusal::OwnRecord`], [`Refusal::ChangedMeanwhile`], [`Error::NotFound`], or [`Error::Invalid`] when e-mail or number
/// belong to somebody else.
pub async fn edit(tx: &Tx, now: Timestamp, actor: Actor, edit: Edit) -> Result<bool> {
    if actor.person() == Some(edit.person_id) {
        return Err(Refusal::OwnRecord.into());
    }
    let known = people::Entity::find_by_id(edit.person_id).one(tx).await?.ok_or(Error::NotFound)?;
    let changes = Typed::from(&known).changes(&Typed::from(&edit.profile));
    if changes.is_empty() {
        return Ok(false);
    }
    write(tx, &edit).await?;
    audit::record(tx, now, actor, act(edit.person_id, &changes)).await?;
    Ok(true)
}

/// What the audit trail hears of it.
pub(super) fn act(person_id: PersonId, changes: &[Change]) -> Act {
    let before: BTreeMap<_, _> = changes.iter().map(|change| (change.field, &change.before)).collect();
    let after: BTreeMap<_, _> = changes.iter().map(|change| (change.field, &change.after)).collect();
    Act {
        action: "person.edit",
        subject_kind: "person",
        subject_id: person_id.to_string(),
        details: json!({ "before": before, "after": after }),
    }
}

/// Writes the row, if it still is the one that was shown.
pub(super) async fn write(tx: &Tx, edit: &Edit) -> Result<()> {
    let Edit { person_id, version, profile } = edit;
    let values: [Value; 10] = [
        profile.employee_number.clone().into(),
        profile.name.clone().into(),
        profile.email.as_str().into(),
        profile.department.clone().into(),
        profile.office.clone().into(),
        profile.hired_on.into(),
        profile.birthday.into(),
        profile.search_text().into(),
        (*person_id).into(),
        (*version).into(),
    ];
    let written = dialect::execute(
        tx,
        "UPDATE people SET employee_number = ?, name = ?, email = ?, department = ?, office = ?, hired_on = ?, \
         birthday = ?, search_text = ?, version = version + 1 WHERE id = ? AND version = ?",
        values,
    )
    .await;
    match written {
        Ok(1) => Ok(()),
        Ok(_) => Err(Refusal::ChangedMeanwhile.into()),
        Err(Error::Database(error)) if dialect::is_duplicate(&error) => {
            Err(enter::taken(tx, &profile.email, Some(*person_id)).await?)
        }
        Err(error) => Err(error),
    }
}
