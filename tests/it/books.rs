//! `check-books`: clean after everything, and each law names what was done to the rows behind its back.

mod front_door;
mod job;
mod scene;
mod tamperings;

use std::collections::BTreeSet;

use awsomeshop::reports::books;

use crate::support::Shop;
use tamperings::TAMPERINGS;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_law_notices_what_is_done_behind_its_back() {
    let shop = Shop::open().await;
    scene::a_bit_of_everything(&shop).await;
    let clean = books::check(shop.app.db.reads()).await.unwrap();
    assert!(clean.is_clean(), "{clean:?}");
    let every: BTreeSet<&str> = clean.0.iter().map(|finding| finding.law).collect();
    let broken_by_hand: BTreeSet<&str> = TAMPERINGS.iter().map(|tampering| tampering.law).collect();
    assert_eq!(every, broken_by_hand, "every law is broken by hand, and only laws are");
    scene::loosen(&shop).await;

    let mut wrong = Vec::new();
    for tampering in TAMPERINGS {
        let touched = shop.sql(tampering.sql, []).await;
        let report = books::check(shop.app.db.reads()).await.unwrap();
        let named: BTreeSet<&str> = report.broken().map(|finding| finding.law).collect();
        let expected: BTreeSet<&str> = tampering.also.iter().copied().chain([tampering.law]).collect();
        if touched == 0 || named != expected {
            wrong.push(format!("{} ({touched} rows): named {named:?}, expected {expected:?}", tampering.sql));
        }
        // What is not undone would be named by the next round, too.
        scene::restore(&shop, tampering.sql).await;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let report = books::check(shop.app.db.reads()).await.unwrap();
    assert!(report.is_clean(), "{report:?}");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_that_cannot_be_counted_break_laws_and_silence_none() {
    let shop = Shop::open().await;
    scene::a_bit_of_everything(&shop).await;
    scene::loosen(&shop).await;
    let beyond = "UPDATE transfers SET amount = 9223372036854775807 WHERE kind = 'redeem'";
    assert!(shop.sql(beyond, []).await > 0);
    let report = books::check(shop.app.db.reads()).await.unwrap();
    let broken: Vec<_> = report.broken().map(|finding| finding.law).collect();
    assert!(
        broken.contains(&"amounts-within-bounds") && broken.contains(&"balance-after-follows"),
        "{broken:?}"
    );
    scene::restore(&shop, beyond).await;
    let report = books::check(shop.app.db.reads()).await.unwrap();
    assert!(report.is_clean(), "{report:?}");
    shop.close().await;
}
