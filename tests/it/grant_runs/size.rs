//! A whole company at once: ten thousand rows, some of them bad, given and taken back.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use awsomeshop::server::jobs::Job;
use awsomeshop::types::role::Desk;

use super::stage::{assert_state, commit, crowd, draft, everybody_has, sheet};
use crate::support::Shop;

const ROWS: usize = 10_000;
const BAD_ROWS: usize = 37;
/// How long such a run may take: half a minute, and more where a machine does other things besides.
const LONGEST: Duration = Duration::from_mins(1);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_rows_are_given_in_time_and_taken_back_as_one() {
    let shop = Shop::open().await;
    crowd(&shop, ROWS).await;
    let hr = shop.hr(Desk::Points).await;
    let mut text = sheet(ROWS, 7);
    for number in 0..BAD_ROWS {
        writeln!(text, "E-nobody-{number},7,").unwrap();
    }
    let run = draft(&hr, &text).await;
    commit(&hr, &run, &["good_only"]).await.expect(303);
    let began = Instant::now();
    shop.job(Job::WorkGrantRuns).await;
    let took = began.elapsed();
    assert_state(&shop, &run, "done").await;
    everybody_has(&shop, 10_000, 7).await;
    assert!(took < LONGEST, "it took {took:?}");
    let page = hr.get(&format!("{run}/reversal")).await.expect(200).html();
    hr.submit(&page.form("form[action$='/reversal']").with("reason", "The wrong year")).await.expect(303);
    shop.job(Job::WorkGrantRuns).await;
    assert_state(&shop, &run, "reversed").await;
    let back = "SELECT COUNT(*) FROM grant_run_rows WHERE state = 'taken-back'";
    assert_eq!(shop.scalar(back).await, 10_000);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM accounts WHERE balance > 0").await, 0);
    shop.close().await;
}
