//! The details of an act as a person reads them: what it was, what it became, and plain facts.

use serde_json::{Map, Value};

use crate::web::text::grouped;

/// One line: a fact, or what something was and became.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The name of the field as the code has it, `_` as blanks; empty for the subject as a whole.
    pub name: String,
    /// Whether something became something else; otherwise `after` is a fact.
    pub compared: bool,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// Reads `{"before": …, "after": …}` side by side, without what stayed the same, and everything else as facts.
#[must_use]
pub fn of(details: &Value) -> Vec<Change> {
    let Value::Object(fields) = details else {
        return if is_nothing(details) { vec![] } else { vec![fact("", details)] };
    };
    let mut changes = match (fields.get("before"), fields.get("after")) {
        (None, None) => vec![],
        (before, after) => side_by_side(before.unwrap_or(&Value::Null), after.unwrap_or(&Value::Null)),
    };
    let others = fields.iter().filter(|(name, value)| {
        !matches!(name.as_str(), "before" | "after" | "person") && !is_nothing(value)
    });
    changes.extend(others.map(|(name, value)| fact(name, value)));
    changes
}

fn side_by_side(before: &Value, after: &Value) -> Vec<Change> {
    let none = Map::new();
    let (was, is) = match (before, after) {
        (Value::Object(was), Value::Object(is)) => (was, is),
        (Value::Object(was), Value::Null) => (was, &none),
        (Value::Null, Value::Object(is)) => (&none, is),
        _ => return vec![compared("", before, after)],
    };
    let added = is.keys().filter(|name| !was.contains_key(*name));
    let names = was.keys().chain(added).filter(|name| was.get(*name) != is.get(*name));
    let value = |fields: &Map<String, Value>, name: &str| fields.get(name).cloned().unwrap_or_default();
    names
        .map(|name| compared(name, &value(was, name), &value(is, name)))
        .filter(|change| change.before != change.after)
        .collect()
}

fn compared(name: &str, before: &Value, after: &Value) -> Change {
    Change { name: spaced(name), compared: true, before: shown(before), after: shown(after) }
}

fn fact(name: &str, value: &Value) -> Change {
    Change { name: spaced(name), compared: false, before: None, after: shown(value) }
}

fn spaced(name: &str) -> String {
    name.replace(['_', '-'], " ")
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(all) => all.is_empty(),
        Value::Object(all) => all.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// A value in one line; nothing at all is `None`.
fn shown(value: &Value) -> Option<String> {
    if is_nothing(value) {
        return None;
    }
    Some(match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.as_i64().map_or_else(|| number.to_string(), grouped),
        Value::Array(all) => all.iter().filter_map(shown).collect::<Vec<_>>().join(", "),
        Value::Object(all) => {
            let each =
                all.iter().filter_map(|(name, value)| Some(format!("{}: {}", spaced(name), shown(value)?)));
            each.collect::<Vec<_>>().join(", ")
        }
        Value::Bool(_) | Value::Null => value.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(details: &Value) -> Vec<String> {
        let nothing = || "nothing".to_owned();
        let line = |Change { name, compared, before, after }: Change| {
            let (before, after) = (before.unwrap_or_else(nothing), after.unwrap_or_else(nothing));
            if compared { format!("{name}: {before} > {after}") } else { format!("{name}={after}") }
        };
        of(details).into_iter().map(line).collect()
    }

    #[test]
    fn what_changed_stands_side_by_side_and_what_stayed_is_left_out() {
        let details = json!({
            "before": { "name": "Lamp", "price": 1200, "limit": null, "low_stock_at": 3, "terms": "old" },
            "after": { "name": "Desk lamp", "price": 1200, "limit": "1/month", "low_stock_at": 3, "terms": "" },
            "reason": "better name",
        });
        let expected = [
            "limit: nothing > 1/month",
            "name: Lamp > Desk lamp",
            "terms: old > nothing",
            "reason=better name",
        ];
        assert_eq!(told(&details), expected);
    }

    #[test]
    fn lists_and_single_values_are_shown_as_a_whole() {
        assert_eq!(
            told(&json!({ "before": ["orders"], "after": ["orders", "points"] })),
            [": orders > orders, points"]
        );
        assert_eq!(told(&json!({ "before": [], "after": ["audit"] })), [": nothing > audit"]);
        assert_eq!(told(&json!({ "before": 5, "after": -1250 })), [": 5 > −1,250"]);
    }

    #[test]
    fn everything_else_is_a_fact_but_the_person_who_has_a_place_of_their_own() {
        let details = json!({ "number": "AW-1", "balance_after": 12345, "note": "", "person": "x", "lines": [{ "pieces": 2 }] });
        assert_eq!(told(&details), ["balance after=12,345", "lines=pieces: 2", "number=AW-1"]);
        assert_eq!(told(&json!({})), [""; 0]);
        assert_eq!(told(&json!("gone")), ["=gone"]);
    }
}
