//! The words people read, from `locales/`, with Fluent's grammar for numbers and plurals.
//!
//! A sentence is looked up when it is shown. A key that is missing shows itself and is logged: a page with one odd
//! word is better than no page. A test makes sure that no key is missing.

use std::borrow::Cow;
use std::fmt;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::types::FluentNumber;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use rust_embed::RustEmbed;
use unic_langid::LanguageIdentifier;

use crate::types::points::Points;
use crate::types::quantity::Quantity;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/locales/"]
#[include = "*.ftl"]
struct Files;

/// All the sentences of one language.
pub struct Language {
    tag: &'static str,
    bundle: FluentBundle<FluentResource>,
}

/// The language of a page; cheap to copy.
#[derive(Clone, Copy)]
pub struct Text(&'static Language);

/// A sentence, and what is to be filled in.
pub struct Sentence<'a> {
    text: Text,
    key: &'a str,
    args: FluentArgs<'a>,
}

/// Something that can be filled into a sentence: words, or a number that is written as the language writes numbers.
pub struct Filling<'a>(FluentValue<'a>);

static ENGLISH: LazyLock<Language> = LazyLock::new(|| {
    let mut bundle = FluentBundle::new_concurrent(vec![LanguageIdentifier::default()]);
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(write_number));
    for file in Files::iter().filter(|name| name.starts_with("en/")) {
        let source =
            Files::get(&file).map(|f| String::from_utf8_lossy(&f.data).into_owned()).unwrap_or_default();
        let resource = FluentResource::try_new(source).unwrap_or_else(|(readable, problems)| {
            tracing::error!(%file, ?problems, "a locale file has sentences that cannot be read");
            readable
        });
        if let Err(problems) = bundle.add_resource(resource) {
            tracing::error!(%file, ?problems, "a locale file repeats keys");
        }
    }
    Language { tag: "en", bundle }
});

impl Text {
    /// English, the only language so far.
    #[must_use]
    pub fn english() -> Self {
        Self(&ENGLISH)
    }

    /// The sentence of `key`.
    #[must_use]
    pub fn say(self, key: &str) -> Sentence<'_> {
        Sentence { text: self, key, args: FluentArgs::new() }
    }

    /// Whether there is a sentence of `key`, for keys that come from outside.
    #[must_use]
    pub fn knows(self, key: &str) -> bool {
        self.0.bundle.get_message(key).is_some_and(|message| message.value().is_some())
    }

    /// For `lang=""`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        self.0.tag
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({})", self.0.tag)
    }
}

impl<'a> Sentence<'a> {
    /// Fills in `value` where the sentence says `{ $name }`.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Filling<'a>>) -> Self {
        self.args.set(Cow::Borrowed(name), value.into().0);
        self
    }
}

impl fmt::Display for Sentence<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bundle = &self.text.0.bundle;
        let Some(pattern) = bundle.get_message(self.key).and_then(|message| message.value()) else {
            tracing::error!(key = self.key, "a sentence is missing in the locale");
            return f.write_str(self.key);
        };
        let mut problems = Vec::new();
        let words = bundle.format_pattern(pattern, Some(&self.args), &mut problems);
        if !problems.is_empty() {
            tracing::error!(key = self.key, ?problems, "a sentence could not be filled in");
        }
        f.write_str(&words)
    }
}

/// `1250` → `1,250`
#[must_use]
pub fn grouped(number: i64) -> String {
    const GROUP: usize = 3;
    let digits = number.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / GROUP + 1);
    if number < 0 {
        out.push('−');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(GROUP) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn write_number(value: &FluentValue<'_>, _: &intl_memoizer::concurrent::IntlLangMemoizer) -> Option<String> {
    match value {
        FluentValue::Number(FluentNumber { value, .. }) => whole(*value).map(grouped),
        _ => None,
    }
}

/// Fluent keeps numbers as floating point; ours are whole and far below where that loses digits.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "checked to be whole and within range"
)]
fn whole(number: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    (number.fract() == 0.0 && number.abs() < EXACT).then_some(number as i64)
}

macro_rules! fillings {
    ($($number:ty),*) => {$(
        impl From<$number> for Filling<'_> {
            fn from(value: $number) -> Self {
                Self(FluentValue::from(value))
            }
        }
        impl From<&$number> for Filling<'_> {
            fn from(value: &$number) -> Self {
                Self(FluentValue::from(*value))
            }
        }
    )*};
}
fillings!(i64, u64, u32, u16, usize);

impl From<Points> for Filling<'_> {
    fn from(value: Points) -> Self {
        Self(FluentValue::from(value.0))
    }
}

impl From<&Points> for Filling<'_> {
    fn from(value: &Points) -> Self {
        Self(FluentValue::from(value.0))
    }
}

impl From<Quantity> for Filling<'_> {
    fn from(value: Quantity) -> Self {
        Self(FluentValue::from(value.get()))
    }
}

impl<'a> From<&'a str> for Filling<'a> {
    fn from(value: &'a str) -> Self {
        Self(FluentValue::from(value))
    }
}

impl<'a> From<&'a String> for Filling<'a> {
    fn from(value: &'a String) -> Self {
        Self(FluentValue::from(value.as_str()))
    }
}

impl<'a> From<&&'a str> for Filling<'a> {
    fn from(value: &&'a str) -> Self {
        Self(FluentValue::from(*value))
    }
}

impl From<String> for Filling<'_> {
    fn from(value: String) -> Self {
        Self(FluentValue::from(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        let written = [0, 7, 999, 1_000, 12_345, 1_234_567, -1_250].map(grouped);
        assert_eq!(written, ["0", "7", "999", "1,000", "12,345", "1,234,567", "−1,250"]);
    }

    #[test]
    fn a_missing_sentence_shows_its_key() {
        let nowhere = "no-such-key";
        assert!(!Text::english().knows(nowhere) && Text::english().knows("flash-cart-added"));
        assert_eq!(Text::english().say(nowhere).with("n", 1_i64).to_string(), nowhere);
    }
}
