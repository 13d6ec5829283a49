//! Where numbers and traces go: what is read of it, and what is refused.

use awsomeshop::platform::traces::Sampling;

use super::{read, refused};

#[test]
fn cloudwatch_is_told_under_a_name_of_ours_in_a_log_it_reads() {
    const NAME: &str = "SHOP_METRICS_EMF_NAMESPACE";
    assert_eq!(read(&[]).unwrap().metrics_namespace, None);
    let told = read(&[(NAME, " AWSomeShop/prod ")]).unwrap().metrics_namespace;
    assert_eq!(told.as_deref(), Some("AWSomeShop/prod"));
    let unknown =
        format!("{NAME}: is not a name of CloudWatch (AWSomeShop/prod): letters, digits and ._-/#:");
    for bad in ["the shop", "shöp", "a\"b", &"a".repeat(256)] {
        refused(&[(NAME, bad)], &[&unknown]);
    }
    refused(&[(NAME, "AWS/ECS")], &[&format!("{NAME}: begins with AWS/, which is for AWS's own")]);
    refused(
        &[(NAME, "AWSomeShop"), ("SHOP_LOG", "pretty")],
        &[&format!("{NAME}: is for a log that CloudWatch reads: SHOP_LOG must be json")],
    );
}

#[test]
fn traces_are_told_to_a_collector_that_is_safe_by_a_sampler_that_is_known() {
    const ENDPOINT: (&str, &str) = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318");
    assert_eq!(read(&[("OTEL_SERVICE_NAME", "shop")]).unwrap().traces, None);
    let traces = read(&[ENDPOINT]).unwrap().traces.unwrap();
    assert_eq!((traces.endpoint.as_str(), traces.service.as_str()), ("http://127.0.0.1:4318/", "awsomeshop"));
    for (sampler, share, caller_decides) in [
        ("parentbased_always_on", 1.0, true),
        ("parentbased_always_off", 0.0, true),
        ("parentbased_traceidratio", 0.05, true),
        ("always_on", 1.0, false),
        ("always_off", 0.0, false),
        ("traceidratio", 0.05, false),
    ] {
        let told = [ENDPOINT, ("OTEL_TRACES_SAMPLER", sampler), ("OTEL_TRACES_SAMPLER_ARG", "0.05")];
        let sampling = read(&told).unwrap().traces.unwrap().sampling;
        assert_eq!(sampling, Sampling { share, caller_decides }, "{sampler}");
    }
    refused(
        &[
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector.example.com:4318"),
            ("OTEL_TRACES_SAMPLER", "xray"),
            ("OTEL_TRACES_SAMPLER_ARG", "5"),
        ],
        &[
            "OTEL_TRACES_SAMPLER_ARG: is not from 0 to 1",
            "OTEL_TRACES_SAMPLER: is none of always_on, always_off, traceidratio, each also after parentbased_",
            "OTEL_EXPORTER_OTLP_ENDPOINT: is plain http; outside of this machine only https is safe",
        ],
    );
}

#[test]
fn numbers_have_an_address_of_their_own_or_none() {
    assert_eq!(read(&[]).unwrap().metrics_bind, None);
    let own = read(&[("SHOP_METRICS_BIND", "10.0.0.7:9090")]).unwrap();
    assert_eq!(own.metrics_bind, Some("10.0.0.7:9090".parse().unwrap()));
    refused(
        &[("SHOP_METRICS_BIND", "9090")],
        &["SHOP_METRICS_BIND: is not an address and a port (127.0.0.1:9090)"],
    );
    refused(
        &[("SHOP_METRICS_BIND", "127.0.0.1:8080")],
        &["SHOP_METRICS_BIND: is SHOP_BIND: the numbers are not for the public"],
    );
}
