//! Log lines: sentences with fields, as JSON for machines or plainly for a terminal.

use std::any::Any;
use std::io::IsTerminal;
use std::panic::Location;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::FmtSpan;

use crate::platform::config::LogFormat;

/// What is logged when `RUST_LOG` says nothing. The HTTP library calls every broken request of a stranger an error.
const DEFAULT_FILTER: &str = "info,sqlx=warn,aws_config=warn,actix_server=warn,actix_http=off";

/// Whatever `RUST_LOG` says: the traces of SeaORM hold the address of the database, with its password, those of the AWS
/// SDK the name of the store's key.
const NEVER_MORE_THAN: &str = "sea_orm=info,aws_smithy_runtime=info,aws_sigv4=info,aws_sdk_s3=info";

/// Starts logging to standard error. A second call changes nothing.
pub fn start(format: LogFormat, filter: Option<&str>) {
    let filter = format!("{},{NEVER_MORE_THAN}", filter.unwrap_or(DEFAULT_FILTER));
    let filter = EnvFilter::builder().parse_lossy(filter);
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_span_events(FmtSpan::NONE);
    let started = match format {
        LogFormat::Json => {
            lines.json().flatten_event(true).with_current_span(true).with_span_list(false).try_init()
        }
        LogFormat::Pretty => lines.compact().with_target(false).try_init(),
    };
    if started.is_err() {
        tracing::debug!("logging was started already");
        return;
    }
    if format == LogFormat::Json {
        std::panic::set_hook(Box::new(|panic| note_panic(panic.payload(), panic.location())));
    }
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
