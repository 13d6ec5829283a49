//! Rust taken apart just far enough to search it: comments dropped, strings set aside, lines kept.

/// The inside of a string literal.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Literal {
    pub(super) line: usize,
    /// Without escapes; a continued line is one space.
    pub(super) text: String,
    /// The last code in front of it, `say(` for instance, without the blanks between.
    pub(super) behind: String,
}

/// How much code in front of a literal is kept.
const BEHIND: usize = 24;

/// The code with empty strings and no comments, and the literals. Lines stay where they were.
pub(super) fn take_apart(text: &str) -> (String, Vec<Literal>) {
    let mut lexer =
        Lexer { chars: text.chars().collect(), at: 0, line: 1, code: String::new(), literals: vec![] };
    while let Some(c) = lexer.peek(0) {
        match (c, lexer.peek(1)) {
            ('/', Some('/')) => lexer.skip_until_newline(),
            ('/', Some('*')) => lexer.skip_block_comment(),
            ('"', _) => lexer.string(),
            ('r', Some('"' | '#')) => lexer.raw_string_or_name(),
            ('\'', Some(next)) => lexer.char_or_lifetime(next),
            _ => lexer.keep(),
        }
    }
    (lexer.code, lexer.literals)
}

struct Lexer {
    chars: Vec<char>,
    at: usize,
    line: usize,
    code: String,
    literals: Vec<Literal>,
}

impl Lexer {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek(0)?;
        self.at += 1;
        self.line += usize::from(c == '\n');
        Some(c)
    }

    fn keep(&mut self) {
        let c = self.next();
        self.code.extend(c);
    }

    fn skip(&mut self, count: usize) {
        for _ in 0..count {
            if self.next() == Some('\n') {
                self.code.push('\n');
            }
        }
    }

    fn skip_until_newline(&mut self) {
        while self.peek(0).is_some_and(|c| c != '\n') {
            self.next();
        }
    }

    fn skip_block_comment(&mut self) {
        let mut depth = 0;
        while let Some(c) = self.peek(0) {
            match (c, self.peek(1)) {
                ('/', Some('*')) => depth += 1,
                ('*', Some('/')) => depth -= 1,
                _ => {
                    self.skip(1);
                    continue;
                }
            }
            self.skip(2);
            if depth == 0 {
                return;
            }
        }
    }

    fn string(&mut self) {
        self.next();
        let line = self.line;
        let mut text = String::new();
        while let Some(c) = self.next() {
            match c {
                '"' => break,
                '\\' => match self.next() {
                    Some('\n') => text.push(' '),
                    escaped => text.extend(escaped),
                },
                c => text.push(c),
            }
        }
        self.set_aside(line, text);
    }

    /// `r"…"`, `r#"…"#`; but `r#type` is a name.
    fn raw_string_or_name(&mut self) {
        let hashes = self.chars.iter().skip(self.at + 1).take_while(|c| **c == '#').count();
        let inside_name = self.code.ends_with(|c: char| super::is_name(c) && c != 'b');
        if inside_name || self.peek(1 + hashes) != Some('"') {
            self.keep();
            return;
        }
        self.skip(hashes + 2);
        let line = self.line;
        let end: String = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
        let mut text = String::new();
        while let Some(c) = self.next() {
            text.push(c);
            if let Some(whole) = text.strip_suffix(end.as_str()) {
                text.truncate(whole.len());
                break;
            }
        }
        self.set_aside(line, text);
    }

    fn char_or_lifetime(&mut self, next: char) {
        if next == '\\' {
            self.skip(3);
            while self.next().is_some_and(|c| c != '\'') {}
        } else if self.peek(2) == Some('\'') {
            self.skip(3);
        } else {
            self.keep();
        }
    }

    fn set_aside(&mut self, line: usize, text: String) {
        let tail: Vec<char> = self.code.trim_end().chars().rev().take(BEHIND).collect();
        self.code.push_str("\"\"");
        self.code.extend(std::iter::repeat_n('\n', self.line - line));
        self.literals.push(Literal { line, text, behind: tail.into_iter().rev().collect() });
    }
}

#[test]
fn comments_go_strings_are_set_aside_and_lines_stay() {
    let text = "//! crate::a\nfn f<'a>(c: char) { /* crate::b /* */ \n */ say( \"x\\\"y\") ; r#\"a\"b\"#; '\"'; '\\''; b }\n";
    let (code, literals) = take_apart(text);
    assert_eq!(code, "\nfn f<'a>(c: char) { \n say( \"\") ; \"\"; ; ; b }\n");
    let found: Vec<_> = literals.iter().map(|l| (l.line, l.text.as_str())).collect();
    assert_eq!(found, [(3, "x\"y"), (3, "a\"b")]);
    assert!(literals.first().is_some_and(|l| l.behind.ends_with("say(")), "{literals:?}");
}

#[test]
fn a_string_over_lines_keeps_the_lines_below_in_place() {
    let (code, literals) = take_apart("a(\"one \\\n  two\n three\");\nb");
    assert_eq!(code, "a(\"\"\n\n);\nb");
    assert_eq!(literals.first().map(|l| l.text.as_str()), Some("one    two\n three"));
}
