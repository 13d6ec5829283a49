//! The points books.
//!
//! One immutable **transfer** moves points from one account to another; accounts are each person's and the system's
//! `issued`, `redeemed` and `expired`. A person's balance is made of **lots**, each with its own expiry; what a transfer
//! takes from which lot is a **draw**. These laws hold at every commit, and `awsomeshop check-books` asks each of them:
//!
//! 1. A balance is credits minus debits, and the sum of what remains in the lots.
//! 2. Transfers and draws are only ever added. A transfer says who, why and the balance after it.
//! 3. No lot goes below zero or above what it began with; no balance is ever negative.
//! 4. Spending draws the lot that expires first, then the older one, and the draws remember it.
//! 5. A refund goes back where the points came from, by those draws, and never exceeds the charge. Points of a lot that
//!    has lapsed since get a fresh lot with a grace period.
//! 6. Expiry is a transfer too, one for each lot: running it twice changes nothing.
//! 7. A mistake is corrected by a further transfer that names the one it reverses.
//!
//! Whoever moves points first locks the account's row, so everything one person does is in order.

pub mod accounts;
pub mod credit;
mod debit;
pub mod deduct;
mod draws;
pub mod expire;
pub mod hr;
pub mod leavers;
pub mod lots;
pub mod owner;
pub mod pages;
pub mod refund;
pub mod spend;
pub mod statement;
pub mod story;
mod transfers;
pub mod warn;

use uuid::Uuid;

use crate::types::id::AccountId;

/// Where granted points come from, and deducted ones return to.
pub const ISSUED: AccountId = AccountId(Uuid::from_u128(1));
/// Where spent points go, and refunded ones come from.
pub const REDEEMED: AccountId = AccountId(Uuid::from_u128(2));
/// Where lapsed points go.
pub const EXPIRED: AccountId = AccountId(Uuid::from_u128(3));
