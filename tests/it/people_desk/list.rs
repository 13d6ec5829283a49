//! Everybody: found by words, filtered, sorted, page by page, and as a file.

use awsomeshop::types::role::Desk;
use awsomeshop::urls;
use reqwest::Method;

use super::{desk, edit, id_of, names};
use crate::support::copies::{COPY_ID, numbers};
use crate::support::{NOW, Shop};

const OFFICE: &str = "office:berlin";

/// Five people who differ in everything.
async fn company(shop: &Shop) -> crate::support::browser::Browser {
    let (_, hr) = desk(shop).await;
    for (key, name, department, office, hired) in [
        ("ann", "Ann Archer", "Design", "berlin", "2020-01-01"),
        ("jose", "José Öztürk", "Sales", "lisbon", "2021-01-01"),
        ("ben", "Ben 100%_Brook", "Design", "", ""),
        ("cleo", "Cleo Crane", "", "berlin", "2019-01-01"),
    ] {
        let id = shop.person(key).await;
        let fields = [("name", name), ("department", department), ("office", office), ("hired_on", hired)];
        edit(&hr, id, &fields).await.expect(303);
    }
    hr
}

async fn found(hr: &crate::support::browser::Browser, query: &str) -> Vec<String> {
    names(&hr.get(&urls::hr::people_filtered(query)).await.expect(200).html())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_are_found_by_name_number_department_and_address() {
    let shop = Shop::open().await;
    let hr = company(&shop).await;
    assert_eq!(found(&hr, "q=archer").await, ["Ann Archer"]);
    assert_eq!(found(&hr, "q=ARCHER+ann").await, ["Ann Archer"]);
    assert_eq!(found(&hr, "q=e-cleo").await, ["Cleo Crane"], "by number");
    assert_eq!(found(&hr, "q=jose%40example").await, ["José Öztürk"], "by e-mail");
    assert_eq!(found(&hr, "q=design").await, ["Ann Archer", "Ben 100%_Brook"], "by department");
    assert_eq!(found(&hr, "q=ozturk").await, ["José Öztürk"], "without its marks");
    assert_eq!(found(&hr, "q=%C3%96ZT%C3%9CRK").await, ["José Öztürk"], "with them, in capitals");
    assert_eq!(found(&hr, "q=100%25_").await, ["Ben 100%_Brook"], "signs mean themselves");
    assert_eq!(found(&hr, "q=%25").await, ["Ben 100%_Brook"]);
    assert_eq!(found(&hr, "q=archer+crane").await, [""; 0], "every word must be there");
    let nobody = hr.get("/hr/people?q=nobody").await.expect(200).html();
    assert!(nobody.has("#results .centred a[href='/hr/people']"), "a way back");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn filters_stand_in_the_address_and_add_up() {
    let shop = Shop::open().await;
    let hr = company(&shop).await;
    shop.deactivate(id_of(&shop, "ben").await).await;
    shop.browser().sign_in("ann").await;
    assert_eq!(found(&hr, "department=Design").await, ["Ann Archer", "Ben 100%_Brook"]);
    assert_eq!(found(&hr, "office=berlin").await, ["Ann Archer", "Cleo Crane"]);
    assert_eq!(found(&hr, "office=berlin&department=Design").await, ["Ann Archer"]);
    assert_eq!(found(&hr, "state=left").await, ["Ben 100%_Brook"]);
    assert_eq!(found(&hr, "state=active&department=Design").await, ["Ann Archer"]);
    assert_eq!(found(&hr, "state=new&office=berlin").await, ["Cleo Crane"], "Ann has signed in");
    assert_eq!(found(&hr, "state=odd").await.len(), 5, "what nobody knows is no filter");
    let page = hr.get("/hr/people?department=Design&state=left&sort=-balance").await.expect(200).html();
    let form = page.form("#filter");
    for (name, value) in [("department", "Design"), ("state", "left"), ("q", "")] {
        assert!(form.fields.contains(&(name.to_owned(), value.to_owned())), "{name}: {form:?}");
    }
    assert_eq!(page.attributes("#results [name=sort][form=filter]", "value"), ["-balance"]);
    assert_eq!(page.text_of("#results tbody .badge"), "Left");
    let part = hr.ask(Method::GET, "/hr/people?q=archer").htmx("results").send().await.expect(200);
    assert!(!part.text().contains("<html"), "only the list is swapped");
    assert_eq!(part.html().text_of("[data-announce]"), "1 person");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_heading_sorts_and_what_is_not_known_stands_last() {
    let shop = Shop::open().await;
    let hr = company(&shop).await;
    let (ann, cleo) = (id_of(&shop, "ann").await, id_of(&shop, "cleo").await);
    shop.grant(ann, 500, None).await;
    shop.grant(cleo, 900, None).await;
    shop.advance(600);
    shop.browser_of(cleo).await;
    let first = async |query: &str| found(&hr, query).await.remove(0);
    assert_eq!(
        found(&hr, "").await,
        ["Ann Archer", "Ben 100%_Brook", "Cleo Crane", "hr-people", "José Öztürk"],
        "by name without being asked, capitals or not"
    );
    assert_eq!(first("sort=-name").await, "José Öztürk");
    assert_eq!(first("sort=number").await, "Ann Archer");
    assert_eq!(first("sort=-number").await, "José Öztürk");
    assert_eq!(found(&hr, "sort=department").await[..3], ["Ann Archer", "Ben 100%_Brook", "José Öztürk"]);
    assert_eq!(found(&hr, "sort=-department").await[0], "José Öztürk");
    assert_eq!(first("sort=office").await, "Ann Archer");
    assert_eq!(first("sort=hired").await, "Cleo Crane");
    assert_eq!(found(&hr, "sort=-hired").await[..3], ["José Öztürk", "Ann Archer", "Cleo Crane"]);
    assert_eq!(found(&hr, "sort=-balance").await[..2], ["Cleo Crane", "Ann Archer"]);
    assert_eq!(found(&hr, "sort=-seen").await[..2], ["Cleo Crane", "hr-people"]);
    let page = hr.get("/hr/people?sort=-balance&q=a").await.expect(200).html();
    assert_eq!(page.text_of("[aria-sort=descending]"), "Balance");
    let name = page.attributes("th a.sort", "href").remove(0);
    assert_eq!(name, "/hr/people?q=a&sort=name", "a heading keeps the filter");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_tells_what_was_earned_and_spent_and_what_is_left() {
    let shop = Shop::open().await;
    let hr = company(&shop).await;
    let ann = id_of(&shop, "ann").await;
    shop.grant(ann, 1_000, None).await;
    shop.grant(ann, 300, Some(NOW.plus_days(1))).await;
    let lamp = shop.product("Desk lamp", 200, 9).await;
    let browser = shop.browser_of(ann).await;
    let number = browser.redeem(&lamp, 2, OFFICE).await;
    browser.redeem(&lamp, 1, OFFICE).await;
    browser.post(&urls::order_cancellation(&number), &[]).await.expect(303);
    let page = hr.get("/hr/people?q=archer").await.expect(200).html();
    let cells = page.all("#results tbody tr > *");
    assert_eq!(
        cells,
        ["Ann Archer ann@example.test", "E-ann", "Design", "Berlin", "1,100", "1,300", "200", "15 June 2026"]
    );
    let person = hr.get(&urls::hr::person(ann)).await.expect(200).html();
    assert_eq!(person.all(".figure__value"), ["1,100", "1,300", "200"]);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_people_are_a_page_and_the_filter_goes_along() {
    let shop = Shop::open().await;
    let (hr_id, hr) = desk(&shop).await;
    let rows = (0..120).map(|n| format!("N-{n:03},Person {n:03},p{n:03}@example.test"));
    let sheet = format!("number,name,email\n{}", rows.collect::<Vec<_>>().join("\n"));
    let import = shop.sheet_of_people(hr_id, &sheet).await;
    hr.post(&urls::hr::import_entry(import), &[]).await.expect(303);
    let first = hr.get("/hr/people?q=person").await.expect(200).html();
    assert_eq!(first.text_of("[data-announce]"), "120 people");
    assert_eq!((names(&first).len(), names(&first)[0].as_str()), (50, "Person 000"));
    assert_eq!(first.attribute("#pager-next", "href").as_deref(), Some("/hr/people?q=person&page=2"));
    let last = hr.get("/hr/people?q=person&page=3").await.expect(200).html();
    assert_eq!((names(&last).len(), names(&last)[19].as_str()), (20, "Person 119"));
    let beyond = hr.get("/hr/people?q=person&page=99").await.expect(200).html();
    assert_eq!(names(&beyond), names(&last), "beyond the last is the last");
    assert_eq!(found(&hr, "q=person&page=x").await.len(), 50);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_file_holds_the_same_people_and_runs_no_formula() {
    let shop = Shop::open().await;
    let hr = company(&shop).await;
    let ann = id_of(&shop, "ann").await;
    edit(&hr, ann, &[("name", "=1+1"), ("birthday", "1969-07-20")]).await.expect(303);
    shop.grant(ann, 70, None).await;
    let page = hr.get("/hr/people?office=berlin&sort=-name").await.expect(200).html();
    let href = page.attribute("#results a[download]", "href").unwrap();
    assert_eq!(href, "/hr/people.csv?office=berlin&sort=-name");
    let file = hr.get(&href).await.expect(200);
    assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
    let text = file.text();
    let lines: Vec<_> = text.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(
        lines,
        [
            "Number,Name,E-mail,Department,Office,Hired on,Birthday,State,Balance,Earned,Spent,Last seen",
            "E-cleo,Cleo Crane,cleo@example.test,,Berlin,2019-01-01,,Active,0,0,0,",
            "E-ann,'=1+1,ann@example.test,Design,Berlin,2020-01-01,1969-07-20,Active,70,70,0,",
        ]
    );
    shop.hr(Desk::Points).await.get(&href).await.expect(403);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_that_is_longer_than_its_file_says_how_much_of_it_the_file_holds() {
    let shop = Shop::open().await;
    let (_, hr) = desk(&shop).await;
    let copies = format!(
        "INSERT INTO people (id, name, email, is_active, version, created_at, search_text) \
         SELECT {COPY_ID}, name, CONCAT_WS('', n, '@example.test'), is_active, version, created_at, \
           CONCAT_WS('', 'copy ', n) FROM people, {}",
        numbers(20_000)
    );
    assert_eq!(shop.sql(&copies, []).await, 20_000);
    let said = async |query: &str| {
        let page = hr.get(&urls::hr::people_filtered(query)).await.expect(200).html();
        assert_eq!(page.count("#results a[download]"), 1, "{query}");
        page.all("#results .results__head .row > span")
    };

    let limit = "The file holds the first 20,000 at most; narrow the filter if there are more.";
    assert_eq!(said("").await, [limit]);
    assert_eq!(said("q=copy+100007").await, [""; 0]);
    shop.sql("DELETE FROM people WHERE email = '100007@example.test'", []).await;
    assert_eq!(said("").await, [""; 0], "the file holds all of them");
    shop.close().await;
}
