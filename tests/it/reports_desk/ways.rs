//! The ways from the tables of the overview to the rows behind them.

use awsomeshop::server::jobs::Job;
use awsomeshop::types::role::Desk;

use super::rows::{behind, number, sum};
use super::{figures, history};
use crate::support::Shop;
use crate::support::browser::Browser;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_number_of_the_trend_leads_to_its_transfers() {
    let (shop, reader) = history().await;
    let page = reader.get("/hr/reports?range=last-month").await.expect(200).html();
    let days = page.attributes("#trend-table tbody th a", "href");
    assert_eq!(
        (days.len(), days[4].as_str()),
        (30, "/hr/reports/transfers?from=2026-06-05&to=2026-06-05"),
        "a day leads to all that moved on it"
    );
    let moved: Vec<i64> = {
        let rows = behind(&reader, &days[4]).await;
        rows.iter().map(|row| row["Points"].parse().unwrap()).collect()
    };
    assert_eq!((moved.len(), moved.iter().sum::<i64>()), (3, -700));
    let numbers = page.all("#trend-table tbody td a");
    let links = page.attributes("#trend-table tbody td a", "href");
    assert_eq!(numbers, ["340", "700", "100", "600", "30", "7"], "nothing leads nowhere");
    assert_eq!(links[1], "/hr/reports/transfers?from=2026-06-05&to=2026-06-05&kind=redeem");
    for (shown, href) in numbers.iter().zip(&links) {
        assert_eq!(sum(&behind(&reader, href).await, "Points").abs(), number(shown), "{href}");
    }

    let page = reader.get("/hr/reports?range=this-year").await.expect(200).html();
    let months = page.attributes("#trend-table tbody th a", "href");
    assert_eq!(
        (months.len(), months[5].as_str()),
        (12, "/hr/reports/transfers?from=2026-06-01&to=2026-06-30")
    );
    let links = page.attributes("#trend-table tbody tr:nth-child(6) td a", "href");
    let mut sums = Vec::new();
    for href in &links {
        sums.push(sum(&behind(&reader, href).await, "Points"));
    }
    assert_eq!(sums, [347, -700, 100, -600, -30]);
    shop.close().await;
}

