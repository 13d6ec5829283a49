//! The program itself on a database that was never migrated: it says so, ends, and leaves the database as it is.

use std::net::SocketAddr;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use secrecy::ExposeSecret;

use crate::support::database::TestDatabase;
use crate::support::environment;

/// A program that goes on for longer is one that has begun to work.
const ENDS_WITHIN: Duration = Duration::from_secs(30);
const NOWHERE: &str = "http://127.0.0.1:1";

/// What one of its commands said, and what it ended with.
async fn ended(database: &TestDatabase, words: &[&str]) -> Output {
    let address = SocketAddr::from(([127, 0, 0, 1], 0));
    let variables = environment(address, database.settings.url.expose_secret(), NOWHERE, NOWHERE);
    let mut program = Command::new(env!("CARGO_BIN_EXE_awsomeshop"));
    program.args(words).env_clear().envs(&variables).env("RUST_LOG", "error").stdin(Stdio::null());
    program.env("AWS_ACCESS_KEY_ID", "tests").env("AWS_SECRET_ACCESS_KEY", "only-for-tests");
    let mut child = program.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let began = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if began.elapsed() > ENDS_WITHIN {
            child.kill().unwrap();
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    child.wait_with_output().unwrap()
}

/// The list of migrations included.
async fn table_count(database: &TestDatabase) -> i64 {
    let sql = if database.is_sqlite() {
        "SELECT COUNT(*) FROM sqlite_master"
    } else {
        "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE()"
    };
    database.scalar(sql, []).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_command_works_on_a_database_without_the_schema() {
    let database = TestDatabase::create().await;
    let steps = migrations::names().count();
    let sentence = format!("the schema lacks {steps} steps: run `awsomeshop migrate` first");
    for (words, code) in [
        (&["serve"][..], 1),
        (&["job", "expire-points"][..], 1),
        (&["job", "expire-points", "--dry-run"][..], 1),
        (&["check-books"][..], 2),
    ] {
        let output = ended(&database, words).await;
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{words:?}: {said}");
        assert!(said.contains(&sentence), "{words:?}: {said}");
        assert_eq!(String::from_utf8(output.stdout).unwrap(), "", "{words:?}");
        assert_eq!(table_count(&database).await, 0, "{words:?} made a table");
    }
    database.remove().await;
}
