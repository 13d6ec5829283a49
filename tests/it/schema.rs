//! The schema is what the program believes it is, however it came about: the migrated database against the entities,
//! the migrations against themselves.

mod constraints;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use awsomeshop::entity;
use awsomeshop::platform::migrate;
use migrations::{Migrator, MigratorTrait};
use sea_orm::{ColumnTrait, ColumnType, EntityTrait, Iterable};

use crate::support::Shop;
use crate::support::contents::Contents;
use crate::support::database::TestDatabase;

/// Table, column, and what it holds.
type Shape = BTreeSet<String>;

/// What the entities say.
fn entities() -> BTreeMap<String, Shape> {
    fn shape<E: EntityTrait>(entity: &E) -> (String, Shape) {
        let columns = E::Column::iter().map(|column| {
            let def = column.def();
            line(sea_orm::IdenStatic::as_str(&column), family_of(def.get_column_type()), def.is_null())
        });
        (entity.table_name().to_owned(), columns.collect())
    }
    macro_rules! shapes {
        ($($module:ident),* $(,)?) => { [$((stringify!($module), shape(&entity::$module::Entity))),*] };
    }
    let shapes = shapes![
        account_marks,
        accounts,
        addresses,
        audit_events,
        book_checks,
        cart_lines,
        categories,
        code_batches,
        codes,
        day_marks,
        deductions,
        department_marks,
        draws,
        expiry_warnings,
        grant_rule_overrides,
        grant_rule_rounds,
        grant_rules,
        grant_run_rows,
        grant_runs,
        grants,
        job_runs,
        leases,
        lots,
        marks,
        order_batch_items,
        order_batches,
        order_events,
        order_lines,
        orders,
        outbox_messages,
        people,
        people_imports,
        person_roles,
        pictures,
        product_marks,
        products,
        refund_parts,
        sessions,
        sign_in_attempts,
        stock_moves,
        stray_pictures,
        transfers,
    ];
    for (module, (table, _)) in &shapes {
        assert_eq!(module, table, "the file of an entity is called like its table");
    }
    shapes.into_iter().map(|(_, shape)| shape).collect()
}

/// What the database says.
async fn tables(database: &TestDatabase) -> BTreeMap<String, Shape> {
    let mut tables = BTreeMap::new();
    for table in database.tables().await {
        let columns = database.columns(&table).await;
        let shape =
            columns.iter().map(|column| line(&column.name, family_in(&column.kind), column.nullable == 1));
        tables.insert(table, shape.collect());
    }
    tables
}

fn line(name: &str, family: &str, nullable: bool) -> String {
    format!("{name} {family}{}", if nullable { " or nothing" } else { "" })
}

/// What a column of an entity holds.
fn family_of(kind: &ColumnType) -> &'static str {
    match kind {
        ColumnType::Uuid | ColumnType::Binary(_) | ColumnType::VarBinary(_) | ColumnType::Blob => "bytes",
        ColumnType::String(_) | ColumnType::Char(_) | ColumnType::Text | ColumnType::Enum { .. } => "text",
        ColumnType::BigInteger => "number",
        ColumnType::Boolean => "yes or no",
        ColumnType::DateTime | ColumnType::Timestamp | ColumnType::TimestampWithTimeZone => "moment",
        ColumnType::Date => "day",
        ColumnType::Json | ColumnType::JsonBinary => "json",
        other => panic!("an entity holds {other:?}, of which the schema test has never heard"),
    }
}

/// What a column of the database holds. SQLite keeps moments and JSON as text, MariaDB keeps JSON as text.
fn family_in(kind: &str) -> &'static str {
    match kind.split('(').next().unwrap_or_default() {
        "blob" | "binary" | "varbinary" => "bytes",
        "text" | "varchar" | "longtext" => "text",
        "bigint" | "integer" => "number",
        "boolean" | "tinyint" => "yes or no",
        "datetime" => "moment",
        "date" => "day",
        "json" => "json",
        other => panic!("a column is {other}, of which the schema test has never heard"),
    }
}

/// Families that a database may keep as text.
fn as_kept(shape: &Shape, kept: &Shape) -> Shape {
    let fits = |line: &String| -> String {
        let plain = line.replacen(" moment", " text", 1).replacen(" json", " text", 1);
        if !kept.contains(line) && kept.contains(&plain) { plain } else { line.clone() }
    };
    shape.iter().map(fits).collect()
}

