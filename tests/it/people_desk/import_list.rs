//! The list of sheets: found, filtered, sorted, page by page, and as a file.

use awsomeshop::types::role::{Desk, Role};
use awsomeshop::urls;
use reqwest::Method;

use super::{desk, names};
use crate::support::Shop;
use crate::support::browser::Browser;
use crate::support::copies::{COPY_ID, numbers};

/// Uploads a sheet of so many new people under this name; its address.
async fn upload(hr: &Browser, name: &str, count: usize) -> String {
    let rows = (0..count).map(|n| format!("N-{name}-{n},Person {n},{name}-{n}@example.test\n"));
    let sheet = format!("number,name,email\n{}", rows.collect::<Vec<_>>().concat());
    let file = format!("{name}.csv");
    let answer = hr.upload(&urls::hr::imports(), &[], &[("file", file.as_str(), sheet.as_bytes())]).await;
    answer.expect(303).location().to_owned()
}

/// One sheet entered, two not, a minute apart; the last one is of Ann, who is at this desk, too.
async fn three_sheets(shop: &Shop) -> Browser {
    let (_, hr) = desk(shop).await;
    let march = upload(&hr, "march", 1).await;
    hr.post(&format!("{march}/entry"), &[]).await.expect(303);
    shop.advance(60);
    upload(&hr, "April", 3).await;
    shop.advance(60);
    let ann = shop.person("ann").await;
    shop.role(ann, Role::Desk(Desk::People)).await;
    upload(&shop.browser_of(ann).await, "may_100%", 2).await;
    hr
}

