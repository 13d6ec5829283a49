//! Points for many people at once: sheets, picked people, the second pair of eyes, the job, and taking it all back.

mod approval;
mod bench;
mod many;
mod reversal;
mod sheets;
pub mod stage;
mod work;
