//! The numbers the shop tells: each declared here once, with what it means, and counted by handlers and jobs. They are
//! about the shop, never about a person: no name, id, address or product is in any of them.
//!
//! A process counts once, however many shops are open in it. Where [`install`] was not called, counting does nothing.

use std::sync::OnceLock;
use std::time::Duration;

use metrics::{
    Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram,
    set_global_recorder,
};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::error::{Error, Result};
use crate::types::time::Timestamp;

const REQUESTS: &str = "shop_requests_total";
const REQUEST_SECONDS: &str = "shop_request_duration_seconds";
const REQUESTS_REFUSED: &str = "shop_requests_refused_total";
const ORDERS_PLACED: &str = "shop_orders_placed_total";
const ORDERS_REFUSED: &str = "shop_orders_refused_total";
const POINTS_MOVED: &str = "shop_points_moved_total";
const JOB_RUNS: &str = "shop_job_runs_total";
const CONNECTIONS: &str = "shop_database_connections_in_use";
const OUTBOX_AGE: &str = "shop_outbox_oldest_age_seconds";
const BOOKS_BROKEN: &str = "shop_books_broken_laws";
const BOOKS_CHECKED: &str = "shop_books_checked_timestamp_seconds";

/// Where one bucket of durations ends and the next begins, in seconds: from a cached page to the deadline.
const DURATIONS_S: [f64; 10] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
/// Methods that are counted by their name; whatever else a client makes up is one more.
const METHODS: [&str; 3] = ["GET", "HEAD", "POST"];

static NUMBERS: OnceLock<PrometheusHandle> = OnceLock::new();

/// Begins to count. A second call finds what the first one began.
///
/// # Errors
/// When something else in the process counts already.
pub fn install() -> Result<&'static PrometheusHandle> {
    if let Some(numbers) = NUMBERS.get() {
        return Ok(numbers);
    }
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full(REQUEST_SECONDS.to_owned()), &DURATIONS_S)
        .map_err(anyhow::Error::new)?
        .build_recorder();
    let numbers = recorder.handle();
    if set_global_recorder(recorder).is_ok() {
        describe();
        return Ok(NUMBERS.get_or_init(|| numbers));
    }
    // Somebody was faster, and is about to put theirs there.
    NUMBERS.get().ok_or_else(|| Error::Internal(anyhow::anyhow!("something else counts in this process")))
}

fn describe() {
    describe_counter!(REQUESTS, Unit::Count, "Requests answered, by method, route and class of status");
    describe_histogram!(REQUEST_SECONDS, Unit::Seconds, "How long answering took, by method and route");
    describe_counter!(REQUESTS_REFUSED, Unit::Count, "Requests refused because the shop was full, by lane");
    describe_counter!(ORDERS_PLACED, Unit::Count, "Orders placed");
    describe_counter!(ORDERS_REFUSED, Unit::Count, "Orders refused, by reason");
    describe_counter!(
        POINTS_MOVED,
        Unit::Count,
        "Points moved, by kind: grant, redeem, refund, expire, deduct"
    );
    describe_counter!(JOB_RUNS, Unit::Count, "Runs of background jobs, by job and whether it was done");
    describe_gauge!(CONNECTIONS, Unit::Count, "Database connections in use, to read or to write");
    describe_gauge!(
        OUTBOX_AGE,
        Unit::Seconds,
        "How long the oldest message still to be delivered has waited"
    );
    describe_gauge!(BOOKS_BROKEN, Unit::Count, "Laws of the books found broken by the last check");
    describe_gauge!(BOOKS_CHECKED, Unit::Seconds, "When the books were last checked, in seconds since 1970");
}

/// A request was answered. `route` is its pattern, which has no ids in it.
pub fn answered(method: &str, route: &str, status: u16, took: Duration) {
    let method = METHODS.into_iter().find(|known| *known == method).unwrap_or("other");
    let class = match status {
        100..=199 => "1xx",
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        _ => "5xx",
    };
    let route = route.to_owned();
    counter!(REQUESTS, "method" => method, "route" => route.clone(), "status" => class).increment(1);
    histogram!(REQUEST_SECONDS, "method" => method, "route" => route).record(took.as_secs_f64());
}

/// A request was refused because the shop was full, or a person much too fast.
pub fn request_refused(lane: &'static str) {
    counter!(REQUESTS_REFUSED, "lane" => lane).increment(1);
}

/// An order was placed.
pub fn order_placed() {
    counter!(ORDERS_PLACED).increment(1);
}

/// An order was not placed. The reason is the name of the refusal, without what is in it.
pub fn order_refused(error: &Error) {
    let told = match error {
        Error::Refused(refusal) => format!("{refusal:?}"),
        other => format!("{other:?}"),
    };
    let reason: String = told.chars().take_while(char::is_ascii_alphanumeric).collect();
    counter!(ORDERS_REFUSED, "reason" => reason).increment(1);
}

/// So many points were moved in this way, and it is committed.
pub fn points_moved(kind: &'static str, points: i64) {
    counter!(POINTS_MOVED, "kind" => kind).increment(u64::try_from(points).unwrap_or_default());
}

/// A background job ran.
pub fn job_ran(job: &str, done: bool) {
    counter!(JOB_RUNS, "job" => job.to_owned(), "outcome" => if done { "done" } else { "failed" })
        .increment(1);
}

/// So many connections are in use for this.
pub fn connections_in_use(purpose: &'static str, connections: usize) {
    gauge!(CONNECTIONS, "for" => purpose).set(whole(i64::try_from(connections).unwrap_or(i64::MAX)));
}

/// The oldest message waits for so long; `None` when none does.
pub fn outbox_oldest(age_s: Option<i64>) {
    gauge!(OUTBOX_AGE).set(whole(age_s.unwrap_or_default()));
}

/// What the last check of the books found.
pub fn books(broken: usize, at: Timestamp) {
    gauge!(BOOKS_BROKEN).set(whole(i64::try_from(broken).unwrap_or(i64::MAX)));
    gauge!(BOOKS_CHECKED).set(whole(at.seconds()));
}

#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "a gauge is a float, exact up to 2^53"
)]
fn whole(number: i64) -> f64 {
    number as f64
}
