//! Rules 1 and 2: who may import whom, and who may know HTTP.

use super::{Offence, Source, is_name, mentions};

/// Every module on its floor (tens) and, among features, its rank (ones). A module may name smaller numbers only.
const FLOORS: &[(&str, u8)] = &[
    ("types", 0),
    ("urls", 1),
    ("error", 1),
    ("entity", 10),
    ("platform", 20),
    ("web", 30),
    ("audit", 40),
    ("limits", 40),
    ("outbox", 40),
    ("people", 41),
    ("catalog", 41),
    ("ledger", 41),
    ("codes", 42),
    ("auth", 43),
    ("cart", 43),
    ("grants", 43),
    ("orders", 43),
    ("notices", 43),
    ("reports", 43),
    ("checkout", 44),
    ("overview", 44),
    ("server", 50),
    ("dev", 50),
];

/// The features' numbers.
const FEATURES: std::ops::Range<u8> = 40..50;
/// These put the house together and may name everything.
const FREE: [&str; 2] = ["src/main.rs", "src/lib.rs"];
/// The names that make code know HTTP.
const HTTP: [&str; 2] = ["actix_web", "askama"];
/// Files (or folders of that name) of a feature that stand at the door.
const AT_THE_DOOR: [&str; 3] = ["pages", "hr", "api"];
/// Modules that are all door.
const DOOR: [&str; 3] = ["web", "server", "dev"];
/// Mail bodies are templates and take their words from the kit.
const MAIL: &str = "notices";

/// Rule 1: the paths in `source` that lead upwards, sideways, or nowhere on the table.
pub(super) fn imports(source: &Source) -> Vec<Offence> {
    if FREE.contains(&source.path.as_str()) {
        return vec![];
    }
    let from = module(&source.path);
    let Some(own_floor) = floor(from) else {
        return vec![Offence::new(
            1,
            &source.path,
            1,
            format!("`{from}` is on no floor: put it on the table"),
        )];
    };
    let mut offences: Vec<Offence> = mentions(&source.code, "super::super::")
        .map(|(line, _)| {
            Offence::new(1, &source.path, line, "`super::super::` hides the way: write `crate::…`")
        })
        .collect();
    for (line, to) in paths(source) {
        if to == from {
            continue;
        }
        let what = match floor(&to) {
            Some(other) if other < own_floor => continue,
            Some(_) => format!("`{from}` names `crate::{to}`, which is not below it"),
            None => {
                format!("`crate::{to}` is on no floor: put it on the table, or name the module it comes from")
            }
        };
        offences.push(Offence::new(1, &source.path, line, what));
    }
    offences
}

/// Rule 2: where `source` names HTTP although it does not stand at the door.
pub(super) fn http(source: &Source) -> Vec<Offence> {
    let from = module(&source.path);
    let at_the_door = source.path.split('/').any(|part| AT_THE_DOOR.contains(&part.trim_end_matches(".rs")));
    if FREE.contains(&source.path.as_str()) || DOOR.contains(&from) || at_the_door {
        return vec![];
    }
    let mut offences = Vec::new();
    for name in HTTP.into_iter().filter(|name| from != MAIL || *name != "askama") {
        offences.extend(
            mentions(&source.code, name)
                .map(|(line, _)| Offence::new(2, &source.path, line, format!("names `{name}`"))),
        );
    }
    if floor(from).is_some_and(|floor| FEATURES.contains(&floor)) && from != MAIL {
        let kit = paths(source).into_iter().filter(|(_, to)| to == "web");
        offences.extend(
            kit.map(|(line, _)| Offence::new(2, &source.path, line, "names `crate::web`, the kit of pages")),
        );
    }
    offences
}

fn floor(module: &str) -> Option<u8> {
    FLOORS.iter().find(|(name, _)| *name == module).map(|(_, floor)| *floor)
}

/// `src/orders/hr.rs` → `orders`, `src/error.rs` → `error`.
fn module(path: &str) -> &str {
    path.strip_prefix("src/").and_then(|p| p.split('/').next()).unwrap_or(path).trim_end_matches(".rs")
}

