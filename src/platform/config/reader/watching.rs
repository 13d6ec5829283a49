//! How the shop is watched from outside: where its numbers and its traces go.

use std::net::SocketAddr;

use super::Reader;
use crate::platform::config::LogFormat;
use crate::platform::traces::{Sampling, TraceSettings};

/// What CloudWatch takes as a name, at most.
const LONGEST_NAMESPACE: usize = 255;

impl<G: Fn(&str) -> Option<String>> Reader<G> {
    pub(super) fn metrics_bind(&mut self, bind: SocketAddr) -> Option<SocketAddr> {
        let own = self.text("SHOP_METRICS_BIND")?.parse().ok();
        if own.is_none() {
            self.problem("SHOP_METRICS_BIND", "is not an address and a port (127.0.0.1:9090)");
        } else if own == Some(bind) && bind.port() != 0 {
            self.problem("SHOP_METRICS_BIND", "is SHOP_BIND: the numbers are not for the public");
        }
        own
    }

    /// `AWSomeShop/prod`. CloudWatch reads the log, in which everything else is JSON then, too.
    pub(super) fn metrics_namespace(&mut self, log: LogFormat) -> Option<String> {
        const NAME: &str = "SHOP_METRICS_EMF_NAMESPACE";
        let namespace = self.text(NAME)?;
        let known = |c: char| c.is_ascii_alphanumeric() || "._-/#:".contains(c);
        if namespace.len() > LONGEST_NAMESPACE || !namespace.chars().all(known) {
            self.problem(NAME, "is not a name of CloudWatch (AWSomeShop/prod): letters, digits and ._-/#:");
        } else if namespace.starts_with("AWS/") {
            self.problem(NAME, "begins with AWS/, which is for AWS's own");
        }
        if log == LogFormat::Pretty {
            self.problem(NAME, "is for a log that CloudWatch reads: SHOP_LOG must be json");
        }
        Some(namespace)
    }

    /// By the names of OpenTelemetry, so that whoever knows them knows these.
    pub(super) fn traces(&mut self) -> Option<TraceSettings> {
        let sampling = self.sampling();
        let service = self.text("OTEL_SERVICE_NAME").unwrap_or_else(|| "awsomeshop".to_owned());
        let endpoint = self.text("OTEL_EXPORTER_OTLP_ENDPOINT")?;
        let endpoint = self.safe_address("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint)?;
        Some(TraceSettings { endpoint, service, sampling })
    }

    fn sampling(&mut self) -> Sampling {
        let share: f64 = self.parsed("OTEL_TRACES_SAMPLER_ARG", 1.0, "a share of all requests (0.05)");
        if !(0.0..=1.0).contains(&share) {
            self.problem("OTEL_TRACES_SAMPLER_ARG", "is not from 0 to 1");
        }
        let sampler = self.text("OTEL_TRACES_SAMPLER").unwrap_or_else(|| "parentbased_always_on".to_owned());
        let own = sampler.strip_prefix("parentbased_");
        let share = match own.unwrap_or(&sampler) {
            "always_on" => 1.0,
            "always_off" => 0.0,
            "traceidratio" => share,
            _ => {
                self.problem(
                    "OTEL_TRACES_SAMPLER",
                    "is none of always_on, always_off, traceidratio, each also after parentbased_",
                );
                0.0
            }
        };
        Sampling { share, caller_decides: own.is_some() }
    }
}
