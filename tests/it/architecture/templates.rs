//! Rules 9 and 16 in templates: no partials, nothing unescaped or inline, no words but those of `locales/`.

use super::{Offence, Text, line_of};

/// What askama reads, by its opening and closing marks.
const ASKAMA: [(&str, &str); 3] = [("{{", "}}"), ("{%", "%}"), ("{#", "#}")];
/// Attributes whose values people read or hear.
const READ_ALOUD: [&str; 6] = ["aria-label", "aria-description", "title", "placeholder", "alt", "label"];
/// The demo's own pages speak to developers.
const DEMO: &str = "templates/dev/";

/// A piece of HTML, with the byte at which it begins.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'h> {
    Words(usize, &'h str),
    /// Without its angle brackets.
    Tag(usize, &'h str),
}

/// Rule 9: partials, `|safe`, inline scripts and styles.
pub(super) fn inline(page: &Text) -> Vec<Offence> {
    let mut offences = Vec::new();
    let mut blame = |line: usize, what: String| offences.push(Offence::new(9, &page.path, line, what));
    for (at, expression) in expressions(&page.text) {
        let bare: String = expression.chars().filter(|c| !c.is_whitespace()).collect();
        if bare.starts_with("{%include") || bare.starts_with("{%-include") {
            blame(
                line_of(&page.text, at),
                "includes a partial: make it a block of its page, or a macro".to_owned(),
            );
        }
        if bare.contains("|safe") || bare.contains("|escape(\"none\")") {
            blame(line_of(&page.text, at), "`|safe` trusts text unescaped".to_owned());
        }
    }
    let html = without_askama(&page.text);
    let mut last_tag = String::new();
    for piece in pieces(&html) {
        match piece {
            Piece::Tag(at, tag) => {
                last_tag = name_of(tag);
                if last_tag == "style" {
                    blame(line_of(&html, at), "an inline `<style>`: it belongs into static/".to_owned());
                }
                for (name, _) in attributes(tag) {
                    let handler = name.strip_prefix("on").is_some_and(|event| !event.is_empty());
                    if handler || name == "style" || name.starts_with("hx-on") {
                        blame(line_of(&html, at), format!("an inline `{name}=`: it belongs into static/"));
                    }
                }
            }
            Piece::Words(at, words) if last_tag == "script" && !words.trim().is_empty() => {
                blame(line_of(&html, at), "a `<script>` with a body: it belongs into static/".to_owned());
            }
            Piece::Words(..) => {}
        }
    }
    offences
}

/// Rule 16: letters that stand in the page itself, or in an attribute that people read.
pub(super) fn literal_words(page: &Text) -> Vec<Offence> {
    if page.path.starts_with(DEMO) {
        return vec![];
    }
    let html = without_askama(&page.text);
    let mut offences = Vec::new();
    for piece in pieces(&html) {
        let (at, found) = match piece {
            Piece::Words(at, words) => (at + leading_blanks(words), words_in(words)),
            Piece::Tag(at, tag) => {
                let read =
                    attributes(tag).into_iter().filter(|(name, _)| READ_ALOUD.contains(&name.as_str()));
                (at, read.map(|(_, value)| words_in(&value)).collect::<String>())
            }
        };
        if !found.is_empty() {
            let what = format!("says {found:?} by itself: put it into locales/ and say its key");
            offences.push(Offence::new(16, &page.path, line_of(&html, at), what));
        }
    }
    offences
}

fn leading_blanks(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

/// `text` without entities, if letters remain; else nothing.
fn words_in(text: &str) -> String {
    let mut words = String::new();
    let mut parts = text.split('&');
    words.push_str(parts.next().unwrap_or_default());
    for part in parts {
        words.push_str(part.split_once(';').map_or(part, |(_, after)| after));
    }
    if words.contains(char::is_alphabetic) { words.trim().to_owned() } else { String::new() }
}

/// Every `{{ … }}`, `{% … %}` and `{# … #}` of `text`, with where it begins.
fn expressions(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some((_, rest)) = text.split_at_checked(from) {
        let next = ASKAMA.iter().filter_map(|(open, close)| rest.find(open).map(|at| (at, *close))).min();
        let Some((start, close)) = next else { break };
        let length =
            rest.split_at_checked(start).and_then(|(_, tail)| tail.find(close)).map(|at| at + close.len());
        let end = start + length.unwrap_or(rest.len() - start);
        found.extend(rest.get(start..end).map(|expression| (from + start, expression)));
        from += end;
    }
    found
}

/// `text` with blanks for what askama reads, every line where it was.
pub(super) fn without_askama(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    let mut from = 0;
    for (at, expression) in expressions(text) {
        html.push_str(text.get(from..at).unwrap_or_default());
        html.extend(expression.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
        from = at + expression.len();
    }
    html.push_str(text.get(from..).unwrap_or_default());
    html
}

/// Tags and what stands between them; HTML comments are left out.
pub(super) fn pieces(html: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some((_, rest)) = html.split_at_checked(from).filter(|(_, rest)| !rest.is_empty()) {
        let length = if rest.starts_with("<!--") {
            rest.find("-->").map_or(rest.len(), |end| end + "-->".len())
        } else if let Some(tag) = rest.strip_prefix('<') {
            let end = end_of_tag(tag);
            found.extend(tag.get(..end).map(|tag| Piece::Tag(from, tag)));
            end + "<>".len()
        } else {
            let end = rest.find('<').unwrap_or(rest.len());
            found.extend(rest.get(..end).map(|words| Piece::Words(from, words)));
            end
        };
        from += length;
    }
    found
}

/// Where the `>` of a tag stands; one inside quotes does not end it.
fn end_of_tag(tag: &str) -> usize {
    let mut quote = None;
    for (at, c) in tag.char_indices() {
        match (quote, c) {
            (None, '>') => return at,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            _ => {}
        }
    }
    tag.len()
}

pub(super) fn name_of(tag: &str) -> String {
    tag.split(|c: char| c.is_whitespace() || c == '>').next().unwrap_or_default().to_lowercase()
}

/// The attributes of a tag, names in lower case; one without a value has an empty one.
pub(super) fn attributes(tag: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = tag.trim_start_matches(|c: char| !c.is_whitespace()).trim_start();
    while !rest.is_empty() {
        let name: String = rest.chars().take_while(|c| !c.is_whitespace() && *c != '=').collect();
        rest = rest.strip_prefix(name.as_str()).unwrap_or_default().trim_start();
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=').map(str::trim_start) {
            let quote = after.chars().next().filter(|c| ['"', '\''].contains(c));
            (value, rest) = match quote.and_then(|quote| after.strip_prefix(quote)?.split_once(quote)) {
                Some(quoted) => quoted,
                None => after.split_once(char::is_whitespace).unwrap_or((after, "")),
            };
        }
        found.push((name.to_lowercase(), value.to_owned()));
        rest = rest.trim_start();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(rule: fn(&Text) -> Vec<Offence>, path: &str, text: &str) -> Vec<usize> {
        let page = Text { path: path.to_owned(), text: text.to_owned() };
        rule(&page).iter().map(|offence| offence.line).collect()
    }

    #[test]
    fn partials_and_inline_things_are_found() {
        let bad = [
            "{{ text|safe }}",
            "{{ text | safe }}",
            "{% include \"a.html\" %}",
            "{%- include \"a.html\" -%}",
            "<p style=\"color: red\">",
            "<p\n class=\"a\" onclick='f()'>",
            "<p hx-on::after-swap=\"f()\">",
            "<script>f()</script>",
            "<style>p { color: red }</style>",
        ];
        for text in bad {
            assert_eq!(lines(inline, "templates/a.html", &format!("\n{text}")), [2], "{text}");
        }
        let good = "<script src=\"{{ u }}\" defer></script>\n<p class=\"style\" data-on=\"x\" title=\"\" checked>a</p>";
        assert_eq!(lines(inline, "templates/a.html", good), [0; 0].as_slice());
    }

    #[test]
    fn words_of_the_pages_own_are_found() {
        let bad = [
            "<p>Hello</p>",
            "<b>{{ n }} left</b>",
            "<img alt=\"A lamp\">",
            "<i title='{{ x }} more'></i>",
            "é",
        ];
        for text in bad {
            assert_eq!(lines(literal_words, "templates/a.html", &format!("<p>\n{text}")), [2], "{text}");
            assert_eq!(lines(literal_words, "templates/dev/a.html", text), [0; 0].as_slice(), "{text}");
        }
        let good = "<!-- why --><p class=\"{% if a > b %}x{% endif %}\">&nbsp;· {{ page.say(\"a\") }} 1/2 {# why #}</p>\n\
                    <input name=\"title\" aria-label=\"{{ page.say(\"b\") }}\" checked><a title=\"\" id=words>→</a>";
        assert_eq!(lines(literal_words, "templates/a.html", good), [0; 0].as_slice());
    }
}
