//! The same numbers in CloudWatch's embedded metric format: lines of JSON that CloudWatch reads out of the log.
//!
//! What is counted goes to Prometheus and, summed up by the dimensions of its declaration, into [`Kept`]. Taking it out
//! empties it: a line tells what happened since the line before, and a state only if it was asked meanwhile.
//! Durations are rounded up to one of a hundred preferred numbers, which is as many as a line may hold.

use std::collections::BTreeMap;
use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

use metrics::{
    Counter, CounterFn, Gauge, GaugeFn, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder,
    SharedString, Unit,
};
use metrics_exporter_prometheus::PrometheusRecorder;
use serde_json::{Map, Value, json};

use super::declared::{ALL, Metric, Sets};
use crate::types::time::Timestamp;

/// Renard's R20: twenty steps to ten times as much, each about 12 % above the one before.
const STEPS: [u32; 20] =
    [100, 112, 125, 140, 160, 180, 200, 224, 250, 280, 315, 355, 400, 450, 500, 560, 630, 710, 800, 900];
/// The durations that are told, in microseconds: above a tenth of a millisecond to the deadline of a request.
const DECADES: [u32; 5] = [1, 10, 100, 1_000, 10_000];
const LONGEST_US: u32 = 10_000_000;

/// What tells lines apart: the sets of dimensions, and the values of the labels in them.
type Group = (Sets, Vec<(&'static str, String)>);

/// What was counted since it was last taken.
#[derive(Debug, Default)]
pub struct Kept(Mutex<BTreeMap<Group, BTreeMap<&'static str, Number>>>);

#[derive(Debug)]
enum Number {
    Count(u64),
    State(f64),
    /// How often each duration, in microseconds.
    Durations(BTreeMap<u32, u64>),
}

impl Kept {
    fn note(&self, series: &Series, change: impl FnOnce(Option<Number>) -> Number) {
        let mut groups = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let group = groups.entry(series.group.clone()).or_default();
        let number = change(group.remove(series.name));
        group.insert(series.name, number);
    }

    /// Takes everything out, as lines of `namespace`.
    pub fn take(&self, namespace: &str, now: Timestamp) -> Vec<String> {
        let groups = mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        groups.iter().map(|(group, numbers)| line(namespace, now, group, numbers).to_string()).collect()
    }
}

fn line(namespace: &str, now: Timestamp, group: &Group, numbers: &BTreeMap<&'static str, Number>) -> Value {
    let (sets, labels) = group;
    let named = |name: &&'static str| {
        let unit = ALL.iter().find(|metric| metric.name == *name).map_or(Unit::Count, |metric| metric.unit);
        json!({"Name": name, "Unit": if unit == Unit::Seconds { "Seconds" } else { "Count" }})
    };
    let metrics: Vec<Value> = numbers.keys().map(named).collect();
    let directive = json!({"Namespace": namespace, "Dimensions": sets, "Metrics": metrics});
    let mut root = Map::new();
    root.insert(
        "_aws".to_owned(),
        json!({"Timestamp": now.micros() / 1_000, "CloudWatchMetrics": [directive]}),
    );
    root.extend(labels.iter().map(|(label, value)| ((*label).to_owned(), json!(value))));
    root.extend(numbers.iter().map(|(name, number)| ((*name).to_owned(), number.told())));
    Value::Object(root)
}

impl Number {
    fn told(&self) -> Value {
        match self {
            Self::Count(count) => json!(count),
            Self::State(state) => json!(state),
            Self::Durations(seen) => {
                let values: Vec<f64> = seen.keys().map(|us| f64::from(*us) / 1e6).collect();
                json!({"Values": values, "Counts": seen.values().collect::<Vec<_>>()})
            }
        }
    }
}

/// The next longer duration that is told.
fn rounded_us(seconds: f64) -> u32 {
    DECADES
        .iter()
        .flat_map(|decade| STEPS.iter().map(move |step| step * decade))
        .skip(1)
        .find(|us| f64::from(*us) >= seconds * 1e6)
        .unwrap_or(LONGEST_US)
}

/// A number with these labels.
#[derive(Clone, Debug)]
struct Series {
    name: &'static str,
    group: Group,
}

impl Series {
    /// `None` for what is not declared.
    fn of(key: &Key) -> Option<Self> {
        let metric: &Metric = ALL.iter().find(|metric| metric.name == key.name())?;
        let mut labels: Vec<(&'static str, String)> = Vec::new();
        for name in metric.sets.iter().copied().flatten() {
            let value = key.labels().find(|label| label.key() == *name)?.value();
            labels.push((name, value.to_owned()));
        }
        Some(Self { name: metric.name, group: (metric.sets, labels) })
    }
}

/// Hands each number to Prometheus and keeps it for CloudWatch.
pub struct Both {
    pub prometheus: PrometheusRecorder,
    pub kept: Arc<Kept>,
}

/// One number, told to two.
struct Twice<T> {
    prometheus: T,
    kept: Arc<Kept>,
    series: Series,
}

impl Both {
    fn twice<T>(&self, key: &Key, prometheus: T) -> Result<Arc<Twice<T>>, T> {
        match Series::of(key) {
            Some(series) => Ok(Arc::new(Twice { prometheus, kept: Arc::clone(&self.kept), series })),
            None => Err(prometheus),
        }
    }
}

impl Recorder for Both {
    fn describe_counter(&self, name: KeyName, unit: Option<Unit>, words: SharedString) {
        self.prometheus.describe_counter(name, unit, words);
    }

    fn describe_gauge(&self, name: KeyName, unit: Option<Unit>, words: SharedString) {
        self.prometheus.describe_gauge(name, unit, words);
    }

    fn describe_histogram(&self, name: KeyName, unit: Option<Unit>, words: SharedString) {
        self.prometheus.describe_histogram(name, unit, words);
    }

    fn register_counter(&self, key: &Key, metadata: &Metadata<'_>) -> Counter {
        let prometheus = self.prometheus.register_counter(key, metadata);
        self.twice(key, prometheus).map_or_else(|alone| alone, Counter::from_arc)
    }

    fn register_gauge(&self, key: &Key, metadata: &Metadata<'_>) -> Gauge {
        let prometheus = self.prometheus.register_gauge(key, metadata);
        self.twice(key, prometheus).map_or_else(|alone| alone, Gauge::from_arc)
    }

    fn register_histogram(&self, key: &Key, metadata: &Metadata<'_>) -> Histogram {
        let prometheus = self.prometheus.register_histogram(key, metadata);
        self.twice(key, prometheus).map_or_else(|alone| alone, Histogram::from_arc)
    }
}

impl CounterFn for Twice<Counter> {
    fn increment(&self, more: u64) {
        self.prometheus.increment(more);
        self.kept.note(&self.series, |before| match before {
            Some(Number::Count(count)) => Number::Count(count.saturating_add(more)),
            _ => Number::Count(more),
        });
    }

    /// Nothing here counts elsewhere and hands over a total.
    fn absolute(&self, total: u64) {
        self.prometheus.absolute(total);
    }
}

impl GaugeFn for Twice<Gauge> {
    fn increment(&self, more: f64) {
        self.prometheus.increment(more);
    }

    fn decrement(&self, less: f64) {
        self.prometheus.decrement(less);
    }

    /// States are asked and set, never counted up and down.
    fn set(&self, state: f64) {
        self.prometheus.set(state);
        self.kept.note(&self.series, |_| Number::State(state));
    }
}

impl HistogramFn for Twice<Histogram> {
    fn record(&self, seconds: f64) {
        self.prometheus.record(seconds);
        self.kept.note(&self.series, |before| {
            let mut seen = match before {
                Some(Number::Durations(seen)) => seen,
                _ => BTreeMap::new(),
            };
            *seen.entry(rounded_us(seconds)).or_default() += 1;
            Number::Durations(seen)
        });
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_duration_is_told_a_little_longer_and_a_line_holds_all_there_are() {
        for (took, told) in [
            (0.0, 112),
            (0.000_113, 125),
            (0.001, 1_000),
            (0.001_001, 1_120),
            (0.250, 250_000),
            (0.251, 280_000),
            (9.01, LONGEST_US),
            (60.0, LONGEST_US),
        ] {
            assert_eq!(rounded_us(took), told, "{took}");
        }
        let all: BTreeSet<u32> = (0..=200_000).map(|step| rounded_us(f64::from(step) / 20_000.0)).collect();
        let fine: BTreeSet<u32> = (0..=200_000).map(|step| rounded_us(f64::from(step) / 2e7)).collect();
        assert_eq!(all.union(&fine).count(), 100);
    }

    #[test]
    fn no_declaration_asks_for_more_than_a_line_can_say() {
        assert!(ALL.len() <= 100);
        for metric in ALL {
            assert!(metric.sets.iter().copied().flatten().all(|label| metric.labels.contains(label)));
            assert!(metric.sets.iter().all(|set| set.len() <= 9), "{}", metric.name);
            assert!(matches!(metric.unit, Unit::Count | Unit::Seconds), "{}", metric.name);
        }
    }
}
