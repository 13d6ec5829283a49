//! What every request passes on its way in and out, outermost first; the order is in `server::start`.

use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::time::{Duration, Instant};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::ConnectionType;
use actix_web::http::header::{
    ACCEPT_ENCODING, AcceptEncoding, Encoding, HeaderMap, HeaderName, HeaderValue,
};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, web};
use futures::FutureExt;
use opentelemetry::propagation::Extractor;
use tracing::Instrument;

use crate::error::Error;
use crate::platform::app::App;
use crate::platform::{metrics, request_id, traces};
use crate::server::Readiness;
use crate::server::admission::Refused;
use crate::server::connection::Pace;
use crate::web::body::BrokenOff;
use crate::web::request_id::{REQUEST_ID_HEADER, RequestId};
use crate::web::route::{Verdict, Who};
use crate::web::security_headers::SecurityHeaders;
use crate::web::viewer::Viewer;
use crate::web::{cross_origin as origin_rules, flash};

/// The longest a request may take once it is here as a whole. Its writes go on and end by themselves.
const DEADLINE: Duration = Duration::from_secs(10);

/// What an answer may be written in.
const ENCODINGS: [Encoding; 4] =
    [Encoding::identity(), Encoding::brotli(), Encoding::gzip(), Encoding::deflate()];

/// When a request was here as a whole.
pub struct Arrived(pub Instant);

type Answer = Result<ServiceResponse<BoxBody>, actix_web::Error>;

/// Outermost: gives the request its id and span (who is asking is noted there by the viewer), adds the security headers, writes the one log line.
///
/// # Errors
/// None of its own.
pub async fn request(request: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Answer {
    let id = RequestId::new();
    let span = tracing::info_span!("request", id = id.as_str(), person = tracing::field::Empty);
    traces::begin(&span, &Caller(request.headers()), request.method().as_str(), id.as_str());
    let noted = id.as_str().to_owned();
    let id_header = HeaderValue::from_str(id.as_str()).ok();
    let headers = request.app_data::<web::Data<SecurityHeaders>>().cloned();
    let leaving = request.app_data::<web::Data<Readiness>>().cloned();
    let working = request.conn_data::<Rc<Pace>>().map(Pace::begin);
    request.extensions_mut().insert(id);
    let method = request.method().clone();
    let began = Instant::now();
    async move {
        let working = working;
        let mut answer = request_id::within(&noted, next.call(request)).await?.map_into_boxed_body();
        let forget = flash::forget(answer.request());
        if let Some(cookie) = forget
            && let Err(error) = answer.response_mut().add_cookie(&cookie)
        {
            tracing::error!(%error, "a cookie could not be written");
        }
        if let Some(headers) = headers {
            headers.add_to(answer.headers_mut());
        }
        if let Some(id) = id_header {
            answer.headers_mut().insert(HeaderName::from_static(REQUEST_ID_HEADER), id);
        }
        let broken_off = answer.response().extensions().contains::<BrokenOff>();
        if broken_off && let Some(working) = &working {
            working.is_the_last();
        }
        if broken_off || leaving.is_some_and(|readiness| readiness.is_draining()) {
            // Who keeps this connection would send the next request to a shop that has gone.
            answer.response_mut().head_mut().set_connection_type(ConnectionType::Close);
        }
        let route = answer.request().match_pattern().unwrap_or_else(|| "unmatched".to_owned());
        let (status, took) = (answer.status().as_u16(), began.elapsed());
        metrics::answered(method.as_str(), &route, status, took);
        traces::answered(&tracing::Span::current(), &route, status);
        let took_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        let is_counted = answer.response().extensions().contains::<Refused>();
        if route == "/health" || route.starts_with("/static") || is_counted {
            tracing::debug!(%method, route, status, took_ms, "answered");
        } else {
            tracing::info!(%method, route, status, took_ms, "answered");
        }
        Ok(answer)
    }
    .instrument(span)
    .await
}

/// What the caller says of its own trace.
struct Caller<'a>(&'a HeaderMap);

impl Extractor for Caller<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(|value| value.to_str().ok())
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(HeaderName::as_str).collect()
    }
}

