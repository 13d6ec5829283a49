//! The body of a request is received here, whole, before anything is done for it: within a size, within a time, and as it
//! is. Whoever sends slowly keeps nobody waiting but themselves, and no handler can forget a limit.

use std::collections::HashMap;
use std::sync::Arc;
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
use crate::web::route::Route;
use crate::web::{error_pages, session};

/// The largest body of a form.
const FORM_LIMIT_BYTES: usize = 64 * 1024;
/// How long a form may take to arrive: less than a request may take in all, so that it is told why it failed.
const FORM_TIMEOUT: Duration = Duration::from_secs(8);
/// How long files may take: 10 MB from a phone.
const FILES_TIMEOUT: Duration = Duration::from_mins(1);
/// How long it may pause.
const BODY_PAUSE: Duration = Duration::from_secs(3);
/// What all forms may hold in memory together, from when they arrive until they are answered.
const FORMS_LIMIT_BYTES: usize = 16 * 1024 * 1024;
/// What all files may hold besides: whoever sends files keeps no form waiting.
const FILES_LIMIT_BYTES: usize = 64 * 1024 * 1024;
/// The longest address: what AWS's load balancer lets through.
const ADDRESS_LIMIT_BYTES: usize = 16 * 1024;

/// How much of all bodies is here whose requests are not answered yet, and which addresses take files.
#[derive(Default)]
pub struct Arriving {
    forms: Arc<AtomicUsize>,
    files: Arc<AtomicUsize>,
    /// The largest body of each address that takes more than a form.
    limits: HashMap<&'static str, usize>,
}

impl Arriving {
    /// With the limits of the routes that have one of their own.
    #[must_use]
    pub fn with_limits(routes: &[Route]) -> Self {
        let limits = routes.iter().filter_map(|route| Some((route.path, route.body_limit_bytes?)));
        Self { limits: limits.collect(), ..Self::default() }
    }

    /// What this request may send. Files are taken from people who seem to be signed in; the guard looks closer later.
    fn allowance(&self, request: &ServiceRequest) -> Allowance {
        let pattern = request.match_pattern();
        let limit = pattern.and_then(|pattern| self.limits.get(pattern.as_str()).copied());
        match limit {
            Some(limit_bytes) if session::token(request.request()).is_some() => {
                Allowance { limit_bytes, timeout: FILES_TIMEOUT, is_files: true }
            }
            _ => Allowance { limit_bytes: FORM_LIMIT_BYTES, timeout: FORM_TIMEOUT, is_files: false },
        }
    }
}

#[derive(Clone, Copy)]
struct Allowance {
    limit_bytes: usize,
    timeout: Duration,
    is_files: bool,
}

/// Marks an answer to a request whose body was not received to its end: after it the connection is of no use.
pub struct BrokenOff;

/// A body's part of it, given back when its request is answered or given up.
struct Share {
    all: Arc<AtomicUsize>,
    most_bytes: usize,
    own: usize,
}

