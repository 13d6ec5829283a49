//! Cookies: how the shop makes, reads and takes away all that it has.

use std::borrow::Cow;

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header;

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
