//! Nobody gets in: the doors, the forms, the answers and the log, each tried with what somebody of ill will would send.
//!
//! `docs/security.md` tells for each risk where it is proved. These are the proofs that belong to no single feature: they
//! walk the route table or the list of forms, so that a new page or form is tried without anybody thinking of it.

mod answers;
mod closed;
mod disguises;
mod doors;
mod forms;
mod logs;
mod markers;
mod numbers;
mod origins;
mod redirects;
