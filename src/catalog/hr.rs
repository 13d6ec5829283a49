//! The products desk.

pub mod pictures;
