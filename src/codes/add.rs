//! Bringing codes: a list, each line a code; what is new goes into the product's pool and is as much stock at once.

use std::collections::HashSet;

use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, Set};
use serde_json::json;

use crate::audit::{self, Act};
use crate::catalog::{self, stock};
use crate::entity::{code_batches, codes};
use crate::error::{Error, FieldErrors, FieldProblem, Refusal, Result};
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::platform::seal::Sealer;
use crate::types::actor::Actor;
use crate::types::form_key::FormKey;
use crate::types::id::{CodeId, ProductId};
use crate::types::product_kind::ProductKind;
use crate::types::time::Timestamp;

/// Codes that can come at once.
pub const MOST_CODES: usize = 10_000;
/// Bytes of the longest code.
pub const LONGEST_CODE: usize = 200;
/// Characters of a code that staff may see, and never more than half of it.
const SHOWN: usize = 4;
/// Codes that are looked for and written at a time.
const CHUNK: usize = 500;
/// Others may bring the same codes at the same moment; then a chunk is looked through again, so often.
const ATTEMPTS: u32 = 3;
/// What spreadsheets write above a column of codes.
const HEADINGS: [&str; 4] = ["code", "codes", "voucher", "voucher code"];
/// What parts the cells of a sheet.
const DELIMITERS: [char; 3] = [',', ';', '\t'];

/// What became of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Added {
    pub added: i64,
    /// Lines that say again what a line before them says.
    pub repeated: i64,
    /// Codes that the shop has already, of this product or another one, sold ones included.
    pub known: i64,
}

/// The codes of a pasted text or a file: one a line, blank lines and a heading left out.
///
/// # Errors
/// [`Error::Invalid`] on `field`.
pub fn lines(text: &str, field: &'static str) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut errors = FieldErrors::default();
    for (line, number) in text.lines().zip(1_u64..) {
        let code = line.trim().trim_end_matches(DELIMITERS).trim().trim_matches('"').trim();
        if code.is_empty() || (found.is_empty() && HEADINGS.contains(&code.to_lowercase().as_str())) {
            continue;
        }
        if code.contains(DELIMITERS) {
            errors.add(field, FieldProblem::NotOneALine { line: number });
        }
        if code.len() > LONGEST_CODE {
            let max = u64::try_from(LONGEST_CODE).unwrap_or(u64::MAX);
            errors.add(field, FieldProblem::LineTooLong { line: number, max });
        }
        found.push(code.to_owned());
    }
    if found.is_empty() {
        errors.add(field, FieldProblem::Required);
    }
    if found.len() > MOST_CODES {
        errors.add(field, FieldProblem::TooMany { max: u64::try_from(MOST_CODES).unwrap_or(u64::MAX) });
    }
    errors.check()?;
    Ok(found)
}

/// Puts codes into a product's pool and receives as much stock. The same list under the same key is one batch.
///
/// # Errors
/// [`Error::NotFound`], [`Refusal::NoCodesHere`], [`Refusal::FormReused`]; [`Error::Malformed`] for what [`lines`] refuses.
pub async fn add(
    tx: &Tx,
    now: Timestamp,
    actor: Actor,
    sealer: &Sealer,
    product_id: ProductId,
    key: FormKey,
    new: &[String],
) -> Result<Added> {
    if new.len() > MOST_CODES || new.iter().any(|code| code.is_empty() || code.len() > LONGEST_CODE) {
        return Err(Error::Malformed("codes"));
    }
    // Before the first code that refers to it; and sales of it wait until there are more.
    let product = catalog::lock(tx, product_id).await?;
    if product.kind != ProductKind::Digital {
        return Err(Refusal::NoCodesHere.into());
    }
    let hmac = sealer.digest(&new.join("\n"));
    if let Some(before) = code_batches::Entity::find_by_id(key).one(tx).await? {
        let same = before.product_id == product_id && before.hmac == hmac;
        return if same { Ok(Added::from(&before)) } else { Err(Refusal::FormReused.into()) };
    }
    let mut seen = HashSet::new();
    let mut rows = Vec::with_capacity(new.len());
    for code in new.iter().filter(|code| seen.insert(code.as_str())) {
        rows.push(sealed(now, sealer, product_id, code)?);
    }
    // In one order, whoever brings them: two lists with the same codes never wait for each other in a ring.
    rows.sort_by(|a, b| a.hmac.as_ref().cmp(b.hmac.as_ref()));
    let mut added = 0;
    for chunk in rows.chunks(CHUNK) {
        added += insert_new(tx, chunk).await?;
    }
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let done = Added {
        added: count(added),
        repeated: count(new.len() - rows.len()),
        known: count(rows.len() - added),
    };
    stock::receive(tx, now, actor, product_id, done.added).await?;
    remember(tx, now, actor, product_id, key, hmac, done).await?;
    Ok(done)
}

