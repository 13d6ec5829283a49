//! What the books say when they are asked as a whole.
//!
//! Two sides. `books` asks every law of the books (`laws`) and `checks` does so each hour. The desk (`hr`) shows what points
//! did in some days of the company's calendar (`range`): what moved and who took part (`figures`), of which products
//! (`products`), what lapses soon (`expiring`), each figure with the rows behind it (`transfers`). So that a year costs no
//! more than a day, the past is summed up once (`marks`).

pub mod books;
pub mod charts;
pub mod checks;
pub mod departments;
pub mod expiring;
pub mod figures;
pub mod holders;
pub mod hr;
mod laws;
pub mod marks;
pub mod products;
pub mod range;
pub mod sought;
pub mod transfers;
