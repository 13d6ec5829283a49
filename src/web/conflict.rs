//! Two change the same thing at once. Whoever comes second finds what they typed, and beside it how the first has left it.

use std::fmt::Display;

/// A field as somebody else has left it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theirs {
    pub label: String,
    pub value: String,
}

impl Theirs {
    /// The field, unless it was left just as it was typed; `word` is what people call the value.
    pub fn unless_same(label: impl Display, typed: &str, left: &str, word: Option<&str>) -> Option<Self> {
        // Browsers end their lines in a way of their own, and what is entered is trimmed.
        let is_same = typed.replace("\r\n", "\n").trim() == left.trim();
        (!is_same).then(|| Self { label: label.to_string(), value: word.unwrap_or(left).to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_told_when_it_was_left_otherwise_than_typed() {
        assert_eq!(Theirs::unless_same("Terms", " one\r\ntwo ", "one\ntwo", None), None);
        let told = |value: &str| Some(Theirs { label: "Office".to_owned(), value: value.to_owned() });
        assert_eq!(Theirs::unless_same("Office", "berlin", "", None), told(""));
        assert_eq!(Theirs::unless_same("Office", "", "berlin", Some("Berlin")), told("Berlin"));
    }
}
