//! Who is let in while the shop is full: as many requests are worked on as the database serves well, some more wait a
//! moment, and the rest hears 503 at once. Browsing, changing and paying have a share each, so that a flood of one
//! leaves the others alone, and nobody gets more than a part of each. A person far beyond what a person does hears 429 before anything is asked of the database.

mod lane;

use std::hash::{BuildHasher, RandomState};
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::ConnectionType;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, web};

use crate::error::Error;
use crate::platform::app::App;
use crate::platform::metrics;
use crate::server::Readiness;
use crate::server::connection::Pace;
use crate::server::layers::Arrived;
use crate::urls;
use crate::web::busy_page::BusyPages;
use crate::web::request_id::{REQUEST_ID_HEADER, RequestId};
use crate::web::security_headers::SecurityHeaders;
use crate::web::{client_address, session};
use lane::{Full, Lane, Visitor};

/// Requests worked on for each connection of the pool: one that uses it, and one that is next.
const WORKING_PER_CONNECTION: u32 = 2;
/// The share of them that is kept for the checkout, in percent.
const CHECKOUT_PERCENT: u32 = 20;
/// The share of other changes; the rest is for looking around.
const CHANGES_PERCENT: u32 = 30;
/// How many may wait in each lane for each request that the shop works on in all: a rush of a second or less.
const WAITING_PER_WORKING: u32 = 4;
/// When somebody who took all of that may come back.
const BACK_AFTER_SHARE_S: u64 = 1;
/// The lane of those who are refused because of themselves.
const ONE_PERSON: &str = "visits of one person";
/// Refusals are told this often at most.
const TOLD_EVERY_MS: u64 = 1_000;

type Answer = Result<ServiceResponse<BoxBody>, actix_web::Error>;

/// The doors and what is behind them; one for the whole process.
pub struct Admission {
    browsing: Lane,
    changing: Lane,
    paying: Lane,
    pages: BusyPages,
    refused: Tally,
    hashes: RandomState,
}

/// Counts what is refused and tells it now and then: a flood must not flood the log.
struct Tally {
    began: Instant,
    untold: AtomicU64,
    told_at_ms: AtomicU64,
}

/// Marks an answer that needs no log line of its own.
pub struct Refused;

impl Admission {
    /// For a pool of so many connections.
    #[must_use]
    pub fn new(pool: u32, pages: BusyPages) -> Self {
        let working = pool.saturating_mul(WORKING_PER_CONNECTION);
        let paying = (working * CHECKOUT_PERCENT).div_ceil(100);
        let changing = (working * CHANGES_PERCENT).div_ceil(100);
        let browsing = working.saturating_sub(paying + changing).max(1);
        let places = working * WAITING_PER_WORKING;
        Self {
            browsing: Lane::new("browsing", browsing, places),
            changing: Lane::new("changing", changing, places),
            paying: Lane::new("paying", paying, places),
            pages,
            refused: Tally {
                began: Instant::now(),
                untold: AtomicU64::new(0),
                told_at_ms: AtomicU64::new(0),
            },
            hashes: RandomState::new(),
        }
    }

    /// Who asks, as far as that is known before anything is looked up: a session, or else an address.
    fn visitor(&self, request: &HttpRequest) -> Visitor {
        match (session::token(request), request.app_data::<web::Data<App>>()) {
            (Some(token), _) => Visitor::Session(self.hashes.hash_one(token)),
            (None, Some(app)) => {
                let address = client_address::of(request, &app.config.trusted_proxies);
                Visitor::Address(self.hashes.hash_one(address))
            }
            (None, None) => Visitor::Address(0),
        }
    }

    fn lane(&self, request: &ServiceRequest) -> &Lane {
        if request.path() == urls::checkout() {
            &self.paying
        } else if request.method().is_safe() {
            &self.browsing
        } else {
            &self.changing
        }
    }
}

impl Tally {
    fn count(&self, lane: &'static str) {
        metrics::request_refused(lane);
        let untold = self.untold.fetch_add(1, Ordering::Relaxed) + 1;
        let now = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX).max(1);
        let told = self.told_at_ms.load(Ordering::Relaxed);
        let due = told == 0 || now.saturating_sub(told) >= TOLD_EVERY_MS;
        if due && self.told_at_ms.compare_exchange(told, now, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
            self.untold.fetch_sub(untold, Ordering::Relaxed);
            tracing::warn!(
                refused = untold,
                lane,
                "more requests than the shop can serve: some were refused"
            );
        }
    }
}

