//! A database of one test: a file that goes with it, or one of many on a server that goes with it.

use awsomeshop::platform::config::DatabaseConfig;
use awsomeshop::platform::migrate;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, FromQueryResult, Statement,
    TryGetable, Value,
};
use secrecy::SecretString;
use url::Url;

use super::{Folder, blueprint};

/// A database of its own; gone when it is removed or dropped.
pub struct TestDatabase {
    /// As the shop connects to it.
    pub settings: DatabaseConfig,
    connection: DatabaseConnection,
    place: Place,
}

enum Place {
    File(Folder),
    Server(Option<OnServer>),
}

/// A database on a server that has many.
#[derive(Clone)]
struct OnServer {
    url: Url,
    name: String,
}

/// A column as the database tells it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, FromQueryResult)]
pub struct Column {
    pub name: String,
    pub kind: String,
    /// Whether it may be NULL: 1 or 0.
    pub nullable: i64,
}

#[derive(FromQueryResult)]
struct Name {
    name: String,
}

/// Whether the tests run on a server, where a database takes longer to make.
pub fn asks_for_mysql() -> bool {
    variable("TEST_DATABASE").as_deref() == Some("mysql")
}

/// Host and port of the server.
pub fn server() -> String {
    let url = Url::parse(&variable("TEST_MYSQL_URL").unwrap()).unwrap();
    format!("{}:{}", url.host_str().unwrap(), url.port().unwrap_or(3306))
}

impl TestDatabase {
    /// An empty one, without any table.
    pub async fn create() -> Self {
        match variable("TEST_DATABASE").as_deref() {
            None | Some("" | "sqlite") => Self::in_a_file().await,
            Some("mysql") => Self::on_a_server().await,
            Some(other) => panic!("TEST_DATABASE is sqlite or mysql, not {other}"),
        }
    }

    /// One with the tables of the shop, as the migrations make them.
    pub async fn with_tables() -> Self {
        let database = Self::create().await;
        match &database.place {
            Place::Server(Some(place)) => blueprint::copy_to(&database.connection, &place.url).await,
            _ => migrate::migrate(&database.settings).await.expect("the schema comes up"),
        }
        database
    }

    async fn in_a_file() -> Self {
        Self::in_a_file_of(Folder::new()).await
    }

    /// An empty one in a file of this folder, which goes with it.
    pub async fn in_a_file_of(folder: Folder) -> Self {
        let url = format!("sqlite://{}", folder.0.join("shop.db").display());
        let connection = connect(&format!("{url}?mode=rwc")).await;
        Self { settings: settings(&url), connection, place: Place::File(folder) }
    }

    async fn on_a_server() -> Self {
        let url =
            variable("TEST_MYSQL_URL").expect("TEST_MYSQL_URL names the server for TEST_DATABASE=mysql");
        Self::on(&url).await
    }

    /// An empty one on the server of this address.
    pub async fn on(url: &str) -> Self {
        let server = Url::parse(url).expect("the address of a server");
        let name = format!("shop_test_{}", uuid::Uuid::new_v4().simple());
        run_on(&server, &format!("CREATE DATABASE {name} CHARACTER SET utf8mb4")).await;
        let mut own = server.clone();
        own.set_path(&name);
        let connection = connect(own.as_str()).await;
        let place = Place::Server(Some(OnServer { url: server, name }));
        Self { settings: settings(own.as_str()), connection, place }
    }

    /// Whether it is a file of SQLite's.
    pub fn is_sqlite(&self) -> bool {
        matches!(self.place, Place::File(_))
    }

    /// The test's own connection, beside the shop's.
    pub fn connection(&self) -> &DatabaseConnection {
        &self.connection
    }

