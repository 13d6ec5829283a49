//! Whoever is given points is held meanwhile, and so is their account: what happens to them at the same moment comes before
//! or after, and is seen.
//! In a file nobody can come between, so on SQLite there is nothing to try.

use std::sync::Arc;
use std::time::Duration;

use awsomeshop::grants::runs::work;
use awsomeshop::ledger::{accounts, deduct};
use awsomeshop::types::actor::Actor;
use awsomeshop::types::id::PersonId;
use awsomeshop::types::points::Points;
use awsomeshop::types::role::Desk;
use futures::FutureExt;
use tokio::sync::Notify;

use super::stage::{assert_state, commit, crowd, draft, sheet};
use crate::support::{Shop, database};

/// By then the job waits for the row that is held.
const MEANWHILE: Duration = Duration::from_millis(500);

/// A run of seven points for each of a crowd, at which nobody is yet; its address.
async fn begun(shop: &Shop, people: usize) -> String {
    let hr = shop.hr(Desk::Points).await;
    let run = draft(&hr, &sheet(people, 7)).await;
    commit(&hr, &run, &[]).await.expect(303);
    run
}

async fn balance(shop: &Shop, person: PersonId) -> i64 {
    shop.scalar_of("SELECT balance FROM accounts WHERE person_id = ?", [person.into()]).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_leaves_while_the_job_is_at_them_gets_nothing() {
    if !database::asks_for_mysql() {
        return;
    }
    let shop = Shop::open().await;
    let ids = crowd(&shop, 2).await;
    let run = begun(&shop, 2).await;
    let (database, now) = (shop.database(), shop.now());

    database.run("START TRANSACTION").await;
    let leaves = "UPDATE people SET is_active = FALSE, left_at = ? WHERE id = ?";
    assert_eq!(database.execute(leaves, [now.into(), ids[0].into()]).await, 1);
    let meanwhile = async {
        tokio::time::sleep(MEANWHILE).await;
        database.run("COMMIT").await;
    };
    let (rows, ()) = futures::join!(work::shift(&shop.app.db, now), meanwhile);

    assert_eq!(rows.unwrap(), 2);
    assert_state(&shop, &run, "done").await;
    let counted = "SELECT COUNT(*) FROM grant_runs WHERE granted_count = 1 AND failed_count = 1";
    assert_eq!(shop.scalar(counted).await, 1);
    assert_eq!((balance(&shop, ids[0]).await, balance(&shop, ids[1]).await), (0, 7));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn points_that_are_taken_meanwhile_are_gone_before_others_come() {
    if !database::asks_for_mysql() {
        return;
    }
    let shop = Shop::open().await;
    let ann = crowd(&shop, 1).await[0];
    shop.grant(ann, 10, None).await;
    let run = begun(&shop, 1).await;
    let now = shop.now();

    let (taken, over) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let [is_taken, is_over] = [&taken, &over].map(Arc::clone);
    let taking = shop.app.db.write("test.deduct", move |tx| {
        let (taken, over) = (Arc::clone(&taken), Arc::clone(&over));
        async move {
            let mut account = accounts::lock_account(tx, ann).await?;
            deduct::deduct(tx, now, &mut account, Points(4), Actor::Shop, "A mistake".to_owned()).await?;
            taken.notify_one();
            over.notified().await;
            Ok(())
        }
        .boxed()
    });
    let giving = async {
        is_taken.notified().await;
        let meanwhile = async {
            tokio::time::sleep(MEANWHILE).await;
            is_over.notify_one();
        };
        futures::join!(work::shift(&shop.app.db, now), meanwhile).0
    };
    let (took, rows) = futures::join!(taking, giving);

    took.unwrap();
    assert_eq!(rows.unwrap(), 1);
    assert_state(&shop, &run, "done").await;
    assert_eq!(balance(&shop, ann).await, 13);
    shop.close().await;
}
