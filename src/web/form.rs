//! Forms: every field exactly once, then handed on as a struct. Their size and time are held by `web::body`.

use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};

use crate::error::Error;
use crate::types::quantity::whole_number;

/// A posted form.
pub struct Form<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Form<T> {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Self::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_form = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| {
                value.split(';').next().is_some_and(|kind| kind.trim() == "application/x-www-form-urlencoded")
            });
        let body = Bytes::from_request(request, payload);
        Box::pin(async move {
            if !is_form {
                return Err(Error::Malformed("not a form").into());
            }
            // It was received before: `web::body` holds its size and its time.
            let body = body.await?;
            let form = serde_urlencoded::from_bytes(&body).map_err(|error| {
                tracing::debug!(%error, "a form does not fit");
                Error::Malformed("form fields")
            })?;
            Ok(Self(form))
        })
    }
}

/// The version of what was looked at, as a form says it: in plain digits.
///
/// # Errors
/// Anything else.
pub fn version<'de, D: Deserializer<'de>>(said: D) -> Result<i64, D::Error> {
    let said = String::deserialize(said)?;
    whole_number(&said).ok_or_else(|| D::Error::custom("no version"))
}
