//! What somebody looks for, as they typed it.

use crate::types::folding::fold;

/// Characters of a search that are looked at; its field takes no more.
pub const LONGEST_SEARCH: usize = 100;
/// Words of a search that are looked for; more only make it slower.
pub const MOST_WORDS: usize = 8;

/// What was typed, as far as it is looked at; empty when that is nothing.
#[must_use]
pub fn typed(text: &str) -> String {
    text.trim().chars().take(LONGEST_SEARCH).collect()
}

/// The same, folded.
#[must_use]
pub fn folded(text: &str) -> String {
    fold(&typed(text))
}

/// Its words, folded.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    folded(text).split_whitespace().take(MOST_WORDS).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_looked_at_up_to_its_limit() {
        assert_eq!(typed(" Öst % "), "Öst %");
        assert_eq!(folded(" Öst  % "), "ost %");
        let long = "ä".repeat(LONGEST_SEARCH + 1);
        assert_eq!(typed(&long).chars().count(), LONGEST_SEARCH);
        assert_eq!(folded(&long), "a".repeat(LONGEST_SEARCH));
        assert_eq!(words("Öst  a b c d e f g h"), ["ost", "a", "b", "c", "d", "e", "f", "g"]);
        assert_eq!((typed(" \n"), folded("\t")), (String::new(), String::new()));
    }
}
