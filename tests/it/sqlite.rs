//! What a file of SQLite's does in its own way: who writes is alone from the first statement on, and a transaction may be
//! given up by SQLite itself.
//! On a server there is nothing to try.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use awsomeshop::error::{Error, Result};
use awsomeshop::platform::db::Db;
use awsomeshop::platform::dialect;
use futures::FutureExt;
use sea_orm::{ConnectionTrait, FromQueryResult};
use tokio::sync::Notify;

use crate::support::{Shop, database};

/// By then the other waits for the file.
const MEANWHILE: Duration = Duration::from_millis(500);
const MARK: &str = "SELECT low_stock_at FROM products";

#[derive(FromQueryResult)]
struct Mark {
    low_stock_at: i64,
}

/// As when `migrate` or `job` runs beside the shop.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_that_reads_first_keeps_other_writers_of_the_file_out_until_it_is_done() {
    if database::asks_for_mysql() {
        return;
    }
    let shop = Shop::open().await;
    shop.product("Desk lamp", 10, 5).await;
    let before = shop.scalar(MARK).await;
    let other = Db::connect(&shop.database().settings).await.unwrap();

    let (counted, has_read) = (Arc::new(AtomicU32::new(0)), Arc::new(Notify::new()));
    let (runs, reads) = (Arc::clone(&counted), Arc::clone(&has_read));
    let reading_first = shop.app.db.write("test.read_first", move |tx| {
        let reads = Arc::clone(&reads);
        runs.fetch_add(1, Ordering::SeqCst);
        async move {
            let found: Option<Mark> = dialect::row(tx, MARK, []).await?;
            reads.notify_one();
            tokio::time::sleep(MEANWHILE).await;
            let more = found.unwrap().low_stock_at + 1;
            dialect::execute(tx, "UPDATE products SET low_stock_at = ?", [more.into()]).await
        }
        .boxed()
    });
    let writing_meanwhile = async {
        has_read.notified().await;
        let write = other.write("test.write_meanwhile", |tx| {
            dialect::execute(tx, "UPDATE products SET low_stock_at = low_stock_at + 10", []).boxed()
        });
        write.await
    };
    let (first, second) = futures::join!(reading_first, writing_meanwhile);

    assert_eq!((first.unwrap(), second.unwrap()), (1, 1));
    assert_eq!(counted.load(Ordering::SeqCst), 1, "it was not run again");
    assert_eq!(shop.scalar(MARK).await, before + 11, "both are there");
    other.close().await;
    shop.close().await;
}

/// A write for which the file would have to grow, while its disk has no room: SQLite gives its whole transaction up.
async fn write_on_a_full_disk(shop: &Shop) -> Result<()> {
    let write = shop.app.db.write("test.full", |tx| {
        async move {
            // No more pages than there are: to SQLite that is a full disk.
            tx.execute_unprepared("PRAGMA max_page_count = 1").await?;
            let full = dialect::execute(tx, "INSERT INTO ballast VALUES (ZEROBLOB(1000000))", []).await;
            let ended = tx.execute_unprepared("ROLLBACK").await.unwrap_err().to_string();
            assert!(ended.contains("no transaction is active"), "{ended}");
            full.map(|_| ())
        }
        .boxed()
    });
    write.await
}

/// The driver goes on counting what SQLite has given up. On that connection the next write would be a mere savepoint; once
/// one was rolled back, every later one would seem to be done and be nowhere.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_full_disk_what_is_written_is_there() {
    if database::asks_for_mysql() {
        return;
    }
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.database().run("CREATE TABLE ballast (weight BLOB)").await;

    let full = write_on_a_full_disk(&shop).await;
    assert!(matches!(full, Err(Error::Unavailable("database"))), "{full:?}");
    let refused: Result<()> = shop
        .app
        .db
        .write("test.refused", |tx| {
            async move {
                // There is room again, whichever connection this is.
                tx.execute_unprepared("PRAGMA max_page_count = 1000000").await?;
                Err(Error::NotFound)
            }
            .boxed()
        })
        .await;
    assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
    shop.grant(ann, 10, None).await;

    let balance = "SELECT balance FROM accounts WHERE person_id = ?";
    assert_eq!(shop.scalar_of(balance, [ann.into()]).await, 10);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM ballast").await, 0);
    shop.close().await;
}
