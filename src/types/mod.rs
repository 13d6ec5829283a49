//! Floor 0: the words everyone shares. Values that are right once they exist; no input or output, no clock, no framework.

pub mod actor;
pub mod checkout_key;
pub mod email;
pub mod expiry;
pub mod folding;
pub mod form_key;
pub mod grant_run;
pub mod id;
pub mod limit;
pub mod money;
pub mod order_number;
pub mod order_state;
pub mod paging;
pub mod points;
pub mod product_kind;
pub mod quantity;
pub mod role;
pub mod rule_kind;
pub mod search;
pub mod sheet;
pub mod stock_reason;
pub mod time;
pub mod transfer_kind;
pub mod window;
