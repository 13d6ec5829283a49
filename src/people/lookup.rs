//! Finding somebody by what one knows of them: a part of the name, the employee number, the e-mail address or the department.

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect,
};

use crate::entity::people;
use crate::error::Result;
use crate::platform::dialect;
use crate::types::id::PersonId;
use crate::types::search;

/// Somebody who fits.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Found {
    pub id: PersonId,
    pub name: String,
    pub employee_number: Option<String>,
    pub email: String,
    pub department: Option<String>,
    pub is_active: bool,
}

/// Who fits `words`, active people first, then by name; nobody fits nothing.
///
/// # Errors
/// When the database fails.
pub async fn search(db: &impl ConnectionTrait, words: &str, most: u32) -> Result<Vec<Found>> {
    if search::words(words).is_empty() {
        return Ok(vec![]);
    }
    let found = people::Entity::find().filter(named(words)).select_only().columns([
        people::Column::Id,
        people::Column::Name,
        people::Column::EmployeeNumber,
        people::Column::Email,
        people::Column::Department,
        people::Column::IsActive,
    ]);
    let found = found.order_by_desc(people::Column::IsActive).order_by_asc(people::Column::Name);
    let found = found.order_by_asc(people::Column::Id).limit(u64::from(most));
    Ok(found.into_model().all(db).await?)
}

/// People with all words of a search in their name, number, e-mail or department; without words everybody.
pub fn named(text: &str) -> Condition {
    dialect::has_words(&people::Column::SearchText.into_expr(), text)
}
