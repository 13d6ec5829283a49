//! Sheets of people: what would change, what is refused and why, and that entering one is done once.

use awsomeshop::server::jobs::Job;
use awsomeshop::types::role::Desk;
use awsomeshop::urls;
use futures::future::join_all;
use reqwest::Method;

use super::{desk, edit, id_of, names, trail};
use crate::support::Shop;
use crate::support::browser::Browser;
use crate::support::html::Html;

const HEAD: &str = "Number,Name,E-mail,Department,Office,Hired on,Birthday\n";

/// Uploads a sheet and opens what would become of it; its address, and the page.
async fn upload(hr: &Browser, sheet: &[u8]) -> (String, Html) {
    let answer = hr.upload(&urls::hr::imports(), &[], &[("file", "people.csv", sheet)]).await.expect(303);
    let address = answer.location().to_owned();
    let page = hr.get(&address).await.expect(200).html();
    (address, page)
}

/// New, changed, unchanged, refused.
fn totals(page: &Html) -> Vec<String> {
    page.all("#totals .figure__value")
}

async fn enter(hr: &Browser, address: &str) -> Html {
    let form = hr.get(address).await.expect(200).html().form("main form");
    assert_eq!(hr.submit(&form).await.expect(303).location(), address);
    hr.get(address).await.expect(200).html()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sheet_is_looked_at_then_entered_and_a_second_time_changes_nothing() {
    let shop = Shop::open().await;
    let (_, hr) = desk(&shop).await;
    let (ann, ben) = (shop.person("ann").await, shop.person("ben").await);
    edit(&hr, ben, &[("name", "Ben Brook"), ("department", "Sales")]).await.expect(303);
    let rows = "E-ann,Ann Archer,ann.archer@example.test,Design,Berlin,2020-01-01,1969-07-20\n\
                E-ben,Ben Brook,ben@example.test,Sales,,,\n\
                E-new,Nora New,nora@example.test,Design,Lisbon,2026-06-01,\n\
                ,Only Address,only@example.test,,,,\n";
    let sheet = format!("{HEAD}{rows}");
    let before = shop.contents().await;
    let (address, page) = upload(&hr, sheet.as_bytes()).await;
    let changes = before.changes(&shop.contents().await);
    assert_eq!(changes.len(), 1, "only the sheet is kept: {changes:?}");
    assert_eq!(totals(&page), ["2", "1", "1", "0"]);
    assert_eq!(page.all("#results tbody .badge"), ["Changed", "Unchanged", "New", "New"]);
    assert_eq!(
        page.all("#results td .table__sub"),
        [
            "E-mail: ann@example.test → ann.archer@example.test",
            "Department: – → Design",
            "Office: – → berlin",
            "Hired on: – → 2020-01-01",
            "Birthday: – → 1969-07-20",
        ]
    );
    assert_eq!(page.text_of("main form button"), "Enter 3 rows");
    let only =
        hr.ask(Method::GET, &format!("{address}?show=changed")).htmx("results").send().await.expect(200);
    assert_eq!(only.html().all("#results tbody th"), ["Ann Archer ann.archer@example.test"]);

    let page = enter(&hr, &address).await;

    assert_eq!(totals(&page), ["2", "1", "1", "0"]);
    assert!(!page.has("main form"), "there is nothing left to enter");
    assert_eq!(names(&hr.get("/hr/people?department=Design").await.html()), ["Ann Archer", "Nora New"]);
    let told: Vec<_> = trail(&shop, ann).await.into_iter().map(|(action, _)| action).collect();
    assert_eq!(told, ["person.enter", "person.edit"]);
    let whole =
        "SELECT COUNT(*) FROM audit_events WHERE action = 'people.import' AND subject_kind = 'import'";
    assert_eq!(shop.scalar(whole).await, 1);
    // Whoever was entered signs in by their address.
    let counted = shop.contents().await;
    hr.post(&format!("{address}/entry"), &[]).await.expect(303);
    shop.assert_unchanged(&counted, "entering it twice").await;

    let (address, page) = upload(&hr, sheet.as_bytes()).await;
    assert_eq!(totals(&page), ["0", "0", "4", "0"]);
    assert!(page.text_of(".note--warn").starts_with("This very file was entered before, on 15 June 2026"));
    let people = shop.scalar("SELECT COUNT(*) FROM people").await;
    hr.post(&format!("{address}/entry"), &[]).await.expect(303);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM people").await, people);
    assert_eq!(trail(&shop, ann).await.len(), 2);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_are_refused_with_every_reason_and_can_be_taken_home() {
    let shop = Shop::open().await;
    let (_, hr) = desk(&shop).await;
    let (ann, _) = (shop.person("ann").await, shop.person("ben").await);
    let rows = "E-1,Good One,good@example.test,Design,Berlin,01.06.2026,\n\
                E-2,,no address,,Rome,soon,2030-01-01\n\
                E-3,Twice One,three@example.test,,,,\n\
                E-3,Twice Two,four@example.test,,,,\n\
                E-5,Same Mail,mail@example.test,,,,\n\
                E-6,Same Mail,MAIL@example.test,,,,\n\
                E-ann,Ann,ben@example.test,,,,\n\
                E-ben,Ben,ben2@example.test,,,,\n\
                E-9,Ben Too,ben@example.test,,,,\n\
                =cmd,Formula,,,,,\n\
                E-hr-people,Myself,hr-people@example.test,,,2020-01-01,\n";
    let (address, page) = upload(&hr, format!("{HEAD}{rows}").as_bytes()).await;
    assert_eq!(totals(&page), ["1", "0", "0", "10"]);
    let refused = hr.get(&format!("{address}/refused.csv")).await.expect(200).text();
    let lines: Vec<_> = refused.trim_start_matches('\u{feff}').lines().collect();
    let expected = [
        "Number,Name,E-mail,Department,Office,Hired on,Birthday,Why not",
        "E-2,,no address,,Rome,soon,2030-01-01,Birthday: This day is still to come. E-mail: This is no e-mail \
         address. Hired on: Please write it as 2026-11-21 or 21.11.2026. Name: This is missing. Office: There is \
         no such office.",
        "E-3,Twice One,three@example.test,,,,,Line 5 has the same number.",
        "E-3,Twice Two,four@example.test,,,,,Line 4 has the same number.",
        "E-5,Same Mail,mail@example.test,,,,,Line 7 has the same e-mail address.",
        "E-6,Same Mail,MAIL@example.test,,,,,Line 6 has the same e-mail address.",
        "E-ann,Ann,ben@example.test,,,,,Line 10 has the same e-mail address. This e-mail address belongs to \
         somebody with another number.",
        "E-ben,Ben,ben2@example.test,,,,,Line 10 is about the same person.",
        "E-9,Ben Too,ben@example.test,,,,,Line 8 has the same e-mail address.",
        "'=cmd,Formula,,,,,,E-mail: This is missing.",
        "E-hr-people,Myself,hr-people@example.test,,,2020-01-01,,This is about yourself. Please ask somebody else \
         at this desk.",
    ];
    for (found, expected) in lines.iter().zip(expected) {
        assert_eq!(found, &expected);
    }
    assert_eq!(lines.len(), expected.len());
    let page = enter(&hr, &address).await;
    assert_eq!(totals(&page), ["1", "0", "0", "10"]);
    assert_eq!(page.count("#results tbody tr"), 10, "what was refused stays to be seen");
    assert_eq!(hr.get(&format!("{address}/refused.csv")).await.expect(200).text(), refused);
    assert_eq!(trail(&shop, ann).await.len(), 1);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM people WHERE hired_on = '2026-06-01'").await, 1);
    shop.hr(Desk::Orders).await.get(&format!("{address}/refused.csv")).await.expect(403);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_left_is_told_so_and_a_sheet_does_not_bring_them_back() {
    let shop = Shop::open().await;
    let (_, hr) = desk(&shop).await;
    let (ann, ben) = (shop.person("ann").await, shop.person("ben").await);
    shop.deactivate(ann).await;
    shop.deactivate(ben).await;
    let rows = "E-ann,Ann Archer,ann@example.test,,,,\n\
                ,Ben Brook,ben@example.test,Sales,,,\n\
                E-new,Nora New,nora@example.test,,,,\n";
    let sheet = format!("{HEAD}{rows}");
    let (address, page) = upload(&hr, sheet.as_bytes()).await;
    assert_eq!(totals(&page), ["1", "1", "1", "0", "2"]);
    assert_eq!(
        page.all(".kinds a"),
        ["All 3", "New 1", "Changed 1", "Unchanged 1", "Refused 0", "About people who have left 2"]
    );
    assert_eq!(page.all("#results tbody .badge"), ["Unchanged", "Left", "Changed", "Left", "New"]);
    let note =
        "Has left. The import does not bring them back; reactivate them on their page. Open the page of";
    let (of_ann, of_ben) = (format!("{note} Ann Archer"), format!("{note} Ben Brook"));
    assert_eq!(
        page.all("#results td .table__sub"),
        [of_ann.as_str(), of_ben.as_str(), "Department: – → Sales"]
    );
    let pages = [urls::hr::person(ann), urls::hr::person(ben)];
    assert_eq!(page.attributes("#results td a", "href"), pages);
    let only = hr.ask(Method::GET, &format!("{address}?show=left")).htmx("results").send().await.expect(200);
    let only = only.html().all("#results tbody th");
    assert_eq!(only, ["Ann Archer ann@example.test", "Ben Brook ben@example.test"]);

    let page = enter(&hr, &address).await;

    assert_eq!(totals(&page), ["1", "1", "1", "0"]);
    let gone = "SELECT COUNT(*) FROM people WHERE NOT is_active AND left_at IS NOT NULL";
    assert_eq!(shop.scalar(gone).await, 2);
    let told: Vec<_> = trail(&shop, ben).await.into_iter().map(|(action, _)| action).collect();
    assert_eq!(told, ["person.enter", "person.deactivate", "person.edit"]);
    // A second time there is nothing to enter, and they are told all the same.
    let (address, page) = upload(&hr, sheet.as_bytes()).await;
    assert_eq!(totals(&page), ["0", "0", "3", "0", "2"]);
    assert!(!page.has("main form"));
    hr.post(&format!("{address}/entry"), &[]).await.expect(303);
    assert_eq!(shop.scalar(gone).await, 2);
    assert_eq!((trail(&shop, ann).await.len(), trail(&shop, ben).await.len()), (2, 3));
    // On their page they come back.
    hr.post(&urls::hr::person_reactivation(ann), &[("reason", "Came back")]).await.expect(303);
    let (_, page) = upload(&hr, sheet.as_bytes()).await;
    assert_eq!(totals(&page), ["0", "0", "3", "0", "1"]);
    assert_eq!(page.all("#results tbody .badge"), ["Unchanged", "Unchanged", "Left", "Unchanged"]);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_gets_the_address_of_somebody_who_has_left_does_not_get_their_record() {
    let shop = Shop::open().await;
    let (_, hr) = desk(&shop).await;
    let (ann, _, cleo) = (shop.person("ann").await, shop.person("ben").await, shop.person("cleo").await);
    let (dan, eve) = (shop.person("dan").await, shop.person("eve").await);
    edit(&hr, cleo, &[("employee_number", "")]).await.expect(303);
    for person in [ann, cleo, dan, eve] {
        shop.deactivate(person).await;
    }
    let rows = "E-new,Ann Newman,Ann@Example.test,Design,,,\n\
                E-two,Cleo Second,cleo@example.test,,,,\n\
                E-ben,,dan@example.test,,,,\n\
                E-six,Eve Newman,eve@example.test,,,,\n\
                E-eve,Eve Ember,eve.ember@example.test,,,,\n\
                E-dan,Dan Dale,ben@example.test,,,,\n\
                E-good,Good One,good@example.test,,,,\n";
    let sheet = format!("{HEAD}{rows}");
    let (address, page) = upload(&hr, sheet.as_bytes()).await;
    assert_eq!(totals(&page), ["1", "0", "0", "6", "2"], "two rows are about them: by their numbers");
    assert_eq!(page.count("#results td a"), 6, "to each of them, and to Eve and Dan once more");
    let refused = hr.get(&format!("{address}/refused.csv")).await.expect(200).text();
    let says = "This e-mail address belongs to somebody who has left";
    let expected = [
        "Number,Name,E-mail,Department,Office,Hired on,Birthday,Why not".to_owned(),
        format!("E-new,Ann Newman,Ann@Example.test,Design,,,,\"{says} (Ann Archer, number E-ann).\""),
        format!("E-two,Cleo Second,cleo@example.test,,,,,{says} (Cleo Crane)."),
        format!("E-ben,,dan@example.test,,,,,\"{says} (Dan Dale, number E-dan).\""),
        format!("E-six,Eve Newman,eve@example.test,,,,,\"{says} (Eve Ember, number E-eve).\""),
        // Or the address would be free when the same file comes again.
        "E-eve,Eve Ember,eve.ember@example.test,,,,,Line 5 is about the same person.".to_owned(),
        "E-dan,Dan Dale,ben@example.test,,,,,This e-mail address belongs to somebody with another number."
            .to_owned(),
    ];
    assert_eq!(refused.trim_start_matches('\u{feff}').lines().collect::<Vec<_>>(), expected);

    let page = enter(&hr, &address).await;

    assert_eq!(totals(&page), ["1", "0", "0", "6"]);
    let to_them = [ann, cleo, dan, eve].map(urls::hr::person);
    assert_eq!(page.attributes("#results td a", "href"), to_them, "what was refused still leads to them");
    assert_eq!(hr.get(&format!("{address}/refused.csv")).await.expect(200).text(), refused);
    for (person, acts) in [(ann, 2), (cleo, 3), (dan, 2), (eve, 2)] {
        assert_eq!(trail(&shop, person).await.len(), acts, "nothing was done to them");
    }
    let (_, page) = upload(&hr, sheet.as_bytes()).await;
    assert_eq!(totals(&page), ["0", "0", "1", "6", "2"]);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_empty_cell_and_a_missing_column_leave_things_alone() {
    let shop = Shop::open().await;
    let (_, hr) = desk(&shop).await;
    let ann = shop.person("ann").await;
    let kept = [("department", "Design"), ("office", "berlin"), ("hired_on", "2020-01-01"), ("name", "Ann")];
    edit(&hr, ann, &kept).await.expect(303);
    let (_, page) = upload(&hr, b"number,name,email\n,Ann,ann@example.test\n").await;
    assert_eq!(totals(&page), ["0", "0", "1", "0"], "known by the address");
    let (_, page) = upload(&hr, format!("{HEAD}E-ann,Ann,ann@example.test,,,,\n").as_bytes()).await;
    assert_eq!(totals(&page), ["0", "0", "1", "0"]);
    // Known by the address, with another number from now on.
    let (address, page) = upload(&hr, b"number,name,email\nE-77,Ann,ann@example.test\n").await;
    assert_eq!(page.all("#results td .table__sub"), ["Number: E-ann → E-77"]);
    enter(&hr, &address).await;
    let sql =
        "SELECT COUNT(*) FROM people WHERE employee_number = 'E-77' AND department = 'Design' AND id = ?";
    assert_eq!(shop.scalar_of(sql, [ann.into()]).await, 1);
    let (_, page) = upload(&hr, b"number,name,email,department\nE-77,,,Sales\n").await;
    assert_eq!(page.all("#results td .table__sub"), ["Department: Design → Sales"]);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sheets_of_older_spreadsheets_are_read_and_what_is_no_sheet_says_why() {
    let shop = Shop::open().await;
    let (_, hr) = desk(&shop).await;
    // Windows-1252, semicolons, German headings, days with dots.
    let sheet = b"Personalnummer;Name;E-Mail;Abteilung;Standort;Eintritt;Geburtstag\r\n\
                  E-1;J\xfcrgen M\xfcller;juergen@example.test;\"Einkauf; Lager\";Berlin;01.02.2020;20.7.1969\r\n";
    let (address, page) = upload(&hr, sheet).await;
    assert_eq!(totals(&page), ["1", "0", "0", "0"]);
    enter(&hr, &address).await;
    let id = id_of(&shop, "juergen").await;
    let page = hr.get(&urls::hr::person(id)).await.expect(200).html();
    assert_eq!(page.text_of("h1"), "Jürgen Müller");
    assert_eq!(
        page.all(".facts dd")[2..6],
        ["Einkauf; Lager", "Berlin", "1 February 2020", "20 July 1969"].map(str::to_owned)
    );
    let before = shop.contents().await;
    for (file, says) in [
        (&b""[..], "There are no rows in this file."),
        (b"number,name,email\n", "There are no rows in this file."),
        (b"PK\x03\x04\x14\x00\x06\x00", "This file cannot be read as a sheet. Please save it as CSV."),
        (b"name,email\nAnn,ann@example.test\n", "There is no column “Number” in this file."),
        (b"number,name\nE-1,Ann\n", "There is no column “E-mail” in this file."),
    ] {
        let answer = hr.upload(&urls::hr::imports(), &[], &[("file", "people.csv", file)]).await.expect(422);
        assert_eq!(answer.html().text_of("#file-error"), says);
    }
    let none = hr.upload(&urls::hr::imports(), &[], &[]).await.expect(422);
    assert_eq!(none.html().text_of("#file-error"), "Please choose a file.");
    let long = format!("number,name,email\n{}", "1,a,b\n".repeat(20_001));
    let answer = hr.upload(&urls::hr::imports(), &[], &[("file", "people.csv", long.as_bytes())]).await;
    assert!(answer.expect(422).html().text_of("#file-error").starts_with("A sheet can have 20,000 rows"));
    let huge = vec![b'x'; 9 * 1024 * 1024];
    let answer = hr.upload(&urls::hr::imports(), &[], &[("file", "people.csv", &huge)]).await;
    answer.expect(413);
    shop.assert_unchanged(&before, "what is no sheet").await;
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_judged_again_when_it_is_entered_and_entered_once_by_any_number_of_clicks() {
    let shop = Shop::open().await;
    let (_, hr) = desk(&shop).await;
    let sheet = format!("{HEAD}E-1,Nora New,nora@example.test,,,,\nE-2,Otto Other,otto@example.test,,,,\n");
    let (address, page) = upload(&hr, sheet.as_bytes()).await;
    assert_eq!(totals(&page), ["2", "0", "0", "0"]);
    // Somebody enters Nora by hand, with her number, and gives Otto's address to Olga.
    for (name, email, number) in
        [("Nora Older", "nora@example.test", "E-1"), ("Olga Older", "otto@example.test", "E-8")]
    {
        let new = [("name", name), ("email", email), ("employee_number", number)];
        hr.post("/hr/people", &new).await.expect(303);
    }
    let entry = format!("{address}/entry");
    let answers = join_all((0..6).map(|_| hr.post(&entry, &[]))).await;
    assert!(
        answers.iter().all(|answer| answer.status() == 303),
        "{:?}",
        answers.iter().map(ToString::to_string).collect::<Vec<_>>()
    );
    let page = hr.get(&address).await.expect(200).html();
    assert_eq!(totals(&page), ["0", "2", "0", "0"], "both are known now, by number and by address");
    assert_eq!(names(&hr.get("/hr/people?q=o").await.html()).len(), 3);
    let whole = "SELECT COUNT(*) FROM audit_events WHERE action = 'people.import'";
    assert_eq!(shop.scalar(whole).await, 1);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sheet_that_nobody_enters_is_forgotten_after_a_day() {
    let shop = Shop::open().await;
    let (me, hr) = desk(&shop).await;
    let sheet = format!("{HEAD}E-1,Nora New,nora@example.test,,,,\n");
    let (entered, _) = upload(&hr, sheet.as_bytes()).await;
    enter(&hr, &entered).await;
    let (old, _) = upload(&hr, sheet.as_bytes()).await;
    shop.advance(86_400 - 1);
    shop.job(Job::ForgetImports).await;
    let hr = shop.browser_of(me).await;
    hr.get(&old).await.expect(200);
    shop.advance(1);
    hr.get(&old).await.expect(404);
    hr.post(&format!("{old}/entry"), &[]).await.expect(404);
    hr.get(&format!("{old}/refused.csv")).await.expect(404);
    shop.job(Job::ForgetImports).await;
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM people_imports").await, 1);
    hr.get(&entered).await.expect(200);
    let listed = hr.get(&urls::hr::imports()).await.expect(200).html();
    assert_eq!(listed.attributes("tbody th a", "href"), [entered]);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_rows_are_entered_within_a_request() {
    let shop = Shop::open().await;
    let (_, hr) = desk(&shop).await;
    let sheet = |department: &str| {
        let row = |n: usize| format!("N-{n},Person {n},p{n}@example.test,{department},Berlin,2020-01-01,");
        format!("{HEAD}{}", (0..10_000).map(row).collect::<Vec<_>>().join("\n"))
    };
    let (address, page) = upload(&hr, sheet("Design").as_bytes()).await;
    assert_eq!(totals(&page), ["10,000", "0", "0", "0"]);
    enter(&hr, &address).await;
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM people").await, 10_001);
    assert_eq!(names(&hr.get("/hr/people?q=p9999").await.expect(200).html()), ["Person 9999"]);
    let (address, page) = upload(&hr, sheet("Sales").as_bytes()).await;
    assert_eq!(totals(&page), ["0", "10,000", "0", "0"]);
    enter(&hr, &address).await;
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM people WHERE department = 'Sales'").await, 10_000);
    let (_, page) = upload(&hr, sheet("Sales").as_bytes()).await;
    assert_eq!(totals(&page), ["0", "0", "10,000", "0"]);
    shop.close().await;
}
