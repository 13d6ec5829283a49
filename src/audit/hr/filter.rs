//! What the trail is asked for, as it stands in an address.

use serde::{Deserialize, Serialize};

use crate::audit::search::{By, Wanted};
use crate::audit::subjects::{self, MOST_MEANT};
use crate::error::{FieldErrors, FieldProblem, Result};
use crate::platform::app::App;
use crate::types::id::PersonId;
use crate::types::search;
use crate::types::time::Day;
use crate::web::sorting::Sorting;

/// What is typed instead of a name for what happened by itself.
const BY_THE_SHOP: &str = "shop";
const COLUMNS: &[&str] = &["when"];

/// What the trail is asked for.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Filter {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub q: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub person: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub by: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub action: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub from: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub to: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub request: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sort: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub page: String,
}

/// What it asks for, and what in it cannot be.
pub struct Asked {
    pub wanted: Wanted,
    pub errors: FieldErrors,
    /// A word means more people or things than are looked for.
    pub too_much: bool,
}

impl Filter {
    /// Reads it, and looks up whom and what its words mean.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn asked(&self, app: &App) -> Result<Asked> {
        let (db, zone) = (app.db.reads(), app.config.time_zone);
        let mut errors = FieldErrors::default();
        let mut day = |field: &'static str, text: &str| {
            let day = Day::parse(text);
            if day.is_none() && !text.is_empty() {
                errors.add(field, FieldProblem::NotADate);
            }
            day
        };
        let (from, to) = (day("from", &self.from), day("to", &self.to));
        if from.zip(to).is_some_and(|(from, to)| from > to) {
            errors.add("to", FieldProblem::RangeOrder);
        }
        let mut too_much = false;
        let mut known = |people: Vec<PersonId>| {
            too_much |= people.len() > MOST_MEANT;
            people
        };
        let people = match words(&self.person) {
            Some(words) => Some(known(subjects::people(db, &words).await?)),
            None => None,
        };
        let by = match words(&self.by) {
            Some(words) if words.eq_ignore_ascii_case(BY_THE_SHOP) => Some(By::Shop),
            Some(words) => Some(By::People(known(subjects::people(db, &words).await?))),
            None => None,
        };
        let about = match words(&self.q) {
            Some(words) => Some(subjects::about(db, &words).await?),
            None => None,
        };
        too_much |= about.as_ref().is_some_and(subjects::About::is_too_much);
        let wanted = Wanted {
            about,
            people,
            by,
            action: words(&self.action),
            from: from.map(|day| day.start_in(zone)),
            before: to.map(|day| day.end_in(zone)),
            request_id: words(&self.request),
            oldest_first: !self.sorting().descending,
        };
        Ok(Asked { wanted, errors, too_much })
    }

    /// The newest first, unless asked otherwise.
    #[must_use]
    pub fn sorting(&self) -> Sorting {
        Sorting::new(&self.sort, "-when", COLUMNS)
    }

    /// Whether anything is asked for.
    #[must_use]
    pub fn any(&self) -> bool {
        [&self.q, &self.person, &self.by, &self.action, &self.from, &self.to, &self.request]
            .iter()
            .any(|text| !text.trim().is_empty())
    }

    /// The query of an address with this filter.
    #[must_use]
    pub fn query(&self, page: u32) -> String {
        let page = if page > 1 { page.to_string() } else { String::new() };
        serde_urlencoded::to_string(Self { page, ..self.clone() }).unwrap_or_default()
    }
}

/// What was typed, unless that is nothing.
fn words(text: &str) -> Option<String> {
    let words = search::typed(text);
    (!words.is_empty()).then_some(words)
}
