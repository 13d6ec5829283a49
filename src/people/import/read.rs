//! A file becomes lines: which column is which follows from the heading.

use ring::digest::{SHA256, digest};

use super::{Content, MOST_ROWS, Row};
use crate::people::profile::Typed;
use crate::types::sheet::{Sheet, SheetProblem};

/// Field, what its column may be called, and whether there must be one.
const COLUMNS: [(&str, &[&str], bool); 7] = [
    (
        "employee_number",
        &["number", "employee number", "employee no", "personnel number", "personalnummer"],
        true,
    ),
    ("name", &["name", "full name"], true),
    ("email", &["e-mail", "email", "e-mail address", "mail"], true),
    ("department", &["department", "abteilung"], false),
    ("office", &["office", "location", "standort"], false),
    ("hired_on", &["hired on", "hired", "hire date", "start date", "eintritt"], false),
    ("birthday", &["birthday", "date of birth", "birth date", "geburtstag"], false),
];

/// A sheet as it was read.
#[derive(Clone, Debug)]
pub struct Read {
    pub digest: Vec<u8>,
    pub file_name: String,
    pub content: Content,
}

/// Why a file is no sheet of people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    Sheet(SheetProblem),
    /// The heading has no column for this field.
    NoColumn(&'static str),
}

/// Reads a file.
///
/// # Errors
/// Why it cannot be read.
pub fn read(file_name: &str, bytes: &[u8]) -> Result<Read, Unreadable> {
    let sheet = Sheet::read(bytes, MOST_ROWS).map_err(Unreadable::Sheet)?;
    let found = COLUMNS.map(|(field, names, is_required)| (field, sheet.column(names), is_required));
    if let Some((field, ..)) = found.iter().find(|(_, column, is_required)| *is_required && column.is_none())
    {
        return Err(Unreadable::NoColumn(field));
    }
    let [number, name, email, department, office, hired_on, birthday] = found.map(|(_, column, _)| column);
    let rows = sheet.rows().map(|row| {
        let cell = |column| row.get(column).to_owned();
        let typed = Typed {
            employee_number: cell(number),
            name: cell(name),
            email: cell(email),
            department: cell(department),
            office: cell(office),
            hired_on: cell(hired_on),
            birthday: cell(birthday),
        };
        Row { line: row.line, typed, problems: vec![] }
    });
    Ok(Read {
        digest: digest(&SHA256, bytes).as_ref().to_vec(),
        file_name: file_name.to_owned(),
        content: Content { rows: rows.collect() },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_go_by_their_heading_and_may_be_left_out() {
        let read = read("people.csv", b"Name;Personalnummer;E-Mail\nAnn;E-1;ann@example.test\n").unwrap();
        let row = &read.content.rows[0];
        assert_eq!(
            (row.line, row.typed.employee_number.as_str(), row.typed.name.as_str()),
            (2, "E-1", "Ann")
        );
    }

    #[test]
    fn without_number_name_or_address_it_is_no_sheet_of_people() {
        let problem = |text: &[u8]| read("people.csv", text).unwrap_err();
        assert_eq!(problem(b"name,email\na,b"), Unreadable::NoColumn("employee_number"));
        assert_eq!(problem(b"number,email\na,b"), Unreadable::NoColumn("name"));
        assert_eq!(problem(b"number,name\na,b"), Unreadable::NoColumn("email"));
        assert_eq!(problem(b""), Unreadable::Sheet(SheetProblem::Empty));
    }
}
