//! A sentence that the next page shows once: kept in a cookie of its own as a key of `locales/` and what is filled in.
//! The cookie is the visitor's, so only keys of the locale that begin with `flash-` are ever shown from it.
//!
//! How cookies are made, read and taken away is here too, for all that the shop has.

use std::borrow::Cow;

use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header;
use actix_web::{HttpMessage, HttpRequest};
use serde::{Deserialize, Serialize};

use crate::web::text::{Sentence, Text};

const COOKIE: &str = "__Host-flash";
const KEY_PREFIX: &str = "flash-";
/// Nothing longer is written or read.
const LONGEST_FILLING: usize = 200;

/// What has just happened.
#[derive(Clone, Debug)]
pub struct Flash {
    pub kind: &'static str,
    pub text: String,
    stored: Stored,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Stored {
    key: String,
    #[serde(default)]
    name: String,
}

/// Marks a request whose page has shown the message, so that the answer forgets it.
struct Shown;

impl Flash {
    /// Good news: the sentence of `key`, with `{ $name }` filled in.
    #[must_use]
    pub fn good(key: &'static str, name: &str) -> Self {
        let name = name.chars().take(LONGEST_FILLING).collect();
        Self::from(Stored { key: key.to_owned(), name })
    }

    fn from(stored: Stored) -> Self {
        let text = Sentence::to_string(&Text::english().say(&stored.key).with("name", &stored.name));
        Self { kind: "good", text, stored }
    }

    /// The cookie that carries it to the next page.
    #[must_use]
    pub fn cookie(&self) -> Cookie<'static> {
        let value = serde_urlencoded::to_string(&self.stored).unwrap_or_default();
        host_cookie(COOKIE, value)
    }
}

/// The message of this request, if there is one; the answer will take it away.
#[must_use]
pub fn take(request: &HttpRequest) -> Option<Flash> {
    let value = value_of(request, COOKIE)?;
    request.extensions_mut().insert(Shown);
    let stored: Stored = serde_urlencoded::from_str(&value).ok()?;
    let is_ours = stored.key.starts_with(KEY_PREFIX) && Text::english().knows(&stored.key);
    let fits = stored.name.len() <= 4 * LONGEST_FILLING;
    (is_ours && fits).then(|| Flash::from(stored))
}

/// The cookie that makes the browser forget a message that was shown, if one was.
#[must_use]
pub fn forget(request: &HttpRequest) -> Option<Cookie<'static>> {
    request.extensions().get::<Shown>().map(|_| removed_cookie(COOKIE))
}

/// The cookies of a request, in the browser's order, as they were sent. A browser takes `__Host-` from nobody but this
/// host, and what only reads like it (`%5F%5FHost-`, or the name after a space that is none in ASCII) from anybody:
/// so nothing is decoded, and what is not ASCII is passed over.
pub fn brought(request: &HttpRequest) -> impl Iterator<Item = Cookie<'_>> {
    let lines = request.headers().get_all(header::COOKIE);
    lines
        .flat_map(|line| line.as_bytes().split(|byte| *byte == b';'))
        .filter_map(|pair| std::str::from_utf8(pair).ok().filter(|pair| pair.is_ascii()))
        .filter_map(|pair| Cookie::parse(pair).ok())
}

/// The value of the cookie of this name.
#[must_use]
pub fn value_of(request: &HttpRequest, name: &str) -> Option<String> {
    brought(request).find(|cookie| cookie.name() == name).map(|cookie| cookie.value().to_owned())
}

/// A cookie of ours: this host only, https only, never readable by scripts, not sent by other sites' forms.
#[must_use]
pub fn host_cookie(name: impl Into<Cow<'static, str>>, value: String) -> Cookie<'static> {
    Cookie::build(name, value).path("/").secure(true).http_only(true).same_site(SameSite::Lax).finish()
}

/// The same cookie, taken away.
#[must_use]
pub fn removed_cookie(name: impl Into<Cow<'static, str>>) -> Cookie<'static> {
    let mut cookie = host_cookie(name, String::new());
    cookie.make_removal();
    cookie
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;
    use actix_web::test::TestRequest;

    use super::*;

    fn with(line: &[u8]) -> HttpRequest {
        let line = HeaderValue::from_bytes(line).unwrap();
        TestRequest::default().insert_header((header::COOKIE, line)).to_http_request()
    }

    #[test]
    fn a_cookie_has_the_name_it_was_sent_with() {
        for line in
            ["__Host-a=1", "b=2;__Host-a=1", " b = 2 ; __Host-a = 1 ;", "b; =; __Host-a=1; __Host-a=2"]
        {
            assert_eq!(value_of(&with(line.as_bytes()), "__Host-a").as_deref(), Some("1"), "{line}");
        }
        for line in
            ["%5F%5FHost-a=1", "\u{a0}__Host-a=1", "\u{2003}__Host-a=1", "__host-a=1", "b=__Host-a=1", ""]
        {
            assert_eq!(value_of(&with(line.as_bytes()), "__Host-a"), None, "{line}");
        }
    }

    #[test]
    fn what_cannot_be_read_hides_nothing_beside_it() {
        let request = with(b"\xff=1; b=\xfe; __Host-a=1%41; \xc3\xa9=2");
        assert_eq!(value_of(&request, "__Host-a").as_deref(), Some("1%41"));
        assert_eq!(brought(&request).count(), 1);
        let two = TestRequest::default().append_header((header::COOKIE, "b=1"));
        let two = two.append_header((header::COOKIE, "__Host-a=2")).to_http_request();
        assert_eq!(value_of(&two, "__Host-a").as_deref(), Some("2"));
    }
}
