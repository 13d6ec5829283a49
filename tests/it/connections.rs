//! What the connections to the database are set to, whoever uses them.

use std::collections::BTreeSet;

use awsomeshop::error::Result;
use awsomeshop::platform::dialect;
use futures::FutureExt;
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::support::{Shop, database};

/// Before its version 11.1 MariaDB calls the isolation level by its old name, which MySQL has given up.
const VARIABLES: &str = "SHOW SESSION VARIABLES WHERE Variable_name IN \
                         ('tx_isolation', 'transaction_isolation', 'innodb_lock_wait_timeout', 'sql_mode')";

#[derive(FromQueryResult)]
struct Variable {
    #[sea_orm(from_alias = "Variable_name")]
    name: String,
    #[sea_orm(from_alias = "Value")]
    value: String,
}

/// What one connection is set to.
#[derive(Debug, PartialEq, Eq)]
struct Settings {
    isolation: String,
    lock_wait_s: String,
    modes: BTreeSet<String>,
}

async fn settings(db: &impl ConnectionTrait) -> Result<Settings> {
    let rows: Vec<Variable> = dialect::rows(db, VARIABLES, []).await?;
    let value = |end: &str| {
        let row = rows.iter().find(|row| row.name.ends_with(end));
        row.unwrap_or_else(|| panic!("no {end}")).value.clone()
    };
    Ok(Settings {
        isolation: value("_isolation"),
        lock_wait_s: value("_lock_wait_timeout"),
        modes: value("sql_mode").split(',').map(str::to_owned).collect(),
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_connection_waits_little_for_locks_and_takes_no_value_that_does_not_fit() {
    if !database::asks_for_mysql() {
        return;
    }
    let shop = Shop::open().await;
    let db = &shop.app.db;
    let modes = [
        "STRICT_ALL_TABLES",
        "ONLY_FULL_GROUP_BY",
        "NO_ZERO_DATE",
        "NO_ZERO_IN_DATE",
        "ERROR_FOR_DIVISION_BY_ZERO",
        "NO_ENGINE_SUBSTITUTION",
    ];
    let expected = Settings {
        isolation: "READ-COMMITTED".to_owned(),
        // Less than a statement may take, which would else be taken for a silent connection.
        lock_wait_s: "3".to_owned(),
        modes: modes.into_iter().map(str::to_owned).collect(),
    };
    let writing = db.write("test.settings", |tx| settings(tx).boxed()).await;
    assert_eq!(writing.unwrap(), expected, "to write");
    for (reads, what) in [(db.reads(), "to read"), (db.long_reads(), "to read much"), (db.probe(), "to ask")]
    {
        assert_eq!(settings(reads).await.unwrap(), expected, "{what}");
    }
    shop.close().await;
}

/// On a server the same user reads and writes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_reads_a_file_cannot_write_to_it() {
    if database::asks_for_mysql() {
        return;
    }
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    let lamp = shop.product("Desk lamp", 10, 5).await.id.to_string();
    shop.browser_of(ann).await.post("/cart/lines", &[("product", &lamp)]).await.expect(303);
    let before = shop.contents().await;
    let db = &shop.app.db;
    for reads in [db.reads(), db.long_reads(), db.probe()] {
        let refused = dialect::execute(reads, "DELETE FROM cart_lines", []).await.unwrap_err().to_string();
        assert!(refused.contains("attempt to write a readonly database"), "{refused}");
    }
    shop.assert_unchanged(&before, "a write by who only reads").await;
    shop.close().await;
}
