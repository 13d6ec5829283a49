//! One id for each request: in every log line of it, every answer and every error page. Ours alone; a client's is not taken.

use actix_web::{HttpMessage, HttpRequest};
use uuid::Uuid;

/// The header that carries it.
pub const REQUEST_ID_HEADER: &str = "x-request-id";

/// The id of a request.
#[derive(Clone, Debug)]
pub struct RequestId(String);

impl RequestId {
    /// A new one: time-ordered, 74 random bits.
    #[must_use]
    pub fn new() -> Self {
        Self(Uuid::now_v7().simple().to_string())
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id the outermost layer gave to `request`.
    #[must_use]
    pub fn of(request: &HttpRequest) -> String {
        request.extensions().get::<Self>().map(|id| id.0.clone()).unwrap_or_default()
    }
}

impl Default for RequestId {
    fn default() -> Self {
        Self::new()
    }
}
