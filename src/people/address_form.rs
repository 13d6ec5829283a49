//! What a person types as an address, and when it is one: the lengths are the columns', the rest is what a parcel needs.

use serde::{Deserialize, Deserializer};

use crate::error::{FieldErrors, FieldProblem, Result};
use crate::people::addresses::{Address, Postal};
use crate::people::countries;
use crate::people::profile::one_line;

/// Characters of a name, a line, a town, a region.
const LONGEST_LINE: usize = 120;
const LONGEST_POSTCODE: usize = 20;
const LONGEST_PHONE: usize = 40;
/// Beside digits, what phone numbers are written with.
const PHONE_SIGNS: &str = " +-()";

/// The form, as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct AddressForm {
    pub recipient: String,
    pub line1: String,
    pub line2: String,
    pub postcode: String,
    pub city: String,
    pub region: String,
    pub country: String,
    pub phone: String,
    #[serde(deserialize_with = "ticked")]
    pub make_default: bool,
}

impl AddressForm {
    /// The address that was typed.
    ///
    /// # Errors
    /// [`crate::error::Error::Invalid`] with every field that is not as it must be.
    pub fn postal(&self) -> Result<Postal> {
        let mut errors = FieldErrors::default();
        let mut line = |name: &'static str, typed: &str, is_required: bool, longest: usize| {
            let text = one_line(typed);
            if is_required && text.is_empty() {
                errors.add(name, FieldProblem::Required);
            }
            if text.chars().count() > longest {
                errors.add(name, FieldProblem::TooLong { max: u64::try_from(longest).unwrap_or_default() });
            }
            text
        };
        let postal = Postal {
            recipient: line("recipient", &self.recipient, true, LONGEST_LINE),
            line1: line("line1", &self.line1, true, LONGEST_LINE),
            line2: line("line2", &self.line2, false, LONGEST_LINE),
            postcode: line(
                "postcode",
                &self.postcode,
                countries::has_postcodes(&self.country),
                LONGEST_POSTCODE,
            ),
            city: line("city", &self.city, true, LONGEST_LINE),
            region: line("region", &self.region, false, LONGEST_LINE),
            country: self.country.clone(),
            phone: line("phone", &self.phone, false, LONGEST_PHONE),
        };
        if countries::find(&postal.country).is_none() {
            errors.add("country", FieldProblem::NotInList);
        }
        if !is_phone(&postal.phone) {
            errors.add("phone", FieldProblem::NotAPhoneNumber);
        }
        errors.check()?;
        Ok(postal)
    }
}

impl From<&Address> for AddressForm {
    fn from(address: &Address) -> Self {
        let Postal { recipient, line1, line2, postcode, city, region, country, phone } = address.postal();
        let make_default = address.is_default();
        Self { recipient, line1, line2, postcode, city, region, country, phone, make_default }
    }
}

/// No phone number at all, or digits among the usual signs.
fn is_phone(text: &str) -> bool {
    let is_written_with = |c: char| c.is_ascii_digit() || PHONE_SIGNS.contains(c);
    text.is_empty() || (text.chars().all(is_written_with) && text.contains(|c: char| c.is_ascii_digit()))
}

/// A box that is not ticked is not sent at all.
fn ticked<'de, D: Deserializer<'de>>(field: D) -> Result<bool, D::Error> {
    String::deserialize(field).map(|_| true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    fn good() -> AddressForm {
        AddressForm {
            recipient: "Ann Archer".to_owned(),
            line1: "Lamp Street 1".to_owned(),
            postcode: "10115".to_owned(),
            city: "Berlin".to_owned(),
            country: "DE".to_owned(),
            ..AddressForm::default()
        }
    }

    fn problem(form: &AddressForm, field: &str) -> Option<FieldProblem> {
        match form.postal() {
            Ok(_) => None,
            Err(Error::Invalid(errors)) => errors.get(field).cloned(),
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn what_a_parcel_needs_is_required() {
        assert!(good().postal().is_ok());
        let Err(Error::Invalid(errors)) = AddressForm::default().postal() else {
            panic!("nothing is an address")
        };
        for field in ["recipient", "line1", "postcode", "city"] {
            assert_eq!(errors.get(field), Some(&FieldProblem::Required), "{field}");
        }
        assert_eq!(errors.get("country"), Some(&FieldProblem::NotInList));
        for field in ["line2", "region", "phone"] {
            assert_eq!(errors.get(field), None, "{field}");
        }
    }

    #[test]
    fn a_field_holds_as_much_as_its_column() {
        let of = |count| AddressForm { recipient: "ä".repeat(count), ..good() };
        assert_eq!(problem(&of(120), "recipient"), None);
        assert_eq!(problem(&of(121), "recipient"), Some(FieldProblem::TooLong { max: 120 }));
        let of = |count| AddressForm { postcode: "1".repeat(count), ..good() };
        assert_eq!(problem(&of(20), "postcode"), None);
        assert_eq!(problem(&of(21), "postcode"), Some(FieldProblem::TooLong { max: 20 }));
        let of = |count| AddressForm { phone: "1".repeat(count), ..good() };
        assert_eq!(problem(&of(40), "phone"), None);
        assert_eq!(problem(&of(41), "phone"), Some(FieldProblem::TooLong { max: 40 }));
    }

    #[test]
    fn a_country_without_postcodes_asks_for_none() {
        let in_country =
            |country: &str| AddressForm { postcode: String::new(), country: country.to_owned(), ..good() };
        assert_eq!(problem(&in_country("AE"), "postcode"), None);
        assert_eq!(problem(&in_country("DE"), "postcode"), Some(FieldProblem::Required));
        assert_eq!(problem(&in_country("XX"), "country"), Some(FieldProblem::NotInList));
        assert_eq!(problem(&in_country("de"), "country"), Some(FieldProblem::NotInList));
    }

    #[test]
    fn a_phone_number_is_digits_and_the_usual_signs() {
        let with = |phone: &str| problem(&AddressForm { phone: phone.to_owned(), ..good() }, "phone");
        for phone in ["", " ", "+49 (30) 123-456", "030123456"] {
            assert_eq!(with(phone), None, "{phone:?}");
        }
        for phone in ["call me", "+ -", "030/123", "٠٣٠", "1;2"] {
            assert_eq!(with(phone), Some(FieldProblem::NotAPhoneNumber), "{phone:?}");
        }
    }

    #[test]
    fn a_line_is_one_line() {
        let typed = AddressForm { recipient: " Ann\r\n \t Archer\0 ".to_owned(), ..good() };
        assert_eq!(typed.postal().unwrap().recipient, "Ann Archer");
        assert_eq!(
            problem(&AddressForm { city: "\u{1b}\n".to_owned(), ..good() }, "city"),
            Some(FieldProblem::Required)
        );
    }
}
