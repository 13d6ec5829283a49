//! What people are told of what has happened: outbox events become mail.
//!
//! At least once: an event is acknowledged after the mail server has taken the letter, and comes again when that is not
//! known. The letter's id is the event's, so a receiver can tell a second copy. Where no mail server is configured,
//! which is logged once at the start, the events are acknowledged all the same and nobody is ever told of them.
//! No letter ever holds a voucher code: mail lies about, and a code is as good as money.

pub mod deliver;
mod grant_made;
mod order_cancelled;
mod order_fulfilled;
mod order_noted;
mod order_placed;
mod points_deducted;
mod points_expiring;
