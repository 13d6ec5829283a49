//! Everyone who works here.
//!
//! HR enters a person (`enter`), and that is how the shop knows an employee: by a row with an e-mail address. At the
//! first sign-in the identity provider's (issuer, subject) is written into that row (`admit`); from then on the pair is
//! the person and the e-mail identifies nobody any more. A person who is linked is never linked again, so whoever gets
//! hold of an old address gets no account with it. What a person may do beyond shopping (`roles`) follows from the
//! provider's groups, anew at each sign-in.
//!
//! What HR keeps about a person (`profile`) is changed one by one (`edit`) or by a sheet for everybody (`import`), and found
//! again in the `directory`. Nobody is at their own record: a hiring day is worth points.
//!
//! Nobody is deleted: whoever leaves is deactivated (`deactivate`), which ends their sessions and keeps their history.
//! Points of leavers end when the company says so (`ledger::leavers`).
//!
//! An account of points is opened when it is first needed: at the first sign-in or with the first grant.
//!
//! Each person has a book of addresses (`addresses`), exactly one of which is the default as soon as there is any. An
//! order keeps the words of the address it went to, so that an address can be changed or removed at any time.

pub mod address_form;
pub mod addresses;
pub mod admit;
pub mod countries;
pub mod deactivate;
pub mod directory;
pub mod edit;
pub mod enter;
pub mod hr;
pub mod import;
pub mod lookup;
pub mod pages;
pub mod past;
pub mod profile;
pub mod roles;

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
};

use crate::entity::people;
use crate::error::{Error, Result};
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::id::PersonId;
use crate::types::time::Timestamp;

/// A person, as other features need to know them.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Person {
    pub id: PersonId,
    pub name: String,
    pub email: String,
    pub department: Option<String>,
    pub is_active: bool,
}

/// A person's row, locked for this transaction: their addresses, roles and sign-ins are changed by nobody else.
#[derive(Debug, FromQueryResult)]
pub struct LockedPerson {
    pub id: PersonId,
    pub is_active: bool,
    /// When a person who is not active any more left.
    pub left_at: Option<Timestamp>,
}

/// A person, if there is one of this id.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &impl ConnectionTrait, id: PersonId) -> Result<Option<Person>> {
    dialect::row(db, "SELECT id, name, email, department, is_active FROM people WHERE id = ?", [id.into()])
        .await
}

/// A person who must be there.
///
/// # Errors
/// [`Error::NotFound`] when there is nobody of this id.
pub async fn load(db: &impl ConnectionTrait, id: PersonId) -> Result<Person> {
    find(db, id).await?.ok_or(Error::NotFound)
}

/// Writes down that a person was here.
///
/// # Errors
/// When the database fails.
pub async fn note_seen(tx: &Tx, now: Timestamp, id: PersonId) -> Result<()> {
    dialect::execute(tx, "UPDATE people SET last_seen_at = ? WHERE id = ?", [now.into(), id.into()]).await?;
    Ok(())
}

/// Locks a person's row. Whoever also needs their account locks this one first.
///
/// # Errors
/// [`Error::NotFound`] when there is nobody of this id.
pub async fn lock_person(tx: &Tx, id: PersonId) -> Result<LockedPerson> {
    dialect::locked_row(tx, "SELECT id, is_active, left_at FROM people WHERE id = ?", [id.into()])
        .await?
        .ok_or(Error::NotFound)
}

/// Locks the rows of several people, in the order of their ids.
///
/// # Errors
/// When the database fails.
pub async fn lock_people(tx: &Tx, ids: &[PersonId]) -> Result<Vec<Person>> {
    let locked = people::Entity::find()
        .filter(people::Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(people::Column::Id)
        .lock_exclusive()
        .into_model()
        .all(tx)
        .await?;
    Ok(locked)
}