    /// The one number that `sql` asks for.
    pub async fn scalar(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> i64 {
        self.value(sql, values).await
    }

    /// The one id that `sql` asks for.
    pub async fn id(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> uuid::Uuid {
        self.value(sql, values).await
    }

    async fn value<T: TryGetable>(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> T {
        let row = self.connection.query_one_raw(self.statement(sql, values)).await;
        let row =
            row.unwrap_or_else(|error| panic!("{sql}: {error}")).unwrap_or_else(|| panic!("{sql}: no row"));
        row.try_get_by_index(0).unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// Runs a statement; returns how many rows it touched.
    pub async fn execute(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> u64 {
        let done = self.connection.execute_raw(self.statement(sql, values)).await;
        done.unwrap_or_else(|error| panic!("{sql}: {error}")).rows_affected()
    }

    /// Rows of any shape.
    pub async fn rows<T: FromQueryResult>(&self, sql: &str) -> Vec<T> {
        let rows = T::find_by_statement(self.statement(sql, [])).all(&self.connection).await;
        rows.unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// Every table of the shop, without the list of migrations.
    pub async fn tables(&self) -> Vec<String> {
        let sql = if self.is_sqlite() {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        } else {
            "SELECT CAST(table_name AS CHAR) AS name FROM information_schema.tables \
             WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' ORDER BY table_name"
        };
        let names: Vec<Name> = self.rows(sql).await;
        names.into_iter().map(|row| row.name).filter(|name| name != "seaql_migrations").collect()
    }

    /// The columns of a table, by name.
    pub async fn columns(&self, table: &str) -> Vec<Column> {
        let sql = if self.is_sqlite() {
            "SELECT name, lower(type) AS kind, CASE WHEN \"notnull\" = 1 OR pk > 0 THEN 0 ELSE 1 END AS nullable \
             FROM pragma_table_info(?) ORDER BY name"
        } else {
            "SELECT CAST(column_name AS CHAR) AS name, CAST(LOWER(column_type) AS CHAR) AS kind, \
             CAST(is_nullable = 'YES' AS SIGNED) AS nullable \
             FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ? ORDER BY column_name"
        };
        let rows = Column::find_by_statement(self.statement(sql, [table.into()])).all(&self.connection).await;
        let mut columns = rows.unwrap_or_else(|error| panic!("{table}: {error}"));
        columns.sort();
        columns
    }

    /// The name it has on its server.
    pub fn name(&self) -> String {
        match &self.place {
            Place::Server(Some(place)) => place.name.clone(),
            Place::Server(None) | Place::File(_) => String::new(),
        }
    }

    /// Runs a statement that cannot be prepared.
    pub async fn run(&self, sql: &str) {
        self.connection.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// Runs a statement that another session may keep from being done.
    pub async fn attempt(&self, sql: &str) {
        if let Err(error) = self.connection.execute_unprepared(sql).await {
            tracing::error!(%error, sql, "a statement failed");
        }
    }

    /// Takes it away.
    pub async fn remove(mut self) {
        if let Place::Server(place) = &mut self.place
            && let Some(OnServer { name, .. }) = place.take()
        {
            self.run(&format!("DROP DATABASE {name}")).await;
        }
        let closed = self.connection.clone().close().await;
        assert!(closed.is_ok(), "the test's connection did not close: {closed:?}");
        if let Place::File(folder) = &mut self.place {
            folder.remove();
        }
    }

    fn statement(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> Statement {
        let backend = if self.is_sqlite() { DbBackend::Sqlite } else { DbBackend::MySql };
        Statement::from_sql_and_values(backend, sql, values)
    }
}

impl Drop for TestDatabase {
    /// After a failed test: a file goes by itself, a database on a server has to be told, by a runtime that still lives.
    fn drop(&mut self) {
        let Place::Server(place) = &mut self.place else { return };
        let Some(OnServer { url, name }) = place.take() else { return };
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(run_on(&url, &format!("DROP DATABASE {name}")));
        });
        let _test_has_failed_already = thread.join();
    }
}

/// As the shop connects to it.
pub fn settings(url: &str) -> DatabaseConfig {
    DatabaseConfig { url: SecretString::from(url), pool_min: 1, pool_max: 10 }
}

/// A connection of its own.
pub async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await.unwrap_or_else(|error| panic!("the database of the test: {error}"))
}

async fn run_on(server: &Url, sql: &str) {
    let connection = connect(server.as_str()).await;
    connection.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    connection.close().await.unwrap();
}

/// What the tests themselves are told from outside.
#[expect(clippy::disallowed_methods, reason = "which database to test on is told from outside")]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
