//! The second pair of eyes.

use awsomeshop::error::{Error, Refusal};
use awsomeshop::grants::runs::propose::{self, Proposal};
use awsomeshop::grants::runs::{self, Terms};
use awsomeshop::server::jobs::Job;
use awsomeshop::types::actor::Actor;
use awsomeshop::types::form_key::FormKey;
use awsomeshop::types::grant_run::RunEnds;
use awsomeshop::types::id::PersonId;
use awsomeshop::types::points::Points;
use awsomeshop::types::role::Desk;
use awsomeshop::urls;
use futures::FutureExt;
use serde_json::json;

use super::stage::{assert_state, colleague, commit, crowd, draft, everybody_has, sheet, subject, trail};
use crate::support::Shop;
use crate::support::browser::Browser;

async fn careful_shop() -> Shop {
    Shop::open_with(&[("SHOP_APPROVAL_ABOVE", "100")]).await
}

/// A run of 105 points for five people that waits.
async fn waiting(hr: &Browser) -> String {
    let run = draft(hr, &sheet(5, 21)).await;
    commit(hr, &run, &[]).await.expect(303);
    run
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_large_run_waits_for_somebody_else_and_a_small_one_does_not() {
    let shop = careful_shop().await;
    crowd(&shop, 5).await;
    let hr = shop.hr(Desk::Points).await;
    let (_, pia) = colleague(&shop, "pia").await;
    let small = draft(&hr, &sheet(5, 20)).await;
    commit(&hr, &small, &[]).await.expect(303);
    assert_state(&shop, &small, "running").await;
    shop.job(Job::WorkGrantRuns).await;

    let run = waiting(&hr).await;
    assert_state(&shop, &run, "waiting").await;
    assert_eq!(runs::waiting(shop.app.db.reads()).await.unwrap(), 1);
    let before = shop.contents().await;
    let own = hr.get(&run).await.expect(200).html();
    assert!(!own.has("form[action$='/approval']") && own.has("form[action$='/withdrawal']"));
    hr.post(&format!("{run}/approval"), &[("version", "2")]).await.expect(409);
    hr.post(&format!("{run}/rejection"), &[("version", "2"), ("reason", "no")]).await.expect(409);
    shop.job(Job::WorkGrantRuns).await;
    shop.assert_unchanged(&before, "the maker's own approval").await;

    let page = pia.get(&run).await.expect(200).html();
    let form = page.form("form[action$='/approval']");
    pia.submit(&form).await.expect(303);
    // Twice is once.
    pia.submit(&form).await.expect(303);
    shop.job(Job::WorkGrantRuns).await;
    assert_state(&shop, &run, "done").await;
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM accounts WHERE balance = 41").await, 5);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM audit_events WHERE action = 'run.approve'").await, 1);
    assert!(hr.get(&run).await.expect(200).html().text_of(".facts").contains("Pia Pike"));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_gets_points_by_a_run_does_not_judge_it() {
    let shop = careful_shop().await;
    crowd(&shop, 5).await;
    let hr = shop.hr(Desk::Points).await;
    let (_, pia) = colleague(&shop, "pia").await;
    let run = draft(&hr, &(sheet(5, 21) + "E-pia,5,\n")).await;
    let warned = async || hr.get(&run).await.expect(200).html().has(".note--warn");
    assert!(warned().await, "nobody could approve it");
    commit(&hr, &run, &[]).await.expect(303);
    assert!(warned().await);
    colleague(&shop, "quin").await;
    assert!(!warned().await);
    let page = pia.get(&run).await.expect(200).html();
    assert!(!page.has("form[action$='/approval']"));
    assert!(page.text_of(".note--info").contains("You would get points by it"));
    let before = shop.contents().await;
    pia.post(&format!("{run}/approval"), &[("version", "2")]).await.expect(409);
    shop.assert_unchanged(&before, "an approval by a receiver").await;
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rejection_says_why_and_nothing_is_given() {
    let shop = careful_shop().await;
    crowd(&shop, 5).await;
    let hr = shop.hr(Desk::Points).await;
    let (_, pia) = colleague(&shop, "pia").await;
    let run = waiting(&hr).await;
    let form = pia.get(&run).await.expect(200).html().form("form[action$='/rejection']");
    let before = shop.contents().await;
    let missing = pia.submit(&form.clone().with("reason", " ")).await.expect(422).html();
    assert!(missing.has("#reason[aria-invalid]"));
    shop.assert_unchanged(&before, "a rejection without a reason").await;
    let form = form.with("reason", "Wrong quarter");
    for _ in 0..2 {
        pia.submit(&form).await.expect(303);
        shop.job(Job::WorkGrantRuns).await;
        assert_state(&shop, &run, "rejected").await;
    }
    let details = json!({
        "before": { "state": "waiting" }, "after": { "state": "rejected" }, "rows": 5, "total": 105,
        "reason": "Wrong quarter",
    });
    assert_eq!(trail(&shop, "run.reject").await, [json!(["Pia Pike", subject(&run), details])]);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM grants").await, 0);
    assert!(hr.get(&run).await.expect(200).html().text_of(".note--bad").contains("Wrong quarter"));
    pia.post(&format!("{run}/approval"), &[("version", "3")]).await.expect(409);
    // It was never granted, so the same sheet may come again.
    let again = draft(&hr, &sheet(5, 21)).await;
    commit(&hr, &again, &[]).await.expect(303);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rejection_that_comes_too_late_keeps_its_words() {
    let shop = careful_shop().await;
    crowd(&shop, 5).await;
    let hr = shop.hr(Desk::Points).await;
    let (_, pia) = colleague(&shop, "pia").await;
    let (_, quin) = colleague(&shop, "quin").await;
    let run = waiting(&hr).await;
    let form = pia.get(&run).await.expect(200).html().form("form[action$='/rejection']");
    let form = form.with("reason", "Wrong quarter");
    let before = shop.contents().await;
    let stale = pia.submit(&form.clone().with("version", "1")).await.expect(409).html();
    let said = "Somebody else changed this meanwhile. Please look at it as it is now, then try again.";
    assert_eq!(stale.text_of(".note--bad"), said);
    let again = stale.form("form[action$='/rejection']");
    assert_eq!((again.value("reason"), again.value("version")), ("Wrong quarter", form.value("version")));
    shop.assert_unchanged(&before, "a rejection of another version").await;

    quin.post(&format!("{run}/approval"), &[("version", form.value("version"))]).await.expect(303);
    let before = shop.contents().await;
    let late = pia.submit(&form).await.expect(409).html();
    assert_eq!(late.all(".note--bad p"), [said, "You had written: Wrong quarter"]);
    assert!(!late.has("form[action$='/rejection']"));
    // The end of the run does not take them away.
    assert!(late.has("#progress progress") && !late.has("#progress[hx-trigger]"));
    shop.assert_unchanged(&before, "a rejection that came too late").await;
    shop.job(Job::WorkGrantRuns).await;
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_judges_at_once_one_decides() {
    let shop = careful_shop().await;
    crowd(&shop, 5).await;
    let hr = shop.hr(Desk::Points).await;
    let (_, pia) = colleague(&shop, "pia").await;
    let (_, quin) = colleague(&shop, "quin").await;
    for round in 0..6 {
        let run = draft(&hr, &sheet(5, 30 + round)).await;
        commit(&hr, &run, &[]).await.expect(303);
        let (approval, rejection) = (format!("{run}/approval"), format!("{run}/rejection"));
        let (plain, reasoned) = ([("version", "2")], [("version", "2"), ("reason", "no")]);
        let other = async {
            if round % 2 == 0 {
                quin.post(&approval, &plain).await
            } else {
                quin.post(&rejection, &reasoned).await
            }
        };
        let (one, other) = futures::join!(pia.post(&approval, &plain), other);
        let mut statuses = [one.status(), other.status()];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409]);
        let rejected = round % 2 == 1 && other.status() == 303;
        assert_state(&shop, &run, if rejected { "rejected" } else { "running" }).await;
    }
    shop.job(Job::WorkGrantRuns).await;
    let running = shop.scalar("SELECT COUNT(*) FROM grant_runs WHERE state = 'done'").await;
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM grants").await, 5 * running);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_withdrawal_and_an_approval_at_once_leave_one_of_them() {
    let shop = careful_shop().await;
    crowd(&shop, 5).await;
    let hr = shop.hr(Desk::Points).await;
    let (_, pia) = colleague(&shop, "pia").await;
    for _ in 0..4 {
        let run = draft(&hr, &sheet(5, 21)).await;
        commit(&hr, &run, &["again"]).await.expect(303);
        let (withdrawal, approval) = (format!("{run}/withdrawal"), format!("{run}/approval"));
        let (one, other) =
            futures::join!(hr.post(&withdrawal, &[]), pia.post(&approval, &[("version", "2")]));
        let mut statuses = [one.status(), other.status()];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409]);
    }
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_its_maker_throws_away_is_written_down_once() {
    let shop = careful_shop().await;
    crowd(&shop, 5).await;
    let (_, hal) = colleague(&shop, "hal").await;
    let (_, pia) = colleague(&shop, "pia").await;
    let mut expected = Vec::new();
    for (state, run) in [("draft", draft(&hal, &sheet(5, 20)).await), ("waiting", waiting(&hal).await)] {
        let before = shop.contents().await;
        pia.post(&format!("{run}/withdrawal"), &[]).await.expect(409);
        shop.assert_unchanged(&before, "a withdrawal by somebody else").await;
        for _ in 0..2 {
            hal.post(&format!("{run}/withdrawal"), &[]).await.expect(303);
            assert_state(&shop, &run, "discarded").await;
        }
        let details = json!({
            "before": { "state": state }, "after": { "state": "discarded" },
            "rows": 5, "total": if state == "draft" { 100 } else { 105 },
        });
        expected.push(json!(["Hal Hart", subject(&run), details]));
    }
    assert_eq!(trail(&shop, "run.discard").await, expected);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_large_grant_is_laid_before_somebody_else() {
    let shop = careful_shop().await;
    let ids = crowd(&shop, 1).await;
    let (maker, _) = colleague(&shop, "hal").await;
    let (_, pia) = colleague(&shop, "pia").await;
    assert!(!Terms::of(&shop.app.config).asks_for_approval(Points(100)));
    assert!(Terms::of(&shop.app.config).asks_for_approval(Points(101)));
    let proposed = async |to: PersonId| {
        let now = shop.now();
        let proposal = Proposal {
            key: FormKey::mint(),
            person_id: to,
            amount: Points(500),
            reason: "idea",
            note: "The new lamp".to_owned(),
            ends: RunEnds::Never,
        };
        let propose = shop.app.db.write("test.propose", move |tx| {
            let proposal = proposal.clone();
            async move { propose::propose(tx, now, Actor::Person(maker), proposal).await }.boxed()
        });
        propose.await
    };
    assert!(matches!(proposed(maker).await, Err(Error::Refused(Refusal::GrantToSelf))));
    let run = format!("/hr/points/runs/{}", proposed(ids[0]).await.unwrap());
    assert_state(&shop, &run, "waiting").await;
    let form = pia.get(&run).await.expect(200).html().form("form[action$='/approval']");
    pia.submit(&form).await.expect(303);
    shop.job(Job::WorkGrantRuns).await;
    everybody_has(&shop, 1, 500).await;
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM lots WHERE expires_at IS NULL").await, 1);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_look_at_one_large_grant_says_that_it_will_wait() {
    let shop = careful_shop().await;
    let ids = crowd(&shop, 1).await;
    let hr = shop.hr(Desk::Points).await;
    let address = urls::hr::new_grant_for(ids[0]);
    let form = hr.get(&address).await.expect(200).html().form("#by-hand");
    let form = form.with("reason", "idea").with("note", "The new lamp").with("step", "review");
    let waits = "It is so much that somebody else of the points desk has to look at it first.";
    let nothing = format!("{waits} Nothing is given until then.");
    let before = shop.contents().await;
    for (amount, button, beside, said) in [
        ("101", "Ask for approval of 101 points", &[waits][..], &[nothing.as_str()][..]),
        ("100", "Give the points", &[], &[]),
    ] {
        let preview = hr.ask(reqwest::Method::GET, &format!("{address}&amount={amount}")).htmx("preview");
        assert_eq!(preview.send().await.expect(200).html().all("#preview p"), beside, "{amount}");
        let look = hr.submit(&form.clone().with("amount", amount)).await.expect(200).html();
        assert_eq!(look.text_of("button[value=do]"), button);
        assert_eq!(look.all("form .note--info"), said, "{amount}");
    }
    shop.assert_unchanged(&before, "looking once more").await;
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_form_for_one_grant_leads_to_somebody_else_when_it_is_large() {
    let shop = careful_shop().await;
    let ids = crowd(&shop, 1).await;
    let hr = shop.hr(Desk::Points).await;
    let page = hr.get(&urls::hr::new_grant_for(ids[0])).await.expect(200).html();
    let form = page.form("#by-hand").with("reason", "idea").with("note", "The new lamp").with("step", "do");
    hr.submit(&form.clone().with("amount", "100")).await.expect(303);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM grants").await, 1);
    let page = hr.get(&urls::hr::new_grant_for(ids[0])).await.expect(200).html();
    let form = form.with("amount", "101").with("key", page.form("#by-hand").value("key"));
    let clicks = futures::join!(hr.submit(&form), hr.submit(&form), hr.submit(&form));
    let run = clicks.0.expect(303).location().to_owned();
    assert_eq!((clicks.1.location(), clicks.2.location()), (run.as_str(), run.as_str()));
    assert_state(&shop, &run, "waiting").await;
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM grants").await, 1);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM grant_runs").await, 1);
    let overview = hr.get(&urls::hr::overview()).await.expect(200).html();
    assert_eq!(overview.text_of("#grants a"), "One run of grants waits");
    // The form of either, sent once more with an amount that leads to the other.
    let refused = hr.submit(&form.clone().with("amount", "100")).await.expect(422);
    let says = "This form was used already for something else. Nothing was changed; here it is anew.";
    assert_eq!(refused.html().text_of("#by-hand .note--bad"), says);
    let page = hr.get(&urls::hr::new_grant_for(ids[0])).await.expect(200).html();
    let form = form.with("amount", "7").with("key", page.form("#by-hand").value("key"));
    hr.submit(&form).await.expect(303);
    hr.submit(&form.with("amount", "107")).await.expect(422);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM grants").await, 2);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM grant_runs").await, 1);
    shop.close().await;
}
