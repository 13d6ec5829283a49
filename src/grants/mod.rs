//! Points given by HR or by a rule: always with a reason, never to oneself, each with its audit row.

pub mod single;