/// The numbers of the departments in June that lead anywhere, each compared with the rows it leads to.
async fn of_departments(reader: &Browser) -> Vec<String> {
    let page = reader.get("/hr/reports?range=last-month").await.expect(200).html();
    let numbers = page.all("#departments-table tbody td a");
    let links = page.attributes("#departments-table tbody td a", "href");
    assert_eq!(numbers.len(), links.len());
    for (shown, href) in numbers.iter().zip(&links) {
        let rows = behind(reader, href).await;
        if href.starts_with("/hr/reports/transfers?") {
            assert_eq!(sum(&rows, "Points").abs(), number(shown), "{href}");
        } else if href.contains("&show=holding") {
            assert_eq!(sum(&rows, "Balance at the end"), number(shown), "{href}");
        } else {
            assert!(href.contains("&show=redeemed") && shown.ends_with(" %"), "{shown} leads to {href}");
            assert!(rows.iter().all(|row| row["Redeemed"] != "0") && !rows.is_empty(), "{href}");
        }
    }
    numbers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_number_of_a_department_leads_to_the_rows_of_those_who_are_in_it() {
    let (shop, reader) = history().await;
    // Told apart letter by letter, and whatever they are called.
    let renamed = "UPDATE people SET department = ? WHERE email = ?";
    shop.sql(renamed, ["design".into(), "cleo@example.test".into()]).await;
    shop.sql(renamed, ["R&D + 100%".into(), "dan@example.test".into()]).await;
    let told = ["300", "700", "100", "600", "30", "570", "100.0 %", "7", "7", "40", "40"];
    assert_eq!(of_departments(&reader).await, told);
    shop.job(Job::MakeMarks).await;
    assert_eq!(of_departments(&reader).await, told, "with the sums of the past");
    let page = reader.get("/hr/reports?range=last-month").await.expect(200).html();
    let links = page.attributes("#departments-table tbody tr:first-child td a", "href");
    let days = "from=2026-06-01&to=2026-06-30";
    assert_eq!(links[1], format!("/hr/reports/transfers?{days}&kind=redeem&department=Design"));
    assert_eq!(links[5], format!("/hr/reports/people?{days}&department=Design&show=holding"));
    assert_eq!(links[6], format!("/hr/reports/people?{days}&department=Design&show=redeemed"));

    // Whoever goes to another department takes what they did along, in the sums as in the rows.
    let moved =
        "UPDATE people SET department = 'design', version = version + 1 WHERE email = 'ben@example.test'";
    shop.sql(moved, []).await;
    let told = ["300", "500", "100", "600", "300", "100.0 %", "40", "200", "30", "310", "7", "7"];
    for again in [false, true] {
        if again {
            shop.job(Job::MakeMarks).await;
        }
        assert_eq!(of_departments(&reader).await, told, "made again: {again}");
    }
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn transfers_are_narrowed_to_a_department() {
    let (shop, reader) = history().await;
    let address = "/hr/reports/transfers?from=2026-06-01&to=2026-06-30";
    let open = async |query: &str| reader.get(&format!("{address}{query}")).await.expect(200).html();
    for (query, told) in [
        ("&department=Design", "7 transfers · 400 points in · 1,330 points out"),
        ("&department=Design&q=brook", "2 transfers · 230 points out"),
        ("&department=Design&kind=expire", "1 transfer · 600 points out"),
        ("&department=Sales", "1 transfer · 7 points in"),
        ("&department=-", "1 transfer · 40 points in"),
        ("&department=design", "No transfers"),
        ("&department=Nowhere", "No transfers"),
    ] {
        assert_eq!(open(query).await.text_of("#results [data-announce]"), told, "{query}");
    }
    let page = open("&department=Design&kind=redeem").await;
    assert_eq!(
        page.all("#department option"),
        ["All departments", "Design", "Sales", "Without a department"]
    );
    let form = page.form("#filter");
    assert_eq!((form.value("department"), form.value("kind")), ("Design", "redeem"));
    let sums = reader.submit(&form.with("department", "Sales").with("kind", "")).await.expect(200).html();
    assert_eq!(sums.text_of("#results [data-announce]"), "1 transfer · 7 points in");
    let file = page.attribute("#results a[download]", "href").unwrap();
    assert!(file.ends_with("&kind=redeem&department=Design"), "{file}");
    // Somebody's own transfers are theirs, wherever they are.
    let person = page.attributes("#results tbody th a", "href").remove(0);
    assert!(person.contains("&person=") && !person.contains("department="), "{person}");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn transfers_of_somebody_say_whose_they_are_and_lead_on_to_everybodys() {
    let (shop, reader) = history().await;
    let ann = shop.id_of("SELECT id FROM people WHERE email = 'ann@example.test'", []).await;
    let address = "/hr/reports/transfers?from=2026-06-01&to=2026-06-30&kind=redeem";
    let open = async |query: &str| reader.get(&format!("{address}{query}")).await.expect(200).html();
    let page = open(&format!("&person={ann}")).await;
    assert_eq!(page.text_of("h1"), "Transfers of Ann Archer");
    assert_eq!(page.text_of("#results [data-announce]"), "2 transfers · 500 points out");
    assert_eq!(page.form("#filter").value("person"), ann.to_string());
    assert_eq!(page.attribute(".head__end a", "href").as_deref(), Some(address));
    // What is nobody's id asks for everybody, like nothing at all.
    for query in ["", "&person=nobody"] {
        let page = open(query).await;
        assert_eq!((page.text_of("h1"), page.has(".head__end")), ("Transfers".to_owned(), false), "{query}");
        assert_eq!(page.text_of("#results [data-announce]"), "3 transfers · 700 points out", "{query}");
        assert_eq!(page.form("#filter").value("q"), "", "{query}");
    }
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_product_leads_to_its_orders_or_to_its_row_among_all_products() {
    let (shop, reader) = history().await;
    let place = "#products-table tbody th a";
    let page = reader.get("/hr/reports?range=last-month").await.expect(200).html();
    let href = page.attribute(place, "href").unwrap();
    assert_eq!(href, "/hr/reports/products?from=2026-06-01&to=2026-06-30&q=Desk+lamp");
    let rows = behind(&reader, &href).await;
    assert_eq!((rows.len(), sum(&rows, "Pieces"), sum(&rows, "Points")), (1, 3, 600));

    let all = shop.super_admin().await;
    let page = all.get("/hr/reports?range=last-month").await.expect(200).html();
    let href = page.attribute(place, "href").unwrap();
    assert_eq!(href, "/hr/orders?state=all&product=desk-lamp&from=2026-06-01&to=2026-06-30");
    let orders = all.get(&href).await.expect(200).html();
    let people = orders.all("#orders tbody td:nth-child(3)");
    assert_eq!(people.len(), 2, "{people:?}");
    assert!(people[0].starts_with("Ben Brook") && people[1].starts_with("Ann Archer"), "{people:?}");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nobody_can_see_is_not_what_nobody_wants() {
    let shop = Shop::open().await;
    shop.product("Vase", 50, 9).await;
    let coming = shop.product("Parasol", 50, 9).await;
    let gone = shop.product("Sledge", 50, 9).await;
    let now = shop.now();
    let seen_from = "UPDATE products SET visible_from = ? WHERE id = ?";
    shop.sql(seen_from, [now.plus_seconds(60).into(), coming.id.into()]).await;
    shop.sql("UPDATE products SET visible_until = ? WHERE id = ?", [now.into(), gone.id.into()]).await;
    let reader = shop.hr(Desk::Reports).await;
    let never = async || {
        let told = figures(&reader, "").await;
        let rows = behind(&reader, "/hr/reports/products?show=never&sort=name").await;
        let names: Vec<String> = rows.into_iter().map(|mut row| row.remove("Product").unwrap()).collect();
        (told.into_iter().find(|told| told.starts_with("Products never")).unwrap(), names)
    };
    assert_eq!(never().await, ("Products never redeemed: 1".to_owned(), vec!["Vase".to_owned()]));
    shop.advance(60);
    let both = vec!["Parasol".to_owned(), "Vase".to_owned()];
    assert_eq!(never().await, ("Products never redeemed: 2".to_owned(), both));
    shop.close().await;
}
