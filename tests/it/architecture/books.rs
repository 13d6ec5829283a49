//! Rule 6: the append-only tables, each with the one file that writes it.

use super::{Offence, Source, is_name, mentions};

/// Table (and entity) → the file that may insert into it. Nobody may do anything else to it; the seed neither.
const APPEND_ONLY: [(&str, &str); 6] = [
    ("transfers", "src/ledger/transfers.rs"),
    ("draws", "src/ledger/draws.rs"),
    ("refund_parts", "src/ledger/refund.rs"),
    ("stock_moves", "src/catalog/stock.rs"),
    ("audit_events", "src/audit/mod.rs"),
    ("order_events", "src/orders/timeline.rs"),
];

/// What begins a change of an existing row, in SQL and in terms of the entity.
const SQL_CHANGES: [&str; 4] = ["update ", "delete from ", "replace into ", "truncate "];
const ENTITY_CHANGES: [&str; 2] = ["::Entity::update", "::Entity::delete"];

/// Where `source` writes a table that is not its own, or changes what was written.
pub(super) fn writes(source: &Source) -> Vec<Offence> {
    if source.path.starts_with("src/entity/") {
        return vec![];
    }
    APPEND_ONLY.iter().flat_map(|(table, writer)| of_table(source, table, writer)).collect()
}

fn of_table(source: &Source, table: &str, writer: &str) -> Vec<Offence> {
    let mut offences = Vec::new();
    let mut blame = |line: usize, what: String| offences.push(Offence::new(6, &source.path, line, what));
    let changed = || format!("changes rows of `{table}`: they are never updated nor deleted");
    let foreign = || format!("writes `{table}`: only {writer} does");
    for (line, rest) in mentions(&source.code, table) {
        if ENTITY_CHANGES.iter().any(|change| rest.starts_with(change)) {
            blame(line, changed());
        } else if source.path != writer && (names_writing(rest) || rest.starts_with("::Entity::insert")) {
            blame(line, foreign());
        }
    }
    for literal in &source.literals {
        let words = literal.text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
        if SQL_CHANGES.iter().any(|change| names_table(&words, change, table)) {
            blame(literal.line, changed());
        } else if source.path != writer && words.contains("insert ") && names_table(&words, " into ", table) {
            blame(literal.line, foreign());
        }
    }
    offences
}

/// After the entity's name: `::ActiveModel`, a group with it, everything, or another name for it all.
fn names_writing(rest: &str) -> bool {
    let group = rest.strip_prefix("::{").and_then(|group| group.split('}').next()).unwrap_or_default();
    rest.starts_with("::ActiveModel")
        || group.split(|c| !is_name(c)).any(|name| name == "ActiveModel")
        || rest.starts_with("::*")
        || rest.starts_with(" as ")
}

/// Whether `words` has `verb` and then `table`, bare or quoted.
fn names_table(words: &str, verb: &str, table: &str) -> bool {
    words.match_indices(verb).any(|(at, _)| {
        let after = words.split_at_checked(at + verb.len()).map_or("", |(_, after)| after);
        let after = after.trim_start_matches(['`', '"']);
        after.strip_prefix(table).is_some_and(|tail| !tail.starts_with(is_name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offences(path: &str, text: &str) -> usize {
        writes(&Source::new(path, text)).len()
    }

    #[test]
    fn writing_a_book_from_another_file_is_found() {
        let bad = [
            "transfers::ActiveModel { .. }",
            "use crate::entity::transfers::ActiveModel;",
            "use crate::entity::transfers::{self, ActiveModel};",
            "use crate::entity::transfers::*;",
            "use crate::entity::draws as d;",
            "stock_moves::Entity::insert_many(rows)",
            "execute(tx, \"INSERT INTO audit_events (id) VALUES (?)\")",
            "\"insert or ignore\n   into `transfers` (id)\"",
        ];
        for text in bad {
            assert_eq!(offences("src/dev/seed.rs", text), 1, "{text}");
        }
    }

    #[test]
    fn changing_a_book_is_found_even_in_the_file_that_writes_it() {
        let bad = [
            "\"UPDATE transfers SET amount = 1\"",
            "\"DELETE FROM transfers\"",
            "\"REPLACE INTO transfers (id) VALUES (1)\"",
            "transfers::Entity::delete_many()",
            "transfers::Entity::update_many()",
        ];
        for text in bad {
            assert_eq!(offences("src/ledger/transfers.rs", text), 1, "{text}");
        }
    }

    #[test]
    fn reading_a_book_is_fine_and_so_is_writing_ones_own() {
        assert_eq!(
            offences("src/orders/history.rs", "transfers::Entity::find(); \"SELECT 1 FROM transfers\""),
            0
        );
        assert_eq!(
            offences("src/orders/history.rs", "\"UPDATE draws_total SET n = 1\"; my_draws::ActiveModel"),
            0
        );
        assert_eq!(
            offences("src/ledger/draws.rs", "draws::ActiveModel; \"INSERT INTO draws (id) VALUES (?)\""),
            0
        );
    }
}
