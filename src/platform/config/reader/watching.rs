//! How the shop is watched from outside: where its numbers go.

use std::net::SocketAddr;

use super::Reader;
use crate::platform::config::LogFormat;

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
}
