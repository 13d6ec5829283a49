//! The second pair of eyes of rules: what gives everybody together more than one person may decide.

use awsomeshop::server::jobs::Job;
use awsomeshop::types::id::PersonId;
use awsomeshop::types::role::{Desk, Role};
use awsomeshop::urls::hr;

use super::{given, go_to, hired};
use crate::support::Shop;
use crate::support::browser::Browser;

const MADE: [(&str, &str); 2] = [("day_of_month", "15"), ("note", "Your points")];
const OVERVIEW: &str = "#grants";

async fn at_the_desk(shop: &Shop, key: &str) -> (PersonId, Browser) {
    let person = hired(shop, key, "2020-01-01").await;
    shop.role(person, Role::Desk(Desk::Points)).await;
    (person, shop.browser_of(person).await)
}

/// A monthly rule that gives each so much from June on, made at the desk; its address.
async fn rule(desk: &Browser, points: &str) -> String {
    let page = desk.get(&hr::new_rule("monthly")).await.expect(200).html();
    let form = MADE.iter().fold(page.form("form.panel"), |form, (field, value)| form.with(field, value));
    let made = desk.submit(&form.with("amount", points).with("starts_on", "2026-06-01")).await;
    made.expect(303).location().to_owned()
}

async fn change(desk: &Browser, rule: &str, field: &str, value: &str) {
    let form = desk.get(&format!("{rule}/edit")).await.expect(200).html().form("form.panel");
    desk.submit(&form.with(field, value)).await.expect(303);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rule_that_gives_much_waits_for_somebody_else_and_gives_nothing_meanwhile() {
    // Three people are here: 80 points each are 240, and 84 are 252.
    let shop = Shop::open_with(&[("SHOP_APPROVAL_ABOVE", "250")]).await;
    let (hal_id, hal) = at_the_desk(&shop, "hal").await;
    let (pia_id, pia) = at_the_desk(&shop, "pia").await;
    let ann = hired(&shop, "ann", "2020-01-01").await;
    let gone = hired(&shop, "ben", "2020-01-01").await;
    shop.deactivate(gone).await;
    rule(&hal, "80").await;
    shop.job(Job::ApplyRules).await;
    assert_eq!(given(&shop).await.len(), 3, "nobody has to look at a small one");
    assert_eq!(hal.get("/hr").await.expect(200).html().count(&format!("{OVERVIEW} a")), 0);

    let large = rule(&hal, "84").await;
    let page = hal.get(&large).await.expect(200).html();
    assert_eq!(page.all("h1 + p .badge"), ["Active", "Waits for approval"]);
    assert!(!page.has("form[action$='/approval']"));
    assert_eq!(
        page.text_of(".note--info"),
        "It waits for somebody else. You made its terms, so it is for somebody else to let it begin."
    );
    let preview = hal.get(&format!("{large}/preview")).await.expect(200).html();
    assert!(preview.text_of(".note--warn").starts_with("The rule waits for a second pair of eyes"));
    let overview = pia.get("/hr").await.expect(200).html();
    assert_eq!(overview.all(&format!("{OVERVIEW} a")), ["One rule waits"]);
    let before = shop.contents().await;
    hal.post(&format!("{large}/approval"), &[("version", "1")]).await.expect(409);
    shop.assert_unchanged(&before, "the maker's own approval").await;
    shop.job(Job::ApplyRules).await;
    assert_eq!(given(&shop).await.len(), 3);

    // The day goes by; what was missed is not given either while the rule waits.
    go_to(&shop, "2026-06-20");
    let (hal, pia) = (shop.browser_of(hal_id).await, shop.browser_of(pia_id).await);
    let missed = pia.get(&format!("{large}/missed")).await.expect(200).html();
    assert_eq!(missed.all("#missed h3 + p"), ["3 people, 252 points"]);
    assert_eq!((missed.count("#missed form"), missed.count("#missed .badge")), (0, 0));
    assert!(missed.text_of("#missed .note--warn").starts_with("The rule waits for a second pair of eyes"));
    let before = shop.contents().await;
    let catch_up = [("month", "2026-06")];
    pia.post(&format!("{large}/catch-ups"), &catch_up).await.expect(409);
    shop.assert_unchanged(&before, "a catch-up of a rule that waits").await;
    shop.job(Job::ApplyRules).await;
    assert_eq!(given(&shop).await.len(), 3);

    let approval = pia.get(&large).await.expect(200).html().form("form[action$='/approval']");
    pia.submit(&approval).await.expect(303);
    let once = shop.contents().await;
    pia.submit(&approval).await.expect(303);
    shop.assert_unchanged(&once, "the same click again").await;
    pia.post(&format!("{large}/catch-ups"), &catch_up).await.expect(303);
    shop.job(Job::ApplyRules).await;
    assert_eq!(given(&shop).await.len(), 6);
    let balance = "SELECT balance FROM accounts WHERE person_id = ?";
    assert_eq!(shop.scalar_of(balance, [ann.into()]).await, 164);
    let page = hal.get(&large).await.expect(200).html();
    assert_eq!(page.all(".facts dd")[3..5], ["Hal Hart", "Pia Pike"]);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM audit_events WHERE action = 'rule.approve'").await, 1);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_terms_wait_again_and_other_words_do_not() {
    let shop = Shop::open_with(&[("SHOP_APPROVAL_ABOVE", "250")]).await;
    let (_, hal) = at_the_desk(&shop, "hal").await;
    let (_, pia) = at_the_desk(&shop, "pia").await;
    let waits = async || shop.scalar("SELECT COUNT(*) FROM grant_rules WHERE is_waiting").await == 1;
    let rule = rule(&hal, "200").await;
    assert!(waits().await);
    let seen = pia.get(&rule).await.expect(200).html().form("form[action$='/approval']");
    // What somebody has looked at is not what they would let begin.
    change(&hal, &rule, "amount", "2000").await;
    let before = shop.contents().await;
    pia.submit(&seen).await.expect(409);
    shop.assert_unchanged(&before, "an approval of other terms").await;
    // Words leave it with whoever made the terms, so neither of the two can let their own begin.
    change(&pia, &rule, "note", "For all of us").await;
    hal.post(&format!("{rule}/approval"), &[("version", "3")]).await.expect(409);
    let approve = async |desk: &Browser| {
        let form = desk.get(&rule).await.expect(200).html().form("form[action$='/approval']");
        desk.submit(&form).await.expect(303);
    };
    approve(&pia).await;
    assert!(!waits().await);
    for (field, value, expected) in [
        ("note", "Thank you", false),
        ("day_of_month", "16", true),
        ("starts_on", "2026-05-01", true),
        ("lasts_months", "6", true),
        ("amount", "2001", true),
    ] {
        change(&hal, &rule, field, value).await;
        assert_eq!(waits().await, expected, "{field}");
        if expected {
            approve(&pia).await;
        }
    }
    // Whoever changes the terms is their maker.
    change(&pia, &rule, "amount", "3000").await;
    let own = pia.get(&rule).await.expect(200).html();
    assert!(!own.has("form[action$='/approval']"));
    approve(&hal).await;
    // Little enough for one person.
    change(&hal, &rule, "amount", "3001").await;
    change(&hal, &rule, "amount", "125").await;
    assert!(!waits().await);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_exception_gives_no_more_than_one_person_may_decide() {
    let shop = Shop::open_with(&[("SHOP_APPROVAL_ABOVE", "250")]).await;
    let (_, hal) = at_the_desk(&shop, "hal").await;
    let ann = hired(&shop, "ann", "2020-01-01").await;
    let rule = shop.monthly_rule(15, 10, "2026-06-01").await;
    let form = hal.get(&hr::new_override_for(rule, ann)).await.expect(200).html().form("form.panel");
    let before = shop.contents().await;
    let refused = hal.submit(&form.clone().with("amount", "251")).await.expect(422).html();
    assert_eq!(
        refused.text_of("#amount-error"),
        "An exception is one person’s decision, so it gives at most 250 points. More is given as a grant: somebody else \
         looks at it there."
    );
    shop.assert_unchanged(&before, "an exception of too much").await;
    hal.submit(&form.with("amount", "250")).await.expect(303);
    shop.job(Job::ApplyRules).await;
    assert_eq!(given(&shop).await, ["Ann Archer 250 2026-06", "Hal Hart 10 2026-06"]);
    shop.close().await;
}
