//! Checkout: the one transaction in which points, stock and codes become an order, or nothing happens.

pub mod pages;
pub mod place;