fn sealed(now: Timestamp, sealer: &Sealer, product_id: ProductId, code: &str) -> Result<codes::ActiveModel> {
    let id = CodeId::new();
    let length = code.chars().count();
    let last_four: String = code.chars().skip(length - SHOWN.min(length / 2)).collect();
    Ok(codes::ActiveModel {
        id: Set(id),
        product_id: Set(product_id),
        sealed: Set(sealer.seal(id.0.as_bytes(), code)?),
        hmac: Set(sealer.digest(code)),
        last_four: Set(last_four),
        order_line_id: Set(None),
        claimed_at: Set(None),
        revealed_at: Set(None),
        created_at: Set(now),
        withdrawn_at: Set(None),
    })
}

/// Inserts those that are not there yet and tells how many these were.
async fn insert_new(tx: &Tx, rows: &[codes::ActiveModel]) -> Result<usize> {
    #[derive(FromQueryResult)]
    struct Known {
        hmac: Vec<u8>,
    }
    for _ in 0..ATTEMPTS {
        let known: Vec<Known> = codes::Entity::find()
            .select_only()
            .column(codes::Column::Hmac)
            .filter(codes::Column::Hmac.is_in(rows.iter().map(|row| row.hmac.as_ref().clone())))
            .into_model()
            .all(tx)
            .await?;
        let known: HashSet<Vec<u8>> = known.into_iter().map(|row| row.hmac).collect();
        let fresh: Vec<_> = rows.iter().filter(|row| !known.contains(row.hmac.as_ref())).cloned().collect();
        let count = fresh.len();
        if count == 0 {
            return Ok(0);
        }
        match codes::Entity::insert_many(fresh).exec_without_returning(tx).await {
            Ok(_) => return Ok(count),
            // Somebody else has brought one of them since they were looked for.
            Err(error) if dialect::is_duplicate(&error) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Error::Unavailable("room for codes"))
}

async fn remember(
    tx: &Tx,
    now: Timestamp,
    actor: Actor,
    product_id: ProductId,
    key: FormKey,
    hmac: Vec<u8>,
    done: Added,
) -> Result<()> {
    let Added { added, repeated, known } = done;
    let batch = code_batches::ActiveModel {
        id: Set(key),
        product_id: Set(product_id),
        hmac: Set(hmac),
        added: Set(added),
        repeated: Set(repeated),
        known: Set(known),
        actor_id: Set(actor.person()),
        at: Set(now),
    };
    code_batches::Entity::insert(batch).exec_without_returning(tx).await?;
    let act = Act {
        action: "codes.add",
        subject_kind: "product",
        subject_id: product_id.to_string(),
        details: json!({ "batch": key.to_string(), "added": added, "repeated": repeated, "known": known }),
    };
    audit::record(tx, now, actor, act).await
}

impl From<&code_batches::Model> for Added {
    fn from(batch: &code_batches::Model) -> Self {
        Self { added: batch.added, repeated: batch.repeated, known: batch.known }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> Option<FieldProblem> {
        match lines(text, "codes") {
            Err(Error::Invalid(errors)) => errors.get("codes").cloned(),
            _ => None,
        }
    }

    #[test]
    fn a_list_is_one_code_a_line() {
        let text = "Code\r\n AAAA-1 \r\n\r\n\"BBBB 2\";\nCCCC-3,\nAAAA-1\n";
        assert_eq!(lines(text, "codes").unwrap(), ["AAAA-1", "BBBB 2", "CCCC-3", "AAAA-1"]);
        assert_eq!(lines("code", "codes").ok(), None);
    }

    #[test]
    fn what_is_no_list_is_refused_with_its_line() {
        assert_eq!(problem(" \n\n"), Some(FieldProblem::Required));
        assert_eq!(problem("A1\nB2,2027-01-01\n"), Some(FieldProblem::NotOneALine { line: 2 }));
        let long = format!("A1\n\n{}", "x".repeat(LONGEST_CODE + 1));
        assert_eq!(problem(&long), Some(FieldProblem::LineTooLong { line: 3, max: 200 }));
        assert_eq!(problem(&"A1\n".repeat(MOST_CODES)), None);
        assert_eq!(problem(&"A1\n".repeat(MOST_CODES + 1)), Some(FieldProblem::TooMany { max: 10_000 }));
    }

    #[test]
    fn staff_never_see_more_than_half_of_a_code() {
        let sealer = Sealer::new(&[7; 32]).unwrap();
        let shown = |code: &str| {
            let row = sealed(Timestamp::from_micros(0), &sealer, ProductId::new(), code).unwrap();
            row.last_four.as_ref().clone()
        };
        assert_eq!(["ABCD-EFGH", "ABCDEFG", "ABC", "A"].map(shown), ["EFGH", "EFG", "C", ""]);
    }
}
