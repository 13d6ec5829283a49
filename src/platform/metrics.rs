//! The numbers the shop tells: each declared once (`metrics/declared.rs`), counted by handlers and jobs, and told on
//! `/metrics` and to CloudWatch (`metrics/emf.rs`). They are about the shop, never about a person: no name, id, address or
//! product is in any of them.
//!
//! A process counts once, however many shops are open in it. Where [`install`] was not called, counting does nothing.

mod declared;
mod emf;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use metrics::{
    counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram, set_global_recorder,
};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::error::{Error, Result};
use crate::types::time::Timestamp;

pub use declared::{ALL, Kind, Metric};
use declared::{
    BOOKS_AGE, BOOKS_BROKEN, CONNECTIONS, CONNECTIONS_LIMIT, JOB_RUNS, JOBS_UNWELL, ORDERS_PLACED,
    ORDERS_REFUSED, OUTBOX_AGE, OUTBOX_GIVEN_UP, PEOPLE_ACTIVE, POINTS_MOVED, REQUEST_SECONDS, REQUESTS,
    REQUESTS_REFUSED, SIGN_INS, WRITES_REPEATED,
};

/// Where one bucket of durations ends and the next begins, in seconds: from a cached page to the deadline.
const DURATIONS_S: [f64; 10] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
/// Methods that are counted by their name; whatever else a client makes up is one more.
const METHODS: [&str; 3] = ["GET", "HEAD", "POST"];

/// What was counted in this process.
#[derive(Debug)]
pub struct Numbers {
    prometheus: PrometheusHandle,
    kept: Arc<emf::Kept>,
}

static NUMBERS: OnceLock<Numbers> = OnceLock::new();

/// Begins to count. A second call finds what the first one began.
///
/// # Errors
/// When something else in the process counts already.
pub fn install() -> Result<&'static Numbers> {
    if let Some(numbers) = NUMBERS.get() {
        return Ok(numbers);
    }
    let prometheus = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full(REQUEST_SECONDS.name.to_owned()), &DURATIONS_S)
        .map_err(anyhow::Error::new)?
        .build_recorder();
    let numbers = Numbers { prometheus: prometheus.handle(), kept: Arc::default() };
    let both = emf::Both { prometheus, kept: Arc::clone(&numbers.kept) };
    if set_global_recorder(both).is_ok() {
        describe();
        return Ok(NUMBERS.get_or_init(|| numbers));
    }
    // Somebody was faster, and is about to put theirs there.
    NUMBERS.get().ok_or_else(|| Error::Internal(anyhow::anyhow!("something else counts in this process")))
}

impl Numbers {
    /// Everything since the process began, as Prometheus reads it.
    #[must_use]
    pub fn render(&self) -> String {
        self.prometheus.render()
    }

    /// What was counted since the last time, as lines that CloudWatch reads.
    #[must_use]
    pub fn take(&self, namespace: &str, now: Timestamp) -> Vec<String> {
        self.kept.take(namespace, now)
    }

    /// Puts measured durations together, which pile up while nobody asks for them.
    pub fn run_upkeep(&self) {
        self.prometheus.run_upkeep();
    }
}

fn describe() {
    for metric in ALL {
        let Metric { name, unit, meaning, .. } = **metric;
        match metric.kind {
            Kind::Counter => describe_counter!(name, unit, meaning),
            Kind::Gauge => describe_gauge!(name, unit, meaning),
            Kind::Histogram => describe_histogram!(name, unit, meaning),
        }
    }
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
    counter!(REQUESTS.name, "method" => method, "route" => route.clone(), "status" => class).increment(1);
    histogram!(REQUEST_SECONDS.name, "method" => method, "route" => route).record(took.as_secs_f64());
}

/// A request was refused because the shop was full, or a person much too fast.
pub fn request_refused(lane: &'static str) {
    counter!(REQUESTS_REFUSED.name, "lane" => lane).increment(1);
}

/// A write was begun again because the database asked for it.
pub fn write_repeated() {
    counter!(WRITES_REPEATED.name).increment(1);
}

/// An order was placed.
pub fn order_placed() {
    counter!(ORDERS_PLACED.name).increment(1);
}

/// An order was not placed. The reason is the name of the refusal, without what is in it.
pub fn order_refused(error: &Error) {
    let told = match error {
        Error::Refused(refusal) => format!("{refusal:?}"),
        other => format!("{other:?}"),
    };
    let reason: String = told.chars().take_while(char::is_ascii_alphanumeric).collect();
    counter!(ORDERS_REFUSED.name, "reason" => reason).increment(1);
}

/// So many points were moved in this way, and it is committed.
pub fn points_moved(kind: &'static str, points: i64) {
    counter!(POINTS_MOVED.name, "kind" => kind).increment(u64::try_from(points).unwrap_or_default());
}

/// A background job ran.
pub fn job_ran(job: &str, done: bool) {
    counter!(JOB_RUNS.name, "job" => job.to_owned(), "outcome" => if done { "done" } else { "failed" })
        .increment(1);
}

/// So many connections are in use for this, of so many.
pub fn connections(purpose: &'static str, in_use: usize, limit: u32) {
    gauge!(CONNECTIONS.name, "for" => purpose).set(count(in_use));
    gauge!(CONNECTIONS_LIMIT.name, "for" => purpose).set(limit);
}

/// So many people use the shop.
pub fn people_active(people: i64) {
    gauge!(PEOPLE_ACTIVE.name).set(whole(people));
}

/// What became of a sign-in: `begun`, and later `succeeded`, `refused` or `failed`.
pub fn sign_in(outcome: &'static str) {
    counter!(SIGN_INS.name, "outcome" => outcome).increment(1);
}

/// So many jobs fail, or are not done.
pub fn jobs_unwell(jobs: usize) {
    gauge!(JOBS_UNWELL.name).set(count(jobs));
}

/// The oldest message waits for so long; `None` when none does.
pub fn outbox_oldest(age_s: Option<i64>) {
    gauge!(OUTBOX_AGE.name).set(whole(age_s.unwrap_or_default()));
}

/// So many messages were given up.
pub fn outbox_given_up(messages: i64) {
    gauge!(OUTBOX_GIVEN_UP.name).set(whole(messages));
}

/// What the last check of the books found, so long ago.
pub fn books(broken: usize, age_s: i64) {
    gauge!(BOOKS_BROKEN.name).set(count(broken));
    gauge!(BOOKS_AGE.name).set(whole(age_s));
}

fn count(things: usize) -> f64 {
    whole(i64::try_from(things).unwrap_or(i64::MAX))
}

#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "a gauge is a float, exact up to 2^53"
)]
fn whole(number: i64) -> f64 {
    number as f64
}
