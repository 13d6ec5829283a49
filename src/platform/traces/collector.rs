//! The way to the collector: what leaves, and how.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use opentelemetry::trace::{SpanKind, Status};
use opentelemetry::{KeyValue, Value};
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{RetryPolicy, SpanExporter as Otlp, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanEvents, SpanExporter};
use tokio::runtime::Handle;
use url::Url;

use super::{KIND, METHOD, REQUEST, REQUEST_ID, ROUTE, STATUS, WHAT};
use crate::error::Result;

/// How long connecting may take, and a call in all.
const CONNECT: Duration = Duration::from_secs(1);
const TOTAL: Duration = Duration::from_secs(3);
/// A collector that is gone is complained about no more often than this.
const COMPLAIN_EVERY: Duration = Duration::from_mins(10);
/// The attributes that leave. None of them is about a person.
const LET_OUT: [&str; 6] = [METHOD, ROUTE, STATUS, REQUEST_ID, KIND, WHAT];
/// Asked again and again by machines, and nothing to learn from.
const NOT_WORTH_IT: [&str; 2] = ["/health", "/static"];

/// Tells spans to the collector, once: what cannot be told is dropped.
#[derive(Debug)]
pub(super) struct Collector {
    otlp: Otlp,
    complained_at: Mutex<Option<Instant>>,
}

impl Collector {
    pub(super) fn new(endpoint: &Url) -> Result<Self> {
        let client = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .timeout(TOTAL)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .user_agent("awsomeshop")
            .build()
            .map_err(anyhow::Error::new)?;
        let otlp = Otlp::builder()
            .with_http()
            .with_http_client(Client { client, runtime: Handle::current() })
            .with_endpoint(format!("{}/v1/traces", endpoint.as_str().trim_end_matches('/')))
            .with_timeout(TOTAL)
            .with_retry_policy(RetryPolicy::disabled())
            .build()
            .map_err(anyhow::Error::new)?;
        Ok(Self { otlp, complained_at: Mutex::default() })
    }

    fn complain(&self, error: &dyn std::fmt::Display, spans: usize) {
        let mut last = self.complained_at.lock().unwrap_or_else(PoisonError::into_inner);
        if last.is_none_or(|at| at.elapsed() >= COMPLAIN_EVERY) {
            *last = Some(Instant::now());
            tracing::warn!(%error, spans, "traces cannot be told and are dropped");
        }
    }
}

impl SpanExporter for Collector {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let spans: Vec<SpanData> = batch.into_iter().filter_map(told).collect();
        let count = spans.len();
        if count == 0 {
            return Ok(());
        }
        let done = self.otlp.export(spans).await;
        if let Err(error) = &done {
            self.complain(error, count);
        }
        done
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.otlp.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.otlp.set_resource(resource);
    }
}

/// The span as it leaves: named by what it was, and only with what may leave. `None` when it is worth nothing.
fn told(mut span: SpanData) -> Option<SpanData> {
    span.attributes.retain(|attribute| LET_OUT.contains(&attribute.key.as_str()));
    span.events = SpanEvents::default();
    let text = |key: &str| value(&span.attributes, key).map(|value| value.as_str().into_owned());
    if span.name == REQUEST {
        let (method, route) = (text(METHOD)?, text(ROUTE)?);
        if NOT_WORTH_IT.iter().any(|path| route.starts_with(path)) {
            return None;
        }
        if let Some(Value::I64(500..)) = value(&span.attributes, STATUS) {
            span.status = Status::error("");
        }
        span.name = format!("{method} {route}").into();
        span.span_kind = SpanKind::Server;
    } else {
        span.name = format!("{} {}", text(KIND)?, text(WHAT)?).into();
        span.span_kind = SpanKind::Client;
    }
    Some(span)
}

fn value<'a>(attributes: &'a [KeyValue], key: &str) -> Option<&'a Value> {
    attributes.iter().find(|attribute| attribute.key.as_str() == key).map(|attribute| &attribute.value)
}

/// HTTP on the shop's runtime, for a thread that has none.
#[derive(Debug)]
struct Client {
    client: reqwest::Client,
    runtime: Handle,
}

#[async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> std::result::Result<Response<Bytes>, HttpError> {
        let (client, request) = (self.client.clone(), reqwest::Request::try_from(request)?);
        let call = self.runtime.spawn(async move {
            let answer = client.execute(request).await?;
            let status = answer.status();
            Ok::<_, reqwest::Error>((status, answer.bytes().await?))
        });
        let (status, body) = call.await??;
        let mut answer = Response::new(body);
        *answer.status_mut() = status;
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use opentelemetry::InstrumentationScope;
    use opentelemetry::trace::{SpanContext, SpanId};
    use opentelemetry_sdk::trace::SpanLinks;

    use super::*;

    fn span(name: &'static str, attributes: &[(&'static str, Value)]) -> SpanData {
        #[expect(clippy::disallowed_methods, reason = "the library's own clock")]
        let now = SystemTime::now();
        SpanData {
            span_context: SpanContext::empty_context(),
            parent_span_id: SpanId::INVALID,
            parent_span_is_remote: false,
            span_kind: SpanKind::Internal,
            name: name.into(),
            start_time: now,
            end_time: now,
            attributes: attributes.iter().map(|(key, value)| KeyValue::new(*key, value.clone())).collect(),
            dropped_attributes_count: 0,
            events: SpanEvents::default(),
            links: SpanLinks::default(),
            status: Status::Unset,
            instrumentation_scope: InstrumentationScope::default(),
        }
    }

    #[test]
    fn what_a_span_holds_of_a_person_does_not_leave() {
        let asked: [(&'static str, Value); 5] = [
            ("person", "01a1fece".into()),
            ("id", "r-1".into()),
            (METHOD, "GET".into()),
            (ROUTE, "/orders/{number}".into()),
            (STATUS, Value::I64(200)),
        ];
        let told = told(span(REQUEST, &asked)).unwrap();
        assert_eq!(told.name, "GET /orders/{number}");
        assert_eq!(told.span_kind, SpanKind::Server);
        assert_eq!(told.status, Status::Unset);
        let keys: Vec<&str> = told.attributes.iter().map(|attribute| attribute.key.as_str()).collect();
        assert_eq!(keys, [METHOD, ROUTE, STATUS]);
    }

    #[test]
    fn an_error_of_ours_is_one_and_what_machines_ask_is_left_out() {
        let request = |route: &'static str, status| {
            told(span(
                REQUEST,
                &[(METHOD, "GET".into()), (ROUTE, route.into()), (STATUS, Value::I64(status))],
            ))
        };
        assert_eq!(request("/cart", 503).unwrap().status, Status::error(""));
        assert_eq!(request("/cart", 409).unwrap().status, Status::Unset);
        assert!(request("/health", 200).is_none() && request("/static/{file}", 200).is_none());
        let write = told(span("part", &[(KIND, "write".into()), (WHAT, "checkout.place".into())])).unwrap();
        assert_eq!((write.name.as_ref(), write.span_kind), ("write checkout.place", SpanKind::Client));
        assert!(told(span("something", &[])).is_none());
    }
}
