//! From an error to what a person sees: a page, or a small note when htmx asked. The one place that knows the statuses,
//! and the one that logs what went wrong inside.

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::HeaderMap;
use actix_web::http::{StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use askama::Template;

use crate::error::{Error, Refusal};
use crate::platform::dialect::{self, Fault};
use crate::urls;
use crate::web::htmx::Htmx;
use crate::web::page::Page;
use crate::web::{render, sentences};

/// When to come back after an outage, in seconds.
const RETRY_AFTER_OUTAGE_S: u64 = 5;

#[derive(Template)]
#[template(path = "errors/page.html")]
struct ErrorPage {
    page: Page,
    status: u16,
    title: String,
    sentence: String,
    back: Option<String>,
    back_label: String,
}

#[derive(Template)]
#[template(path = "errors/toast.html")]
struct ToastFragment {
    sentence: String,
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::SignIn => StatusCode::SEE_OTHER,
            Self::Forbidden | Self::CrossOrigin => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Compressed => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Invalid(_) | Self::Refused(Refusal::KeyReused) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Refused(_) => StatusCode::CONFLICT,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Database(error) if dialect::fault(error) != Fault::Bug => StatusCode::SERVICE_UNAVAILABLE,
            Self::Database(_) | Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        HttpResponse::new(self.status_code())
    }
}

/// The layer: whatever comes back as an error, or as a bare 4xx or 5xx of the framework, becomes a page or a note.
///
/// # Errors
/// None of its own: inner layers answer with responses.
pub async fn layer(
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let answer = next.call(request).await?;
    let status = answer.status();
    let ours = answer.response().error().and_then(|error| error.as_error::<Error>());
    let bare = answer.response().error().is_some() || answer.response().body_is_empty();
    if ours.is_none() && !(bare && (status.is_client_error() || status.is_server_error())) {
        return Ok(answer);
    }
    if let Some(error) = ours {
        log(error);
    }
    let methods = answer.headers().get(header::ALLOW).cloned();
    let mut response = respond(answer.request(), status, ours);
    if let Some(methods) = methods {
        response.headers_mut().insert(header::ALLOW, methods);
    }
    Ok(answer.into_response(response))
}

/// Whether a response has no body, so that the framework's bare statuses get a page.
trait BodyIsEmpty {
    fn body_is_empty(&self) -> bool;
}

impl BodyIsEmpty for HttpResponse<BoxBody> {
    fn body_is_empty(&self) -> bool {
        use actix_web::body::{BodySize, MessageBody};
        matches!(self.body().size(), BodySize::None | BodySize::Sized(0))
    }
}

fn log(error: &Error) {
    match error {
        Error::Internal(cause) => tracing::error!(error = format!("{cause:#}"), "a request failed inside"),
        Error::Database(_) => tracing::error!(%error, "a request failed in the database"),
        Error::Unavailable(what) => tracing::warn!(what, "a request could not be served now"),
        Error::Forbidden => tracing::warn!("a request was not allowed"),
        Error::TooMany { .. } => tracing::warn!("somebody asked too often"),
        Error::CrossOrigin => tracing::warn!("a write from another origin was refused"),
        _ => tracing::debug!(%error, "a request was refused"),
    }
}

/// The answer of a layer outside of this one.
#[must_use]
pub fn refuse(request: &HttpRequest, error: &Error) -> HttpResponse {
    log(error);
    respond(request, error.status_code(), Some(error))
}

/// Where htmx puts a note instead of what it asked for.
pub fn retarget(headers: &mut HeaderMap) {
    for (name, value) in [("hx-retarget", "#toasts"), ("hx-reswap", "beforeend"), ("hx-push-url", "false")] {
        headers.insert(header::HeaderName::from_static(name), header::HeaderValue::from_static(value));
    }
}

