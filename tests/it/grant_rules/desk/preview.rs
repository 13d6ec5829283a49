//! What comes next: somebody among many, and all of it as a file.

use awsomeshop::types::role::Desk;
use awsomeshop::types::rule_kind::RuleKind;
use awsomeshop::urls::hr;

use crate::grant_rules::hired;
use crate::support::Shop;
use crate::support::copies::{COPY_ID, numbers};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_is_found_among_many_who_are_given_the_same() {
    let shop = Shop::open().await;
    let rule = shop.monthly_rule(20, 250, "2026-06-01").await;
    let today = shop.monthly_rule(15, 250, "2026-06-01").await;
    for number in 0..60 {
        hired(&shop, &format!("p{number:02}"), "2020-01-01").await;
    }
    let desk = shop.hr(Desk::Points).await;
    let page = async |rule, query| desk.get(&hr::rule_preview(rule, query)).await.expect(200).html();
    let tens: Vec<String> = (10..20).map(|number| format!("p{number}E-p{number}")).collect();
    let cases: [(&str, &str, &[String]); 4] = [
        ("q=P07", "1 person, 250 points", &["p07E-p07".to_owned()]),
        ("q=example+%20E-p1", "10 people, 2,500 points", &tens),
        ("q=p07+p08", "Nobody, 0 points", &[]),
        ("q=%25", "Nobody, 0 points", &[]),
    ];
    for (query, told, people) in cases {
        let found = page(rule, query).await;
        assert_eq!(found.text_of("#preview .results__head"), format!("20 June 2026: {told}"), "{query}");
        assert_eq!(found.all("#due tbody th"), people, "{query}");
    }
    // Whoever is looked for, it is about the same day.
    let nobody = page(today, "q=nobody").await;
    assert_eq!(nobody.text_of("#preview .results__head"), "15 June 2026: Nobody, 0 points");
    assert_eq!(nobody.form("#due-filter").value("q"), "nobody");
    // What is looked for stands in the address, with htmx as without, so that the list can be kept and opened again.
    assert_eq!(nobody.count("main [hx-push-url=true] #due-filter[hx-get]"), 1);
    let found = desk.submit(&nobody.form("#due-filter").with("q", "p07")).await.expect(200);
    assert_eq!(found.url.path(), hr::rule_preview(today, ""));
    assert_eq!(found.url.query(), Some("q=p07"));
    let found = desk.get(found.url.as_str()).await.expect(200).html();
    assert_eq!(found.form("#due-filter").value("q"), "p07");
    assert_eq!(found.text_of("#preview .results__head"), "15 June 2026: 1 person, 250 points");

    let all = page(rule, "q=p").await;
    assert_eq!(all.attributes("#pager-next-due", "href"), [hr::rule_preview(rule, "q=p&page=2")]);
    assert_eq!(page(rule, "q=p&page=2").await.count("#due tbody tr"), 11, "HR is given theirs, too");
    assert_eq!(all.count("main [hx-push-url=true] #pager-next-due"), 1);
    // On the rule's own page, which holds the same list, the address stays the rule's.
    let held = desk.ask(reqwest::Method::GET, &hr::rule_preview(rule, "q=p")).htmx("preview");
    let held = held.send().await.expect(200).html();
    assert_eq!((held.count("#pager-next-due"), held.count("[hx-push-url]")), (1, 0));
    let part = desk.ask(reqwest::Method::GET, &hr::rule_preview(rule, "q=p07")).htmx("due");
    let part = part.send().await.expect(200).text();
    assert!(part.trim_start().starts_with("<div class=\"swap stack stack--near\" id=\"due\""), "{part}");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_is_found_among_those_whose_own_day_it_is() {
    let shop = Shop::open().await;
    hired(&shop, "ann", "2020-06-20").await;
    hired(&shop, "ben", "2020-06-25").await;
    let rule = shop.rule(RuleKind::Anniversary, None, 50, "2026-06-01").await;
    let desk = shop.hr(Desk::Points).await;
    for (query, told, people) in [
        ("", "2 people, 100 points", &["Ann ArcherE-ann", "Ben BrookE-ben"][..]),
        ("page=9", "2 people, 100 points", &["Ann ArcherE-ann", "Ben BrookE-ben"]),
        ("q=BROOK+e-ben", "1 person, 50 points", &["Ben BrookE-ben"]),
        ("q=nobody", "Nobody, 0 points", &[]),
    ] {
        let found = desk.get(&hr::rule_preview(rule, query)).await.expect(200).html();
        let expected = format!("15 June 2026 – 15 July 2026: {told}");
        assert_eq!(found.text_of("#preview .results__head"), expected, "{query}");
        assert_eq!(found.all("#due tbody th"), people, "{query}");
    }
    let file = desk.get(&hr::rule_preview_csv(rule, "q=brook")).await.expect(200).text();
    assert_eq!(file.lines().skip(1).collect::<Vec<_>>(), ["Ben Brook,E-ben,2026-06-25,50,"]);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_that_comes_next_is_a_file() {
    let shop = Shop::open().await;
    let rule = shop.monthly_rule(20, 250, "2026-06-01").await;
    for number in 0..60 {
        hired(&shop, &format!("p{number:02}"), "2020-01-01").await;
    }
    let ann = hired(&shop, "ann", "2020-01-01").await;
    shop.sql("UPDATE people SET name = '=1+1' WHERE email = 'p07@example.test'", []).await;
    let desk = shop.hr(Desk::Points).await;
    let form = desk.get(&hr::new_override_for(rule, ann)).await.expect(200).html().form("form.panel");
    desk.submit(&form.with("amount", "400")).await.expect(303);
    let page = desk.get(&hr::rule_preview(rule, "q=p0")).await.expect(200).html();
    assert_eq!(page.attributes("#due a[download]", "href"), [hr::rule_preview_csv(rule, "q=p0")]);
    for (query, count) in [("", 62), ("q=p0", 10), ("q=nobody", 0)] {
        let file = desk.get(&hr::rule_preview_csv(rule, query)).await.expect(200).text();
        assert_eq!(file.lines().count(), count + 1, "{query}");
    }
    let file = desk.get(&hr::rule_preview_csv(rule, "")).await.expect(200).text();
    let lines: Vec<_> = file.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(
        lines[..2],
        ["Person,Employee number,Day,Points,Exception", "Ann Archer,E-ann,2026-06-20,400,Exception"]
    );
    assert!(lines.contains(&"'=1+1,E-p07,2026-06-20,250,"), "{file}");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_people_than_a_file_holds_are_told_so() {
    let shop = Shop::open().await;
    let rule = shop.monthly_rule(20, 250, "2026-06-01").await;
    let desk = shop.hr(Desk::Points).await;
    let copies = format!(
        "INSERT INTO people (id, name, email, is_active, version, created_at, search_text) \
         SELECT {COPY_ID}, name, CONCAT_WS('', n, '@example.test'), is_active, version, created_at, \
           CONCAT_WS('', 'copy ', n) FROM people, {}",
        numbers(50_000)
    );
    assert_eq!(shop.sql(&copies, []).await, 50_000);
    let said = async |query: &str| {
        let page = desk.get(&hr::rule_preview(rule, query)).await.expect(200).html();
        assert_eq!(page.count("#due a[download]"), 1, "{query}");
        page.all("#due .row .row > span")
    };

    let limit = "The file holds the first 50,000 at most; narrow the filter if there are more.";
    assert_eq!(said("").await, [limit]);
    assert_eq!(said("q=copy").await, [""; 0], "the file holds all of them");
    shop.close().await;
}
