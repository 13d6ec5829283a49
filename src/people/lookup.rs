//! Finding somebody by what one knows of them: a part of the name, the employee number, the e-mail address or the department.

use sea_orm::{ConnectionTrait, FromQueryResult};

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
    let words = search::folded(words);
    if words.is_empty() {
        return Ok(vec![]);
    }
    let pattern = dialect::containing(&words);
    dialect::rows(
        db,
        "SELECT id, name, employee_number, email, department, is_active FROM people \
         WHERE search_text LIKE ? ESCAPE '!' ORDER BY is_active DESC, name, id LIMIT ?",
        [pattern.into(), most.into()],
    )
    .await
}
