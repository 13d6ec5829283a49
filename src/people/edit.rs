//! HR changes what it keeps about a person. The audit trail hears each field that is different, before and after.
//!
//! Changing an address links nobody and unlinks nobody: whoever has signed in once is known by their identity alone, and
//! whoever has not is linked by the address they have at that very moment (`admit`).

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::sea_query::{CaseStatement, Expr, SimpleExpr};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, Value};
use serde_json::json;

use crate::audit::{self, Act};
use crate::entity::people;
use crate::error::{Error, Refusal, Result};
use crate::people::profile::{Change, Profile, Typed};
use crate::people::{enter, lock_person};
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::actor::Actor;
use crate::types::id::PersonId;
use crate::types::time::Timestamp;

/// People written by one statement.
const CHUNK: usize = 100;

type Field = (&'static str, people::Column, fn(&Profile) -> Value);

/// The fields of a profile, by the names that changes have.
const FIELDS: [Field; 7] = [
    ("employee_number", people::Column::EmployeeNumber, |profile| profile.employee_number.clone().into()),
    ("name", people::Column::Name, |profile| profile.name.clone().into()),
    ("email", people::Column::Email, |profile| profile.email.as_str().into()),
    ("department", people::Column::Department, |profile| profile.department.clone().into()),
    ("office", people::Column::Office, |profile| profile.office.clone().into()),
    ("hired_on", people::Column::HiredOn, |profile| profile.hired_on.into()),
    ("birthday", people::Column::Birthday, |profile| profile.birthday.into()),
];

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
    // The second of two clicks at once finds what the first one has saved.
    lock_person(tx, edit.person_id).await?;
    let known = people::Entity::find_by_id(edit.person_id).one(tx).await?.ok_or(Error::NotFound)?;
    let changes = Typed::from(&known).changes(&Typed::from(&edit.profile));
    if changes.is_empty() {
        return Ok(false);
    }
    let act = act(edit.person_id, &changes);
    let (person_id, email) = (edit.person_id, edit.profile.email.clone());
    match write_all(tx, &[(edit, changes)]).await {
        Err(Error::Database(error)) if dialect::is_duplicate(&error) => {
            return Err(enter::taken(tx, &email, Some(person_id)).await?);
        }
        written => written?,
    }
    audit::record(tx, now, actor, act).await?;
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

/// Writes the rows of several people, if each still is the one that was shown: for so many of them at once the fields that
/// are different with any. Each person stands there once; a unique key that is hit is for the caller to understand.
///
/// # Errors
/// [`Refusal::ChangedMeanwhile`].
pub(super) async fn write_all(tx: &Tx, edits: &[(Edit, Vec<Change>)]) -> Result<()> {
    for chunk in edits.chunks(CHUNK) {
        let changed: BTreeSet<_> =
            chunk.iter().flat_map(|(_, changes)| changes.iter().map(|change| change.field)).collect();
        let mut update = people::Entity::update_many()
            .col_expr(people::Column::Version, Expr::col(people::Column::Version).add(1))
            .col_expr(people::Column::SearchText, each(chunk, |edit| edit.profile.search_text().into()));
        for (_, column, value) in FIELDS.iter().filter(|(field, ..)| changed.contains(field)) {
            update = update.col_expr(*column, each(chunk, |edit| value(&edit.profile)));
        }
        let written = update
            .filter(people::Column::Id.is_in(chunk.iter().map(|(edit, _)| edit.person_id)))
            .filter(Expr::col(people::Column::Version).eq(each(chunk, |edit| edit.version.into())))
            .exec(tx)
            .await?;
        if usize::try_from(written.rows_affected).ok() != Some(chunk.len()) {
            return Err(Refusal::ChangedMeanwhile.into());
        }
    }
    Ok(())
}

/// What each of them gets, by their ids.
fn each(edits: &[(Edit, Vec<Change>)], value: impl Fn(&Edit) -> Value) -> SimpleExpr {
    let case = edits.iter().fold(CaseStatement::new(), |case, (edit, _)| {
        case.case(Expr::col(people::Column::Id).eq(edit.person_id), Expr::val(value(edit)))
    });
    case.into()
}
