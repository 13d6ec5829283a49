//! One large grant is laid before somebody else by its form: once, for somebody who is here, and as it was sent.

use awsomeshop::error::{Error, Refusal};
use awsomeshop::grants::runs::propose::{self, Proposal};
use awsomeshop::types::actor::Actor;
use awsomeshop::types::form_key::FormKey;
use awsomeshop::types::grant_run::RunEnds;
use awsomeshop::types::id::PersonId;
use awsomeshop::types::points::Points;
use awsomeshop::urls::hr;
use futures::FutureExt;

use super::stage::{assert_state, colleague, crowd};
use crate::support::Shop;
use crate::support::browser::Browser;
use crate::support::html::Form;

const REUSED: &str = "This form was used already for something else. Nothing was changed; here it is anew.";
/// From the noon of the tests to a minute after midnight, where the company is.
const TO_THE_NEXT_DAY_S: i64 = 12 * 3_600 + 60;

async fn careful_shop() -> Shop {
    Shop::open_with(&[("SHOP_APPROVAL_ABOVE", "100")]).await
}

/// The form for one person, filled in with more than one person may decide.
async fn filled(desk: &Browser, person: PersonId) -> Form {
    let form = desk.get(&hr::new_grant_for(person)).await.expect(200).html().form("#by-hand");
    let form = form.with("amount", "500").with("reason", "idea").with("note", "The new lamp");
    form.with("step", "do")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_that_was_laid_before_somebody_does_nothing_else() {
    let shop = careful_shop().await;
    let ids = crowd(&shop, 2).await;
    let (hal_id, hal) = colleague(&shop, "hal").await;
    let (pia_id, _) = colleague(&shop, "pia").await;
    let by_policy = filled(&hal, ids[0]).await;
    let own_day = filled(&hal, ids[0]).await.with("ends", "day").with("ends_on", "2026-12-31");
    let mut runs = Vec::new();
    for form in [&by_policy, &own_day] {
        runs.push(hal.submit(form).await.expect(303).location().to_owned());
    }

    shop.advance(TO_THE_NEXT_DAY_S);
    let (hal, pia) = (shop.browser_of(hal_id).await, shop.browser_of(pia_id).await);
    let before = shop.contents().await;
    let other = ids[1].to_string();
    let changes = [
        ("amount", "501"),
        ("person", other.as_str()),
        ("reason", "achievement"),
        ("note", "The old lamp"),
        ("ends_on", "2027-01-01"),
        ("ends", "policy"),
    ];
    for (form, run) in [&by_policy, &own_day].into_iter().zip(&runs) {
        // The second click of the same, however late.
        assert_eq!(hal.submit(form).await.expect(303).location(), run);
        let by_somebody_else = pia.submit(form).await.expect(422).html();
        assert_eq!(by_somebody_else.text_of("#by-hand .note--bad"), REUSED);
    }
    for (field, value) in changes {
        let again = hal.submit(&own_day.clone().with(field, value)).await.expect(422).html();
        assert_eq!(again.text_of("#by-hand .note--bad"), REUSED, "{field}");
        assert_ne!(again.form("#by-hand").value("key"), own_day.value("key"), "{field}");
    }
    let by_day = by_policy.with("ends", "day").with("ends_on", "2027-06-15");
    assert_eq!(hal.submit(&by_day).await.expect(422).html().text_of("#by-hand .note--bad"), REUSED);
    shop.assert_unchanged(&before, "a form that was used already").await;
    for run in &runs {
        assert_state(&shop, run, "waiting").await;
    }
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_proposed_for_who_has_left_since_the_form_was_read() {
    let shop = careful_shop().await;
    let ids = crowd(&shop, 1).await;
    let (maker, _) = colleague(&shop, "hal").await;
    shop.deactivate(ids[0]).await;
    let before = shop.contents().await;
    let (now, person_id) = (shop.now(), ids[0]);
    // The form itself sees who has left; what is written looks once more, when nobody can leave any more.
    let proposed = shop.app.db.write("test.propose", move |tx| {
        let proposal = Proposal {
            key: FormKey::mint(),
            person_id,
            amount: Points(500),
            reason: "idea",
            note: "The new lamp".to_owned(),
            ends: RunEnds::Policy,
        };
        async move { propose::propose(tx, now, Actor::Person(maker), proposal).await }.boxed()
    });
    let answer = proposed.await;
    assert!(matches!(answer, Err(Error::Refused(Refusal::ReceiverInactive))), "{answer:?}");
    shop.assert_unchanged(&before, "a proposal for who has left").await;
    shop.close().await;
}
