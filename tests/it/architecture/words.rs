//! Rule 16 in keys: what is said is in `locales/en`, and what is there is said.

use std::collections::BTreeMap;

use super::{Offence, Source, Text, line_of};

/// Code right in front of a literal that makes it a key.
const SAYING: &str = "say(";
/// Families of keys that tables in the code choose from: a literal that looks like one of them is one.
const FAMILIES: [&str; 4] = ["refusal-", "error-", "form-", "notice-"];

/// Keys said and not written, and keys written and never said.
pub(super) fn missing_or_unused(locale: &[Text], pages: &[Text], sources: &[Source]) -> Vec<Offence> {
    let written = written(locale);
    let mut said: Vec<(String, &str, usize)> = Vec::new();
    for page in pages {
        said.extend(said_in_page(&page.text).into_iter().map(|(line, key)| (key, page.path.as_str(), line)));
    }
    for source in sources {
        let keys = source.literals.iter().filter(|literal| is_said(&literal.behind, &literal.text));
        said.extend(keys.map(|literal| (literal.text.clone(), source.path.as_str(), literal.line)));
    }
    let missing = said.iter().filter(|(key, ..)| !written.contains_key(key)).map(|(key, path, line)| {
        Offence::new(16, path, *line, format!("says `{key}`, which is not in locales/en"))
    });
    let unused =
        written.iter().filter(|(key, _)| !is_used(key, locale, pages, sources)).map(|(key, place)| {
            Offence::new(
                16,
                place.0,
                place.1,
                format!("`{key}` is said nowhere (keys are written out, never put together)"),
            )
        });
    missing.chain(unused).collect()
}

/// Every key of the locale, and where it stands.
fn written(locale: &[Text]) -> BTreeMap<String, (&str, usize)> {
    let mut keys = BTreeMap::new();
    for file in locale {
        for (number, line) in file.text.lines().enumerate() {
            if let Some(key) = line.split_once('=').map(|(key, _)| key.trim_end()).filter(|key| is_key(key)) {
                keys.insert(key.to_owned(), (file.path.as_str(), number + 1));
            }
        }
    }
    keys
}

fn is_key(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

fn is_said(behind: &str, text: &str) -> bool {
    let in_family = FAMILIES.iter().any(|family| text.starts_with(family) && text.len() > family.len());
    behind.ends_with(SAYING) || (in_family && is_key(text))
}

fn said_in_page(text: &str) -> Vec<(usize, String)> {
    let key_at = |(at, _)| {
        let (_, after) = text.split_at_checked(at + SAYING.len())?;
        let (key, _) = after.trim_start().strip_prefix('"')?.split_once('"')?;
        Some((line_of(text, at), key.to_owned()))
    };
    text.match_indices(SAYING).filter_map(key_at).collect()
}

/// Whether `key` stands anywhere as a literal, or another message refers to it.
fn is_used(key: &str, locale: &[Text], pages: &[Text], sources: &[Source]) -> bool {
    let quoted = format!("\"{key}\"");
    let referred = format!("{{ {key} }}");
    pages.iter().any(|page| page.text.contains(&quoted))
        || sources.iter().any(|source| source.literals.iter().any(|literal| literal.text == key))
        || locale.iter().any(|file| file.text.contains(&referred))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(ftl: &str, html: &str, rust: &str) -> Vec<String> {
        let text = |path: &str, text: &str| Text { path: path.to_owned(), text: text.to_owned() };
        let locale = [text("locales/en/a.ftl", ftl)];
        let offences =
            missing_or_unused(&locale, &[text("templates/a.html", html)], &[Source::new("src/a.rs", rust)]);
        offences.iter().map(|Offence { place, line, .. }| format!("{place}:{line}")).collect()
    }

    #[test]
    fn a_key_that_is_not_written_is_found() {
        assert_eq!(found("", "\n{{ page.say(\"cart-total\") }}", ""), ["templates/a.html:2"]);
        assert_eq!(found("", "", "fn f() { page.say(\n\"cart-total\") }"), ["src/a.rs:2"]);
        assert_eq!(found("", "", "match r { X => \"refusal-cart-empty\" }"), ["src/a.rs:1"]);
    }

    #[test]
    fn a_key_that_is_never_said_is_found() {
        assert_eq!(
            found("# why\ncart-total = Total\n    .of = x", "", "// \"cart-total\""),
            ["locales/en/a.ftl:2"]
        );
    }

    #[test]
    fn keys_written_and_said_are_fine() {
        assert_eq!(found("a-b = x { c } y\nc = z", "{{ page.say(\"a-b\").with(\"n\", n) }}", ""), [""; 0]);
        assert_eq!(
            found(
                "kind-grant = Granted",
                "",
                "match k { K::Grant => \"kind-grant\", _ => \"content-type\" }"
            ),
            [""; 0]
        );
    }
}
