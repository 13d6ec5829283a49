//! Forms: read with a limit on size and time, every field exactly once, then handed on as a struct.

use std::pin::Pin;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::BytesMut;
use actix_web::{FromRequest, HttpRequest};
use futures::StreamExt;
use serde::de::DeserializeOwned;

use crate::error::Error;

/// The largest form.
const FORM_LIMIT_BYTES: usize = 64 * 1024;
/// How long a form may take to arrive.
const FORM_TIMEOUT: Duration = Duration::from_secs(10);

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
        let mut payload = payload.take();
        Box::pin(async move {
            if !is_form {
                return Err(Error::Malformed("not a form").into());
            }
            let body = tokio::time::timeout(FORM_TIMEOUT, read(&mut payload))
                .await
                .map_err(|_elapsed| Error::TooSlow)??;
            let form = serde_urlencoded::from_bytes(&body).map_err(|error| {
                tracing::debug!(%error, "a form does not fit");
                Error::Malformed("form fields")
            })?;
            Ok(Self(form))
        })
    }
}

async fn read(payload: &mut Payload) -> Result<BytesMut, Error> {
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| {
            tracing::debug!(%error, "a form broke off");
            Error::Malformed("form body")
        })?;
        if body.len() + chunk.len() > FORM_LIMIT_BYTES {
            return Err(Error::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
