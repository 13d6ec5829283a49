//! People picked by a filter, and the lists.

use awsomeshop::server::jobs::Job;
use awsomeshop::types::role::Desk;

use super::stage::{commit, crowd, draft, sheet};
use crate::support::Shop;
use crate::support::copies::{COPY_ID, numbers};
use crate::support::html::Form;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_a_filter_picks_gets_the_same_and_nobody_else() {
    let shop = Shop::open().await;
    let ids = crowd(&shop, 30).await;
    let hr = shop.hr(Desk::Points).await;
    shop.deactivate(ids[1]).await;
    let hired = "UPDATE people SET hired_on = '2026-01-01' WHERE employee_number IN ('E-4', 'E-6', 'E-7')";
    shop.sql(hired, []).await;

    // Everybody active but the one who picks.
    let all = hr.get("/hr/points/runs/new?kind=many").await.expect(200).html();
    assert_eq!(all.text_of("#matches h2"), "29 people are picked");
    assert_eq!(all.count("#matches li"), 20);
    let one = hr.get("/hr/points/runs/new?kind=many&q=%20E-13").await.expect(200).html();
    assert_eq!(one.all("#matches li strong"), ["Person 13"], "by number, however it is written");
    let one = hr.get("/hr/points/runs/new?kind=many&q=sales+person+14").await.expect(200).html();
    assert_eq!(one.all("#matches li strong"), [""; 0], "every word must be there");
    let one = hr.get("/hr/points/runs/new?kind=many&q=14+PERSON").await.expect(200).html();
    assert_eq!(one.all("#matches li strong"), ["Person 14"], "in any order");
    let sales = "/hr/points/runs/new?kind=many&department=Sales&hired_from=2025-12-31&hired_to=2026-01-01";
    let picked = hr.ask(reqwest::Method::GET, sales).htmx("matches").send().await.expect(200);
    assert!(picked.text().trim_start().starts_with("<section"));
    assert_eq!(picked.html().all("#matches li strong"), ["Person 4", "Person 6"]);

    let form = hr.get(sales).await.expect(200).html();
    let fields = form.form_fields("#give");
    let mut fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.retain(|(name, _)| !["amount", "reason", "note"].contains(name));
    let before = shop.contents().await;
    let refused = hr.post("/hr/points/runs/many", &fields).await.expect(422).html();
    for field in ["amount", "reason", "note"] {
        assert!(refused.has(&format!("#{field}[aria-invalid]")), "{field}");
    }
    shop.assert_unchanged(&before, "an empty form").await;
    fields.extend([("amount", "40"), ("reason", "thank-you"), ("note", "A good start")]);
    let run = hr.post("/hr/points/runs/many", &fields).await.expect(303).location().to_owned();
    let page = hr.get(&run).await.expect(200).html();
    assert_eq!(page.all(".figure__value"), ["2", "80", "0", "0"]);
    assert_eq!(page.text_of("#results caption"), "Rows");
    commit(&hr, &run, &[]).await.expect(303);
    shop.job(Job::WorkGrantRuns).await;
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM accounts WHERE balance = 40").await, 2);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM accounts WHERE balance > 0").await, 2);
    // Nobody is nobody.
    let nobody = [("department", "Nowhere"), ("amount", "40"), ("reason", "thank-you"), ("note", "x")];
    hr.post("/hr/points/runs/many", &nobody).await.expect(422);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_typed_stays_when_one_looks_who_is_picked_without_javascript() {
    let shop = Shop::open().await;
    crowd(&shop, 4).await;
    let hr = shop.hr(Desk::Points).await;
    let page = hr.get("/hr/points/runs/new?kind=many").await.expect(200).html();
    // The first button of the form only looks, whatever is still missing, and Enter presses the first one.
    assert_eq!(page.attributes("#give button[type=submit]", "formmethod"), ["get"]);
    let look = page.attribute("#give #filter button[formmethod=get][formnovalidate]", "formaction").unwrap();
    assert_eq!(look, "/hr/points/runs/new");
    // With htmx the list alone comes again, and only the filter goes into the address.
    for (name, value) in [
        ("hx-get", look.as_str()),
        ("hx-target", "#matches"),
        ("hx-include", "#filter"),
        ("hx-push-url", "true"),
    ] {
        assert_eq!(page.attribute("#filter", name).as_deref(), Some(value), "{name}");
    }

    let filter = [("kind", "many"), ("department", "Sales"), ("q", "person")];
    let typed = [("amount", "40"), ("reason", "idea"), ("note", "Bright & early"), ("ends", "day")];
    let all = [&filter[..], &typed[..], &[("ends_on", "2026-12-24")]].concat();
    let form = all.iter().fold(page.form("#give"), |form, (name, value)| form.with(name, value));
    let looking = |form: &Form| Form { action: look.clone(), method: "get".to_owned(), ..form.clone() };
    let seen = hr.submit(&looking(&form)).await.expect(200).html();
    assert_eq!(seen.all("#matches li strong"), ["Person 2", "Person 4"]);
    let kept = seen.form("#give");
    assert_eq!((kept.action.as_str(), kept.method.as_str()), ("/hr/points/runs/many", "post"));
    for (name, value) in all {
        assert_eq!(kept.value(name), value, "{name}");
    }
    // Whoever only looks is not told what is still missing or wrong.
    let half = looking(&form.with("amount", "4o").with("note", ""));
    let seen = hr.submit(&half).await.expect(200).html();
    assert_eq!(seen.form("#give").value("amount"), "4o");
    assert!(!seen.has("#give [aria-invalid]") && !seen.has("[role=alert]"));

    let run = hr.submit(&kept).await.expect(303).location().to_owned();
    assert_eq!(hr.get(&run).await.expect(200).html().all(".figure__value"), ["2", "80", "0", "0"]);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn offices_are_called_by_their_names() {
    let shop = Shop::open().await;
    let ids = crowd(&shop, 3).await;
    // One of them the company has no more.
    for (person, office) in [(ids[0], "berlin"), (ids[1], "bonn")] {
        shop.sql("UPDATE people SET office = ? WHERE id = ?", [office.into(), person.into()]).await;
    }
    let hr = shop.hr(Desk::Points).await;
    let page = hr.get("/hr/points/runs/new?kind=many&office=berlin").await.expect(200).html();
    assert_eq!(page.all("#office option"), ["Any", "Berlin", "bonn"]);
    assert_eq!(page.attributes("#office option", "value"), ["", "berlin", "bonn"]);
    assert_eq!(page.all("#matches li strong"), ["Person 1"]);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn runs_are_found_sorted_and_downloaded() {
    let shop = Shop::open().await;
    crowd(&shop, 3).await;
    let hr = shop.hr(Desk::Points).await;
    for count in 1..=3 {
        let run = draft(&hr, &sheet(count, 10)).await;
        if count > 1 {
            commit(&hr, &run, &[]).await.expect(303);
        }
        shop.advance(60);
    }
    shop.job(Job::WorkGrantRuns).await;
    let totals = async |query: &str| {
        let page = hr.get(&format!("/hr/points/runs{query}")).await.expect(200).html();
        page.all("tbody td:nth-of-type(4)")
    };
    assert_eq!(totals("").await, ["30", "20", "10"]);
    assert_eq!(totals("?sort=total").await, ["10", "20", "30"]);
    assert_eq!(totals("?state=done&sort=-rows").await, ["30", "20"]);
    assert_eq!(totals("?state=draft&q=BONUS").await, ["10"]);
    assert_eq!(totals("?q=nothing%25like").await, [""; 0]);
    let file = hr.get("/hr/points/runs.csv?state=done&sort=total").await.expect(200).text();
    let rows: Vec<_> = file.lines().collect();
    assert_eq!(rows.len(), 3);
    assert!(rows[1].contains(",bonus.csv,Campaign,For the good year,hr-points,2,0,2,20,Done"), "{}", rows[1]);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_that_is_longer_than_its_file_says_how_much_of_it_the_file_holds() {
    let shop = Shop::open().await;
    crowd(&shop, 1).await;
    let hr = shop.hr(Desk::Points).await;
    draft(&hr, &sheet(1, 10)).await;
    let copies = format!(
        "INSERT INTO grant_runs (id, origin, state, file_name, digest, reason, note, ends, row_count, good_count, total, \
           granted_count, granted_total, failed_count, taken_back_count, taken_back_total, kept_count, maker_id, \
           verdict, reversal_note, version, created_at) \
         SELECT {COPY_ID}, origin, state, file_name, digest, reason, CONCAT_WS('', 'copy ', n), ends, row_count, \
           good_count, total, granted_count, granted_total, failed_count, taken_back_count, taken_back_total, \
           kept_count, maker_id, verdict, reversal_note, version, created_at FROM grant_runs, {}",
        numbers(10_000)
    );
    assert_eq!(shop.sql(&copies, []).await, 10_000);
    let said = async |query: &str| {
        let page = hr.get(&format!("/hr/points/runs{query}")).await.expect(200).html();
        assert_eq!(page.count("#results a[download]"), 1, "{query}");
        page.all("#results .results__head .row > span")
    };

    let limit = "The file holds the first 10,000 at most; narrow the filter if there are more.";
    assert_eq!(said("").await, [limit]);
    assert_eq!(said("?q=copy+100007").await, [""; 0]);
    shop.sql("DELETE FROM grant_runs WHERE note = 'copy 100007'", []).await;
    assert_eq!(said("").await, [""; 0], "the file holds all of them");
    // They have no rows: no run is like that.
    shop.sql("DELETE FROM grant_runs WHERE note LIKE 'copy %'", []).await;
    shop.close().await;
}
