//! From a template to an answer: pages, fragments, redirects.

use actix_web::HttpResponse;
use actix_web::cookie::Cookie;
use actix_web::http::{StatusCode, header};
use askama::Template;

use crate::error::{Error, Result};
use crate::web::flash::Flash;
use crate::web::htmx::Htmx;

/// A page with status 200.
///
/// # Errors
/// When the template fails.
pub fn page(template: &impl Template) -> Result<HttpResponse> {
    with_status(StatusCode::OK, template)
}

/// A page or fragment with another status.
///
/// # Errors
/// When the template fails.
pub fn with_status(status: StatusCode, template: &impl Template) -> Result<HttpResponse> {
    let body = template
        .render()
        .map_err(|error| Error::Internal(anyhow::Error::new(error).context("a template failed")))?;
    Ok(HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .insert_header((header::VARY, "HX-Request, HX-Target"))
        .body(body))
}

/// Sends the browser on to `address` by GET; htmx goes there as a whole page.
#[must_use]
pub fn see_other(htmx: &Htmx, address: &str) -> HttpResponse {
    if htmx.swaps {
        HttpResponse::Ok().insert_header(("HX-Redirect", address)).finish()
    } else {
        HttpResponse::SeeOther().insert_header((header::LOCATION, address)).finish()
    }
}

/// The same, with a sentence that the next page shows once.
#[must_use]
pub fn see_other_saying(htmx: &Htmx, address: &str, flash: &Flash) -> HttpResponse {
    with_cookie(see_other(htmx, address), &flash.cookie())
}

/// Adds a cookie to an answer.
#[must_use]
pub fn with_cookie(mut response: HttpResponse, cookie: &Cookie<'_>) -> HttpResponse {
    if let Err(error) = response.add_cookie(cookie) {
        tracing::error!(%error, "a cookie could not be written");
    }
    response
}