impl Share {
    fn grow(&mut self, bytes: usize) -> Result<(), Error> {
        let before = self.all.fetch_add(bytes, Ordering::Relaxed);
        self.own += bytes;
        if before + bytes > self.most_bytes { Err(Error::Unavailable("room for bodies")) } else { Ok(()) }
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.all.fetch_sub(self.own, Ordering::Relaxed);
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
    match receive(&mut request).await {
        // Held until the answer is made: while it is worked on, or waits for that, a body takes as much room as before.
        Ok(_share) => Ok(next.call(request).await?.map_into_boxed_body()),
        Err(error) => {
            let mut response = error_pages::refuse(request.request(), &error);
            response.extensions_mut().insert(BrokenOff);
            Ok(request.into_response(response))
        }
    }
}

async fn receive(request: &mut ServiceRequest) -> Result<Option<Share>, Error> {
    let coding = request.headers().get(header::CONTENT_ENCODING);
    if coding.is_some_and(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Err(Error::Compressed);
    }
    let declared = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    let declared = declared.and_then(|length| length.parse::<u64>().ok()).unwrap_or_default();
    let arriving = request.app_data::<web::Data<Arriving>>().cloned();
    let arriving = arriving.unwrap_or_else(|| web::Data::new(Arriving::default()));
    let allowance = arriving.allowance(request);
    if declared > u64::try_from(allowance.limit_bytes).unwrap_or(u64::MAX) {
        return Err(Error::TooLarge);
    }
    let payload = request.take_payload();
    // Whoever asks for another protocol (`Upgrade`, `CONNECT`) keeps the line open, and the framework takes all that may
    // still come for a body. There is none that was not announced.
    let is_announced = declared > 0 || request.headers().contains_key(header::TRANSFER_ENCODING);
    if matches!(payload, Payload::None) || !is_announced {
        return Ok(None);
    }
    let (body, share) = tokio::time::timeout(allowance.timeout, read(payload, &arriving, allowance))
        .await
        .map_err(|_elapsed| Error::TooSlow)??;
    request.set_payload(Payload::from(body));
    Ok(Some(share))
}

async fn read(
    mut payload: Payload,
    arriving: &Arriving,
    allowance: Allowance,
) -> Result<(Bytes, Share), Error> {
    let (all, most_bytes) = if allowance.is_files {
        (Arc::clone(&arriving.files), FILES_LIMIT_BYTES)
    } else {
        (Arc::clone(&arriving.forms), FORMS_LIMIT_BYTES)
    };
    let mut share = Share { all, most_bytes, own: 0 };
    let mut body = BytesMut::new();
    loop {
        let next = tokio::time::timeout(BODY_PAUSE, payload.next()).await;
        let Some(chunk) = next.map_err(|_elapsed| Error::TooSlow)? else { break };
        let chunk = chunk.map_err(|error| {
            tracing::debug!(%error, "a body broke off");
            Error::Malformed("body")
        })?;
        if body.len() + chunk.len() > allowance.limit_bytes {
            return Err(Error::TooLarge);
        }
        share.grow(chunk.len())?;
        body.extend_from_slice(&chunk);
    }
    Ok((body.freeze(), share))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(bytes: &'static [u8]) -> Payload {
        Payload::from(Bytes::from_static(bytes))
    }

    #[test]
    fn bodies_share_one_room_and_give_their_part_of_it_back() {
        let all = Arc::new(AtomicUsize::new(0));
        let share = || Share { all: Arc::clone(&all), most_bytes: 100, own: 0 };
        let (mut one, mut other) = (share(), share());
        one.grow(60).unwrap();
        other.grow(40).unwrap();
        assert!(matches!(one.grow(1), Err(Error::Unavailable("room for bodies"))));
        drop(one);
        assert_eq!(all.load(Ordering::Relaxed), 40);
        let mut third = share();
        third.grow(60).unwrap();
        assert!(matches!(third.grow(1), Err(Error::Unavailable("room for bodies"))));
        drop((other, third));
        assert_eq!(all.load(Ordering::Relaxed), 0);
    }

    #[actix_web::test]
    async fn what_does_not_fit_beside_all_others_of_its_kind_is_refused() {
        let form = Allowance { limit_bytes: FORM_LIMIT_BYTES, timeout: FORM_TIMEOUT, is_files: false };
        let files = Allowance { is_files: true, ..form };
        let arriving = Arriving::default();
        for (allowance, all, most) in
            [(form, &arriving.forms, FORMS_LIMIT_BYTES), (files, &arriving.files, FILES_LIMIT_BYTES)]
        {
            all.store(most - 3, Ordering::Relaxed);
            let refused = read(body(b"1234"), &arriving, allowance).await;
            assert!(matches!(refused, Err(Error::Unavailable("room for bodies"))));
            let (received, share) = read(body(b"123"), &arriving, allowance).await.unwrap();
            assert_eq!(received, Bytes::from_static(b"123"));
            assert_eq!(all.load(Ordering::Relaxed), most, "what has arrived is still here");
            drop(share);
            assert_eq!(all.load(Ordering::Relaxed), most - 3, "what is answered makes room");
        }
    }
}
