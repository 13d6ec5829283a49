//! What the books say when they are asked as a whole.

pub mod books;
pub mod checks;
mod laws;
