//! Whom the rows of a sheet may be about: everybody with a number or an address that stands in it.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::Content;
use crate::entity::people;
use crate::error::Result;

/// Numbers, or addresses, in one statement.
const CHUNK: usize = 1_000;

/// People found by what stands in a sheet.
#[derive(Clone, Debug, Default)]
pub struct Known {
    pub people: Vec<people::Model>,
    by_number: HashMap<String, usize>,
    by_email: HashMap<String, usize>,
}

impl Known {
    pub(super) fn add(&mut self, person: people::Model) {
        if self.by_email.contains_key(&person.email) {
            return;
        }
        let index = self.people.len();
        if let Some(number) = &person.employee_number {
            self.by_number.insert(number.clone(), index);
        }
        self.by_email.insert(person.email.clone(), index);
        self.people.push(person);
    }

    /// Who has this number; an empty one is nobody's.
    #[must_use]
    pub fn with_number(&self, number: &str) -> Option<usize> {
        self.by_number.get(number).copied()
    }

    /// Who has this address.
    #[must_use]
    pub fn with_email(&self, email: &str) -> Option<usize> {
        self.by_email.get(email).copied()
    }
}

pub(super) async fn of(db: &impl ConnectionTrait, content: &Content) -> Result<Known> {
    let mut known = Known::default();
    for rows in content.rows.chunks(CHUNK) {
        let numbers = rows.iter().map(super::judge::number_of).filter(|number| !number.is_empty());
        let with_number = people::Column::EmployeeNumber.is_in(numbers);
        let with_email = people::Column::Email.is_in(rows.iter().map(super::judge::email_of));
        for these in [with_number, with_email] {
            let found = people::Entity::find().filter(these).all(db).await?;
            for person in found {
                known.add(person);
            }
        }
    }
    Ok(known)
}
