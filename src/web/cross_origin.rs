//! Writes come from our own pages only. Browsers say where a request comes from (`Sec-Fetch-Site`, before that `Origin`);
//! a write that says it comes from elsewhere, or brings a cookie and says nothing, is refused.

use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap};

const FETCH_SITE: &str = "sec-fetch-site";

/// Whether a request may change something. `own_origin` is scheme, host and port of the shop.
#[must_use]
pub fn may_write(method: &Method, headers: &HeaderMap, own_origin: &str) -> bool {
    if method.is_safe() {
        return true;
    }
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    match (text(FETCH_SITE), text(header::ORIGIN.as_str())) {
        (Some(site), _) => site == "same-origin" || site == "none",
        (None, Some(origin)) => origin == own_origin,
        (None, None) => !headers.contains_key(header::COOKIE),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    const OWN: &str = "https://shop.example";

    fn passes(
        method: &Method,
        site: Option<&'static str>,
        origin: Option<&'static str>,
        cookie: bool,
    ) -> bool {
        let mut headers = HeaderMap::new();
        let mut put = |name: &'static str, value| {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        };
        if let Some(value) = site {
            put(FETCH_SITE, value);
        }
        if let Some(value) = origin {
            put("origin", value);
        }
        if cookie {
            put("cookie", "a=b");
        }
        may_write(method, &headers, OWN)
    }

    #[test]
    fn only_our_own_pages_may_write() {
        let origins = [Some(OWN), Some("https://evil.example"), Some("null"), None];
        for origin in origins {
            for cookie in [true, false] {
                assert!(passes(&Method::POST, Some("same-origin"), origin, cookie));
                assert!(passes(&Method::POST, Some("none"), origin, cookie));
                assert!(!passes(&Method::POST, Some("same-site"), origin, cookie));
                assert!(!passes(&Method::POST, Some("cross-site"), origin, cookie));
                assert_eq!(
                    passes(&Method::POST, None, origin, cookie),
                    origin == Some(OWN) || (origin.is_none() && !cookie)
                );
            }
        }
    }

    #[test]
    fn reading_is_for_everyone() {
        for method in [Method::GET, Method::HEAD] {
            assert!(passes(&method, Some("cross-site"), Some("https://evil.example"), true));
        }
        assert!(!passes(&Method::DELETE, Some("cross-site"), None, true));
    }
}
