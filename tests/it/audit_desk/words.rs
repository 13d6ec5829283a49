//! Every act that the code writes down has a sentence.

use std::fs;
use std::path::{Path, PathBuf};

/// Every Rust file of the shop.
fn sources() -> Vec<(PathBuf, String)> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    found
}

/// `order.place`: two words of small letters with one point between them.
fn is_action(text: &str) -> bool {
    let word = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    text.split_once('.').is_some_and(|(noun, verb)| word(noun) && word(verb))
}

/// The names of acts in a file: what stands behind `action:`, and in files that hand a name on, whatever looks like one
/// and is not the name of a write or of a file.
fn actions(text: &str) -> Vec<String> {
    if !text.contains("Act {") {
        return vec![];
    }
    let literals = text.split('"').skip(1).step_by(2);
    let named = literals.filter(|literal| is_action(literal));
    let is_write = |literal: &str| {
        text.contains(&format!("write(\"{literal}\""))
            || [".rs", ".csv", ".html"].iter().any(|end| literal.ends_with(end))
    };
    named.filter(|literal| !is_write(literal)).map(str::to_owned).collect()
}

#[test]
fn every_act_has_a_sentence() {
    let words = sources().into_iter().find(|(path, _)| path.ends_with("audit/hr/words.rs")).unwrap().1;
    let mut silent: Vec<String> = sources()
        .iter()
        .filter(|(path, _)| !path.ends_with("audit/mod.rs") && !path.ends_with("audit/hr/words.rs"))
        .flat_map(|(_, text)| actions(text))
        .filter(|action| words.matches(&format!("\"{action}\"")).count() < 2)
        .collect();
    silent.sort();
    silent.dedup();
    assert_eq!(silent, [""; 0], "give each a sentence in src/audit/hr/words.rs and locales/en/audit.ftl");
}

#[test]
fn names_of_acts_are_told_from_other_words() {
    let text = r#"Act { action: "order.place", subject_kind: "order" }; db.write("orders.place", x); "words.rs"; "a b.c""#;
    assert_eq!(actions(text), ["order.place"]);
    assert_eq!(actions(r#"record("order.place")"#), [""; 0]);
}
