//! The tables of the shop on a server that has many databases: the migrations make them once for all tests of a build, and
//! each test gets a copy. The steps one by one take longer there than most tests, and only one may take them at a time.
//! `schema::a_copy_is_what_the_migrations_make` holds the copy against them.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::UNIX_EPOCH;

use awsomeshop::platform::migrate;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, QueryResult, Statement};
use url::Url;

use super::database;

const NAMES: &str = "shop_blueprint_";
/// How long a test waits while another one makes it, in seconds.
const PATIENCE_S: u32 = 60;
/// Those of builds that are gone are dropped after so many days; a build of another checkout may be testing meanwhile.
const KEPT_DAYS: u32 = 1;

/// Puts the tables into the empty database that `connection` is at, on the server of this address.
pub async fn copy_to(connection: &DatabaseConnection, server: &Url) {
    let name = name();
    let script = match script_of(connection, &name).await {
        Some(script) => script,
        None => make(server, &name).await,
    };
    run(connection, &script).await;
}

/// Another build may have other migrations.
fn name() -> String {
    let program = std::env::current_exe().unwrap();
    let written = program.metadata().unwrap().modified().unwrap().duration_since(UNIX_EPOCH).unwrap();
    let mut hasher = DefaultHasher::new();
    (program, written).hash(&mut hasher);
    format!("{NAMES}{:016x}", hasher.finish())
}

async fn make(server: &Url, name: &str) -> String {
    let connection = database::connect(server.as_str()).await;
    let locked =
        rows(&connection, &format!("SELECT CAST(GET_LOCK('{NAMES}', {PATIENCE_S}) AS SIGNED)")).await;
    assert_eq!(locked[0].try_get_by_index::<Option<i64>>(0).unwrap(), Some(1), "nobody made it in time");
    let script = match script_of(&connection, name).await {
        Some(script) => script,
        None => make_alone(&connection, server, name).await,
    };
    connection.close().await.unwrap();
    script
}

async fn make_alone(connection: &DatabaseConnection, server: &Url, name: &str) -> String {
    let old = format!(
        "SELECT CAST(table_schema AS CHAR) FROM information_schema.tables WHERE table_schema LIKE '{NAMES}%' \
         GROUP BY table_schema HAVING MAX(create_time) < NOW() - INTERVAL {KEPT_DAYS} DAY"
    );
    // Its own too, which whoever was killed left half-made.
    for gone in texts(connection, &old, 0).await.into_iter().chain([name.to_owned()]) {
        run(connection, &format!("DROP DATABASE IF EXISTS {gone}")).await;
    }
    run(connection, &format!("CREATE DATABASE {name} CHARACTER SET utf8mb4")).await;
    let mut url = server.clone();
    url.set_path(name);
    migrate::migrate(&database::settings(url.as_str())).await.expect("the schema comes up");
    let mut script = vec!["SET foreign_key_checks = 0".to_owned()];
    for table in texts(connection, &format!("SHOW TABLES FROM {name}"), 0).await {
        script.extend(texts(connection, &format!("SHOW CREATE TABLE {name}.{table}"), 1).await);
        if !rows(connection, &format!("SELECT 1 FROM {name}.{table} LIMIT 1")).await.is_empty() {
            script.push(format!("INSERT INTO {table} SELECT * FROM {name}.{table}"));
        }
    }
    script.push("SET foreign_key_checks = 1".to_owned());
    let script = script.join(";\n");
    run(connection, &format!("CREATE TABLE {name}.blueprint (script LONGTEXT NOT NULL)")).await;
    let insert = format!("INSERT INTO {name}.blueprint VALUES (?)");
    let insert = Statement::from_sql_and_values(DbBackend::MySql, insert, [script.as_str().into()]);
    connection.execute_raw(insert).await.unwrap();
    script
}

/// None when it is not there, or not all of it.
async fn script_of(connection: &DatabaseConnection, name: &str) -> Option<String> {
    let read = Statement::from_string(DbBackend::MySql, format!("SELECT script FROM {name}.blueprint"));
    connection.query_one_raw(read).await.ok()??.try_get_by_index(0).ok()
}

async fn rows(connection: &DatabaseConnection, sql: &str) -> Vec<QueryResult> {
    let statement = Statement::from_string(DbBackend::MySql, sql);
    connection.query_all_raw(statement).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
}

async fn texts(connection: &DatabaseConnection, sql: &str, column: usize) -> Vec<String> {
    rows(connection, sql).await.iter().map(|row| row.try_get_by_index(column).unwrap()).collect()
}

async fn run(connection: &DatabaseConnection, sql: &str) {
    connection.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}
