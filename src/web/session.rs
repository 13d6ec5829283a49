//! The cookie that says who is signed in: an opaque token, kept for the browser's session.

use actix_web::HttpRequest;
use actix_web::cookie::Cookie;

use crate::web::flash::{host_cookie, removed_cookie};

const SESSION: &str = "__Host-session";
const SIGN_IN: &str = "__Host-sign-in";

/// The session token a request brought.
#[must_use]
pub fn token(request: &HttpRequest) -> Option<String> {
    request.cookie(SESSION).map(|cookie| cookie.value().to_owned())
}

/// The cookie of a new session.
#[must_use]
pub fn cookie(token: String) -> Cookie<'static> {
    host_cookie(SESSION, token)
}

/// Ends the session in the browser.
#[must_use]
pub fn ended() -> Cookie<'static> {
    removed_cookie(SESSION)
}

/// The token of a sign-in that has begun.
#[must_use]
pub fn sign_in_token(request: &HttpRequest) -> Option<String> {
    request.cookie(SIGN_IN).map(|cookie| cookie.value().to_owned())
}

/// The cookie of a sign-in that begins.
#[must_use]
pub fn sign_in_cookie(token: String) -> Cookie<'static> {
    host_cookie(SIGN_IN, token)
}

/// The sign-in is over.
#[must_use]
pub fn sign_in_over() -> Cookie<'static> {
    removed_cookie(SIGN_IN)
}
