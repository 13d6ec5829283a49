//! Floor 2: the outside world, one handle each. Features are handed these; nobody makes their own.

pub mod app;
pub mod config;
pub mod db;
pub mod db_clock;
pub mod dialect;
pub mod identity;
pub mod images;
pub mod job_log;
pub mod lease;
pub mod mail;
pub mod merge;
pub mod metrics;
pub mod migrate;
pub mod picture_codec;
pub mod rate_limit;
pub mod request_id;
pub mod seal;
pub mod telemetry;
pub mod traces;
