//! Each figure is the sum of the rows it leads to.

use std::collections::BTreeMap;

use awsomeshop::types::role::Desk;

use super::history;
use crate::support::answer::Answer;
use crate::support::browser::Browser;

/// A file by its headings.
pub(super) fn table(csv: &Answer) -> Vec<BTreeMap<String, String>> {
    let text = csv.text();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    reader.deserialize().map(Result::unwrap).collect()
}

pub(super) fn sum(rows: &[BTreeMap<String, String>], column: &str) -> i64 {
    rows.iter().map(|row| row[column].parse::<i64>().unwrap()).sum()
}

/// The rows behind a link, as the file with the same filter has them.
pub(super) async fn behind(browser: &Browser, href: &str) -> Vec<BTreeMap<String, String>> {
    browser.get(href).await.expect(200);
    let (path, query) = href.split_once('?').unwrap_or((href, ""));
    table(&browser.get(&format!("{path}.csv?{query}")).await.expect(200))
}

pub(super) fn number(text: &str) -> i64 {
    text.replace(',', "").parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_figure_is_the_sum_of_the_rows_it_leads_to() {
    let (shop, reader) = history().await;
    let page = reader.get("/hr/reports?range=last-month").await.expect(200).html();
    let values = page.all(".figure__value");
    let links = page.attributes(".figure", "href");
    assert_eq!((values.len(), links.len()), (13, 13));
    for index in 0..5 {
        let rows = behind(&reader, &links[index]).await;
        assert_eq!(sum(&rows, "Points").abs(), number(&values[index]), "{}", links[index]);
    }
    let holding = behind(&reader, &links[5]).await;
    assert_eq!(sum(&holding, "Balance at the end"), 617);
    assert!(holding.iter().all(|row| row["Balance at the end"] != "0"));
    let taking_part = behind(&reader, &links[7]).await;
    let names: Vec<&str> = taking_part.iter().map(|row| row["Person"].as_str()).collect();
    assert_eq!(names, ["Ann Archer"]);
    let rate = behind(&reader, &links[8]).await;
    assert_eq!(["Issued", "Redeemed", "Given back"].map(|column| sum(&rate, column)), [347, 700, 100]);
    let never = behind(&reader, &links[9]).await;
    let names: Vec<&str> = never.iter().map(|row| row["Product"].as_str()).collect();
    assert_eq!(names, ["Mug", "Vase"]);
    for index in 10..13 {
        let rows = behind(&reader, &links[index]).await;
        assert_eq!(sum(&rows, "Points"), number(&values[index]), "{}", links[index]);
    }

    // A department's row is the sum of its people, all products together what was redeemed and not given back.
    let other = shop.super_admin().await;
    let departments = page.attributes("#departments-table tbody th a", "href");
    let told = page.all("#departments-table tbody tr");
    for (href, line) in departments.iter().zip(&told) {
        let rows = behind(&other, href).await;
        let columns = ["Issued", "Redeemed", "Given back", "Expired", "Taken back", "Balance at the end"];
        let sums: Vec<String> = columns.iter().map(|column| sum(&rows, column).to_string()).collect();
        assert!(line.contains(&format!(" {} ", sums.join(" "))), "{line} is not {sums:?}");
    }
    let all = behind(&other, &page.attribute("#products-caption a", "href").unwrap()).await;
    assert_eq!((sum(&all, "Pieces"), sum(&all, "Points")), (3, 600));
    let trend = table(&other.get("/hr/reports/trend.csv?range=last-month").await.expect(200));
    let sums =
        ["Issued", "Redeemed", "Given back", "Expired", "Taken back"].map(|column| sum(&trend, column));
    assert_eq!((sums, trend.len()), ([347, 700, 100, 600, 30], 30));
    let groups = table(&other.get("/hr/reports/departments.csv?range=last-month").await.expect(200));
    assert_eq!((sum(&groups, "Redeemed"), sum(&groups, "Outstanding at the end")), (700, 617));
    let figures = table(&other.get("/hr/reports.csv?range=last-month").await.expect(200));
    let told: Vec<String> = figures.iter().map(|row| format!("{} {}", row["Figure"], row["Value"])).collect();
    for line in [
        "From 2026-06-01",
        "Up to 2026-06-30",
        "Issued 347",
        "Owed in money 6.17 EUR",
        "Participation 20.0 %",
        "Redemption rate 172.9 %",
    ] {
        assert!(told.iter().any(|told| told == line), "{line} is not in {told:?}");
    }
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_beyond_the_last_is_the_last() {
    let (shop, reader) = history().await;
    for (list, rows) in [("transfers", 9), ("people", 5), ("products", 3)] {
        let page =
            reader.get(&format!("/hr/reports/{list}?range=last-month&page=9")).await.expect(200).html();
        assert_eq!((page.count("#results tbody tr"), page.count(".pager")), (rows, 0), "{list}");
    }
    let page = reader.get("/hr/reports/expiring?days=90&page=9").await.expect(200).html();
    assert_eq!(page.count("#results tbody tr"), 2);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_are_found_filtered_and_sorted() {
    let (shop, reader) = history().await;
    let people = |query: &'static str| {
        let reader = reader.clone();
        async move {
            let page = reader.get(&format!("/hr/reports/people?range=last-month{query}")).await.expect(200);
            page.html().all("#results tbody th")
        }
    };
    assert_eq!(
        people("").await,
        ["Ann Archer", "Ben BrookDeactivated", "Cleo Crane", "Dan Dale", "hr-reports"]
    );
    assert_eq!(people("&sort=-held").await[..2], ["Ann Archer", "Ben BrookDeactivated"]);
    assert_eq!(people("&sort=redeemed").await[4], "Ann Archer");
    assert_eq!(people("&department=Design").await.len(), 2);
    assert_eq!(people("&department=-").await, ["Cleo Crane", "hr-reports"]);
    assert_eq!(people("&show=idle").await, ["Cleo Crane", "Dan Dale", "hr-reports"]);
    assert_eq!(people("&q=brook").await, ["Ben BrookDeactivated"]);
    assert_eq!(people("&q=E-dan").await, ["Dan Dale"]);
    assert_eq!(people("&q=nobody").await, [""; 0]);

    let page = reader.get("/hr/reports/transfers?range=last-month").await.expect(200).html();
    assert_eq!(page.text_of("#results [data-announce]"), "9 transfers · 447 points in · 1,330 points out");
    let ann = page.attributes("#results tbody th a", "href").last().unwrap().clone();
    assert!(ann.contains("person="), "{ann}");
    for (query, expected) in [
        ("&kind=redeem", "3 transfers · 700 points out"),
        ("&kind=redeem&q=ann", "2 transfers · 500 points out"),
        ("&q=cleo", "1 transfer · 40 points in"),
        ("&q=nobody", "No transfers"),
    ] {
        let page =
            reader.get(&format!("/hr/reports/transfers?range=last-month{query}")).await.expect(200).html();
        assert_eq!(page.text_of("#results [data-announce]"), expected, "{query}");
    }
    let htmx = reader.ask("GET".parse().unwrap(), "/hr/reports/transfers?range=last-month&sort=when");
    let swap = htmx.htmx("results").send().await.expect(200);
    assert!(!swap.text().contains("<html"), "only the results are swapped");
    let kinds = swap.html().all("tbody td:nth-child(3)");
    assert_eq!((kinds.len(), kinds[2].as_str(), kinds[8].as_str()), (9, "Redeemed", "Issued"));
    // The desk of reports is not that of orders: a number leads only those who may go there.
    let links = |page: &crate::support::html::Html| page.attributes("tbody td a", "href").len();
    assert_eq!(links(&swap.html()), 0);
    let all = shop.super_admin().await;
    assert_eq!(links(&all.get("/hr/reports/transfers?range=last-month&kind=redeem").await.html()), 3);
    all.get("/hr/reports/expiring?days=90").await.expect(200);
    let csv = reader.get("/hr/reports/expiring.csv?days=90").await.expect(200);
    let lots: Vec<String> =
        table(&csv).iter().map(|row| format!("{} {}", row["Person"], row["Last day"])).collect();
    assert_eq!(lots, ["Cleo Crane 2026-07-20", "Dan Dale 2026-09-15"]);
    assert!(shop.hr(Desk::People).await.get("/hr/reports/expiring.csv").await.status() == 403);
    shop.close().await;
}
