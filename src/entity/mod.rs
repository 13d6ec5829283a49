//! Floor 1: the schema mirrored, one file a table, no behaviour. `migrations/src/sql` is the truth; a test compares.

pub mod accounts;
pub mod addresses;
pub mod audit_events;
pub mod book_checks;
pub mod cart_lines;
pub mod categories;
pub mod codes;
pub mod draws;
pub mod expiry_warnings;
pub mod grants;
pub mod leases;
pub mod lots;
pub mod order_events;
pub mod order_lines;
pub mod orders;
pub mod outbox_messages;
pub mod people;
pub mod person_roles;
pub mod pictures;
pub mod products;
pub mod refund_parts;
pub mod sessions;
pub mod sign_in_attempts;
pub mod stock_moves;
pub mod stray_pictures;
pub mod transfers;
