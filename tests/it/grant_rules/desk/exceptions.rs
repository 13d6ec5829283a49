//! Exceptions of a rule that has very many.

use std::collections::BTreeSet;

use awsomeshop::types::role::Desk;
use awsomeshop::urls::hr;

use crate::grant_runs::stage::crowd;
use crate::support::Shop;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_exception_can_be_reached_and_removed() {
    let shop = Shop::open().await;
    let rule = shop.monthly_rule(15, 250, "2026-06-01").await;
    for person in crowd(&shop, 60).await {
        let sql = "INSERT INTO grant_rule_overrides (rule_id, person_id, amount, at) VALUES (?, ?, 5, ?)";
        shop.sql(sql, [rule.into(), person.into(), shop.now().into()]).await;
    }
    let desk = shop.hr(Desk::Points).await;
    let page = async |query: &str| desk.get(&hr::rule_filtered(rule, query)).await.expect(200).html();
    let first = page("").await;
    assert_eq!(first.attributes("#pager-next-exceptions", "href"), [hr::rule_filtered(rule, "page=2")]);
    let second = page("page=2").await;
    let names = [first.all("#exceptions tbody th"), second.all("#exceptions tbody th")];
    assert_eq!(names.each_ref().map(Vec::len), [50, 10]);
    assert_eq!(names.concat().into_iter().collect::<BTreeSet<_>>().len(), 60);
    // A page that is not there any more is the last one.
    assert_eq!(page("page=9").await.all("#exceptions tbody th"), names[1]);
    let part = desk.ask(reqwest::Method::GET, &hr::rule_filtered(rule, "page=2")).htmx("exceptions");
    let part = part.send().await.expect(200).text();
    assert!(
        part.trim_start().starts_with("<section class=\"swap stack stack--near\" id=\"exceptions\""),
        "{part}"
    );

    // Whoever changes one finds what it says, and comes back to the page it stood on.
    let one = second.attributes("#exceptions tbody tr:last-child th a", "href").remove(0);
    let form = desk.get(&one).await.expect(200).html();
    assert_eq!(form.attributes(".back", "href"), [hr::rule_filtered(rule, "page=2")]);
    let form = form.form("form.panel");
    assert_eq!((form.value("gives"), form.value("amount")), ("amount", "5"));
    let refused = desk.submit(&form.clone().with("amount", "none")).await.expect(422).html();
    let done = desk.submit(&refused.form("form.panel").with("amount", "").with("gives", "never")).await;
    assert_eq!(done.expect(303).location(), hr::rule_filtered(rule, "page=2"));
    assert_eq!(desk.get(&one).await.expect(200).html().form("form.panel").value("gives"), "never");
    assert_eq!(page("page=2").await.text_of("#exceptions tbody tr:last-child td.num"), "Never");

    // So does whoever removes one.
    let removal = second.form("#exceptions tbody tr:last-child form");
    let done = desk.submit(&removal).await.expect(303);
    assert_eq!(done.location(), hr::rule_filtered(rule, "page=2"));
    assert_eq!(page("page=2").await.all("#exceptions tbody th"), names[1][..9]);
    let done = desk.submit(&first.form("#exceptions tbody tr:first-child form")).await.expect(303);
    assert_eq!(done.location(), hr::rule(rule));
    for odd in ["", "0", "-2", "2 ", "2&page=3", "//evil.example", "2\r\nx: y"] {
        let done = desk.submit(&removal.clone().with("page", odd)).await.expect(303);
        assert_eq!(done.location(), hr::rule(rule), "{odd:?} is no page");
    }
    let done = desk.post(&removal.action, &[]).await.expect(303);
    assert_eq!(done.location(), hr::rule(rule));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn how_many_exceptions_there_are_is_told_when_their_list_is_swapped() {
    let shop = Shop::open().await;
    let rule = shop.monthly_rule(15, 250, "2026-06-01").await;
    let desk = shop.hr(Desk::Points).await;
    let told = async || {
        let part = desk.ask(reqwest::Method::GET, &hr::rule(rule)).htmx("exceptions").send().await;
        part.expect(200).html().text_of("#exceptions [data-announce]")
    };
    assert_eq!(told().await, "Everybody is given the same.");
    for (person, expected) in crowd(&shop, 2).await.into_iter().zip(["One exception", "2 exceptions"]) {
        let sql = "INSERT INTO grant_rule_overrides (rule_id, person_id, amount, at) VALUES (?, ?, 5, ?)";
        shop.sql(sql, [rule.into(), person.into(), shop.now().into()]).await;
        assert_eq!(told().await, expected);
    }
    shop.close().await;
}
