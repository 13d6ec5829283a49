//! What a person reads whom the shop cannot serve now, or who is much too fast. Made once at start: saying no must cost
//! next to nothing, or saying it a thousand times a second is what brings the shop down.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::web::error_pages;
use crate::web::htmx::Htmx;
use crate::web::request_id::RequestId;
use crate::web::text::Text;

/// When to come back, in seconds: somewhere between these, so that not all come back at once.
const RETRY_AFTER_S: std::ops::RangeInclusive<u64> = 2..=6;
/// Where the request's id comes into the page that is ready. No page of ours contains it otherwise.
const ID_MARK: &str = "\u{1}";

/// The pages, ready to be sent.
pub struct BusyPages {
    full: Notice,
    too_fast: Notice,
}

struct Notice {
    status: StatusCode,
    before_id: String,
    after_id: String,
    toast: String,
}

#[derive(Template)]
#[template(path = "errors/busy.html")]
struct BusyPage {
    text: Text,
    title: String,
    sentence: String,
    request_id: &'static str,
}

#[derive(Template)]
#[template(path = "errors/toast.html")]
struct ToastFragment {
    sentence: String,
}

impl Default for BusyPages {
    fn default() -> Self {
        Self::new()
    }
}

impl BusyPages {
    /// Renders them.
    #[must_use]
    pub fn new() -> Self {
        let text = Text::english();
        let say = |key| text.say(key).to_string();
        Self {
            full: Notice::new(
                StatusCode::SERVICE_UNAVAILABLE,
                text,
                say("error-busy-title"),
                say("error-busy-sentence"),
            ),
            too_fast: Notice::new(
                StatusCode::TOO_MANY_REQUESTS,
                text,
                say("error-too-many-title"),
                say("error-too-fast-sentence"),
            ),
        }
    }

    /// 503: the shop is full.
    #[must_use]
    pub fn full(&self, request: &HttpRequest) -> HttpResponse {
        self.full.answer(request, rand::random_range(RETRY_AFTER_S))
    }

    /// 429: more than a person can use.
    #[must_use]
    pub fn too_fast(&self, request: &HttpRequest, retry_after_s: u64) -> HttpResponse {
        self.too_fast.answer(request, retry_after_s)
    }
}

impl Notice {
    fn new(status: StatusCode, text: Text, title: String, sentence: String) -> Self {
        let rendered = |template: Result<String, askama::Error>| {
            template.unwrap_or_else(|error| {
                tracing::error!(%error, "a template failed");
                String::new()
            })
        };
        let toast = rendered(ToastFragment { sentence: sentence.clone() }.render());
        let page = rendered(BusyPage { text, title, sentence, request_id: ID_MARK }.render());
        let (before_id, after_id) = page.split_once(ID_MARK).unwrap_or((&page, ""));
        Self { status, before_id: before_id.to_owned(), after_id: after_id.to_owned(), toast }
    }

    fn answer(&self, request: &HttpRequest, retry_after_s: u64) -> HttpResponse {
        let htmx = Htmx::of(request.headers());
        let body = if htmx.swaps {
            self.toast.clone()
        } else {
            [self.before_id.as_str(), &RequestId::of(request), &self.after_id].concat()
        };
        let mut response = HttpResponse::build(self.status)
            .content_type("text/html; charset=utf-8")
            .insert_header((header::RETRY_AFTER, retry_after_s))
            .body(body);
        if htmx.swaps {
            error_pages::retarget(response.headers_mut());
        }
        response
    }
}
