//! `awsomeshop check-books`, the program itself: what it prints and what it ends with.

use std::process::{Command, Output};

use secrecy::ExposeSecret;

use crate::support::Shop;

async fn check_books(url: &str) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_awsomeshop"));
    program.arg("check-books").env("DATABASE_URL", url).env("RUST_LOG", "error");
    tokio::task::spawn_blocking(move || program.output().unwrap()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_ends_with_0_when_all_is_right_and_with_1_naming_law_meaning_and_rows() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 500, None).await;
    let url = shop.database().settings.url.expose_secret().to_owned();

    let right = check_books(&url).await;
    let said = String::from_utf8(right.stdout).unwrap();
    assert_eq!(right.status.code(), Some(0), "{said}");
    assert!(said.lines().all(|line| line.starts_with("holds ")), "{said}");
    assert!(said.contains("holds   balance-is-lots: a balance is what remains in its lots\n"), "{said}");

    shop.sql("UPDATE accounts SET balance = 501 WHERE balance = 500", []).await;
    let wrong = check_books(&url).await;
    let said = String::from_utf8(wrong.stdout).unwrap();
    assert_eq!(wrong.status.code(), Some(1), "{said}");
    let account = "SELECT id FROM accounts WHERE balance = 501";
    let row = format!(
        "BROKEN  balance-is-lots: a balance is what remains in its lots\n          account {}: expected 500, found 501\n",
        shop.id_of(account, []).await.simple()
    );
    assert!(said.contains(&row), "{row}\nis not in\n{said}");
    shop.sql("UPDATE accounts SET balance = 500 WHERE balance = 501", []).await;
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn books_that_cannot_be_read_are_neither_right_nor_wrong() {
    for url in ["sqlite:///nowhere/at/all.db", "mysql://nobody@127.0.0.1:1/shop"] {
        let unread = check_books(url).await;
        assert_eq!(unread.status.code(), Some(2), "{url}");
        assert!(unread.stdout.is_empty(), "{url}");
        let said = String::from_utf8(unread.stderr).unwrap();
        assert!(said.contains("the books could not be checked"), "{url}: {said}");
    }
}
