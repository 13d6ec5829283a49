//! Which people a list is about: by words of what is known of them, and by department.

use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use crate::error::Result;
use crate::platform::dialect;
use crate::types::search;

/// Departments to choose from.
const MOST_DEPARTMENTS: i64 = 500;

/// Who is sought; where nothing is said, everybody.
#[derive(Clone, Debug, Default)]
pub struct Sought {
    /// In name, number, e-mail or department.
    pub search: String,
    /// Of one department, of none, or of any.
    pub department: Option<Option<String>>,
}

/// Whether a person, `p`, is sought; for its question marks: `Sought::values`. Departments are told apart letter by letter,
/// as everywhere.
macro_rules! is_sought {
    () => {
        "(? = '' OR (p.search_text LIKE ? ESCAPE '!' \
            AND p.search_text LIKE ? ESCAPE '!' AND p.search_text LIKE ? ESCAPE '!' \
            AND p.search_text LIKE ? ESCAPE '!' AND p.search_text LIKE ? ESCAPE '!' \
            AND p.search_text LIKE ? ESCAPE '!' AND p.search_text LIKE ? ESCAPE '!' \
            AND p.search_text LIKE ? ESCAPE '!')) \
         AND (? = '' OR (? = 'none' AND p.department IS NULL) OR (? = 'one' AND HEX(p.department) = HEX(?)))"
    };
}
pub(super) use is_sought;

impl Sought {
    /// Whether everybody is.
    #[must_use]
    pub fn is_everybody(&self) -> bool {
        search::words(&self.search).is_empty() && self.department.is_none()
    }

    /// For the question marks of `is_sought`.
    pub(super) fn values(&self) -> Vec<Value> {
        let mut words = search::words(&self.search);
        let any = words.first().cloned().unwrap_or_default();
        words.resize(search::MOST_WORDS, String::new());
        let (which, name) = match &self.department {
            None => ("", ""),
            Some(None) => ("none", ""),
            Some(Some(name)) => ("one", name.as_str()),
        };
        let mut values: Vec<Value> = vec![any.into()];
        values.extend(words.iter().map(|word| Value::from(dialect::containing(word))));
        values.extend([which, which, which, name].map(Value::from));
        values
    }
}

/// The departments there are, in order.
///
/// # Errors
/// When the database fails.
pub async fn departments(db: &impl ConnectionTrait) -> Result<Vec<String>> {
    #[derive(FromQueryResult)]
    struct Row {
        department: String,
    }
    let rows: Vec<Row> = dialect::rows(
        db,
        "SELECT department FROM people WHERE department IS NOT NULL GROUP BY department, HEX(department) \
         ORDER BY department, HEX(department) LIMIT ?",
        [MOST_DEPARTMENTS.into()],
    )
    .await?;
    Ok(rows.into_iter().map(|row| row.department).collect())
}