/// Around what compresses: who accepts nothing that there is gets the answer as it is, in place of a 406 without a page.
///
/// # Errors
/// None of its own.
pub async fn encodings(mut request: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Answer {
    let accepted = request.get_header::<AcceptEncoding>();
    if accepted.is_some_and(|accepted| accepted.negotiate(ENCODINGS.iter()).is_none()) {
        request.headers_mut().remove(ACCEPT_ENCODING);
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

/// Writes come from our own pages only.
///
/// # Errors
/// None of its own: a refusal is an answer.
pub async fn cross_origin(request: ServiceRequest, next: Next<BoxBody>) -> Answer {
    let own = request.app_data::<web::Data<App>>().map(|app| app.config.public_origin()).unwrap_or_default();
    if origin_rules::may_write(request.method(), request.headers(), &own) {
        next.call(request).await
    } else {
        Ok(request.error_response(Error::CrossOrigin))
    }
}

/// Around each handler: who may enter, how long it may take, and that a panic stays in its own request.
///
/// # Errors
/// None of its own: a refusal is an answer.
pub async fn guarded(who: Who, request: ServiceRequest, next: Next<BoxBody>) -> Answer {
    let verdict = who.admits(request.extensions().get::<Viewer>());
    match verdict {
        Verdict::SignInFirst => return Ok(request.error_response(Error::SignIn)),
        Verdict::Forbidden => return Ok(request.error_response(Error::Forbidden)),
        Verdict::Enter => {}
    }
    let original = request.request().clone();
    let deadline =
        request.extensions().get::<Arrived>().map_or_else(Instant::now, |arrived| arrived.0) + DEADLINE;
    match tokio::time::timeout_at(deadline.into(), AssertUnwindSafe(next.call(request)).catch_unwind()).await
    {
        Ok(Ok(Ok(answer))) => Ok(answer),
        Ok(Ok(Err(error))) => Ok(ServiceResponse::from_err(error, original)),
        Ok(Err(_panic)) => {
            Ok(ServiceResponse::from_err(Error::Internal(anyhow::anyhow!("a handler panicked")), original))
        }
        Err(_elapsed) => Ok(ServiceResponse::from_err(Error::Unavailable("the request in time"), original)),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::body::to_bytes;
    use actix_web::middleware::from_fn;
    use actix_web::test::{TestRequest, call_service, init_service};
    use actix_web::{App as Service, HttpResponse};

    use super::*;
    use crate::web::error_pages;

    async fn panics() -> HttpResponse {
        let inside = ["the inside"];
        HttpResponse::Ok().body(inside.get(7).copied().unwrap())
    }

    async fn calm() -> HttpResponse {
        HttpResponse::Ok().body("calm")
    }

    async fn never_ends() -> HttpResponse {
        std::future::pending().await
    }

    /// No route of the shop panics, so this one does, behind the same layers.
    macro_rules! shop_with {
        ($($path:literal => $handler:expr),*) => {
            init_service(
                Service::new()
                    $(.route($path, web::get().to($handler)
                        .wrap(from_fn(|request, next| guarded(Who::Anyone, request, next)))))*
                    .wrap(from_fn(error_pages::layer))
                    .wrap(from_fn(request)),
            )
        };
    }

    #[actix_web::test]
    async fn a_panic_is_a_page_that_tells_nothing_and_the_next_request_is_served() {
        let shop = shop_with!("/panics" => panics, "/calm" => calm).await;
        for _ in 0..3 {
            let answer = call_service(&shop, TestRequest::get().uri("/panics").to_request()).await;
            assert_eq!(answer.status(), 500);
            let id = answer.headers().get(REQUEST_ID_HEADER).cloned();
            let body = to_bytes(answer.into_body()).await.unwrap();
            let text = String::from_utf8(body.to_vec()).unwrap();
            assert!(text.contains(id.unwrap().to_str().unwrap()), "{text}");
            for inside in ["panicked", "unwrap", "layers.rs", "the inside", "None"] {
                assert!(!text.contains(inside), "{inside}: {text}");
            }
            let answer = call_service(&shop, TestRequest::get().uri("/calm").to_request()).await;
            assert_eq!(answer.status(), 200);
        }
    }

    #[actix_web::test]
    async fn who_waits_in_vain_is_told_to_come_again_when_their_time_is_over() {
        const LEFT: Duration = Duration::from_millis(200);
        let shop = shop_with!("/never-ends" => never_ends, "/calm" => calm).await;
        // Both were here as a whole so long ago that only a moment is left.
        let began = Instant::now();
        let arrived = began.checked_sub(DEADLINE).unwrap() + LEFT;
        let at = |path| {
            let request = TestRequest::get().uri(path).to_request();
            request.extensions_mut().insert(Arrived(arrived));
            request
        };
        assert_eq!(call_service(&shop, at("/calm")).await.status(), 200);
        let answer = call_service(&shop, at("/never-ends")).await;
        let took = began.elapsed();
        assert_eq!(answer.status(), 503);
        assert_eq!(answer.headers().get("retry-after").unwrap(), "5");
        assert!((LEFT..DEADLINE).contains(&took), "{took:?}");
    }
}
