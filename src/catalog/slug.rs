//! Slugs: a name as it stands in an address.

use crate::types::folding::fold;

/// The longest slug that is made of a name; a number may follow.
const LONGEST: usize = 110;
/// What a name becomes that has no letter or digit we can write.
const NAMELESS: &str = "item";

/// `"Café Crème, 250 g"` becomes `"cafe-creme-250-g"`.
#[must_use]
pub fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in fold(name).chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if c == '\'' || c == '’' {
            // "Barista's" is one word.
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.len() == LONGEST {
            break;
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { NAMELESS.to_owned() } else { slug.to_owned() }
}

/// The slug for the `n`th thing of one name: the first has no number.
#[must_use]
pub fn numbered(slug: &str, n: u32) -> String {
    if n <= 1 { slug.to_owned() } else { format!("{slug}-{n}") }
}

/// Whether `text` could be a slug.
#[must_use]
pub fn is_slug(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_words_with_dashes() {
        assert_eq!(slug("Café Crème, 250 g"), "cafe-creme-250-g");
        assert_eq!(slug("  Barista's Choice! "), "baristas-choice");
        assert_eq!(slug("../../etc"), "etc");
        assert_eq!(slug("日本"), "item");
        assert_eq!(slug(&"ab ".repeat(60)).len(), 110);
        assert!(!slug(&"a".repeat(500)).ends_with('-'));
    }

    #[test]
    fn what_is_made_is_a_slug_and_what_is_typed_often_not() {
        assert!(is_slug(&numbered(&slug("Café Crème"), 2)));
        for not in ["", "A", "a b", "a/b", "a ", "é", "a\0"] {
            assert!(!is_slug(not), "{not:?}");
        }
    }

    #[test]
    fn only_the_second_gets_a_number() {
        assert_eq!(numbered("lamp", 1), "lamp");
        assert_eq!(numbered("lamp", 2), "lamp-2");
    }
}
