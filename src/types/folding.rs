//! Folding: text as it is searched. Lower case, no accents, single blanks; the same on every database, because it is done
//! here and not by a collation.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// `text` as it is searched: `"Café  Crème"` becomes `"cafe creme"`. What cannot be typed counts as a blank.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let lower = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
    for c in lower.filter(|c| !is_combining_mark(*c)) {
        match c {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ø' => folded.push('o'),
            'đ' | 'ð' => folded.push('d'),
            'ł' => folded.push('l'),
            'ı' => folded.push('i'),
            c if c.is_whitespace() || c.is_control() => {
                if !folded.is_empty() && !folded.ends_with(' ') {
                    folded.push(' ');
                }
            }
            c => folded.push(c),
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_accents_do_not_count() {
        let pairs = [
            ("Café Crème", "cafe creme"),
            ("CAFE\u{301}", "cafe"),
            ("Übergroße Straße", "ubergrosse strasse"),
            ("ŁÓDŹ", "lodz"),
            ("smørrebrød", "smorrebrod"),
            ("İstanbul", "istanbul"),
            ("São Paulo", "sao paulo"),
            ("½ price", "1\u{2044}2 price"),
            ("ﬁne", "fine"),
            ("日本", "日本"),
        ];
        for (text, folded) in pairs {
            assert_eq!(fold(text), folded);
        }
    }

    #[test]
    fn blanks_and_what_cannot_be_typed_are_one_blank() {
        assert_eq!(fold("  a\t\n b\0c\u{a0}d "), "a b c d");
        assert_eq!(fold("\0\u{7f} "), "");
        assert_eq!(fold(""), "");
    }

    #[test]
    fn signs_that_a_database_reads_as_patterns_stay() {
        assert_eq!(fold(r"100%_\'!"), r"100%_\'!");
    }

    #[test]
    fn folding_twice_changes_nothing() {
        for text in ["Café Crème", "İIıß", "ǅ ﬀ ½"] {
            assert_eq!(fold(&fold(text)), fold(text));
        }
    }
}
