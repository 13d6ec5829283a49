//! Points for many people at once: sheets, picked people, the second pair of eyes, the job, and taking it all back.

mod approval;
mod locks;
mod many;
mod proposal;
mod reversal;
mod sheets;
mod size;
pub mod stage;
mod work;
