//! Two change the same person at once: whoever comes second is told, and loses nothing of what they typed.

use awsomeshop::platform::dialect;
use awsomeshop::urls;
use sea_orm::TransactionTrait;
use sea_orm::sqlx::{self, Row};

use super::{desk, edit, trail};
use crate::support::{Shop, database};

/// What is typed too late.
const TYPED: [(&str, &str); 7] = [
    ("name", "Ann Carter"),
    ("employee_number", "E-77"),
    ("email", "ann.carter@example.test"),
    ("department", "Design"),
    ("office", "berlin"),
    ("hired_on", "2026-06-01"),
    ("birthday", "1969-07-20"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_comes_too_late_finds_what_they_typed_and_can_save_it() {
    let shop = Shop::open().await;
    let (_, hr) = desk(&shop).await;
    let ann = shop.person("ann").await;
    let old = hr.get(&urls::hr::person_edit(ann)).await.expect(200).html().form("main form");
    assert_eq!(old.value("version"), "1");
    let mut late = TYPED.iter().fold(old, |form, (name, value)| form.with(name, value));
    // However often somebody else was faster.
    for (name, version) in [("Ann Baker", "2"), ("Ann Booth", "3")] {
        edit(&hr, ann, &[("name", name), ("department", "Sales")]).await.expect(303);
        let before = shop.contents().await;
        let page = hr.submit(&late).await.expect(409).html();
        assert!(page.text_of("form [role=alert] p").starts_with("Somebody else has changed this"));
        // What was typed and is not what they left, the name of the office in words.
        assert_eq!(
            page.all(".theirs dt").into_iter().zip(page.all(".theirs dd")).collect::<Vec<_>>(),
            [
                ("Number", "E-ann"),
                ("Name", name),
                ("E-mail", "ann@example.test"),
                ("Department", "Sales"),
                ("Office", "left empty"),
                ("Hired on", "left empty"),
                ("Birthday", "left empty"),
            ]
            .map(|(field, left)| (field.to_owned(), left.to_owned()))
        );
        assert_eq!(page.text_of("h1"), format!("Edit {name}"));
        assert_eq!(page.count("[aria-invalid]"), 0);
        late = page.form("main form");
        for (field, value) in TYPED {
            assert_eq!(late.value(field), value, "{field}");
        }
        assert_eq!(late.value("version"), version);
        shop.assert_unchanged(&before, "a form that was too late").await;
    }

    let saved = hr.submit(&late).await.expect(303);

    assert_eq!(saved.location(), urls::hr::person(ann));
    let page = hr.get(&urls::hr::person(ann)).await.expect(200).html();
    assert_eq!(page.text_of("h1"), "Ann Carter");
    assert_eq!(
        page.all(".facts dd"),
        [
            "E-77",
            "ann.carter@example.test",
            "Design",
            "Berlin",
            "1 June 2026",
            "20 July 1969",
            "Never signed in"
        ]
    );
    let told: Vec<_> = trail(&shop, ann).await.into_iter().map(|(action, _)| action).collect();
    assert_eq!(told, ["person.enter", "person.edit", "person.edit", "person.edit"]);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_fit_is_said_before_that_it_is_too_late() {
    let shop = Shop::open().await;
    let (_, hr) = desk(&shop).await;
    let ann = shop.person("ann").await;
    let old = hr.get(&urls::hr::person_edit(ann)).await.expect(200).html().form("main form");
    edit(&hr, ann, &[("department", "Sales")]).await.expect(303);
    let page = hr.submit(&old.with("birthday", "soon")).await.expect(422).html();
    assert_eq!(
        page.all("form [role=alert]"),
        ["Something is missing or not quite right. See the notes beside the fields."]
    );
    let mended = page.form("main form").with("birthday", "1969-07-20");
    let page = hr.submit(&mended).await.expect(409).html();
    let form = page.form("main form");
    assert_eq!((form.value("birthday"), form.value("version")), ("1969-07-20", "2"));
    hr.submit(&form).await.expect(303);
    shop.close().await;
}

/// Whether somebody is at writing people, so that rows have been judged.
async fn is_entering(shop: &Shop) -> bool {
    let database = shop.database().name();
    let pool = shop.app.db.reads().connection().get_mysql_connection_pool();
    let sessions = sqlx::raw_sql("SHOW PROCESSLIST").fetch_all(pool).await.unwrap();
    sessions.iter().any(|session| {
        let told =
            |column| session.try_get_unchecked::<Option<Vec<u8>>, _>(column).unwrap().unwrap_or_default();
        told("db") == database.as_bytes() && told("Info").starts_with(b"INSERT INTO `people`")
    })
}

/// On SQLite one writer waits for the other before it judges anything.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(clippy::disallowed_methods, reason = "a stranger at the database")]
async fn an_address_that_is_taken_while_a_sheet_is_entered_is_said_and_nothing_is_entered() {
    if !database::asks_for_mysql() {
        return;
    }
    let shop = Shop::open().await;
    let (_, hr) = desk(&shop).await;
    let ben = shop.person("ben").await;
    let sheet = "number,name,email\nE-new,Nora New,nora@example.test\nE-two,Tom Two,tom@example.test\n";
    let import = hr.upload(&urls::hr::imports(), &[], &[("file", "people.csv", sheet.as_bytes())]).await;
    let address = import.expect(303).location().to_owned();
    let form = hr.get(&address).await.expect(200).html().form("main form");

    let stranger = shop.database().connection().begin().await.unwrap();
    let taken = "UPDATE people SET email = 'nora@example.test' WHERE id = ?";
    dialect::execute(&stranger, taken, [ben.into()]).await.unwrap();
    let commit = async {
        while !is_entering(&shop).await {
            tokio::task::yield_now().await;
        }
        stranger.commit().await.unwrap();
    };
    let (entered, ()) = futures::join!(hr.submit(&form), commit);
    let page = entered.expect(409).html();

    assert!(page.text_of("main").contains("Somebody else changed this meanwhile"));
    let others = "SELECT COUNT(*) FROM people WHERE employee_number IN ('E-new', 'E-two')";
    assert_eq!(shop.scalar(others).await, 0);
    let page = hr.get(&address).await.expect(200).html();
    assert_eq!(page.all("#totals .figure__value"), ["1", "1", "0", "0"], "as it would be now");
    shop.close().await;
}
