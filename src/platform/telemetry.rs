//! Log lines: sentences with fields, as JSON for machines or plainly for a terminal.

use std::any::Any;
use std::io::IsTerminal;
use std::panic::Location;

use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::{FilterExt, Targets};
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::{Filter, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use crate::platform::config::LogFormat;
use crate::platform::traces::{self, TraceSettings};

/// What is logged when `RUST_LOG` says nothing. The HTTP library calls every broken request of a stranger an error.
pub const DEFAULT_FILTER: &str = "info,sqlx=warn,aws_config=warn,actix_server=warn,actix_http=off";

/// Never more than this, whatever `RUST_LOG` says: the traces of SeaORM hold the address of the database, with its
/// password, those of the AWS SDK the name of the store's key. Spans that are made for traces are in no line: there the
/// request is what counts.
const NEVER_MORE_THAN: [(&str, LevelFilter); 5] = [
    ("sea_orm", LevelFilter::INFO),
    ("aws_smithy_runtime", LevelFilter::INFO),
    ("aws_sigv4", LevelFilter::INFO),
    ("aws_sdk_s3", LevelFilter::INFO),
    ("shop::traces", LevelFilter::OFF),
];

/// Starts logging to standard error. A second call changes nothing.
pub fn start(format: LogFormat, filter: Option<&str>) {
    start_traced(format, filter, None);
}

/// The same, with traces where somebody is told them. To be called within the runtime.
pub fn start_traced(format: LogFormat, filter: Option<&str>, traces: Option<&TraceSettings>) {
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_span_events(FmtSpan::NONE);
    let lines = match format {
        LogFormat::Json => {
            lines.json().flatten_event(true).with_current_span(true).with_span_list(false).boxed()
        }
        LogFormat::Pretty => lines.compact().with_target(false).boxed(),
    };
    let mut layers = vec![lines.with_filter(wanted(filter.unwrap_or(DEFAULT_FILTER))).boxed()];
    let mut problem = None;
    match traces.map(traces::layer).transpose() {
        Ok(traces) => layers.extend(traces),
        Err(error) => problem = Some(error),
    }
    if tracing_subscriber::registry().with(layers).try_init().is_err() {
        tracing::debug!("logging was started already");
        return;
    }
    if let Some(error) = problem {
        tracing::warn!(%error, "nothing is traced");
    }
    if format == LogFormat::Json {
        std::panic::set_hook(Box::new(|panic| note_panic(panic.payload(), panic.location())));
    }
}

/// What `filter` asks for, and no more than may be.
fn wanted<S>(filter: &str) -> impl Filter<S> + use<S>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    let most = Targets::new().with_default(LevelFilter::TRACE).with_targets(NEVER_MORE_THAN);
    EnvFilter::builder().parse_lossy(filter).and(most)
}

/// A panic is a line of the log like any other. Where it was is told, and what it said when that was written in the code:
/// what was filled in at run time may be somebody's.
fn note_panic(payload: &(dyn Any + Send), location: Option<&Location<'_>>) {
    let said = payload.downcast_ref::<&'static str>().copied().unwrap_or_default();
    let at = location.map(tracing::field::display);
    tracing::error!(at, said, "something panicked");
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Paper(Arc<Mutex<Vec<u8>>>);

    impl Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn what_is_asked_for_is_logged_and_never_more_than_may_be() {
        let logged = |filter: &str| {
            let paper = Paper::default();
            let pen = paper.clone();
            let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(move || pen.clone());
            let subscriber = tracing_subscriber::registry().with(lines.with_filter(wanted(filter)));
            tracing::subscriber::with_default(subscriber, || {
                tracing::trace!(target: "awsomeshop", "a detail");
                tracing::debug!(target: "sea_orm::database", "mysql://shop:secret@db");
                tracing::info!(target: "sea_orm_migration", "one step done");
                tracing::error!(target: "shop::traces", "a span");
            });
            let written = String::from_utf8(paper.0.lock().unwrap().clone()).unwrap();
            let said = ["a detail", "secret", "one step done", "a span"];
            said.map(|words| written.contains(words))
        };
        assert_eq!(logged("trace"), [true, false, true, false]);
        assert_eq!(logged("info"), [false, false, true, false]);
        assert_eq!(logged("warn"), [false; 4]);
        assert_eq!(logged("warn,sea_orm=debug"), [false, false, true, false]);
    }

    #[test]
    fn a_panic_is_one_line_that_says_where_and_nothing_that_was_filled_in() {
        let paper = Paper::default();
        let pen = paper.clone();
        let lines = tracing_subscriber::fmt().json().with_writer(move || pen.clone()).finish();
        tracing::subscriber::with_default(lines, || {
            note_panic(&"a promise was broken", Some(Location::caller()));
            note_panic(&format!("no such person: {}", "ann@example.test"), Some(Location::caller()));
        });
        let written = String::from_utf8(paper.0.lock().unwrap().clone()).unwrap();
        assert_eq!(written.lines().count(), 2, "{written}");
        assert!(written.contains("a promise was broken") && written.contains("telemetry.rs:"), "{written}");
        assert!(!written.contains("ann@"), "{written}");
    }
}
