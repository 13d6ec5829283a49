//! Rule 18 in templates: a table says what it is, row by row and cell by cell.

use super::templates::{Piece, attributes, name_of, pieces, without_askama};
use super::{Offence, Text, line_of};

/// Rule 18: tags of a table without their role. A table without a class has no style that could take its meaning away:
/// those are in mails.
pub(super) fn roles(page: &Text) -> Vec<Offence> {
    let html = without_askama(&page.text);
    let mut offences = Vec::new();
    let mut has_no_style = false;
    for piece in pieces(&html) {
        let Piece::Tag(at, tag) = piece else { continue };
        let name = name_of(tag);
        let said = attributes(tag);
        match name.as_str() {
            "table" => has_no_style = value_of(&said, "class").is_none(),
            "/table" => has_no_style = false,
            _ => {}
        }
        let Some(role) = role_of(&name, value_of(&said, "scope")) else { continue };
        if !has_no_style && value_of(&said, "role") != Some(role) {
            let what = format!("a `<{name}>` of a table without `role=\"{role}\"`: write it into the tag");
            offences.push(Offence::new(18, &page.path, line_of(&html, at), what));
        }
    }
    offences
}

fn role_of(tag: &str, scope: Option<&str>) -> Option<&'static str> {
    match (tag, scope) {
        ("table", _) => Some("table"),
        ("thead" | "tbody" | "tfoot", _) => Some("rowgroup"),
        ("tr", _) => Some("row"),
        ("th", Some("row")) => Some("rowheader"),
        ("th", _) => Some("columnheader"),
        ("td", _) => Some("cell"),
        _ => None,
    }
}

fn value_of<'a>(attributes: &'a [(String, String)], wanted: &str) -> Option<&'a str> {
    attributes.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str())
}

#[test]
fn a_table_that_keeps_its_roles_to_itself_is_found() {
    let lines = |text: &str| -> Vec<usize> {
        let page = Text { path: "templates/a.html".to_owned(), text: text.to_owned() };
        roles(&page).iter().map(|offence| offence.line).collect()
    };
    let bad = [
        "<table class=\"table\">",
        "<thead>",
        "<tfoot class=\"sums\">",
        "<tr{% if row.is_new %} class=\"new\"{% endif %}>",
        "<td data-label=\"{{ page.say(\"a\") }}\">{{ a }}</td>",
        "<th scope=\"col\">{{ a }}</th>",
        "<th role=\"columnheader\" scope=\"row\">{{ a }}</th>",
        "<th role=\"rowheader\" scope=\"col\">{{ a }}</th>",
        "<td role=\"{{ role }}\">",
    ];
    for text in bad {
        assert_eq!(lines(&format!("<table class=\"table\" role=\"table\">\n{text}</table>")), [2], "{text}");
        assert_eq!(lines(&format!("{{# a macro: <td> #}}\n{text}")), [2], "{text}");
    }
    let good = "<table class=\"table\" role=\"table\" id=\"a\"><caption>{{ a }}</caption><thead role=\"rowgroup\">\n\
                <tr role=\"row\"><th role=\"columnheader\" scope=\"col\"{% if a > b %} class=\"end\"{% endif %}></th></tr></thead>\n\
                <tbody role=\"rowgroup\"><tr role=\"row\"><th scope=\"row\" role=\"rowheader\"></th><td role=\"cell\"></td></tr>\n\
                </tbody></table><table cellpadding=\"4\"><tr><td>{{ a }}</td></tr></table>";
    assert_eq!(lines(good), [0; 0].as_slice());
    // Behind a table without a class, others are looked at again.
    assert_eq!(lines("<table cellpadding=\"4\"><tr><td></td></tr></table>\n<td>"), [2]);
}
