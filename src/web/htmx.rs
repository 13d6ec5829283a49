//! What htmx tells of a request: whether a part of the page is wanted, and which.

use std::convert::Infallible;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::HeaderMap;
use actix_web::{FromRequest, HttpRequest};

/// The block of those pages that ask by themselves.
const POLLED: &str = "progress";

/// A request's htmx headers. Without JavaScript there are none and every answer is a full page.
#[derive(Clone, Debug, Default)]
pub struct Htmx {
    /// htmx sent this request and will swap the answer in.
    pub swaps: bool,
    target: Option<String>,
}

impl Htmx {
    /// Reads the headers. A history restore wants the full page.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        let is_true = |name: &str| headers.get(name).is_some_and(|value| value == "true");
        let swaps = is_true("hx-request") && !is_true("hx-history-restore-request") && !is_true("hx-boosted");
        let target = headers.get("hx-target").and_then(|value| value.to_str().ok()).map(str::to_owned);
        Self { swaps, target }
    }

    /// Whether a page asks by itself, again and again, how something goes on.
    #[must_use]
    pub fn polls(&self) -> bool {
        self.wants(POLLED)
    }

    /// Whether only the block whose root element has this id is wanted.
    #[must_use]
    pub fn wants(&self, id: &str) -> bool {
        self.swaps && self.target.as_deref() == Some(id)
    }
}

impl FromRequest for Htmx {
    type Error = Infallible;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request.headers())))
    }
}
