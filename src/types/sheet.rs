//! Sheets that people upload: CSV as spreadsheets write it. UTF-8 or what older ones use, with commas, semicolons or tabs,
//! a heading row whose words decide what a column is, cells without the spaces around them.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// What a spreadsheet takes for the start of a formula. Our own files have an apostrophe before it, which is not what
/// anybody wrote.
pub const FORMULA_STARTS: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\0'];
/// What may stand between the cells.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];
/// Cells of a row, and characters of a cell, that are looked at; nobody's sheet has more.
const MOST_COLUMNS: usize = 60;
const LONGEST_CELL: usize = 2_000;

/// A sheet that was read.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// As written.
    pub heading: Vec<String>,
    rows: Vec<Row>,
}

/// A row of a sheet that is not empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The line of the file on which it begins; the heading is on line 1.
    pub line: u64,
    pub cells: Vec<String>,
}

/// Why a file is no sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SheetProblem {
    /// There is nothing in it, or nothing but a heading.
    Empty,
    /// It is something else: a workbook, a picture.
    NotText,
    /// A quoted cell that never ends, and the like.
    Unreadable {
        line: u64,
    },
    TooManyRows {
        most: usize,
    },
    TooManyColumns {
        most: usize,
    },
    CellTooLong {
        line: u64,
        most: usize,
    },
}

impl Sheet {
    /// Reads a file of at most `most_rows` rows below its heading.
    ///
    /// # Errors
    /// Why it is no sheet.
    pub fn read(bytes: &[u8], most_rows: usize) -> Result<Self, SheetProblem> {
        let text = decode(bytes)?;
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter(&text))
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let mut heading = None;
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| SheetProblem::Unreadable {
                line: error.position().map_or(0, csv::Position::line),
            })?;
            let line = record.position().map_or(0, |begin| begin.line() + blank_lines(&text, begin.byte()));
            let cells: Vec<String> = record.iter().map(|cell| as_written(cell).to_owned()).collect();
            if cells.iter().all(String::is_empty) {
                continue;
            }
            if cells.len() > MOST_COLUMNS {
                return Err(SheetProblem::TooManyColumns { most: MOST_COLUMNS });
            }
            if cells.iter().any(|cell| cell.chars().count() > LONGEST_CELL) {
                return Err(SheetProblem::CellTooLong { line, most: LONGEST_CELL });
            }
            if heading.is_none() {
                heading = Some(cells);
            } else if rows.len() < most_rows {
                rows.push(Row { line, cells });
            } else {
                return Err(SheetProblem::TooManyRows { most: most_rows });
            }
        }
        match heading {
            Some(heading) if !rows.is_empty() => Ok(Self { heading, rows }),
            _ => Err(SheetProblem::Empty),
        }
    }

    /// The column whose heading is one of `names` (in small letters; spaces, `_` and `-` are the same).
    #[must_use]
    pub fn column(&self, names: &[&str]) -> Option<usize> {
        self.heading.iter().position(|heading| names.iter().any(|name| plain(heading) == plain(name)))
    }

    pub fn rows(&self) -> impl ExactSizeIterator<Item = &Row> {
        self.rows.iter()
    }
}

impl Row {
    /// A cell; empty when the row is too short or there is no such column.
    #[must_use]
    pub fn get(&self, column: Option<usize>) -> &str {
        column.and_then(|column| self.cells.get(column)).map_or("", String::as_str)
    }
}

/// A cell without the apostrophe that keeps a spreadsheet from running it.
fn as_written(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| rest.starts_with(FORMULA_STARTS)).unwrap_or(cell)
}

fn plain(heading: &str) -> String {
    heading.to_lowercase().replace(['_', '-', ' ', '.'], "")
}

/// What a file of text says: UTF-8, or what older spreadsheets write.
///
/// # Errors
/// [`SheetProblem::NotText`].
pub fn decode(bytes: &[u8]) -> Result<String, SheetProblem> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let (text, had_errors) = encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default());
        return if had_errors { Err(SheetProblem::NotText) } else { readable(text.into_owned()) };
    }
    let (text, had_errors) = UTF_8.decode_without_bom_handling(bytes);
    if !had_errors {
        return readable(text.into_owned());
    }
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
    readable(text.into_owned())
}