async fn migrated() -> TestDatabase {
    let database = TestDatabase::create().await;
    migrate::migrate(&database.settings).await.unwrap();
    database
}

/// Columns, indices and constraints, as the database writes them down.
pub async fn written_down(database: &TestDatabase) -> Vec<String> {
    #[derive(sea_orm::FromQueryResult)]
    struct Line {
        line: String,
    }
    if database.is_sqlite() {
        let sql = "SELECT COALESCE(sql, name) AS line FROM sqlite_master WHERE name <> 'seaql_migrations' ORDER BY 1";
        let lines: Vec<Line> = database.rows(sql).await;
        return lines.into_iter().map(|row| row.line).collect();
    }
    let mut lines = Vec::new();
    for sql in [
        "SELECT CONCAT_WS(' ', 'column', table_name, column_name, column_type, is_nullable, collation_name, extra) \
         AS line FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name <> 'seaql_migrations'",
        "SELECT CONCAT_WS(' ', 'index', table_name, index_name, seq_in_index, column_name, non_unique) AS line \
         FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name <> 'seaql_migrations'",
        "SELECT CONCAT_WS(' ', 'constraint', table_name, constraint_name, constraint_type) AS line \
         FROM information_schema.table_constraints WHERE table_schema = DATABASE() AND table_name <> 'seaql_migrations'",
    ] {
        let rows: Vec<Line> = database.rows(sql).await;
        lines.extend(rows.into_iter().map(|row| row.line));
    }
    lines.sort();
    lines
}

async fn steps_done(database: &TestDatabase) -> i64 {
    database.scalar("SELECT COUNT(*) FROM seaql_migrations", []).await
}

