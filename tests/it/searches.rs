//! Searches: a capital and its small letter are the same to every list, also beyond ASCII, and on SQLite as on a server.

use awsomeshop::urls::hr;

use crate::support::Shop;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_capital_and_its_small_letter_are_the_same_to_every_list() {
    let shop = Shop::open().await;
    let desk = shop.super_admin().await;
    let ann = shop.person("ann").await;
    let lamp = shop.digital_product("Öllampe", 5, &["AAAA-1"]).await;
    let give = desk.get(&hr::new_grant_for(ann)).await.expect(200).html().form("#by-hand");
    let give = give.with("amount", "50").with("reason", "idea").with("note", "Für die Übung");
    desk.submit(&give.with("step", "do")).await.expect(303);
    let browser = shop.browser_of(ann).await;
    let number = browser.redeem(&lamp, 1, "").await;
    let terms = [("reason", "campaign"), ("note", "Zum Jubiläum"), ("ends", "policy"), ("ends_on", "")];
    let sheet = "number,amount,note\nÖdön,5,\nE-ann,5,\n";
    let run = desk.upload("/hr/points/runs", &terms, &[("file", "PRÄMIE.csv", sheet.as_bytes())]).await;
    let run = run.expect(303).location().to_owned();

    for (address, rows) in [
        ("/orders?q=ÖLLAMPE".to_owned(), 1),
        ("/orders?q=öllampe".to_owned(), 1),
        (format!("/orders?q={}", number.to_lowercase()), 1),
        ("/orders?q=ölkanne".to_owned(), 0),
    ] {
        let page = browser.get(&address).await.expect(200).html();
        assert_eq!(page.count(&format!("#results a[href='/orders/{number}']")), rows, "{address}");
    }
    for (address, rows) in [
        ("/hr/orders?state=all&product=ÖLLAMPE".to_owned(), 1),
        ("/hr/orders?state=all&product=Ölkanne".to_owned(), 0),
        ("/hr/points?note=ÜBUNG".to_owned(), 1),
        ("/hr/points?note=übung".to_owned(), 1),
        ("/hr/points?note=übel".to_owned(), 0),
        ("/hr/points/runs?q=prämie".to_owned(), 1),
        ("/hr/points/runs?q=JUBILÄUM".to_owned(), 1),
        ("/hr/points/runs?q=HR-ALL".to_owned(), 1),
        ("/hr/points/runs?q=märz".to_owned(), 0),
        (format!("{run}?q=ödÖN"), 1),
        (format!("{run}?q=ARCHER+ann"), 1),
        (format!("{run}?q=ödipus"), 0),
    ] {
        let page = desk.get(&address).await.expect(200).html();
        assert_eq!(page.count("#results tbody tr"), rows, "{address}");
    }
    shop.close().await;
}
