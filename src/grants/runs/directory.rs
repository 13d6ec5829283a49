//! Everybody a sheet may mean, looked up by what stands in it.

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect, Select,
};

use super::check::{Directory, Known, Typed};
use crate::entity::{accounts, people};
use crate::error::Result;
use crate::types::id::PersonId;
use crate::types::points::Points;

/// Numbers or addresses asked for at once.
const AT_ONCE: usize = 1_000;

/// A person, as far as giving them points needs to know.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Found {
    pub id: PersonId,
    pub employee_number: Option<String>,
    pub email: String,
    pub is_active: bool,
    pub balance: Option<Points>,
}

/// Looks up who is named in these rows.
///
/// # Errors
/// When the database fails.
pub async fn of_rows(db: &impl ConnectionTrait, rows: &[Typed]) -> Result<Directory> {
    let numbers: Vec<_> = rows.iter().map(|row| row.number.clone()).filter(|text| !text.is_empty()).collect();
    let emails: Vec<_> =
        rows.iter().map(|row| row.email.to_lowercase()).filter(|text| !text.is_empty()).collect();
    let mut directory = Directory::default();
    for some in numbers.chunks(AT_ONCE) {
        let named = people::Column::EmployeeNumber.is_in(some.iter().cloned());
        directory.add(found().filter(named).into_model().all(db).await?);
    }
    for some in emails.chunks(AT_ONCE) {
        let named = people::Column::Email.is_in(some.iter().cloned());
        directory.add(found().filter(named).into_model().all(db).await?);
    }
    Ok(directory)
}

/// People with their balances, to be filtered.
pub(super) fn found() -> Select<people::Entity> {
    let account = people::Entity::belongs_to(accounts::Entity)
        .from(people::Column::Id)
        .to(accounts::Column::PersonId)
        .into();
    people::Entity::find()
        .select_only()
        .columns([
            people::Column::Id,
            people::Column::EmployeeNumber,
            people::Column::Email,
            people::Column::IsActive,
        ])
        .column(accounts::Column::Balance)
        .join(JoinType::LeftJoin, account)
}

impl Directory {
    pub(super) fn add(&mut self, found: Vec<Found>) {
        for person in found {
            self.known.insert(
                person.id,
                Known { is_active: person.is_active, balance: person.balance.unwrap_or_default() },
            );
            self.by_email.insert(person.email, person.id);
            if let Some(number) = person.employee_number {
                self.by_number.insert(number, person.id);
            }
        }
    }
}