/// Whether a request costs so little that it is always answered.
fn is_free(request: &ServiceRequest) -> bool {
    request.path() == urls::health() || request.path().starts_with(urls::STATIC)
}

/// Outermost of all: where a lane is full, no is said before anything else is done, span and log line included. Under a
/// flood nearly every request ends here, and what this costs is taken from those who are served.
///
/// # Errors
/// None of its own: a refusal is an answer.
pub async fn door(request: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Answer {
    let admission = request.app_data::<web::Data<Admission>>().cloned();
    let Some(admission) = admission.filter(|_| !is_free(&request)) else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    let lane = admission.lane(&request);
    if !lane.is_full() {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    // For the patience of the connection this was a request.
    let _working = request.conn_data::<Rc<Pace>>().map(Pace::begin);
    let id = RequestId::new();
    let id_header = HeaderValue::from_str(id.as_str());
    request.extensions_mut().insert(id);
    admission.refused.count(lane.name);
    let mut response = admission.pages.full(request.request());
    if let Some(headers) = request.app_data::<web::Data<SecurityHeaders>>() {
        headers.add_to(response.headers_mut());
    }
    if let Ok(id) = id_header {
        response.headers_mut().insert(HeaderName::from_static(REQUEST_ID_HEADER), id);
    }
    if request.app_data::<web::Data<Readiness>>().is_some_and(|readiness| readiness.is_draining()) {
        response.head_mut().set_connection_type(ConnectionType::Close);
    }
    Ok(request.into_response(response))
}

/// The layer before the database is asked anything.
///
/// # Errors
/// None of its own: a refusal is an answer.
pub async fn layer(request: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Answer {
    let admission = request.app_data::<web::Data<Admission>>().cloned();
    let Some(admission) = admission.filter(|_| !is_free(&request)) else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    request.extensions_mut().insert(Arrived(Instant::now()));
    let lane = admission.lane(&request);
    // Held until the answer is made; a client that hangs up gives it back.
    let _turn = match lane.enter(admission.visitor(request.request())).await {
        Ok(turn) => turn,
        Err(Full::Room) => {
            admission.refused.count(lane.name);
            return Ok(refuse(request, |request| admission.pages.full(request)));
        }
        Err(Full::Share) => {
            admission.refused.count(ONE_PERSON);
            return Ok(refuse(request, |request| admission.pages.too_fast(request, BACK_AFTER_SHARE_S)));
        }
    };
    Ok(next.call(request).await?.map_into_boxed_body())
}

/// The layer before that: nobody gets more than a person can use.
///
/// # Errors
/// None of its own: a refusal is an answer.
pub async fn moderation(request: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Answer {
    let (Some(admission), Some(app)) =
        (request.app_data::<web::Data<Admission>>().cloned(), request.app_data::<web::Data<App>>().cloned())
    else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    if !is_free(&request) {
        let allowed = match session::token(request.request()) {
            Some(token) => app.limits.visit_with(&token),
            None => app.limits.visit_from(client_address::of(request.request(), &app.config.trusted_proxies)),
        };
        if let Err(Error::TooMany { retry_after_s }) = allowed {
            admission.refused.count(ONE_PERSON);
            return Ok(refuse(request, |request| admission.pages.too_fast(request, retry_after_s)));
        }
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

fn refuse(
    request: ServiceRequest,
    say: impl FnOnce(&actix_web::HttpRequest) -> actix_web::HttpResponse,
) -> ServiceResponse<BoxBody> {
    let mut response = say(request.request());
    response.extensions_mut().insert(Refused);
    request.into_response(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_work_has_its_share_of_twice_the_pool() {
        for (pool, expected) in [(10, [10, 6, 4]), (2, [1, 2, 1]), (16, [15, 10, 7])] {
            let admission = Admission::new(pool, BusyPages::new());
            let lanes = [&admission.browsing, &admission.changing, &admission.paying];
            assert_eq!(lanes.map(Lane::free), expected, "pool {pool}");
        }
    }
}