fn steps_known() -> i64 {
    i64::try_from(Migrator::migrations().len()).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_table_has_an_entity_and_every_entity_its_table_column_by_column() {
    let database = migrated().await;
    let (entities, tables) = (entities(), tables(&database).await);
    assert_eq!(entities.keys().collect::<Vec<_>>(), tables.keys().collect::<Vec<_>>());
    for (table, columns) in &tables {
        let expected = as_kept(&entities[table], columns);
        assert_eq!(expected.difference(columns).collect::<Vec<_>>(), [""; 0], "{table}: only the entity has");
        assert_eq!(columns.difference(&expected).collect::<Vec<_>>(), [""; 0], "{table}: only the table has");
    }
    database.remove().await;
}

#[test]
fn every_file_of_the_entities_is_compared() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/entity");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let names = files.map(|file| file.file_stem().unwrap().to_str().unwrap().to_owned());
    let names: BTreeSet<_> = names.filter(|name| name != "mod").collect();
    assert_eq!(names, entities().into_keys().collect());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn migrating_twice_changes_nothing() {
    let database = migrated().await;
    let (contents, schema) = (Contents::of(&database).await, written_down(&database).await);
    migrate::migrate(&database.settings).await.unwrap();
    assert_eq!(contents.changes(&Contents::of(&database).await), [""; 0]);
    assert_eq!(written_down(&database).await, schema);
    assert_eq!(steps_done(&database).await, steps_known());
    database.remove().await;
}

/// What all the other tests stand on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_is_what_the_migrations_make() {
    let (copy, database) = (TestDatabase::with_tables().await, migrated().await);
    assert_eq!(written_down(&copy).await, written_down(&database).await);
    let contents = Contents::of(&database).await;
    assert_eq!(contents.changes(&Contents::of(&copy).await), [""; 0]);
    assert_eq!(steps_done(&copy).await, steps_known());
    copy.remove().await;
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_was_cut_off_can_be_repeated_from_any_step() {
    let database = migrated().await;
    let (contents, schema) = (Contents::of(&database).await, written_down(&database).await);
    // All that a run did is there, but it was cut off before it could write down that it did.
    database.execute("DELETE FROM seaql_migrations", []).await;
    migrate::migrate(&database.settings).await.unwrap();
    assert_eq!(contents.changes(&Contents::of(&database).await), [""; 0]);
    assert_eq!(written_down(&database).await, schema);
    assert_eq!(steps_done(&database).await, steps_known());
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn runs_at_the_same_time_end_in_one_schema() {
    let database = TestDatabase::create().await;
    let settings = &database.settings;
    let runs =
        futures::join!(migrate::migrate(settings), migrate::migrate(settings), migrate::migrate(settings));
    assert!(matches!(runs, (Ok(()), Ok(()), Ok(()))), "{runs:?}");
    let alone = migrated().await;
    assert_eq!(written_down(&database).await, written_down(&alone).await);
    assert_eq!(steps_done(&database).await, steps_known());
    assert_eq!(database.scalar("SELECT COUNT(*) FROM accounts", []).await, 3);

    // And when there is something already, so that each run reads first and writes later.
    database.execute("DELETE FROM seaql_migrations", []).await;
    let runs =
        futures::join!(migrate::migrate(settings), migrate::migrate(settings), migrate::migrate(settings));
    assert!(matches!(runs, (Ok(()), Ok(()), Ok(()))), "{runs:?}");
    assert_eq!(steps_done(&database).await, steps_known());
    assert_eq!(written_down(&database).await, written_down(&alone).await);
    alone.remove().await;
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_shop_opens_on_no_schema_but_its_own() {
    let empty = TestDatabase::create().await;
    let refused = migrate::check_schema(empty.connection()).await.unwrap_err().to_string();
    assert_eq!(refused, format!("the schema lacks {} steps: run `awsomeshop migrate` first", steps_known()));
    assert_eq!(empty.tables().await, [""; 0], "looking made no table");
    empty.remove().await;

    let database = migrated().await;
    migrate::check_schema(database.connection()).await.unwrap();

    let newest = Migrator::migrations().last().unwrap().name().to_owned();
    let forgotten = database.execute("DELETE FROM seaql_migrations WHERE version = ?", [newest.into()]).await;
    assert_eq!(forgotten, 1);
    let refused = migrate::check_schema(database.connection()).await.unwrap_err().to_string();
    assert_eq!(refused, "the schema lacks 1 steps: run `awsomeshop migrate` first");

    migrate::migrate(&database.settings).await.unwrap();
    let sql = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('9998_takes_away_needs_9997', 0)";
    database.execute(sql, []).await;
    let refused = migrate::check_schema(database.connection()).await.unwrap_err().to_string();
    let sentence =
        "the schema is newer than this program, which cannot work after its step 9998_takes_away_needs_9997";
    assert_eq!(refused, sentence);
    // Nor does an old program touch a newer schema.
    let refused = migrate::migrate(&database.settings).await.unwrap_err().to_string();
    assert_eq!(refused, sentence);
    database.remove().await;
}

/// C33: a task of the version before may start at any time while the next one arrives, or because that one went back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_shop_opens_on_a_schema_that_a_newer_version_has_added_to() {
    let shop = Shop::open().await;
    for newer in [
        "CREATE TABLE gifts (id BIGINT PRIMARY KEY)",
        "ALTER TABLE orders ADD COLUMN gift BIGINT",
        "INSERT INTO seaql_migrations (version, applied_at) VALUES ('9998_gifts', 0)",
    ] {
        shop.sql(newer, []).await;
    }
    let schema = written_down(shop.database()).await;
    migrate::migrate(&shop.database().settings).await.unwrap();
    assert_eq!(written_down(shop.database()).await, schema, "an old program leaves it as it is");
    migrate::check_schema(shop.app.db.reads()).await.unwrap();

    let lamp = shop.product("Desk lamp", 30, 1).await;
    let mara = shop.person("mara").await;
    shop.grant(mara, 100, None).await;
    shop.browser_of(mara).await.redeem(&lamp, 1, "office:berlin").await;
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM orders WHERE total = 30 AND gift IS NULL").await, 1);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_rules_forbid_the_database_forbids_too() {
    let database = migrated().await;
    let forbidden = [
        "UPDATE accounts SET balance = -1 WHERE kind = 'issued'",
        "INSERT INTO accounts (id, kind, created_at) SELECT id, kind, created_at FROM accounts",
        "INSERT INTO person_roles (person_id, role) SELECT id, 'points' FROM accounts",
    ];
    for sql in forbidden {
        let done = sea_orm::ConnectionTrait::execute_unprepared(database.connection(), sql).await;
        assert!(done.is_err(), "{sql}");
    }
    database.remove().await;
}
