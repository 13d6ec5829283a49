//! What a connection to the database keeps prepared. The driver closes a statement right before it runs the next one, and
//! without `TCP_NODELAY` that one waits 40 ms for the server; so none may be closed while somebody waits, and few may stay.
//! A file needs no journey to it, so on SQLite there is nothing to try.

use awsomeshop::platform::db::Tx;
use awsomeshop::platform::dialect;
use futures::FutureExt;
use sea_orm::{DbBackend, FromQueryResult, Statement};

use crate::support::{Shop, database};

/// More than a connection keeps, and than the driver has room for by itself.
const DIFFERENT: i64 = 250;

/// How often this session has prepared a statement, and closed one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Counts {
    prepared: i64,
    closed: i64,
}

#[derive(FromQueryResult)]
struct Status {
    #[sea_orm(from_alias = "Variable_name")]
    name: String,
    #[sea_orm(from_alias = "Value")]
    value: String,
}

async fn counts(tx: &Tx) -> Counts {
    const COUNTS: &str = "SHOW SESSION STATUS WHERE Variable_name IN ('Com_stmt_prepare', 'Com_stmt_close')";
    let rows: Vec<Status> = dialect::rows(tx, COUNTS, []).await.unwrap();
    let count = |name: &str| rows.iter().find(|row| row.name == name).unwrap().value.parse().unwrap();
    Counts { prepared: count("Com_stmt_prepare"), closed: count("Com_stmt_close") }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_statement_is_closed_while_somebody_waits_and_few_stay_prepared() {
    if !database::asks_for_mysql() {
        return;
    }
    // One connection to write on, and one to read on.
    let shop = Shop::open_with(&[("DATABASE_POOL_MIN", "1"), ("DATABASE_POOL_MAX", "2")]).await;
    let many = shop.app.db.write("test.many", |tx| {
        async move {
            let before = counts(tx).await;
            for number in 0..DIFFERENT {
                let sql = format!("SELECT ? + {number}");
                let statement = Statement::from_sql_and_values(DbBackend::MySql, sql, [1_i64.into()]);
                sea_orm::ConnectionTrait::query_one_raw(tx, statement).await?;
            }
            Ok((before, counts(tx).await))
        }
        .boxed()
    });
    let (before, after) = many.await.unwrap();
    assert_eq!(after, Counts { prepared: before.prepared + DIFFERENT, closed: before.closed });

    let next =
        shop.app.db.write("test.next", |tx| async move { Ok(counts(tx).await) }.boxed()).await.unwrap();
    // What the transaction itself asks, and this question.
    assert_eq!(next.prepared - next.closed, 2, "all were closed when the connection came back: {next:?}");
    let again =
        shop.app.db.write("test.again", |tx| async move { Ok(counts(tx).await) }.boxed()).await.unwrap();
    assert_eq!(again, next, "few stay prepared");
    shop.close().await;
}
