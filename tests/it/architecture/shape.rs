//! Rule 14: a file opens with what lives in it, and stays short.

use super::{Offence, Text};

/// The first file length that is too much, in lines.
const LINES: usize = 400;

/// What is wrong with the shape of `file`.
pub(super) fn of_file(file: &Text) -> Vec<Offence> {
    let mut offences = Vec::new();
    if !file.text.starts_with("//! ") {
        offences.push(Offence::new(
            14,
            &file.path,
            1,
            "does not open with `//!` and a sentence what lives here",
        ));
    }
    let lines = file.text.lines().count();
    if lines >= LINES {
        offences.push(Offence::new(
            14,
            &file.path,
            lines,
            format!("{lines} lines: more than one thing lives here"),
        ));
    }
    offences
}

#[test]
fn a_long_or_a_silent_file_is_found() {
    let file = |text: &str| Text { path: "src/a.rs".to_owned(), text: text.to_owned() };
    assert_eq!(of_file(&file("//! A story.\nfn f() {}")), []);
    assert_eq!(of_file(&file("fn f() {}")).len(), 1);
    assert_eq!(of_file(&file("\n//! A late story.")).len(), 1);
    assert_eq!(of_file(&file(&format!("//! A story.{}", "\n//".repeat(LINES - 2)))), []);
    assert_eq!(of_file(&file(&format!("//! A story.{}", "\n//".repeat(LINES - 1)))).len(), 1);
}
