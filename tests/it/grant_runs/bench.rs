//! Temporary: how fast.
use super::stage::*;
use crate::support::Shop;
use awsomeshop::server::jobs::Job;
use awsomeshop::types::role::Desk;
use std::time::Instant;
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bench_10_000() {
    let shop = Shop::open().await;
    crowd(&shop, 10_000).await;
    let hr = shop.hr(Desk::Points).await;
    for amount in [7, 8] {
        let t = Instant::now();
        let run = draft(&hr, &sheet(10_000, amount)).await;
        eprintln!("BENCH upload to draft {:?}", t.elapsed());
        let t = Instant::now();
        hr.get(&run).await.expect(200);
        eprintln!("BENCH page {:?}", t.elapsed());
        commit(&hr, &run, &[]).await.expect(303);
        let t = Instant::now();
        shop.job(Job::WorkGrantRuns).await;
        eprintln!("BENCH give {:?}", t.elapsed());
        if amount == 8 {
            let t = Instant::now();
            let page = hr.get(&format!("{run}/reversal")).await.expect(200).html();
            eprintln!("BENCH outlook {:?}", t.elapsed());
            hr.submit(&page.form("form[action$='/reversal']").with("reason", "x")).await.expect(303);
            let t = Instant::now();
            shop.job(Job::WorkGrantRuns).await;
            eprintln!("BENCH take back {:?}", t.elapsed());
        }
    }
    shop.close().await;
}
