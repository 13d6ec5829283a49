//! Rows by the ten thousand, copied inside the database from one that the shop has written: for limits that nobody reaches
//! row by row.

/// The id of a copy, made of its number.
pub const COPY_ID: &str = "UNHEX(CONCAT_WS('', '00000000000000000000000000', n))";

/// Ten rows.
const DIGITS: &str = "(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 \
                      UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)";

/// So many numbers `n` from 100,000 on, no more than 100,000, as the last table of a FROM: each row of the others is there
/// once for each of them.
pub fn numbers(count: u32) -> String {
    let n = "a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d";
    format!(
        "(SELECT 100000 + {n} AS n FROM {DIGITS} a, {DIGITS} b, {DIGITS} c, {DIGITS} e, {DIGITS} f \
         WHERE {n} < {count}) numbers"
    )
}
