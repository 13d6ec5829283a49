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

    let removals = second.attributes("#exceptions form", "action");
    desk.post(&removals[9], &[]).await.expect(303);
    assert_eq!(page("page=2").await.all("#exceptions tbody th"), names[1][..9]);
    shop.close().await;
}
