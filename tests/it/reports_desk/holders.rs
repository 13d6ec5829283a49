//! The people behind the figures, page by page.

use std::collections::BTreeSet;

use awsomeshop::server::jobs::Job;

use super::{go, moment};
use crate::support::Shop;
use crate::support::browser::Browser;

/// A row: name, department, issued and held.
type Row = (String, String, i64, i64);

/// Every row of every page, and how many pages there are.
async fn walk(reader: &Browser, query: &str) -> (Vec<Row>, usize) {
    let mut rows = Vec::new();
    let mut number = 1;
    loop {
        let address = format!("/hr/reports/people?range=this-year{query}&page={number}");
        let page = reader.get(&address).await.expect(200).html();
        let cells = |place: &str| page.all(&format!("#results tbody {place}"));
        let amount = |text: &String| text.replace(',', "").parse::<i64>().unwrap();
        let (names, departments) = (cells("th"), cells("td:nth-child(2)"));
        assert!(names.len() <= 50, "{address}");
        let issued: Vec<i64> = cells("td:nth-child(3)").iter().map(amount).collect();
        let held: Vec<i64> = cells("td:nth-child(8)").iter().map(amount).collect();
        for (((name, department), issued), held) in names.into_iter().zip(departments).zip(issued).zip(held) {
            rows.push((name, department, issued, held));
        }
        if !page.has("#pager-next") {
            return (rows, number);
        }
        number += 1;
    }
}

/// 121 people, of whom many were given as much as others.
async fn many() -> (Shop, Browser) {
    let shop = Shop::open().await;
    for number in 0..120_i64 {
        let who = shop.person(&format!("Person-{:03}", (number * 7) % 120)).await;
        let points = [0, 100, 100, 30][usize::try_from(number % 4).unwrap()];
        if points > 0 {
            shop.grant(who, points, (number % 8 == 1).then(|| moment("2026-06-20T22:00:00Z"))).await;
        }
    }
    shop.sql("UPDATE people SET department = 'Stores' WHERE name LIKE 'Person-0%'", []).await;
    shop.sql("UPDATE people SET department = 'stores' WHERE name LIKE 'Person-00%'", []).await;
    go(&shop, "2026-06-25T10:00:00Z");
    shop.job(Job::ExpirePoints).await;
    let reader = shop.hr(awsomeshop::types::role::Desk::Reports).await;
    (shop, reader)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_hold_everybody_once_in_every_order() {
    let (shop, reader) = many().await;
    for marks in [false, true] {
        if marks {
            shop.job(Job::MakeMarks).await;
        }
        let (by_name, pages) = walk(&reader, "").await;
        assert_eq!((by_name.len(), pages), (121, 3));
        assert!(by_name.is_sorted_by_key(|row| row.0.to_lowercase()));
        let everybody: BTreeSet<Row> = by_name.iter().cloned().collect();
        assert_eq!(everybody.len(), 121);
        let mut back = walk(&reader, "&sort=-name").await.0;
        back.reverse();
        assert_eq!(back, by_name);
        // Whoever has as much as others stands with them by name, whichever way the list goes.
        for (sort, amount) in [("issued", 2), ("held", 3)] {
            let of = |row: &Row| if amount == 2 { row.2 } else { row.3 };
            let mut expected = by_name.clone();
            expected.sort_by_key(|row| of(row));
            assert_eq!(walk(&reader, &format!("&sort={sort}")).await.0, expected, "{sort}");
            expected.sort_by_key(|row| -of(row));
            assert_eq!(walk(&reader, &format!("&sort=-{sort}")).await.0, expected, "-{sort}");
        }
        for sort in ["department", "-department"] {
            let rows = walk(&reader, &format!("&sort={sort}")).await.0;
            let mut departments: Vec<String> = rows.iter().map(|row| row.1.to_lowercase()).collect();
            departments.dedup();
            assert_eq!(departments.len(), 2, "{sort}: {departments:?}");
            assert_eq!(rows.into_iter().collect::<BTreeSet<_>>(), everybody);
        }
        // Departments are told apart letter by letter; what fits is added up beside what is shown.
        for (query, people) in [
            ("&department=Stores", 90),
            ("&department=stores", 10),
            ("&department=-", 21),
            ("&show=holding", 75),
            ("&show=idle", 121),
            ("&show=redeemed", 0),
            ("&show=holding&department=stores", 6),
            ("&q=person-00", 10),
            ("&q=100%25", 0),
            ("&show=holding&sort=-held&q=E-Person-001", 1),
        ] {
            let (rows, _) = walk(&reader, query).await;
            assert_eq!(rows.len(), people, "{query}");
            let page = reader.get(&format!("/hr/reports/people?range=this-year{query}")).await.html();
            let total = page.all("#results tfoot td").last().map(|held| held.replace(',', ""));
            let held: i64 = rows.iter().map(|row| row.3).sum();
            assert_eq!(total, (people > 0).then(|| held.to_string()), "{query}");
        }
    }
    shop.close().await;
}