/// A page or a note that says why not.
#[must_use]
pub fn respond(request: &HttpRequest, status: StatusCode, error: Option<&Error>) -> HttpResponse {
    let htmx = Htmx::of(request.headers());
    if matches!(error, Some(Error::SignIn)) {
        return render::see_other(&htmx, &sign_in(request));
    }
    let sentence = sentence(status, error);
    let rendered = if htmx.swaps {
        render::with_status(status, &ToastFragment { sentence })
    } else {
        render::with_status(status, &error_page(request, status, error, sentence))
    };
    let mut response = rendered.unwrap_or_else(|_| HttpResponse::new(status));
    let headers = response.headers_mut();
    if htmx.swaps {
        retarget(headers);
    }
    if let Some(seconds) = retry_after(status, error) {
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

/// Where somebody signs in who asked for this. A form cannot be led on to the identity provider, which is another origin.
fn sign_in(request: &HttpRequest) -> String {
    if !request.method().is_safe() {
        return urls::sign_in_after_form();
    }
    urls::sign_in(request.uri().path_and_query().map_or("/", |address| address.as_str()))
}

fn retry_after(status: StatusCode, error: Option<&Error>) -> Option<u64> {
    match error {
        Some(Error::TooMany { retry_after_s }) => Some(*retry_after_s),
        _ if status == StatusCode::SERVICE_UNAVAILABLE => Some(RETRY_AFTER_OUTAGE_S),
        _ => None,
    }
}

fn error_page(
    request: &HttpRequest,
    status: StatusCode,
    error: Option<&Error>,
    sentence: String,
) -> ErrorPage {
    let page = Page::of(request);
    let title = match status {
        StatusCode::BAD_REQUEST => page.say("error-bad-request-title"),
        StatusCode::FORBIDDEN => page.say("error-forbidden-title"),
        StatusCode::NOT_FOUND => page.say("error-not-found-title"),
        StatusCode::METHOD_NOT_ALLOWED => page.say("error-method-not-allowed-title"),
        StatusCode::REQUEST_TIMEOUT => page.say("error-request-timeout-title"),
        StatusCode::PAYLOAD_TOO_LARGE => page.say("error-payload-too-large-title"),
        StatusCode::UNPROCESSABLE_ENTITY => page.say("error-invalid-title"),
        StatusCode::CONFLICT => page.say("error-refused-title"),
        StatusCode::TOO_MANY_REQUESTS => page.say("error-too-many-title"),
        StatusCode::SERVICE_UNAVAILABLE => page.say("error-unavailable-title"),
        _ if status.is_client_error() => page.say("error-bad-request-title"),
        _ => page.say("error-internal-title"),
    }
    .to_string();
    let desk = page.desks().into_iter().next().filter(|_| page.is_at_desk());
    let (back, back_label) = match (error, desk) {
        (Some(Error::Refused(_)), Some((desk, _))) => (desk, page.say("error-back-to-desk")),
        (Some(Error::Refused(_)), None) => (urls::cart(), page.say("error-back-to-cart")),
        _ => (urls::home(), page.say("error-back-to-shop")),
    };
    ErrorPage {
        status: status.as_u16(),
        title,
        sentence,
        back: Some(back),
        back_label: back_label.to_string(),
        page,
    }
}

fn sentence(status: StatusCode, error: Option<&Error>) -> String {
    let text = crate::web::text::Text::english();
    match (error, status) {
        (Some(Error::Refused(refusal)), _) => return sentences::refusal(text, refusal),
        (Some(Error::TooMany { retry_after_s }), _) => {
            text.say("error-too-many-sentence").with("seconds", *retry_after_s)
        }
        (Some(Error::CrossOrigin), _) => text.say("error-cross-origin-sentence"),
        (_, StatusCode::FORBIDDEN) => text.say("error-forbidden-sentence"),
        (_, StatusCode::NOT_FOUND) => text.say("error-not-found-sentence"),
        (_, StatusCode::METHOD_NOT_ALLOWED) => text.say("error-method-not-allowed-sentence"),
        (_, StatusCode::REQUEST_TIMEOUT) => text.say("error-request-timeout-sentence"),
        (_, StatusCode::PAYLOAD_TOO_LARGE) => text.say("error-payload-too-large-sentence"),
        (_, StatusCode::UNPROCESSABLE_ENTITY) => text.say("error-invalid-sentence"),
        (_, StatusCode::SERVICE_UNAVAILABLE) => text.say("error-unavailable-sentence"),
        _ if status.is_client_error() => text.say("error-bad-request-sentence"),
        _ => text.say("error-internal-sentence"),
    }
    .to_string()
}
