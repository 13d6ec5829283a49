//! The laws of the points books under any sequence of grants, orders, cancellations, expiries, deductions and reversals by
//! several people, with a clock that moves, tasks whose clocks are behind, and a product of which each person may have so
//! many a week.
//!
//! Each sequence is played twice: by the shop, and by a model that holds nothing but lists (`model.rs`). After every step
//! both hold the same balances and lots, and every law of the books holds. A failure is shrunk to the shortest sequence
//! that still fails and says the seed; `LEDGER_SEED=… cargo nextest run ledger_laws` plays the same sequences again, and
//! `LEDGER_CASES=…` more of them.

mod model;
mod play;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};

use crate::support::database;

/// Sequences played, where nobody asks for another number: a fresh database takes longer on a server.
const CASES_SQLITE: u32 = 24;
const CASES_MYSQL: u32 = 6;
/// Shrinking ends before the test runner would end the test; the time is what ends it.
const SHRINKING_MS: u32 = 60_000;
const MOST_SHRINKS: u32 = 10_000;
const STEPS: std::ops::Range<usize> = 20..80;

/// One thing that somebody does. Numbers choose among what there is, whatever that is by then; pieces to cancel are at most
/// one too many.
#[derive(Clone, Debug)]
pub enum Deed {
    Grant { who: usize, amount: i64, ends_in_hours: Option<i64> },
    Order { who: usize, wanted: Vec<(usize, i64)> },
    Cancel { order: usize, line: usize, pieces: i64 },
    CancelWhole { order: usize },
    Expire,
    Deduct { who: usize, amount: i64 },
    Reverse { grant: usize },
    Wait { hours: i64 },
}

/// How the clock of a task stands.
#[derive(Clone, Debug)]
pub enum Stands {
    Right,
    BehindByHours(i64),
    /// The lot that ended last has an hour to go.
    BeforeTheLastEnd,
}

/// A deed, and the clock of the task that does it.
#[derive(Clone, Debug)]
pub struct Step {
    pub deed: Deed,
    pub clock: Stands,
}

fn deed() -> impl Strategy<Value = Deed> {
    let who = 0..play::PEOPLE;
    // Small: a number is shrunk by halves, and each half is a sequence played.
    let which = 0_usize..12;
    let end =
        prop_oneof![1 => Just(None), 3 => (1_i64..40).prop_map(Some), 2 => (40_i64..400).prop_map(Some)];
    let wanted = prop::collection::vec((0..play::PRICES.len(), 1_i64..4), 1..3);
    prop_oneof![
        8 => (who.clone(), 1_i64..400, end)
            .prop_map(|(who, amount, ends_in_hours)| Deed::Grant { who, amount, ends_in_hours }),
        8 => (who.clone(), wanted).prop_map(|(who, wanted)| Deed::Order { who, wanted }),
        7 => (which.clone(), which.clone(), 0_i64..12)
            .prop_map(|(order, line, pieces)| Deed::Cancel { order, line, pieces }),
        1 => which.clone().prop_map(|order| Deed::CancelWhole { order }),
        3 => Just(Deed::Expire),
        1 => (who, 1_i64..100).prop_map(|(who, amount)| Deed::Deduct { who, amount }),
        2 => which.prop_map(|grant| Deed::Reverse { grant }),
        3 => (1_i64..20).prop_map(|hours| Deed::Wait { hours }),
        // Into another week, in which a limit counts from nothing.
        1 => (100_i64..200).prop_map(|hours| Deed::Wait { hours }),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let clock = prop_oneof![
        5 => Just(Stands::Right),
        2 => (1_i64..8).prop_map(Stands::BehindByHours),
        2 => Just(Stands::BeforeTheLastEnd),
    ];
    (deed(), clock).prop_map(|(deed, clock)| Step { deed, clock })
}

fn asked<T: std::str::FromStr>(name: &str) -> Option<T> {
    database::variable(name)?.parse().ok()
}

#[test]
fn whatever_people_do_the_books_are_right() {
    let cases = if database::asks_for_mysql() { CASES_MYSQL } else { CASES_SQLITE };
    let cases = asked("LEDGER_CASES").unwrap_or(cases);
    let seed: u64 = asked("LEDGER_SEED").unwrap_or_else(rand::random);
    let bytes: Vec<u8> = seed.to_le_bytes().into_iter().cycle().take(32).collect();
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: MOST_SHRINKS,
        max_shrink_time: SHRINKING_MS,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let steps = prop::collection::vec(step(), STEPS);

    let played = runner.run(&steps, |steps| {
        runtime.block_on(play::play(&steps));
        Ok(())
    });

    // The shops of sequences that failed are still open; nobody waits for them.
    runtime.shutdown_background();
    if let Err(TestError::Fail(why, steps)) = &played {
        panic!("LEDGER_SEED={seed}: {why}\nafter these steps:\n{steps:#?}");
    }
    played.unwrap();
}
