//! Traces: what a request did, and for how long, told to a collector by OTLP over HTTP, where one is configured.
//!
//! - A span a request, and one within it for each write and each call to the store or the identity provider. What the
//!   shop does by itself is not traced: the log and the numbers tell of it.
//! - `collector::told` lets out a list of attributes and nothing else, so nothing personal leaves, whatever a span has.
//! - Nothing waits for the collector: spans go into a bounded queue, which a thread of its own empties. What it cannot
//!   tell it drops, and says so in the log now and then.
//! - The caller's decision whether to trace (W3C `traceparent`) is followed; otherwise the sampler's.

mod collector;

use std::sync::OnceLock;
use std::time::Duration;

use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracerProvider, Tracer};
use tracing::Span;
use tracing_opentelemetry::{OpenTelemetryLayer, OpenTelemetrySpanExt};
use tracing_subscriber::filter::{FilterFn, Filtered, filter_fn};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::{Layer, Registry};
use url::Url;

use crate::error::Result;
use crate::platform::request_id;

/// Where the spans made here belong; the log knows nothing of them.
pub(super) const TARGET: &str = "shop::traces";
/// The span of a request, which the log has, too.
const REQUEST: &str = "request";
const SERVER: &str = "awsomeshop::server";

/// Spans that wait for the collector; more are dropped.
const MOST_WAITING: usize = 2_048;
/// How often the collector is told.
const EVERY: Duration = Duration::from_secs(5);
/// How long the last spans may take at the end: a call to the collector, and a little.
const FLUSH_LIMIT: Duration = Duration::from_secs(4);

pub(super) const METHOD: &str = "http.request.method";
pub(super) const ROUTE: &str = "http.route";
pub(super) const STATUS: &str = "http.response.status_code";
pub(super) const REQUEST_ID: &str = "shop.request_id";
pub(super) const KIND: &str = "shop.kind";
pub(super) const WHAT: &str = "shop.what";

static PROVIDER: OnceLock<SdkTracerProvider> = OnceLock::new();

/// Whom traces are told, and which.
#[derive(Clone, Debug, PartialEq)]
pub struct TraceSettings {
    /// The collector's address; `/v1/traces` is added to it.
    pub endpoint: Url,
    /// Under which name.
    pub service: String,
    pub sampling: Sampling,
}

/// Which requests are traced.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sampling {
    /// Of all, from 0 to 1.
    pub share: f64,
    /// Whether a caller that traces its own request, or does not, decides for ours.
    pub caller_decides: bool,
}

/// The layer that makes spans of requests into traces. To be called within the runtime.
///
/// # Errors
/// When the collector's address cannot be used.
pub(super) fn layer(settings: &TraceSettings) -> Result<Box<dyn Layer<Registry> + Send + Sync>> {
    let exporter = collector::Collector::new(&settings.endpoint)?;
    let batches =
        BatchConfigBuilder::default().with_max_queue_size(MOST_WAITING).with_scheduled_delay(EVERY).build();
    let resource = Resource::builder()
        .with_service_name(settings.service.clone())
        .with_attribute(opentelemetry::KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
        .build();
    let provider = SdkTracerProvider::builder()
        .with_span_processor(BatchSpanProcessor::builder(exporter).with_batch_config(batches).build())
        .with_sampler(sampler(settings.sampling))
        .with_resource(resource)
        .build();
    let layer = spans(provider.tracer("awsomeshop"));
    PROVIDER.get_or_init(|| provider);
    Ok(layer.boxed())
}

type Spans<S> = Filtered<OpenTelemetryLayer<S, Tracer>, FilterFn, S>;

/// Spans only, and of those only ours: no line of the log becomes part of a trace.
fn spans<S>(tracer: Tracer) -> Spans<S>
where
    S: tracing::Subscriber + for<'span> LookupSpan<'span>,
{
    OpenTelemetryLayer::new(tracer)
        .with_location(false)
        .with_threads(false)
        .with_target(false)
        .with_tracked_inactivity(false)
        .with_filter(filter_fn(|about| {
            let is_request = about.name() == REQUEST && about.target().starts_with(SERVER);
            about.is_span() && (is_request || about.target() == TARGET)
        }))
}

fn sampler(sampling: Sampling) -> Sampler {
    let own =
        if sampling.share >= 1.0 { Sampler::AlwaysOn } else { Sampler::TraceIdRatioBased(sampling.share) };
    if sampling.caller_decides { Sampler::ParentBased(Box::new(own)) } else { own }
}

fn are_told() -> bool {
    PROVIDER.get().is_some()
}

/// A request begins, perhaps as part of what its caller traces. Before anybody has entered its span.
pub fn begin(span: &Span, caller: &dyn Extractor, method: &str, request_id: &str) {
    if !are_told() {
        return;
    }
    let context = TraceContextPropagator::new().extract(caller);
    if let Err(error) = span.set_parent(context) {
        tracing::debug!(%error, "a request is not part of its caller's trace");
    }
    span.set_attribute(METHOD, method.to_owned());
    span.set_attribute(REQUEST_ID, request_id.to_owned());
}

/// It was answered.
pub fn answered(span: &Span, route: &str, status: u16) {
    if are_told() {
        span.set_attribute(ROUTE, route.to_owned());
        span.set_attribute(STATUS, i64::from(status));
    }
}

/// Something a request does that takes its time: a `write`, or a call to the `store` or to the `identity` provider.
#[must_use]
pub fn span(kind: &'static str, what: &'static str) -> Span {
    if !are_told() || request_id::current().is_none() {
        return Span::none();
    }
    tracing::info_span!(target: TARGET, "part", { KIND } = kind, { WHAT } = what)
}

/// Tells the collector what is left. Afterwards nothing is traced any more.
pub async fn finish() {
    let Some(provider) = PROVIDER.get() else { return };
    let last = tokio::task::spawn_blocking(|| provider.shutdown_with_timeout(FLUSH_LIMIT));
    match last.await {
        Ok(Ok(())) => {}
        failed => tracing::warn!(?failed, "the last traces were not told"),
    }
}
