//! Who took part, and how much of what was issued was redeemed: an order that was given back is neither.

use awsomeshop::server::jobs::Job;
use awsomeshop::types::id::PersonId;
use awsomeshop::types::role::{Desk, Role};
use awsomeshop::urls;

use super::rows::table;
use super::{figures, go};
use crate::support::Shop;
use crate::support::browser::Browser;
use crate::support::setting::Goods;

async fn redeem(shop: &Shop, person: PersonId, mug: &Goods) -> String {
    shop.browser_of(person).await.redeem(mug, 1, "office:berlin").await
}

async fn give_back(shop: &Shop, person: PersonId, number: &str) {
    let browser = shop.browser_of(person).await;
    browser.post(&urls::order_cancellation(number), &[]).await.expect(303);
}

/// Participation and the redemption rate of some days, and the people who took part and who did not.
async fn told(browser: &Browser, days: &str) -> (Vec<String>, Vec<String>, Vec<String>) {
    let figures = figures(browser, &format!("?{days}")).await;
    let is_share = |figure: &String| figure.starts_with("Participation") || figure.starts_with("Redemption");
    let people = async |show: &str| {
        let page = browser.get(&format!("/hr/reports/people?{days}&show={show}")).await.expect(200).html();
        page.all("#results tbody th")
    };
    (figures.into_iter().filter(is_share).collect(), people("redeemed").await, people("idle").await)
}

/// The same as it should be.
fn share(participation: &str, rate: &str) -> Vec<String> {
    vec![format!("Participation: {participation}"), format!("Redemption rate: {rate}")]
}

const JUNE: &str = "from=2026-06-01&to=2026-06-30";
const JULY: &str = "from=2026-07-01&to=2026-07-31";
const BOTH: &str = "from=2026-06-01&to=2026-07-31";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_gave_back_all_they_redeemed_took_no_part() {
    let shop = Shop::open().await;
    let (ann, ben, cleo) = (shop.person("ann").await, shop.person("ben").await, shop.person("cleo").await);
    let reader = shop.person("reader").await;
    shop.role(reader, Role::Desk(Desk::Reports)).await;
    let mug = shop.product("Mug", 100, 9).await;
    for person in [ann, ben, cleo] {
        shop.grant(person, 300, None).await;
    }
    // Ann keeps none of one, Ben one of two, Cleo one until July.
    let anns = redeem(&shop, ann, &mug).await;
    give_back(&shop, ann, &anns).await;
    redeem(&shop, ben, &mug).await;
    let bens = redeem(&shop, ben, &mug).await;
    give_back(&shop, ben, &bens).await;
    go(&shop, "2026-06-20T10:00:00Z");
    let cleos = redeem(&shop, cleo, &mug).await;
    go(&shop, "2026-07-02T10:00:00Z");
    give_back(&shop, cleo, &cleos).await;
    shop.grant(ann, 400, None).await;
    go(&shop, "2026-07-15T10:00:00Z");

    for has_marks in [false, true] {
        if has_marks {
            shop.job(Job::MakeMarks).await;
        }
        let browser = shop.browser_of(reader).await;
        let told = async |days: &str| told(&browser, days).await;
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        // 400 redeemed and 200 given back of 900.
        assert_eq!(
            told(JUNE).await,
            (
                share("50.0 %", "22.2 %"),
                names(&["Ben Brook", "Cleo Crane"]),
                names(&["Ann Archer", "reader"])
            ),
            "marks: {has_marks}"
        );
        // Nothing redeemed and 100 given back of 400.
        assert_eq!(
            told(JULY).await,
            (
                share("0.0 %", "−25.0 %"),
                names(&[]),
                names(&["Ann Archer", "Ben Brook", "Cleo Crane", "reader"])
            ),
            "marks: {has_marks}"
        );
        assert_eq!(
            told(BOTH).await,
            (share("25.0 %", "7.7 %"), names(&["Ben Brook"]), names(&["Ann Archer", "Cleo Crane", "reader"])),
            "marks: {has_marks}"
        );
        let page = browser.get(&format!("/hr/reports?{JUNE}")).await.expect(200).html();
        let line = "Without a department 900 400 200 0 0 700 50.0 %";
        assert_eq!(page.all("#departments-table tbody tr"), [line], "marks: {has_marks}");
        let kept = "Active people who redeemed more than was given back";
        let departments =
            table(&browser.get(&format!("/hr/reports/departments.csv?{JUNE}")).await.expect(200));
        assert_eq!(departments[0][kept], "2", "marks: {has_marks}");
        let figures = table(&browser.get(&format!("/hr/reports.csv?{JUNE}")).await.expect(200));
        let value = |name: &str| figures.iter().find(|row| row["Figure"] == name).unwrap()["Value"].clone();
        let values = [kept, "Participation", "Redemption rate"].map(value);
        assert_eq!(values, ["2", "50.0 %", "22.2 %"], "marks: {has_marks}");
    }
    shop.close().await;
}
