//! Log lines: sentences with fields, as JSON for machines or plainly for a terminal.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::FmtSpan;

use crate::platform::config::LogFormat;

/// What is logged when `RUST_LOG` says nothing.
const DEFAULT_FILTER: &str = "info,sqlx=warn,aws_config=warn,actix_server=warn";

/// Whatever `RUST_LOG` says: the traces of SeaORM hold the address of the database, with its password.
const NEVER_MORE_THAN: &str = "sea_orm=info";

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
    }
}
