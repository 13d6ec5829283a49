//! Points given and taken by HR or by a rule: always with a reason and a note, never to oneself, each with its audit row.
//!
//! One person at a time is `single`; it is also what everything else ends in, so the rules of giving are there. Taking
//! points is `deduct`, and a grant that was a mistake is undone as a whole (`undo`) while nobody has spent any of it.
//! Each form brings a key that what it made keeps: sent twice, it does its work once.
//!
//! `rules` are what the shop gives by itself, month by month, on anniversaries and birthdays, and to whoever comes in
//! for the first time. `acts` is the list of all of it that HR works with.
//!
//! `runs` are points for many people at once: looked over, perhaps by a second person, and given in the background.

pub mod acts;
pub mod deduct;
pub mod hr;
pub mod reasons;
pub mod rules;
pub mod runs;
pub mod shown;
pub mod single;
mod tell;
pub mod undo;
