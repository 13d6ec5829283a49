//! Taking a run back.

use awsomeshop::server::jobs::Job;
use awsomeshop::types::role::Desk;
use futures::FutureExt;
use futures::future::join_all;
use serde_json::json;

use super::stage::{assert_state, colleague, commit, crowd, draft, granted, sheet, subject, trail};
use crate::support::Shop;

const TAKEN: &str = "SELECT taken_back_count FROM grant_runs";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_untouched_comes_back_and_what_was_spent_stays() {
    let shop = Shop::open().await;
    let ids = crowd(&shop, 120).await;
    let hr = shop.hr(Desk::Points).await;
    let pen = shop.digital_product("Pen", 5, &["AAAA-1", "AAAA-2"]).await;
    let run = granted(&shop, &hr, &sheet(120, 7)).await;
    shop.browser_of(ids[0]).await.redeem(&pen, 1, "").await;
    shop.browser_of(ids[1]).await.redeem(&pen, 1, "").await;
    // One has points from elsewhere, which nobody touches.
    shop.grant(ids[2], 100, None).await;

    let page = hr.get(&format!("{run}/reversal")).await.expect(200).html();
    assert_eq!(page.all(".figure__value"), ["118", "826", "2", "14"]);
    let form = page.form("form[action$='/reversal']");
    let before = shop.contents().await;
    hr.submit(&form).await.expect(422);
    let stale = form.clone().with("version", "9").with("reason", "The wrong quarter");
    let again = hr.submit(&stale).await.expect(409).html();
    assert!(again.text_of(".note--bad").starts_with("Somebody else changed this meanwhile."));
    let again = again.form("form[action$='/reversal']");
    assert_eq!((again.value("reason"), again.value("version")), ("The wrong quarter", form.value("version")));
    shop.assert_unchanged(&before, "a reversal without a reason, or of another version").await;
    let form = form.with("reason", "The wrong quarter");
    let clicks = join_all((0..3).map(|_| hr.submit(&form))).await;
    assert!(clicks.iter().all(|click| click.status() == 303));
    assert_state(&shop, &run, "reversing").await;
    shop.job(Job::WorkGrantRuns).await;
    assert_state(&shop, &run, "reversed").await;

    // The account of HR is empty, too.
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM accounts WHERE balance = 0").await, 118);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM accounts WHERE balance = 2").await, 2);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM accounts WHERE balance = 100").await, 1);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM transfers WHERE reverses_id IS NOT NULL").await, 118);
    let told = "SELECT COUNT(*) FROM outbox_messages WHERE kind = 'points-deducted'";
    assert_eq!(shop.scalar(told).await, 118);
    let page = hr.get(&format!("{run}?rows=kept")).await.expect(200).html();
    assert_eq!(page.all("#results tbody th a"), ["Person 1", "Person 2"]);
    assert_eq!(
        page.text_of(".note--info"),
        "118 grants were taken back, 826 points. 2 had been touched already and stay."
    );
    // It is over: no second time.
    hr.post(&format!("{run}/reversal"), &[("version", "4"), ("reason", "again")]).await.expect(303);
    shop.job(Job::WorkGrantRuns).await;
    assert_eq!(shop.scalar(TAKEN).await, 118);
    // Somebody else who wanted the same keeps their words.
    let (_, pia) = colleague(&shop, "pia").await;
    let version = shop.scalar("SELECT version FROM grant_runs").await.to_string();
    let late = [("version", version.as_str()), ("reason", "The wrong year")];
    let late = pia.post(&format!("{run}/reversal"), &late).await.expect(409).html();
    assert!(late.text_of(".note--bad").ends_with("You had written: The wrong year"));
    assert!(!late.has("form[action$='/reversal']"));
    // The same sheet may come again, but two people would have theirs twice.
    let again = draft(&hr, &sheet(120, 7)).await;
    let warned = commit(&hr, &again, &[]).await.expect(422).html();
    assert!(warned.has("#again[aria-invalid]"));
    commit(&hr, &again, &["again"]).await.expect(303);
    shop.job(Job::WorkGrantRuns).await;
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_of_which_nothing_is_untouched_stays_as_it_is() {
    let shop = Shop::open().await;
    let ids = crowd(&shop, 1).await;
    let hr = shop.hr(Desk::Points).await;
    let pen = shop.digital_product("Pen", 5, &["AAAA-1"]).await;
    let run = granted(&shop, &hr, &sheet(1, 7)).await;
    let form = hr.get(&format!("{run}/reversal")).await.expect(200).html().form("form[action$='/reversal']");
    shop.browser_of(ids[0]).await.redeem(&pen, 1, "").await;
    let page = hr.get(&format!("{run}/reversal")).await.expect(200).html();
    assert!(!page.has("form[action$='/reversal']"));
    let before = shop.contents().await;
    hr.submit(&form.with("reason", "A slip")).await.expect(409);
    shop.assert_unchanged(&before, "taking back what is spent").await;
    assert_state(&shop, &run, "done").await;
    // All of it was taken back: the same sheet is nothing that was seen before.
    let other = granted(&shop, &hr, &sheet(1, 8)).await;
    let form =
        hr.get(&format!("{other}/reversal")).await.expect(200).html().form("form[action$='/reversal']");
    hr.submit(&form.with("reason", "A slip")).await.expect(303);
    shop.job(Job::WorkGrantRuns).await;
    assert_state(&shop, &other, "reversed").await;
    granted(&shop, &hr, &sheet(1, 8)).await;
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reversal_that_dies_half_way_is_carried_on_and_takes_each_grant_once() {
    let shop = Shop::open().await;
    crowd(&shop, 300).await;
    let hr = shop.hr(Desk::Points).await;
    let run = granted(&shop, &hr, &sheet(300, 7)).await;
    let form = hr.get(&format!("{run}/reversal")).await.expect(200).html().form("form[action$='/reversal']");
    hr.submit(&form.with("reason", "A slip")).await.expect(303);
    let some_are_taken = async { while shop.scalar(TAKEN).await == 0 {} };
    tokio::select! {
        () = shop.job(Job::WorkGrantRuns) => panic!("it came to its end"),
        () = some_are_taken => {}
    }
    shop.advance(61);
    join_all((0..3).map(|_| shop.job(Job::WorkGrantRuns).boxed())).await;
    assert_state(&shop, &run, "reversed").await;
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM accounts WHERE balance > 0").await, 0);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM transfers WHERE reverses_id IS NOT NULL").await, 300);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM audit_events WHERE action = 'points.undo'").await, 300);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reversal_is_written_down_when_it_is_asked_for_and_when_it_is_over() {
    let shop = Shop::open().await;
    let ids = crowd(&shop, 2).await;
    let hr = shop.hr(Desk::Points).await;
    let (_, pia) = colleague(&shop, "pia").await;
    let pen = shop.digital_product("Pen", 5, &["AAAA-1"]).await;
    let run = granted(&shop, &hr, &sheet(2, 7)).await;
    shop.browser_of(ids[0]).await.redeem(&pen, 1, "").await;
    let form = pia.get(&format!("{run}/reversal")).await.expect(200).html().form("form[action$='/reversal']");
    let form = form.with("reason", "The wrong quarter");
    for _ in 0..2 {
        pia.submit(&form).await.expect(303);
    }
    let asked = json!({
        "before": { "state": "done" }, "after": { "state": "reversing" }, "rows": 2, "total": 14,
        "reason": "The wrong quarter",
    });
    assert_eq!(trail(&shop, "run.reverse").await, [json!(["Pia Pike", subject(&run), asked])]);
    assert_eq!(trail(&shop, "run.reversed").await.len(), 0, "nothing is taken back yet");

    shop.job(Job::WorkGrantRuns).await;
    pia.submit(&form).await.expect(303);
    shop.job(Job::WorkGrantRuns).await;
    assert_state(&shop, &run, "reversed").await;
    let over = json!({
        "before": { "state": "reversing" }, "after": { "state": "reversed" }, "rows": 2, "total": 14,
        "taken_back": 1, "points": 7, "kept": 1,
    });
    assert_eq!(trail(&shop, "run.reversed").await, [json!([null, subject(&run), over])]);
    assert_eq!(trail(&shop, "run.reverse").await.len(), 1);
    shop.close().await;
}
