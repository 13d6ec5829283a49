//! Every number the shop tells: its name, what it is, and by what CloudWatch tells it apart. `docs/metrics.md` is this
//! list in words; a test holds the two against each other.
//!
//! On CloudWatch each value of a dimension is a metric that is paid for, so only those labels are dimensions that an
//! alarm or a graph asks for: [`Metric::sets`]. `/metrics` has all labels.

use metrics::Unit;

/// How a number behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Only ever grows.
    Counter,
    /// What is now.
    Gauge,
    /// How often each duration was seen.
    Histogram,
}

/// Sets of labels: one metric of CloudWatch for each set and each combination of values. An empty set is the whole.
pub type Sets = &'static [&'static [&'static str]];

/// A number, as it is declared.
#[derive(Clone, Copy, Debug)]
pub struct Metric {
    pub name: &'static str,
    pub kind: Kind,
    pub unit: Unit,
    /// What `/metrics` tells it apart by.
    pub labels: &'static [&'static str],
    /// What CloudWatch tells it apart by.
    pub sets: Sets,
    pub meaning: &'static str,
}

/// Told without looking closer.
const WHOLE: Sets = &[&[]];

const fn metric(kind: Kind, unit: Unit, name: &'static str, meaning: &'static str) -> Metric {
    Metric { name, kind, unit, labels: &[], sets: WHOLE, meaning }
}

impl Metric {
    const fn by(self, labels: &'static [&'static str], sets: Sets) -> Self {
        Self { labels, sets, ..self }
    }
}

pub(super) const REQUESTS: Metric =
    metric(Kind::Counter, Unit::Count, "shop_requests_total", "Requests answered; `route` is the pattern")
        .by(&["method", "route", "status"], &[&["status"]]);
pub(super) const REQUEST_SECONDS: Metric =
    metric(Kind::Histogram, Unit::Seconds, "shop_request_duration_seconds", "How long answering took")
        .by(&["method", "route"], &[&["route"], &[]]);
pub(super) const REQUESTS_REFUSED: Metric = metric(
    Kind::Counter,
    Unit::Count,
    "shop_requests_refused_total",
    "Requests refused because the shop was full, or one person much too fast",
)
.by(&["lane"], &[&["lane"]]);
pub(super) const PEOPLE_ACTIVE: Metric = metric(
    Kind::Gauge,
    Unit::Count,
    "shop_people_active",
    "People who used the shop in the last five minutes",
);
pub(super) const SIGN_INS: Metric = metric(
    Kind::Counter,
    Unit::Count,
    "shop_sign_ins_total",
    "Sign-ins that `begun`, `succeeded`, were `refused` (not active, unknown, or no at the provider) or `failed`",
)
.by(&["outcome"], &[&["outcome"]]);
pub(super) const ORDERS_PLACED: Metric =
    metric(Kind::Counter, Unit::Count, "shop_orders_placed_total", "Orders placed");
pub(super) const ORDERS_REFUSED: Metric =
    metric(Kind::Counter, Unit::Count, "shop_orders_refused_total", "Orders refused")
        .by(&["reason"], &[&["reason"]]);
pub(super) const POINTS_MOVED: Metric = metric(
    Kind::Counter,
    Unit::Count,
    "shop_points_moved_total",
    "Points moved and committed: `grant` (issued), `redeem`, `refund`, `expire`, `deduct`",
)
.by(&["kind"], &[&["kind"]]);
pub(super) const JOB_RUNS: Metric =
    metric(Kind::Counter, Unit::Count, "shop_job_runs_total", "Runs of background jobs, `done` or `failed`")
        .by(&["job", "outcome"], &[&["outcome"]]);
pub(super) const JOBS_UNWELL: Metric = metric(
    Kind::Gauge,
    Unit::Count,
    "shop_jobs_unwell",
    "Jobs that failed the last time, or were not done for three of their periods, a quarter of an hour at least",
);
pub(super) const CONNECTIONS: Metric =
    metric(Kind::Gauge, Unit::Count, "shop_database_connections_in_use", "Database connections in use")
        .by(&["for"], &[&["for"]]);
pub(super) const CONNECTIONS_LIMIT: Metric = metric(
    Kind::Gauge,
    Unit::Count,
    "shop_database_connections_limit",
    "Database connections there can be; as many in use is a full pool",
)
.by(&["for"], &[&["for"]]);
pub(super) const WRITES_REPEATED: Metric = metric(
    Kind::Counter,
    Unit::Count,
    "shop_database_writes_repeated_total",
    "Writes begun again because the database asked for it: a deadlock, or a lock that was not free in time",
);
pub(super) const OUTBOX_AGE: Metric = metric(
    Kind::Gauge,
    Unit::Seconds,
    "shop_outbox_oldest_age_seconds",
    "How long the oldest message still to be delivered has waited",
);
pub(super) const OUTBOX_GIVEN_UP: Metric = metric(
    Kind::Gauge,
    Unit::Count,
    "shop_outbox_given_up",
    "Messages that were given up after eight tries, and wait for somebody to look",
);
pub(super) const BOOKS_BROKEN: Metric = metric(
    Kind::Gauge,
    Unit::Count,
    "shop_books_broken_laws",
    "Laws of the books found broken by the last check: anything above 0 is an alarm",
);
pub(super) const BOOKS_AGE: Metric = metric(
    Kind::Gauge,
    Unit::Seconds,
    "shop_books_check_age_seconds",
    "How long ago the books were checked; they are each hour",
);

/// All of them.
pub const ALL: &[&Metric] = &[
    &REQUESTS,
    &REQUEST_SECONDS,
    &REQUESTS_REFUSED,
    &PEOPLE_ACTIVE,
    &SIGN_INS,
    &ORDERS_PLACED,
    &ORDERS_REFUSED,
    &POINTS_MOVED,
    &JOB_RUNS,
    &JOBS_UNWELL,
    &CONNECTIONS,
    &CONNECTIONS_LIMIT,
    &WRITES_REPEATED,
    &OUTBOX_AGE,
    &OUTBOX_GIVEN_UP,
    &BOOKS_BROKEN,
    &BOOKS_AGE,
];
