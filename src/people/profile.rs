//! What HR keeps about a person: as it was typed, as it must be, and what differs between two states of it.

use serde::{Deserialize, Serialize};

use crate::entity::people;
use crate::error::{FieldErrors, FieldProblem};
use crate::platform::config::Office;
use crate::types::email::Email;
use crate::types::folding::fold;
use crate::types::time::Day;

/// Characters of a name, a department, an office.
pub const LONGEST_NAME: usize = 120;
/// Characters of an employee number.
pub const LONGEST_EMPLOYEE_NUMBER: usize = 40;
/// Characters of an e-mail address.
pub const LONGEST_EMAIL: usize = 254;
/// Characters of what a search looks through; folding may make a text longer.
const LONGEST_SEARCH_TEXT: usize = 700;

/// What HR keeps about a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
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

/// The same as it stands in a form or a sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Typed {
    pub employee_number: String,
    pub name: String,
    pub email: String,
    pub department: String,
    pub office: String,
    pub hired_on: String,
    pub birthday: String,
}

/// A field that is not what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub field: &'static str,
    pub before: String,
    pub after: String,
}

impl Typed {
    /// The fields by their names, in the order in which they are shown.
    #[must_use]
    pub fn fields(&self) -> [(&'static str, &str); 7] {
        [
            ("employee_number", &self.employee_number),
            ("name", &self.name),
            ("email", &self.email),
            ("department", &self.department),
            ("office", &self.office),
            ("hired_on", &self.hired_on),
            ("birthday", &self.birthday),
        ]
    }

    /// The profile that was typed. An office is told by its name or slug; `kept` is one that may stay although it is not
    /// among the company's any more.
    ///
    /// # Errors
    /// Every field that is not as it must be.
    pub fn profile(&self, offices: &[Office], kept: &str, today: Day) -> Result<Profile, FieldErrors> {
        let mut errors = FieldErrors::default();
        let email = self.email.parse::<Email>().ok();
        is_short(&mut errors, "email", &self.email, LONGEST_EMAIL);
        if email.is_none() {
            let is_missing = self.email.trim().is_empty();
            errors.add("email", if is_missing { FieldProblem::Required } else { FieldProblem::NotAnEmail });
        }
        let mut day = |field: &'static str, text: &str| {
            let day = Day::parse_of_life(text.trim());
            if day.is_none() && !text.trim().is_empty() {
                errors.add(field, FieldProblem::NotADate);
            }
            day
        };
        let (hired_on, birthday) = (day("hired_on", &self.hired_on), day("birthday", &self.birthday));
        if birthday.is_some_and(|day| day >= today) {
            errors.add("birthday", FieldProblem::InTheFuture);
        }
        let office = one_line(&self.office);
        let slug = offices.iter().find(|known| known.slug == office || fold(&known.name) == fold(&office));
        let slug = slug.map(|known| known.slug.clone()).or_else(|| (office == kept).then(|| office.clone()));
        if slug.is_none() && !office.is_empty() {
            errors.add("office", FieldProblem::NotInList);
        }
        let some = |text: &str| Some(one_line(text)).filter(|text| !text.is_empty());
        let name = one_line(&self.name);
        let (employee_number, department) = (some(&self.employee_number), some(&self.department));
        fits(&mut errors, &name, employee_number.as_deref(), department.as_deref());
        match email.filter(|_| errors.is_empty()) {
            None => Err(errors),
            Some(email) => Ok(Profile {
                name,
                email,
                employee_number,
                department,
                office: slug.filter(|slug| !slug.is_empty()),
                hired_on,
                birthday,
            }),
        }
    }

    /// What is different in `after`.
    #[must_use]
    pub fn changes(&self, after: &Self) -> Vec<Change> {
        let pairs = self.fields().into_iter().zip(after.fields());
        let different = pairs.filter(|((_, before), (_, after))| before != after);
        different
            .map(|((field, before), (_, after))| Change {
                field,
                before: before.to_owned(),
                after: after.to_owned(),
            })
            .collect()
    }
}

