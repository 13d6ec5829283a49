//! HR enters somebody who works here. The points account is opened by whoever composes the two: the books know people,
//! people know no books.

use sea_orm::{ActiveModelTrait, ConnectionTrait, DbErr, FromQueryResult, Set};
use serde_json::json;

use crate::audit::{self, Act};
use crate::entity::people;
use crate::error::{Error, FieldErrors, FieldProblem, Result};
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::actor::Actor;
use crate::types::email::Email;
use crate::types::id::PersonId;
use crate::types::time::{Day, Timestamp};

/// Characters of a name, a department, an office.
pub const LONGEST_NAME: usize = 120;
/// Characters of an employee number.
pub const LONGEST_EMPLOYEE_NUMBER: usize = 40;
/// Characters of an e-mail address.
pub const LONGEST_EMAIL: usize = 254;

/// Somebody the shop does not know yet.
#[derive(Clone, Debug)]
pub struct NewPerson {
    pub name: String,
    pub email: Email,
    /// HR's own number; no two people share one.
    pub employee_number: Option<String>,
    pub department: Option<String>,
    /// The slug of the office where they work.
    pub office: Option<String>,
    pub hired_on: Option<Day>,
    pub birthday: Option<Day>,
}

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
    check(&new)?;
    match insert(tx, now, &new, None).await {
        Ok(id) => {
            record(tx, now, actor, id).await?;
            Ok(id)
        }
        Err(error) if dialect::is_duplicate(&error) => {
            let field = if email_is_taken(tx, &new.email).await? { "email" } else { "employee_number" };
            Err(invalid(field, FieldProblem::Taken))
        }
        Err(error) => Err(error.into()),
    }
}

/// Writes the row; a unique key that is hit is for the caller to understand.
pub(super) async fn insert(
    tx: &Tx,
    now: Timestamp,
    new: &NewPerson,
    identity: Option<Identity<'_>>,
) -> Result<PersonId, DbErr> {
    let id = PersonId::new();
    people::ActiveModel {
        id: Set(id),
        issuer: Set(identity.as_ref().map(|identity| identity.issuer.to_owned())),
        subject: Set(identity.as_ref().map(|identity| identity.subject.to_owned())),
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
    }
    .insert(tx)
    .await?;
    Ok(id)
}

pub(super) async fn record(tx: &Tx, now: Timestamp, actor: Actor, id: PersonId) -> Result<()> {
    let act = Act {
        action: "person.enter",
        subject_kind: "person",
        subject_id: id.to_string(),
        details: json!({}),
    };
    audit::record(tx, now, actor, act).await
}

async fn email_is_taken(db: &impl ConnectionTrait, email: &Email) -> Result<bool> {
    #[derive(FromQueryResult)]
    struct Owners {
        owners: i64,
    }
    let sql = "SELECT COUNT(*) AS owners FROM people WHERE email = ?";
    let found: Option<Owners> = dialect::row(db, sql, [email.as_str().into()]).await?;
    Ok(found.is_some_and(|found| found.owners > 0))
}

fn check(new: &NewPerson) -> Result<()> {
    let mut errors = FieldErrors::default();
    if new.name.trim().is_empty() {
        errors.add("name", FieldProblem::Required);
    }
    let texts = [
        ("name", Some(new.name.as_str()), LONGEST_NAME),
        ("email", Some(new.email.as_str()), LONGEST_EMAIL),
        ("employee_number", new.employee_number.as_deref(), LONGEST_EMPLOYEE_NUMBER),
        ("department", new.department.as_deref(), LONGEST_NAME),
        ("office", new.office.as_deref(), LONGEST_NAME),
    ];
    for (field, text, longest) in texts {
        if text.is_some_and(|text| text.chars().count() > longest) {
            errors.add(field, FieldProblem::TooLong { max: u64::try_from(longest).unwrap_or_default() });
        }
    }
    errors.check()
}

fn invalid(field: &'static str, problem: FieldProblem) -> Error {
    let mut errors = FieldErrors::default();
    errors.add(field, problem);
    Error::Invalid(errors)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(name: &str) -> NewPerson {
        NewPerson {
            name: name.to_owned(),
            email: "ann@example.test".parse().unwrap(),
            employee_number: Some("E-1".to_owned()),
            department: None,
            office: None,
            hired_on: None,
            birthday: None,
        }
    }

    #[test]
    fn a_name_is_there_and_fits_its_column() {
        assert!(check(&new("Ann Archer")).is_ok());
        assert!(check(&new(&"ä".repeat(LONGEST_NAME))).is_ok());
        for name in ["", "  ", &"ä".repeat(LONGEST_NAME + 1)] {
            assert!(matches!(check(&new(name)), Err(Error::Invalid(_))), "{name:?}");
        }
        let number = NewPerson { employee_number: Some("9".repeat(41)), ..new("Ann") };
        assert!(matches!(check(&number), Err(Error::Invalid(_))));
    }
}