/// The top-level modules that `source` names, with their lines. In `src/x.rs` and `src/x/mod.rs`, `super::` is the root.
fn paths(source: &Source) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> =
        mentions(&source.code, "crate::").flat_map(|(line, rest)| heads(line, rest)).collect();
    let below_root = source.path.matches('/').count() == 1 || source.path.ends_with("/mod.rs");
    if below_root && source.path.matches('/').count() <= 2 {
        let ups = mentions(&source.code, "super::").flat_map(|(line, rest)| heads(line, rest));
        found.extend(ups.filter(|(_, name)| floor(name).is_some()));
    }
    found
}

/// The first names of what follows `crate::`: one, or one for each member of a group.
fn heads(line: usize, rest: &str) -> Vec<(usize, String)> {
    let first_name = |text: &str| text.chars().take_while(|c| is_name(*c)).collect::<String>();
    let Some(group) = rest.trim_start().strip_prefix('{') else {
        return vec![(line, first_name(rest))];
    };
    let (mut depth, mut line, mut member) = (1, line, String::new());
    let mut found = Vec::new();
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            '\n' => line += 1,
            _ => {}
        }
        if depth == 0 || (depth == 1 && c == ',') {
            found.push((line, first_name(member.trim_start())));
            member.clear();
        } else {
            member.push(c);
        }
        if depth == 0 {
            break;
        }
    }
    found.retain(|(_, name)| !name.is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offending_lines(rule: fn(&Source) -> Vec<Offence>, path: &str, text: &str) -> Vec<usize> {
        rule(&Source::new(path, text)).iter().map(|offence| offence.line).collect()
    }

    #[test]
    fn a_path_upwards_or_sideways_is_found_however_it_is_written() {
        let bad = [
            "use crate::checkout::place;",
            "use crate::{types::id, checkout};",
            "use crate::{\n types::{a, b},\n checkout::{c},\n};",
            "fn f() { crate::checkout::place() }",
            "use crate::grants::single;",
            "use crate::nowhere::x;",
            "use super::super::types;",
        ];
        for text in bad {
            assert_eq!(offending_lines(imports, "src/orders/cancel.rs", text).len(), 1, "{text}");
        }
        assert_eq!(offending_lines(imports, "src/orders/mod.rs", "\nuse super::checkout::x;"), [2]);
        assert_eq!(offending_lines(imports, "src/types/id.rs", "use crate::error::Result;"), [1]);
        assert_eq!(offending_lines(imports, "src/unheard/mod.rs", ""), [1]);
    }

    #[test]
    fn a_path_downwards_is_fine_and_so_is_a_comment() {
        let good = "//! [`crate::checkout`]\nuse crate::{error::{Error, Result}, ledger};\nuse crate::orders::find;\n\
                    pub(crate) fn f() {}\nmod tests { use super::*; }";
        assert_eq!(offending_lines(imports, "src/orders/cancel.rs", good), [0; 0]);
        assert_eq!(offending_lines(imports, "src/main.rs", "use crate::anything;"), [0; 0]);
        assert_eq!(offending_lines(imports, "src/orders/mod.rs", "mod tests { use super::cancel; }"), [0; 0]);
    }

    #[test]
    fn http_is_found_outside_the_door_only() {
        let text = "use actix_web::HttpResponse;\nuse askama::Template;\nuse crate::web::page::Page;";
        for door in
            ["orders/pages.rs", "orders/hr.rs", "orders/api.rs", "web/x.rs", "server/x.rs", "dev/x.rs"]
        {
            assert_eq!(offending_lines(http, &format!("src/{door}"), text), [0; 0], "{door}");
        }
        assert_eq!(offending_lines(http, "src/orders/cancel.rs", text), [1, 2, 3]);
        assert_eq!(offending_lines(http, "src/error.rs", text), [1, 2]);
        assert_eq!(offending_lines(http, "src/notices/mail.rs", text), [1]);
    }
}
