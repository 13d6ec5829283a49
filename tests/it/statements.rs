//! How many statements a checkout is, and what a connection to the database keeps prepared. The driver closes a statement right before it runs the next one, and
//! without `TCP_NODELAY` that one waits 40 ms for the server; so none may be closed while somebody waits, and few may stay.
//! A file needs no journey to it, so on SQLite there is nothing to try.

use awsomeshop::platform::db::Tx;
use awsomeshop::platform::dialect;
use futures::FutureExt;
use sea_orm::{DbBackend, FromQueryResult, Statement};

use crate::support::setting::Goods;
use crate::support::{Shop, database};

/// More than a connection keeps, and than the driver has room for by itself.
const DIFFERENT: i64 = 250;
const CONFIRM_FORM: &str = "form[method=post][action='/checkout']";

/// What the transaction that counts asks itself: who it is, and how many.
const OWN: i64 = 2;

/// How often this session has prepared a statement, run one, and closed one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Counts {
    prepared: i64,
    run: i64,
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
    const COUNTS: &str = "SHOW SESSION STATUS WHERE Variable_name LIKE 'Com_stmt_%'";
    let rows: Vec<Status> = dialect::rows(tx, COUNTS, []).await.unwrap();
    let count = |name: &str| rows.iter().find(|row| row.name == name).unwrap().value.parse().unwrap();
    Counts {
        prepared: count("Com_stmt_prepare"),
        run: count("Com_stmt_execute"),
        closed: count("Com_stmt_close"),
    }
}

/// A shop with one connection to write on, and one to read on.
async fn shop_of_two() -> Shop {
    Shop::open_with(&[("DATABASE_POOL_MIN", "1"), ("DATABASE_POOL_MAX", "2")]).await
}

async fn counted(shop: &Shop) -> Counts {
    shop.app.db.write("test.count", |tx| async move { Ok(counts(tx).await) }.boxed()).await.unwrap()
}

/// How many statements it is when somebody whose points are so many lots of ten buys so many of each.
async fn checkout(shop: &Shop, lots: i64, goods: &[Goods], quantity: &str) -> i64 {
    let person = shop.person(&format!("buyer-{lots}-{}", goods.len())).await;
    for _ in 0..lots {
        shop.grant(person, 10, None).await;
    }
    let browser = shop.browser_of(person).await;
    for one in goods {
        let line = [("product", &*one.id.to_string()), ("quantity", quantity)];
        browser.post("/cart/lines", &line).await.expect(303);
    }
    let mut form = browser.get("/checkout").await.expect(200).html().form(CONFIRM_FORM);
    if goods.iter().all(|one| one.name.starts_with("Lamp")) {
        form = form.with("delivery", "office:berlin");
    }
    let before = counted(shop).await;
    browser.submit(&form).await.expect(303);
    let after = counted(shop).await;
    let drawn = "SELECT COUNT(*) FROM draws d JOIN lots l ON l.id = d.lot_id \
                 JOIN accounts a ON a.id = l.account_id WHERE a.person_id = ?";
    assert_eq!(shop.scalar_of(drawn, [person.into()]).await, lots);
    after.run - before.run - OWN
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_checkout_is_so_many_statements_however_many_lots_pay_it() {
    if !database::asks_for_mysql() {
        return;
    }
    let shop = shop_of_two().await;
    for (lots, lines, expected) in [(1, 1, 18), (4, 1, 18), (1, 2, 20), (4, 3, 22)] {
        let mut goods = Vec::new();
        for line in 0..lines {
            goods.push(shop.product(&format!("Lamp {lots} {lines} {line}"), lots * 10 / lines, 5).await);
        }
        assert_eq!(checkout(&shop, lots, &goods, "1").await, expected, "{lots} lots pay {lines} lines");
    }
    // Finding the codes, giving them, and that they were handed over at once.
    let card = shop.digital_product("Card", 5, &["GIFT-0001", "GIFT-0002", "GIFT-0003"]).await;
    assert_eq!(checkout(&shop, 2, &[card], "3").await, 21);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_statement_is_closed_while_somebody_waits_and_few_stay_prepared() {
    if !database::asks_for_mysql() {
        return;
    }
    let shop = shop_of_two().await;
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
    assert_eq!((after.prepared, after.closed), (before.prepared + DIFFERENT, before.closed));

    let next = counted(&shop).await;
    assert_eq!(next.prepared - next.closed, OWN, "all were closed when the connection came back: {next:?}");
    let again = counted(&shop).await;
    assert_eq!((again.prepared, again.closed), (next.prepared, next.closed), "few stay prepared");
    shop.close().await;
}