impl Profile {
    /// Whether it fits its columns.
    ///
    /// # Errors
    /// Every field that does not, or is missing.
    pub fn check(&self) -> Result<(), FieldErrors> {
        let mut errors = FieldErrors::default();
        fits(&mut errors, &self.name, self.employee_number.as_deref(), self.department.as_deref());
        is_short(&mut errors, "email", self.email.as_str(), LONGEST_EMAIL);
        is_short(&mut errors, "office", self.office.as_deref().unwrap_or_default(), LONGEST_NAME);
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// What a search looks through.
    #[must_use]
    pub fn search_text(&self) -> String {
        let number = self.employee_number.as_deref().unwrap_or_default();
        let department = self.department.as_deref().unwrap_or_default();
        let text = fold(&format!("{} {number} {} {department}", self.name, self.email));
        text.chars().take(LONGEST_SEARCH_TEXT).collect()
    }
}

impl From<&Profile> for Typed {
    fn from(profile: &Profile) -> Self {
        let day = |day: Option<Day>| day.map(Day::iso).unwrap_or_default();
        Self {
            employee_number: profile.employee_number.clone().unwrap_or_default(),
            name: profile.name.clone(),
            email: profile.email.to_string(),
            department: profile.department.clone().unwrap_or_default(),
            office: profile.office.clone().unwrap_or_default(),
            hired_on: day(profile.hired_on),
            birthday: day(profile.birthday),
        }
    }
}

impl From<&people::Model> for Typed {
    fn from(person: &people::Model) -> Self {
        let day = |day: Option<Day>| day.map(Day::iso).unwrap_or_default();
        Self {
            employee_number: person.employee_number.clone().unwrap_or_default(),
            name: person.name.clone(),
            email: person.email.clone(),
            department: person.department.clone().unwrap_or_default(),
            office: person.office.clone().unwrap_or_default(),
            hired_on: day(person.hired_on),
            birthday: day(person.birthday),
        }
    }
}

fn fits(errors: &mut FieldErrors, name: &str, employee_number: Option<&str>, department: Option<&str>) {
    if name.trim().is_empty() {
        errors.add("name", FieldProblem::Required);
    }
    is_short(errors, "name", name, LONGEST_NAME);
    is_short(errors, "employee_number", employee_number.unwrap_or_default(), LONGEST_EMPLOYEE_NUMBER);
    is_short(errors, "department", department.unwrap_or_default(), LONGEST_NAME);
}

fn is_short(errors: &mut FieldErrors, field: &'static str, text: &str, longest: usize) {
    if text.chars().count() > longest {
        errors.add(field, FieldProblem::TooLong { max: u64::try_from(longest).unwrap_or_default() });
    }
}

/// One line of plain text: blanks and line breaks become single blanks, what cannot be seen is left out.
pub fn one_line(typed: &str) -> String {
    let words =
        typed.split_whitespace().map(|word| word.chars().filter(|c| !c.is_control()).collect::<String>());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offices() -> Vec<Office> {
        let office = |slug: &str, name: &str| Office {
            slug: slug.to_owned(),
            name: name.to_owned(),
            address: String::new(),
        };
        vec![office("berlin", "Berlin"), office("sao-paulo", "São Paulo")]
    }

    fn today() -> Day {
        Day::parse("2026-06-15").unwrap()
    }

    fn ann() -> Typed {
        Typed {
            employee_number: " E-1 ".to_owned(),
            name: " Ann \t Archer ".to_owned(),
            email: "Ann@Example.test".to_owned(),
            department: String::new(),
            office: "sao paulo".to_owned(),
            hired_on: "01.02.2020".to_owned(),
            birthday: "1969-07-20".to_owned(),
        }
    }

    fn problem(typed: &Typed, field: &str) -> Option<FieldProblem> {
        typed.profile(&offices(), "", today()).err().and_then(|errors| errors.get(field).cloned())
    }

    #[test]
    fn what_was_typed_becomes_what_is_kept() {
        let profile = ann().profile(&offices(), "", today()).unwrap();
        let kept = Typed::from(&profile);
        let values: Vec<_> = kept.fields().map(|(_, value)| value.to_owned()).into();
        assert_eq!(
            values,
            ["E-1", "Ann Archer", "ann@example.test", "", "sao-paulo", "2020-02-01", "1969-07-20"]
        );
        assert_eq!(profile.department, None);
        assert_eq!(profile.search_text(), "ann archer e-1 ann@example.test");
        assert_eq!(kept.profile(&offices(), "", today()), Ok(profile));
    }

    #[test]
    fn every_field_says_what_is_wrong_with_it() {
        assert_eq!(problem(&Typed { name: " ".to_owned(), ..ann() }, "name"), Some(FieldProblem::Required));
        let long = Typed { name: "ä".repeat(LONGEST_NAME + 1), ..ann() };
        assert_eq!(problem(&long, "name"), Some(FieldProblem::TooLong { max: 120 }));
        let long = Typed { employee_number: "9".repeat(41), ..ann() };
        assert_eq!(problem(&long, "employee_number"), Some(FieldProblem::TooLong { max: 40 }));
        assert_eq!(problem(&Typed { email: String::new(), ..ann() }, "email"), Some(FieldProblem::Required));
        let email = Typed { email: "ann".to_owned(), ..ann() };
        assert_eq!(problem(&email, "email"), Some(FieldProblem::NotAnEmail));
        let hired = Typed { hired_on: "02/01/2020".to_owned(), ..ann() };
        assert_eq!(problem(&hired, "hired_on"), Some(FieldProblem::NotADate));
        let born = Typed { birthday: "2026-06-15".to_owned(), ..ann() };
        assert_eq!(problem(&born, "birthday"), Some(FieldProblem::InTheFuture));
        let office = Typed { office: "Rome".to_owned(), ..ann() };
        assert_eq!(problem(&office, "office"), Some(FieldProblem::NotInList));
        assert!(office.profile(&offices(), "Rome", today()).is_ok(), "it may stay where it is");
    }

    #[test]
    fn only_what_differs_is_a_change() {
        let before = Typed::from(&ann().profile(&offices(), "", today()).unwrap());
        let after = Typed { department: "Design".to_owned(), ..before.clone() };
        let change = Change { field: "department", before: String::new(), after: "Design".to_owned() };
        assert_eq!(before.changes(&after), [change]);
        assert_eq!(before.changes(&before), []);
    }
}
