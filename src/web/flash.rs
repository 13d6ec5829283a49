//! A sentence that the next page shows once: kept in a cookie of its own as a key of `locales/` and what is filled in.
//! The cookie is the visitor's, so only keys of the locale that begin with `flash-` are ever shown from it.

use actix_web::cookie::Cookie;
use actix_web::{HttpMessage, HttpRequest};
use serde::{Deserialize, Serialize};

use crate::web::cookies::{host_cookie, removed_cookie, value_of};
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
