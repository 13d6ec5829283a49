//! What the program may do to its database where it is deployed: the users and rights are made by the very scripts of
//! `cdk/shop/sql/`. Whatever is in the books stays as it was written, even if somebody else spoke for the program.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::AtomicBool;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

use super::server::{Durability, Server};
use super::stage::Stage;
use crate::support::database::{asks_for_mysql, connect};

const OWNER: &str = "test_owner";
const WORKER: &str = "test_worker";
const PASSWORD: &str = "only-for-tests";
/// In place of the client of MySQL: what it is asked is said aloud, statements on standard input as well.
const ASK: &str =
    r#"ask() { if [ $# = 0 ]; then cat >&2; else printf '%s\n' "${1#--execute=}" >&2; fi; }; . "$1""#;
/// The server says who may not do what to which table.
const REFUSED: &str = "1142 (42000)";

/// What one of the scripts asks the server.
fn asked_by(script: &str, database: &str, append_only: &[String]) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("cdk/shop/sql").join(script);
    let mut sh = Command::new("sh");
    sh.args(["-euc", ASK, "sh"]).arg(path);
    sh.env("DATABASE", database).env("APPEND_ONLY", append_only.join(" "));
    sh.env("OWNER", OWNER).env("OWNER_PASSWORD", PASSWORD);
    sh.env("WORKER", WORKER).env("WORKER_PASSWORD", PASSWORD);
    let output = sh.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{script}: {said}");
    said
}

/// The tables that the deployment takes for append-only.
fn append_only() -> Vec<String> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("cdk/shop/migration.py");
    let source = std::fs::read_to_string(source).unwrap();
    let list = source.lines().find_map(|line| line.strip_prefix("APPEND_ONLY = (")).unwrap();
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Makes the program's user, with the rights it has where it is deployed.
async fn make_worker(admin: &DatabaseConnection, database: &str, append_only: &[String]) {
    let run = async |sql: &str| {
        admin.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    };
    run(&format!("DROP USER IF EXISTS '{WORKER}'@'%'")).await;
    // Not by the script, which wants encryption and a second password: MariaDB has none of these words.
    run(&format!("CREATE USER '{WORKER}'@'%' IDENTIFIED BY '{PASSWORD}'")).await;
    let users = asked_by("users.sh", database, append_only);
    let rights = users.lines().filter(|line| line.starts_with("GRANT ") && line.contains(WORKER));
    let rights: Vec<&str> = rights.collect();
    assert_eq!(rights.len(), 1, "{users}");
    run(rights[0]).await;
    let rest = asked_by("rights.sh", database, append_only);
    let rest = format!("WITH said (line) AS ({rest}) SELECT CAST(line AS CHAR) FROM said");
    let rest = admin.query_all_raw(Statement::from_string(DbBackend::MySql, rest)).await.unwrap();
    for row in rest {
        run(&row.try_get_by_index::<String>(0).unwrap()).await;
    }
}

/// The tables to which somebody may not do this.
async fn refused(worker: &DatabaseConnection, statements: Vec<(String, String)>) -> BTreeSet<String> {
    let mut refused = BTreeSet::new();
    for (table, sql) in statements {
        match worker.execute_unprepared(&sql).await {
            Ok(_) => {}
            Err(error) if error.to_string().contains(REFUSED) => {
                refused.insert(table);
            }
            Err(error) => panic!("{sql}: {error}"),
        }
    }
    refused
}

/// With the rights of its deployment the program does all of its work, and can change nothing that is only ever added to.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_program_sells_without_the_right_to_change_what_is_written_in_the_books() {
    if !asks_for_mysql() {
        return;
    }
    let server = Server::up(Durability::AsInProduction);
    let mut stage = Box::pin(Stage::on(&server)).await;
    let (database, append_only) = (stage.shop.database().name(), append_only());
    let admin = connect(&server.admin_url()).await;
    make_worker(&admin, &database, &append_only).await;
    let mut url = url::Url::parse(&server.url()).unwrap();
    url.set_username(WORKER).unwrap();
    url.set_password(Some(PASSWORD)).unwrap();
    url.set_path(&database);

    stage.program.kill();
    stage.program.set("DATABASE_URL", url.to_string());
    stage.program.start().await;
    // Some of what is bought is taken back.
    stage.buyers[0].buy_until(&AtomicBool::new(false)).await;
    stage.is_whole().await;
    for job in ["expire-points", "forget-sessions", "check-books", "make-marks"] {
        assert!(stage.program.command("job").arg(job).status().unwrap().success(), "{job}");
    }

    let worker = connect(url.as_str()).await;
    let (mut updates, mut deletions) = (Vec::new(), Vec::new());
    for table in stage.shop.database().tables().await {
        let column = stage.shop.database().columns(&table).await.remove(0).name;
        updates.push((table.clone(), format!("UPDATE `{table}` SET `{column}` = `{column}` WHERE 1 = 0")));
        deletions.push((table.clone(), format!("DELETE FROM `{table}` WHERE 1 = 0")));
    }
    let kept: BTreeSet<String> = append_only.into_iter().collect();
    assert_eq!(kept.len(), 6);
    assert_eq!(refused(&worker, updates).await, kept, "to change rows");
    assert_eq!(refused(&worker, deletions).await, kept, "to delete rows");
    worker.close().await.unwrap();
    stage.close().await;
    admin.execute_unprepared(&format!("DROP USER '{WORKER}'@'%'")).await.unwrap();
    admin.close().await.unwrap();
}
