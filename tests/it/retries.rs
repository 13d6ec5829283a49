//! When a write is run again: each number of MySQL's that the shop knows, said by the server itself. Another try is asked for
//! by some of them; an outage is none, and neither is a bug.
//! A file says none of them, so on SQLite there is nothing to try.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use awsomeshop::error::{Error, Result};
use awsomeshop::platform::dialect;
use futures::FutureExt;
use sea_orm::ConnectionTrait;

use crate::support::{Shop, database};

/// Deadlock; lock wait; a table that was changed since the transaction began, or while a statement was prepared.
const TRY_AGAIN: [u16; 4] = [1213, 1205, 1412, 1615];
/// Read-only; a full disk or a file that cannot be written; shutting down, too many connections, no way in; a time limit, or
/// somebody who killed the statement or the connection.
#[rustfmt::skip]
const OUTAGES: [u16; 23] = [
    1290, 1792, 1836,
    3, 1021, 1026, 1030, 1114, 1180, 1598,
    1040, 1045, 1053, 1129, 1203, 1226,
    1152, 1317, 1927, 1969, 3024, 3169, 4031,
];
/// A table that is not there: a bug of ours.
const NO_TABLE: u16 = 1146;

/// How often one write is tried when the database asks for another try.
const ATTEMPTS: u32 = 3;
const MARK: &str = "SELECT low_stock_at FROM products";

/// A write of which so many runs, from the first on, end with this number; how often it was run, and how it ended.
async fn written(shop: &Shop, number: u16, failing: u32) -> (u32, Result<()>) {
    let counted = Arc::new(AtomicU32::new(0));
    let runs = Arc::clone(&counted);
    let write = shop.app.db.write("test.signal", move |tx| {
        let run = runs.fetch_add(1, Ordering::SeqCst) + 1;
        async move {
            dialect::execute(tx, "UPDATE products SET low_stock_at = low_stock_at + 1", []).await?;
            if run <= failing {
                let signal = format!("SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = {number}");
                tx.execute_unprepared(&signal).await?;
            }
            Ok(())
        }
        .boxed()
    });
    let ended = write.await;
    (counted.load(Ordering::SeqCst), ended)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_is_run_again_a_few_times_and_only_when_the_database_asks_for_it() {
    if !database::asks_for_mysql() {
        return;
    }
    let shop = Shop::open().await;
    shop.product("Desk lamp", 10, 5).await;
    let before = shop.scalar(MARK).await;

    for number in TRY_AGAIN {
        let (runs, ended) = written(&shop, number, u32::MAX).await;
        assert!(matches!(ended, Err(Error::Unavailable("database"))), "{number}: {ended:?}");
        assert_eq!(runs, ATTEMPTS, "{number}");
    }
    for number in OUTAGES {
        let (runs, ended) = written(&shop, number, u32::MAX).await;
        assert!(matches!(ended, Err(Error::Unavailable("database"))), "{number}: {ended:?}");
        assert_eq!(runs, 1, "{number}");
    }
    let (runs, ended) = written(&shop, NO_TABLE, u32::MAX).await;
    assert!(matches!(ended, Err(Error::Database(_))), "{ended:?}");
    assert_eq!((runs, shop.scalar(MARK).await), (1, before), "what failed left nothing behind");

    for failing in 1..ATTEMPTS {
        let marked = shop.scalar(MARK).await;
        let (runs, ended) = written(&shop, 1213, failing).await;
        ended.unwrap();
        assert_eq!((runs, shop.scalar(MARK).await), (failing + 1, marked + 1), "the last run alone counts");
    }
    shop.close().await;
}
