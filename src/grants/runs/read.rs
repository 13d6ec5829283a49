//! A sheet, read: which column is what, and what somebody typed row by row.

use super::MOST_ROWS;
use super::check::Typed;
use crate::types::sheet::{Sheet, SheetProblem};

/// The headings that name a column.
const NUMBERS: &[&str] =
    &["number", "employee number", "personnel number", "number or email", "person", "who"];
const EMAILS: &[&str] = &["email", "mail", "email address"];
const AMOUNTS: &[&str] = &["amount", "points"];
const NOTES: &[&str] = &["note", "comment", "message"];

/// Why there is no sheet with what is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoSheet {
    NoFile,
    Problem(SheetProblem),
    /// Neither who nor how much.
    NoColumn,
}

/// The rows of a file. One column may hold numbers and addresses alike.
///
/// # Errors
/// Why it is no sheet of ours.
pub fn rows(file: Option<&[u8]>) -> Result<Vec<Typed>, NoSheet> {
    let sheet = Sheet::read(file.ok_or(NoSheet::NoFile)?, MOST_ROWS).map_err(NoSheet::Problem)?;
    let (number, email) = (sheet.column(NUMBERS), sheet.column(EMAILS));
    let (amount, note) = (sheet.column(AMOUNTS), sheet.column(NOTES));
    if amount.is_none() || number.or(email).is_none() {
        return Err(NoSheet::NoColumn);
    }
    let rows = sheet.rows().map(|row| {
        let (mut number, mut email) = (row.get(number).to_owned(), row.get(email).to_owned());
        let address_as_number = email.is_empty() && number.contains('@');
        let number_as_address = number.is_empty() && !email.contains('@');
        if address_as_number || number_as_address {
            std::mem::swap(&mut number, &mut email);
        }
        let line = i64::try_from(row.line).unwrap_or_default();
        Typed { line, number, email, amount: row.get(amount).to_owned(), note: row.get(note).to_owned() }
    });
    Ok(rows.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who(text: &str) -> Vec<(String, String)> {
        let rows = rows(Some(text.as_bytes())).unwrap();
        rows.into_iter().map(|row| (row.number, row.email)).collect()
    }

    fn pair(number: &str, email: &str) -> (String, String) {
        (number.to_owned(), email.to_owned())
    }

    #[test]
    fn one_column_holds_numbers_and_addresses_alike() {
        let wanted = [pair("E-1", ""), pair("", "a@b.test"), pair("", "")];
        assert_eq!(who("Number or E-Mail,amount\nE-1,5\na@b.test,5\n,5\n"), wanted);
        assert_eq!(who("e-mail,points\nE-1,5\na@b.test,5\n,5\n"), wanted);
        assert_eq!(who("number,email,amount\nE-1,a@b.test,5\n"), [pair("E-1", "a@b.test")]);
    }

    #[test]
    fn a_sheet_says_who_and_how_much() {
        assert_eq!(rows(None).unwrap_err(), NoSheet::NoFile);
        assert_eq!(rows(Some(b"")).unwrap_err(), NoSheet::Problem(SheetProblem::Empty));
        assert_eq!(rows(Some(b"name,amount\nAnn,5")).unwrap_err(), NoSheet::NoColumn);
        assert_eq!(rows(Some(b"number,note\nE-1,x")).unwrap_err(), NoSheet::NoColumn);
    }
}
