//! Faults: the program as it is deployed, on a database as durable as in production, while people buy; then one thing goes
//! wrong, and one oracle judges whatever it was. What was acknowledged is there once, what was refused is not, what was
//! not answered became exactly one order when it was asked again, the books are right, and soon all is as before.
//!
//! `FAULTS_SEED` repeats a run's moments, `FAULTS_ROUNDS` asks for more of them. What needs a server of its own runs with
//! `TEST_DATABASE=mysql`; `TEST_MYSQL_UP` names another script than `bin/mysql` to bring it up.

mod clock;
mod database;
mod disk;
mod driver;
mod network;
mod program;
pub mod proxy;
mod rights;
mod server;
mod stage;
mod work;

use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};

use server::variable;
use stage::Stage;

/// The longest anybody may wait for an answer: the ten seconds of a request, and more where a machine does other things besides.
const NOBODY_WAITS: Duration = Duration::from_secs(20);
/// Rounds of the faults that happen at a random moment.
const ROUNDS: usize = 6;

/// For whoever reads along, or reads a failure.
#[expect(clippy::print_stdout, reason = "a test tells what it did")]
fn say(what: &str) {
    println!("{what}");
}

fn rounds() -> usize {
    variable("FAULTS_ROUNDS").map_or(ROUNDS, |rounds| rounds.parse().unwrap())
}

/// The moments of this run; the seed is printed with a failure.
fn moments() -> StdRng {
    let seed = variable("FAULTS_SEED").map_or_else(rand::random, |seed| seed.parse().unwrap());
    say(&format!("FAULTS_SEED={seed}"));
    StdRng::seed_from_u64(seed)
}

async fn some_time(moments: &mut impl Rng, most_ms: u64) {
    tokio::time::sleep(Duration::from_millis(moments.random_range(0..most_ms))).await;
}

/// C1, C30: the program is killed while people buy, and started again.
async fn the_program_is_killed(mut stage: Stage) {
    let mut moments = moments();
    let load = stage.load();
    for _ in 0..rounds() {
        some_time(&mut moments, 700).await;
        stage.program.kill();
        some_time(&mut moments, 100).await;
        stage.program.start().await;
    }
    load.end().await;
    stage.is_whole().await;
    stage.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_program_loses_no_order_on_a_file() {
    if !crate::support::database::asks_for_mysql() {
        Box::pin(the_program_is_killed(Stage::on_a_file().await)).await;
    }
}

/// C18, C25, C26: people leave before the answer, at any moment, some of them with a reset; then they ask again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_leaves_before_the_answer_and_asks_again_has_one_order() {
    let stage = Stage::on_a_file().await;
    let mut moments = moments();
    for _ in 0..rounds() {
        let mut leaving = Vec::new();
        for buyer in &stage.buyers {
            let form = buyer.confirm().await.unwrap();
            let after = Duration::from_micros(moments.random_range(0..30_000));
            let reset = moments.random();
            leaving.push(async move {
                if reset {
                    buyer.send_and_reset(&form, after).await;
                } else {
                    buyer.send_and_leave(&form, after).await;
                }
                buyer.insist(&form).await
            });
        }
        futures::future::join_all(leaving).await;
    }
    stage.is_whole().await;
    stage.close().await;
}
