//! E-mail addresses as we compare them: trimmed and in lower case.

use std::fmt;
use std::str::FromStr;

use validator::ValidateEmail;

/// An e-mail address, well formed, in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Email(String);

impl Email {
    /// The address as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Email {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let address = text.trim().to_lowercase();
        if address.validate_email() { Ok(Self(address)) } else { Err(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_in_lower_case() {
        assert_eq!(" Ann@Example.TEST ".parse::<Email>().unwrap().as_str(), "ann@example.test");
        assert!("not an address".parse::<Email>().is_err());
        assert!("".parse::<Email>().is_err());
    }
}
