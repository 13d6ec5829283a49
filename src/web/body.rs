//! The body of a request is received here, whole, before anything is done for it: within a size, within a time, and as it
//! is. Whoever sends slowly keeps nobody waiting but themselves, and no handler can forget a limit.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actix_web::HttpMessage;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::{StatusCode, header};
use actix_web::middleware::Next;
use actix_web::web::{self, Bytes, BytesMut};
use futures::StreamExt;

use crate::error::Error;
use crate::web::error_pages;

/// The largest body.
const BODY_LIMIT_BYTES: usize = 64 * 1024;
/// How long a body may take to arrive: less than a request may take in all, so that it is told why it failed.
const BODY_TIMEOUT: Duration = Duration::from_secs(8);
/// How long it may pause.
const BODY_PAUSE: Duration = Duration::from_secs(3);
/// What all bodies that are arriving may hold in memory together.
const ARRIVING_LIMIT_BYTES: usize = 32 * 1024 * 1024;
/// The longest address: what AWS's load balancer lets through.
const ADDRESS_LIMIT_BYTES: usize = 16 * 1024;

/// How much of all bodies is here that are not complete yet.
#[derive(Default)]
pub struct Arriving(AtomicUsize);

/// Marks an answer to a request whose body was not received to its end: after it the connection is of no use.
pub struct BrokenOff;

/// A body's part of it, given back when it is complete or given up.
struct Share<'a> {
    all: &'a Arriving,
    own: usize,
}

impl Share<'_> {
    fn grow(&mut self, bytes: usize) -> Result<(), Error> {
        let before = self.all.0.fetch_add(bytes, Ordering::Relaxed);
        self.own += bytes;
        if before + bytes > ARRIVING_LIMIT_BYTES {
            Err(Error::Unavailable("room for bodies"))
        } else {
            Ok(())
        }
    }
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        self.all.0.fetch_sub(self.own, Ordering::Relaxed);
    }
}

/// The layer: further in, a body is there already.
///
/// # Errors
/// None of its own: a refusal is an answer.
pub async fn layer(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let address = request.uri().path_and_query().map_or(0, |address| address.as_str().len());
    if address > ADDRESS_LIMIT_BYTES {
        let response = error_pages::respond(request.request(), StatusCode::URI_TOO_LONG, None);
        return Ok(request.into_response(response));
    }
    if let Err(error) = receive(&mut request).await {
        let mut response = error_pages::refuse(request.request(), &error);
        response.extensions_mut().insert(BrokenOff);
        return Ok(request.into_response(response));
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

async fn receive(request: &mut ServiceRequest) -> Result<(), Error> {
    let coding = request.headers().get(header::CONTENT_ENCODING);
    if coding.is_some_and(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Err(Error::Compressed);
    }
    let declared = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    let declared = declared.and_then(|length| length.parse::<u64>().ok()).unwrap_or_default();
    if declared > u64::try_from(BODY_LIMIT_BYTES).unwrap_or(u64::MAX) {
        return Err(Error::TooLarge);
    }
    let payload = request.take_payload();
    if matches!(payload, Payload::None) {
        return Ok(());
    }
    let arriving = request.app_data::<web::Data<Arriving>>().cloned();
    let arriving = arriving.unwrap_or_else(|| web::Data::new(Arriving::default()));
    let body = tokio::time::timeout(BODY_TIMEOUT, read(payload, &arriving))
        .await
        .map_err(|_elapsed| Error::TooSlow)??;
    request.set_payload(Payload::from(body));
    Ok(())
}

async fn read(mut payload: Payload, arriving: &Arriving) -> Result<Bytes, Error> {
    let mut share = Share { all: arriving, own: 0 };
    let mut body = BytesMut::new();
    loop {
        let next = tokio::time::timeout(BODY_PAUSE, payload.next()).await;
        let Some(chunk) = next.map_err(|_elapsed| Error::TooSlow)? else { break };
        let chunk = chunk.map_err(|error| {
            tracing::debug!(%error, "a body broke off");
            Error::Malformed("body")
        })?;
        if body.len() + chunk.len() > BODY_LIMIT_BYTES {
            return Err(Error::TooLarge);
        }
        share.grow(chunk.len())?;
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}
