//! HR enters somebody who works here. The points account is opened by whoever composes the two: the books know people,
//! people know no books.

use sea_orm::{ActiveModelTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, Set};
use serde_json::{Value, json};

use crate::audit::{self, Act};
use crate::entity::people;
use crate::error::{Error, FieldErrors, FieldProblem, Result};
use crate::people::profile::{Profile, Typed};
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::actor::Actor;
use crate::types::email::Email;
use crate::types::id::{ImportId, PersonId};
use crate::types::time::Timestamp;

/// Rows in one statement; SQLite takes so many values and no more.
const CHUNK: usize = 500;

/// Somebody the shop does not know yet is all that HR keeps about them.
pub type NewPerson = Profile;

/// (issuer, subject) of somebody who signs in before HR has entered them.
pub(super) struct Identity<'a> {
    pub issuer: &'a str,
    pub subject: &'a str,
}

/// Enters a person, active, not linked to any identity yet.
///
/// # Errors
/// [`Error::Invalid`] when the name is missing, something is too long, or e-mail or number belong to somebody else.
pub async fn enter(tx: &Tx, now: Timestamp, actor: Actor, new: NewPerson) -> Result<PersonId> {
    enter_once(tx, now, actor, PersonId::new(), new).await
}

/// Enters a person under an id that was minted for the form: the same form twice is one person. The form that comes again
/// with something else in it is about somebody else.
///
/// # Errors
/// As [`enter`].
pub async fn enter_once(
    tx: &Tx,
    now: Timestamp,
    actor: Actor,
    id: PersonId,
    new: NewPerson,
) -> Result<PersonId> {
    new.check().map_err(Error::Invalid)?;
    let id = match is_entered(tx, id, &new).await? {
        Some(true) => return Ok(id),
        Some(false) => PersonId::new(),
        None => id,
    };
    match insert(tx, now, id, &new, None).await {
        Ok(()) => {
            record(tx, now, actor, id).await?;
            Ok(id)
        }
        Err(error) if dialect::is_duplicate(&error) => match is_entered(tx, id, &new).await? {
            // By the other click, at the same moment.
            Some(true) => Ok(id),
            _ => Err(taken(tx, &new.email, None).await?),
        },
        Err(error) => Err(error.into()),
    }
}

/// Whether the person of that id is the one who would be entered; `None` when there is nobody yet.
async fn is_entered(tx: &Tx, id: PersonId, new: &NewPerson) -> Result<Option<bool>> {
    let known = people::Entity::find_by_id(id).one(tx).await?;
    Ok(known.map(|known| Typed::from(&known) == Typed::from(new)))
}

/// Writes the row; a unique key that is hit is for the caller to understand.
pub(super) async fn insert(
    tx: &Tx,
    now: Timestamp,
    id: PersonId,
    new: &NewPerson,
    identity: Option<Identity<'_>>,
) -> Result<(), DbErr> {
    let row = people::ActiveModel {
        issuer: Set(identity.as_ref().map(|identity| identity.issuer.to_owned())),
        subject: Set(identity.as_ref().map(|identity| identity.subject.to_owned())),
        ..row(now, id, new)
    };
    row.insert(tx).await?;
    Ok(())
}

/// Enters many at once, each with an audit row that tells the import they came by. That no e-mail and no number is
/// somebody else's was judged before; when it is so nevertheless, the database says no.
pub(super) async fn enter_all(
    tx: &Tx,
    now: Timestamp,
    actor: Actor,
    import_id: ImportId,
    new: &[Profile],
) -> Result<()> {
    for chunk in new.chunks(CHUNK) {
        let ids: Vec<PersonId> = chunk.iter().map(|_| PersonId::new()).collect();
        let rows = ids.iter().zip(chunk).map(|(id, new)| row(now, *id, new));
        people::Entity::insert_many(rows).exec_without_returning(tx).await?;
        let acts = ids.iter().map(|id| act(*id, json!({ "import": import_id }))).collect();
        audit::record_all(tx, now, actor, acts).await?;
    }
    Ok(())
}

fn row(now: Timestamp, id: PersonId, new: &Profile) -> people::ActiveModel {
    people::ActiveModel {
        id: Set(id),
        issuer: Set(None),
        subject: Set(None),
        employee_number: Set(new.employee_number.clone()),
        name: Set(new.name.trim().to_owned()),
        email: Set(new.email.as_str().to_owned()),
        department: Set(new.department.clone()),
        office: Set(new.office.clone()),
        hired_on: Set(new.hired_on),
        birthday: Set(new.birthday),
        is_active: Set(true),
        version: Set(1),
        created_at: Set(now),
        first_signed_in_at: Set(None),
        left_at: Set(None),
        last_seen_at: Set(None),
        search_text: Set(new.search_text()),
    }
}

pub(super) async fn record(tx: &Tx, now: Timestamp, actor: Actor, id: PersonId) -> Result<()> {
    audit::record(tx, now, actor, act(id, json!({}))).await
}

fn act(id: PersonId, details: Value) -> Act {
    Act { action: "person.enter", subject_kind: "person", subject_id: id.to_string(), details }
}

/// Which unique key was hit: the e-mail of somebody other than `own`, or else the number.
pub(super) async fn taken(db: &impl ConnectionTrait, email: &Email, own: Option<PersonId>) -> Result<Error> {
    #[derive(FromQueryResult)]
    struct Owner {
        id: PersonId,
    }
    let sql = "SELECT id FROM people WHERE email = ?";
    let owner: Option<Owner> = dialect::row(db, sql, [email.as_str().into()]).await?;
    let is_email = owner.is_some_and(|owner| Some(owner.id) != own);
    let mut errors = FieldErrors::default();
    errors.add(if is_email { "email" } else { "employee_number" }, FieldProblem::Taken);
    Ok(Error::Invalid(errors))
}
