//! The cookie that says who is signed in: an opaque token, kept for the browser's session. A sign-in that has begun has one
//! of its own, named after its state, so that two windows that sign in at once do not take it from each other.

use actix_web::HttpRequest;
use actix_web::cookie::Cookie;

use crate::web::cookies::{brought, host_cookie, removed_cookie, value_of};

const SESSION: &str = "__Host-session";
/// Followed by how the state begins.
const SIGN_IN: &str = "__Host-sign-in-";
/// Signs of the state in the name.
const STATE_SIGNS: usize = 8;
/// Sign-ins that may be open in one browser at once.
const MOST_SIGN_INS: usize = 5;

/// The session token a request brought.
#[must_use]
pub fn token(request: &HttpRequest) -> Option<String> {
    value_of(request, SESSION)
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

/// The token of the sign-in that has begun with a state like this one. Whether it is the same state is not known here.
#[must_use]
pub fn sign_in_token(request: &HttpRequest, state: &str) -> Option<String> {
    value_of(request, &sign_in_name(state))
}

/// The cookie of a sign-in that begins.
#[must_use]
pub fn sign_in_cookie(state: &str, token: String) -> Cookie<'static> {
    host_cookie(sign_in_name(state), token)
}

/// The sign-in is over.
#[must_use]
pub fn sign_in_over(state: &str) -> Cookie<'static> {
    removed_cookie(sign_in_name(state))
}

/// Ends the sign-ins that make room for one more: the oldest, which browsers name first.
#[must_use]
pub fn sign_ins_given_up(request: &HttpRequest) -> Vec<Cookie<'static>> {
    let open = brought(request).map(|cookie| cookie.name().to_owned());
    let open: Vec<String> = open.filter(|name| is_sign_in(name)).collect();
    let too_many = (open.len() + 1).saturating_sub(MOST_SIGN_INS).min(MOST_SIGN_INS);
    open.into_iter().take(too_many).map(removed_cookie).collect()
}

/// Only with signs that a name may have: the state comes from an address, and anybody can write one.
fn sign_in_name(state: &str) -> String {
    let fits = |sign: &char| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_');
    let beginning: String = state.chars().filter(fits).take(STATE_SIGNS).collect();
    format!("{SIGN_IN}{beginning}")
}

fn is_sign_in(name: &str) -> bool {
    name.strip_prefix(SIGN_IN).is_some_and(|beginning| sign_in_name(beginning) == name)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header;
    use actix_web::test::TestRequest;

    use super::*;

    fn given_up(line: &str) -> Vec<String> {
        let request = TestRequest::default().insert_header((header::COOKIE, line)).to_http_request();
        sign_ins_given_up(&request).iter().map(|cookie| cookie.name().to_owned()).collect()
    }

    #[test]
    fn a_sign_in_is_named_after_how_its_state_begins() {
        for (state, name) in [
            ("ab-_09XYrest", "__Host-sign-in-ab-_09XY"),
            ("abc", "__Host-sign-in-abc"),
            ("", "__Host-sign-in-"),
            ("a;b\r\nc=\u{e9} d", "__Host-sign-in-abcd"),
        ] {
            assert_eq!(sign_in_name(state), name);
        }
    }

    #[test]
    fn the_oldest_sign_ins_make_room() {
        let open = |count: usize| -> String {
            (0..count).fold("__Host-session=t".to_owned(), |line, n| format!("{line}; __Host-sign-in-{n}=t"))
        };
        assert_eq!(given_up(&open(4)), [""; 0]);
        assert_eq!(given_up(&open(5)), ["__Host-sign-in-0"]);
        assert_eq!(given_up(&open(7)), [0, 1, 2].map(|n| format!("__Host-sign-in-{n}")));
        // However many somebody makes up, the answer stays small, and nothing is taken away that is not ours.
        assert_eq!(given_up(&open(1_000)).len(), 5);
        let others = "sign-in-1=t; __Host-sign-in-123456789=t; __Host-sign-in-!=t; ".repeat(5);
        assert_eq!(given_up(&others), [""; 0]);
    }
}
