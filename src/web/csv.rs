//! CSV files for spreadsheets: quoted by the csv crate, and with cells that a spreadsheet would run as a formula defused.

use actix_web::HttpResponse;
use actix_web::http::header;

use crate::error::{Error, Result};
use crate::types::sheet::FORMULA_STARTS;

/// Spreadsheets read UTF-8 only when it says so.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A cell that no spreadsheet runs: an apostrophe in front of what looks like a formula. Numbers stay numbers.
#[must_use]
pub fn cell(text: &str) -> String {
    let is_number = text.parse::<i64>().is_ok();
    if !is_number && text.starts_with(FORMULA_STARTS) { format!("'{text}") } else { text.to_owned() }
}

/// A download named `name`, with a heading and rows whose cells are all defused.
///
/// # Errors
/// When writing fails.
pub fn download(
    name: &str,
    heading: &[String],
    rows: impl IntoIterator<Item = Vec<String>>,
) -> Result<HttpResponse> {
    let failed = |error: ::csv::Error| Error::Internal(anyhow::Error::new(error).context("writing CSV"));
    let mut writer = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(heading).map_err(failed)?;
    for row in rows {
        writer.write_record(row.iter().map(|text| cell(text))).map_err(failed)?;
    }
    let file =
        writer.into_inner().map_err(|error| Error::Internal(anyhow::anyhow!("writing CSV: {error}")))?;
    let disposition = format!("attachment; filename=\"{name}\"");
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, disposition))
        .body([BYTE_ORDER_MARK.as_bytes(), &file].concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_defused_and_numbers_stay_numbers() {
        for formula in ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\tx", "\rx", "=cmd|' /C calc'!A0"] {
            assert_eq!(cell(formula), format!("'{formula}"));
            assert_eq!(cell(&format!("'{formula}")), format!("'{formula}"), "it comes back as it went");
        }
        for plain in ["-480", "480", "Desk lamp", ""] {
            assert_eq!(cell(plain), plain);
        }
    }
}