async fn found(hr: &Browser, query: &str) -> Vec<String> {
    names(&hr.get(&urls::hr::imports_filtered(query)).await.expect(200).html())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sheets_are_found_by_file_and_maker_filtered_and_sorted() {
    let shop = Shop::open().await;
    let hr = three_sheets(&shop).await;
    let [march, april, may] = ["march.csv", "April.csv", "may_100%.csv"];
    assert_eq!(found(&hr, "").await, [may, april, march], "the newest first without being asked");
    assert_eq!(found(&hr, "sort=created").await, [march, april, may]);
    assert_eq!(found(&hr, "sort=file").await, [april, march, may], "capitals or not");
    assert_eq!(found(&hr, "sort=-file").await, [may, march, april]);
    assert_eq!(found(&hr, "sort=-rows").await, [april, may, march]);
    assert_eq!(found(&hr, "sort=maker").await, [may, march, april]);
    assert_eq!(found(&hr, "sort=odd").await, [may, april, march]);
    assert_eq!(found(&hr, "q=MARCH").await, [march]);
    assert_eq!(found(&hr, "q=archer").await, [may], "by whoever uploaded it");
    assert_eq!(found(&hr, "q=100%25.").await, [may], "signs mean themselves");
    assert_eq!(found(&hr, "q=_").await, [may]);
    assert_eq!(found(&hr, "state=entered").await, [march]);
    assert_eq!(found(&hr, "state=waiting&sort=rows").await, [may, april]);
    assert_eq!(found(&hr, "state=waiting&q=hr-people").await, [april]);
    assert_eq!(found(&hr, "state=odd").await.len(), 3, "what nobody knows is no filter");

    let page = hr.get("/hr/people/imports?q=a&state=waiting&sort=-rows").await.expect(200).html();
    let form = page.form("#filter");
    assert_eq!((form.action.as_str(), form.method.as_str()), ("/hr/people/imports", "get"));
    assert_eq!((form.value("q"), form.value("state")), ("a", "waiting"));
    // It stands in what is swapped: whoever sorts and then types keeps the order.
    assert_eq!(page.attributes("#results [name=sort][form=filter]", "value"), ["-rows"]);
    assert_eq!(page.text_of("[aria-sort=descending]"), "Rows");
    let file = page.attributes("#results th a.sort", "href").remove(0);
    assert_eq!(file, "/hr/people/imports?q=a&state=waiting&sort=file", "a heading keeps the filter");
    assert_eq!(
        page.all("#results tbody tr > *"),
        [
            "April.csv",
            "3",
            "hr-people",
            "15 June 2026, 12:01",
            "Not entered",
            "may_100%.csv",
            "2",
            "Ann Archer",
            "15 June 2026, 12:02",
            "Not entered"
        ]
    );
    let part = hr.ask(Method::GET, "/hr/people/imports?q=march").htmx("results").send().await.expect(200);
    assert!(!part.text().contains("<html"), "only the list is swapped");
    assert_eq!(part.html().text_of("[data-announce]"), "1 sheet");
    let none = hr.get("/hr/people/imports?q=nothing").await.expect(200).html();
    assert!(none.has("#results .centred a[href='/hr/people/imports']"), "a way back");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sheet_is_found_by_the_letters_of_its_name_capitals_or_not() {
    let shop = Shop::open().await;
    let (me, hr) = desk(&shop).await;
    let names = ["Übersicht MÄRZ 100%.csv", "straße.csv", "Зарплата Æ'ø\\.csv", "uebersicht.csv"];
    for name in names {
        shop.sheet_of_people(me, "number,name,email\nE-1,Nora New,nora@example.test\n").await;
        let sql = "UPDATE people_imports SET file_name = ? WHERE file_name = 'people.csv'";
        assert_eq!(shop.sql(sql, [name.into()]).await, 1);
        shop.advance(60);
    }
    for (words, expected) in [
        ("übersicht märz", &names[..1]),
        ("ÜBERSICHT MÄRZ 100%", &names[..1]),
        ("Übersicht MÄRZ", &names[..1]),
        ("ärz 1", &names[..1]),
        ("STRAßE", &names[1..2]),
        ("зАРПЛАТА æ'Ø\\.", &names[2..3]),
        ("bersicht", &[names[3], names[0]]),
        ("ärz_1", &[]),
        ("äрз", &[]),
    ] {
        let query = serde_urlencoded::to_string([("q", words)]).unwrap();
        assert_eq!(found(&hr, &query).await, expected, "{words}");
    }
    // More letters than are made small: as they are written, they are found.
    let alphabet = "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ";
    shop.sql("UPDATE people_imports SET file_name = ? WHERE file_name = 'straße.csv'", [alphabet.into()])
        .await;
    let query = serde_urlencoded::to_string([("q", alphabet)]).unwrap();
    assert_eq!(found(&hr, &query).await, [alphabet]);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_file_holds_the_same_sheets_and_what_became_of_them() {
    let shop = Shop::open().await;
    let hr = three_sheets(&shop).await;
    let page = hr.get("/hr/people/imports?q=hr-people&sort=created").await.expect(200).html();
    let href = page.attribute("#results a[download]", "href").unwrap();
    assert_eq!(href, "/hr/people/imports.csv?q=hr-people&sort=created");
    let file = hr.get(&href).await.expect(200);
    assert_eq!(file.header("content-disposition"), Some("attachment; filename=\"imports.csv\""));
    let text = file.text();
    let lines: Vec<_> = text.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(
        lines,
        [
            "Uploaded,File,By,Rows,State,Entered on,New,Changed,Unchanged,Refused",
            "2026-06-15T10:00:00Z,march.csv,hr-people,1,Entered,2026-06-15T10:00:00Z,1,0,0,0",
            "2026-06-15T10:01:00Z,April.csv,hr-people,3,Not entered,,,,,",
        ]
    );
    shop.hr(Desk::Points).await.get(&href).await.expect(403);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_older_sheet_is_on_a_later_page_and_a_file_that_is_none_leaves_the_list_in_place() {
    let shop = Shop::open().await;
    let (me, hr) = desk(&shop).await;
    let empty = hr.get(&urls::hr::imports()).await.expect(200).html();
    assert_eq!(empty.text_of("#results [data-announce]"), "No sheet yet.");
    let mut sheets = Vec::new();
    for _ in 0..52 {
        sheets.push(shop.sheet_of_people(me, "number,name,email\nE-1,Nora New,nora@example.test\n").await);
    }
    let first = hr.get("/hr/people/imports?q=people").await.expect(200).html();
    assert_eq!(names(&first).len(), 50);
    assert_eq!(first.text_of("#results [data-announce]"), "52 sheets");
    let next = first.attribute("#pager-next", "href").unwrap();
    assert_eq!(next, "/hr/people/imports?q=people&page=2");
    let oldest = [urls::hr::import(sheets[1]), urls::hr::import(sheets[0])];
    for address in [next.as_str(), "/hr/people/imports?page=99"] {
        let last = hr.get(address).await.expect(200).html();
        assert_eq!(last.attributes("#results tbody th a", "href"), oldest, "{address}");
    }
    let bad = hr.upload(&urls::hr::imports(), &[], &[("file", "odd.csv", &b"name\nAnn\n"[..])]).await;
    let again = bad.expect(422).html();
    assert_eq!(again.text_of("#file-error"), "There is no column “Number” in this file.");
    assert_eq!(names(&again).len(), 50);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_that_is_longer_than_its_file_says_how_much_of_it_the_file_holds() {
    let shop = Shop::open().await;
    let (me, hr) = desk(&shop).await;
    shop.sheet_of_people(me, "number,name,email\nE-1,Nora New,nora@example.test\n").await;
    let copies = format!(
        "INSERT INTO people_imports (id, digest, file_name, state, content, row_count, entered, changed, unchanged, \
           refused, maker_id, created_at) \
         SELECT {COPY_ID}, digest, CONCAT_WS('', n, '.csv'), state, content, row_count, entered, changed, unchanged, \
           refused, maker_id, created_at FROM people_imports, {}",
        numbers(10_000)
    );
    assert_eq!(shop.sql(&copies, []).await, 10_000);
    let said = async |query: &str| {
        let page = hr.get(&urls::hr::imports_filtered(query)).await.expect(200).html();
        assert_eq!(page.count("#results a[download]"), 1, "{query}");
        page.all("#results .results__head .row > span")
    };

    let limit = "The file holds the first 10,000 at most; narrow the filter if there are more.";
    assert_eq!(said("").await, [limit]);
    assert_eq!(said("q=100007").await, [""; 0]);
    shop.sql("DELETE FROM people_imports WHERE file_name = '100007.csv'", []).await;
    assert_eq!(said("").await, [""; 0], "the file holds all of them");
    shop.close().await;
}
