//! What browsers are told to refuse on our behalf, on every answer.

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};

use crate::error::Result;
use crate::platform::config::Config;

const HSTS: &str = "max-age=63072000; includeSubDomains";
const ALWAYS: &[(&str, &str)] = &[
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
];

/// The headers, made once at start.
#[derive(Clone)]
pub struct SecurityHeaders(Vec<(HeaderName, HeaderValue)>);

impl SecurityHeaders {
    /// `pictures` is the origin of the object store.
    ///
    /// # Errors
    /// When that origin cannot stand in a header.
    pub fn new(config: &Config, pictures: &str) -> Result<Self> {
        let policy = format!(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' {pictures}; connect-src 'self'; \
             form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
        );
        let mut headers: Vec<_> = ALWAYS
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        let policy =
            HeaderValue::from_str(&policy).map_err(|error| anyhow::anyhow!("the picture origin: {error}"))?;
        headers.push((header::CONTENT_SECURITY_POLICY, policy));
        if config.public_url.scheme() == "https" {
            headers.push((header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HSTS)));
        }
        Ok(Self(headers))
    }

    /// Adds them. What says nothing about caching is private and not kept.
    pub fn add_to(&self, headers: &mut HeaderMap) {
        for (name, value) in &self.0 {
            headers.insert(name.clone(), value.clone());
        }
        if !headers.contains_key(header::CACHE_CONTROL) {
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
    }
}
