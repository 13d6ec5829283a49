//! A letter as it lies in the mailbox, taken apart: its headers, and its parts as a mail program shows them.

use std::path::Path;

use crate::support::html::Html;

/// One letter.
#[derive(Debug)]
pub struct Letter {
    pub raw: String,
}

impl Letter {
    /// All that have arrived, in their order.
    pub fn all(folder: &Path) -> Vec<Self> {
        let Ok(files) = std::fs::read_dir(folder) else { return vec![] };
        let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
        paths.sort();
        paths.iter().map(|path| Self { raw: std::fs::read_to_string(path).unwrap() }).collect()
    }

    /// The value of the header, which is there exactly once.
    pub fn header(&self, name: &str) -> String {
        let (head, _) = self.raw.split_once("\r\n\r\n").expect("headers and a body");
        let [value] = headers(head, name).try_into().unwrap_or_else(|found| panic!("{name}: {found:?}"));
        value
    }

    /// The part of this type, decoded.
    pub fn part(&self, kind: &str) -> String {
        let content_type = self.header("Content-Type");
        let boundary = content_type.split_once("boundary=\"").unwrap().1.trim_end_matches('"');
        let (_, body) = self.raw.split_once("\r\n\r\n").unwrap();
        let parts: Vec<_> = body.split(&format!("--{boundary}")).collect();
        assert_eq!(parts.len(), 4, "nothing before, two parts, the end: {self:?}");
        let wanted = parts.iter().find_map(|part| {
            let (head, text) = part.split_once("\r\n\r\n")?;
            let [found] = headers(head, "Content-Type").try_into().ok()?;
            (found == format!("{kind}; charset=utf-8")).then(|| {
                let encoding = headers(head, "Content-Transfer-Encoding").concat();
                decoded(text, &encoding)
            })
        });
        let text = wanted.unwrap_or_else(|| panic!("no {kind} in {self:?}"));
        text.trim_end().replace("\r\n", "\n")
    }

    /// The page.
    pub fn html(&self) -> Html {
        Html::of(&self.part("text/html"))
    }
}

/// The values of a header, folded lines joined.
fn headers(head: &str, name: &str) -> Vec<String> {
    let unfolded = head.replace("\r\n ", " ");
    let values = unfolded.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    values.map(str::to_owned).collect()
}

fn decoded(text: &str, encoding: &str) -> String {
    match encoding {
        "7bit" | "8bit" => text.to_owned(),
        "quoted-printable" => quoted_printable(text),
        other => panic!("letters are to be readable in the mailbox, not {other}"),
    }
}

fn quoted_printable(text: &str) -> String {
    let text = text.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('=') {
        bytes.extend_from_slice(before.as_bytes());
        let (digits, after) = after.split_at(2);
        bytes.push(u8::from_str_radix(digits, 16).unwrap());
        rest = after;
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8(bytes).unwrap()
}