/// Workbooks, pictures and archives are full of what no text contains.
fn readable(text: String) -> Result<String, SheetProblem> {
    let is_odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if text.contains(is_odd) { Err(SheetProblem::NotText) } else { Ok(text) }
}

/// The reader counts from where the last row ended, before the blank lines between.
fn blank_lines(text: &str, begin: u64) -> u64 {
    let rest = usize::try_from(begin).ok().and_then(|begin| text.as_bytes().get(begin..)).unwrap_or_default();
    let blank = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    blank.fold(0, |lines, byte| lines + u64::from(*byte == b'\n'))
}

/// What the heading has most of.
fn delimiter(text: &str) -> u8 {
    let heading = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |delimiter: u8| heading.bytes().filter(|byte| *byte == delimiter).count();
    DELIMITERS.into_iter().rev().max_by_key(|delimiter| count(*delimiter)).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Vec<Vec<String>>, SheetProblem> {
        Sheet::read(bytes, 3).map(|sheet| sheet.rows().map(|row| row.cells.clone()).collect())
    }

    #[test]
    fn what_keeps_a_spreadsheet_from_running_a_cell_is_no_part_of_it() {
        for (cell, written) in
            [("'=1+1", "=1+1"), ("'-5 %", "-5 %"), ("'s", "'s"), ("''=1", "''=1"), ("'", "'"), ("=1", "=1")]
        {
            assert_eq!(as_written(cell), written);
        }
    }

    #[test]
    fn what_spreadsheets_write_is_read() {
        let wanted = Ok(vec![vec!["E-1".to_owned(), "Zoë; née Ünal".to_owned()]]);
        let text = "number;name\r\nE-1;\"Zoë; née Ünal\"\r\n";
        assert_eq!(read(text.as_bytes()), wanted);
        assert_eq!(read(format!("\u{feff}{text}").as_bytes()), wanted);
        assert_eq!(read(&WINDOWS_1252.encode(text).0), wanted);
        let utf16: Vec<u8> =
            [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(read(&utf16), wanted);
        assert_eq!(read("number\tname\n\n E-1 \t Zoë; née Ünal \n\n".as_bytes()), wanted);
        assert_eq!(read("number,name\nE-1,Zoë; née Ünal".as_bytes()), wanted);
    }

    #[test]
    fn lines_are_those_of_the_file_and_columns_go_by_name() {
        let sheet = Sheet::read(b"Employee Number,E-Mail\n\n1,a\n\"2\n3\",b\n4\n", 9).unwrap();
        assert_eq!(sheet.rows().map(|row| row.line).collect::<Vec<_>>(), [3, 4, 6]);
        assert_eq!(sheet.column(&["number", "employee_number"]), Some(0));
        assert_eq!(sheet.column(&["email"]), Some(1));
        assert_eq!(sheet.column(&["name"]), None);
        assert_eq!(sheet.rows().map(|row| row.get(Some(1))).collect::<Vec<_>>(), ["a", "b", ""]);
    }

    #[test]
    fn what_is_no_sheet_says_why() {
        assert_eq!(read(b""), Err(SheetProblem::Empty));
        assert_eq!(read(b"number,name\n\n,\n"), Err(SheetProblem::Empty));
        assert_eq!(read(b"PK\x03\x04\x14\x00\x06"), Err(SheetProblem::NotText));
        assert_eq!(read(b"n\n1\n2\n3\n4"), Err(SheetProblem::TooManyRows { most: 3 }));
        assert_eq!(read(b"n\n1\n2\n3\n\n").map(|rows| rows.len()), Ok(3));
        let long = format!("n\n{}", "x".repeat(LONGEST_CELL + 1));
        assert_eq!(read(long.as_bytes()), Err(SheetProblem::CellTooLong { line: 2, most: LONGEST_CELL }));
        let wide = format!("n\n{}", "x,".repeat(MOST_COLUMNS));
        assert_eq!(read(wide.as_bytes()), Err(SheetProblem::TooManyColumns { most: MOST_COLUMNS }));
    }
}
