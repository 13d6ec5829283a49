//! The points desk: giving and taking by hand, once each, and what can be read of it afterwards.

mod account;
mod list;
mod undo;
mod walls;

use awsomeshop::types::id::PersonId;
use awsomeshop::types::role::{Desk, Role};
use awsomeshop::urls::hr;

use crate::support::Shop;
use crate::support::browser::Browser;
use crate::support::html::Form;

/// How often a person's account was credited or debited.
const TRANSFERS: &str = "SELECT COUNT(*) FROM transfers";

/// The form for one person, filled in, with its key.
async fn giving(desk: &Browser, person: PersonId, amount: &str) -> Form {
    let page = desk.get(&hr::new_grant_for(person)).await.expect(200).html();
    page.form("#by-hand").with("amount", amount).with("reason", "idea").with("note", "For the sign")
}

async fn taking(desk: &Browser, person: PersonId, amount: &str) -> Form {
    let page = desk.get(&hr::new_deduction_for(person)).await.expect(200).html();
    page.form("#by-hand").with("amount", amount).with("reason", "mistake").with("note", "Not meant")
}

async fn balance(shop: &Shop, person: PersonId) -> i64 {
    shop.scalar_of("SELECT balance FROM accounts WHERE person_id = ?", [person.into()]).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_is_found_given_points_after_a_second_look_and_told() {
    let shop = Shop::open().await;
    let (ann, _) = (shop.person("ann").await, shop.person("ben").await);
    shop.grant(ann, 100, None).await;
    let desk = shop.hr(Desk::Points).await;

    let nobody_yet = desk.get(&hr::new_grant()).await.expect(200).html();
    assert!(nobody_yet.has("#people-search") && !nobody_yet.has(".pick"));
    for words in ["ARCH", "e-ann", "ann@exa"] {
        let found = desk.get(&format!("{}?q={words}", hr::new_grant())).await.expect(200).html();
        assert_eq!(found.attributes(".pick", "href"), [hr::new_grant_for(ann)], "{words}");
    }
    let fragment = desk.ask(reqwest::Method::GET, &format!("{}?q=ann", hr::new_grant())).htmx("picks");
    let fragment = fragment.send().await.expect(200).text();
    assert!(fragment.trim_start().starts_with("<section class=\"swap\" id=\"picks\""), "{fragment}");

    let preview = format!("{}&amount=250", hr::new_grant_for(ann));
    let preview = desk.ask(reqwest::Method::GET, &preview).htmx("preview").send().await.expect(200).html();
    assert_eq!(preview.all("#preview dd"), ["100", "350"]);

    let form = giving(&desk, ann, "250").await;
    let before = shop.contents().await;
    let second_look = desk.submit(&form.with("step", "review")).await.expect(200).html();
    assert_eq!((second_look.text_of("#before"), second_look.text_of("#after")), ("100".into(), "350".into()));
    // The company's policy: twelve months, to the end of the day.
    assert!(second_look.all("dd").contains(&"15 June 2027".to_owned()));
    let confirm = second_look.form("form.panel");
    let changed = desk.submit(&confirm.clone().with("step", "edit")).await.expect(200).html();
    assert_eq!(changed.form("#by-hand").value("note"), "For the sign");
    shop.assert_unchanged(&before, "looking once more").await;

    let given = desk.submit(&confirm.with("step", "do")).await.expect(303);
    let page = desk.get(given.location()).await.expect(200).html();
    assert_eq!(page.text_of(".flash"), "Ann Archer has the points.");
    assert_eq!(page.text_of("#left"), "250");
    assert_eq!(balance(&shop, ann).await, 350);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM outbox_messages WHERE kind = 'grant-made'").await, 1);
    let audited = "SELECT COUNT(*) FROM audit_events WHERE action = 'points.grant' AND actor_id IS NOT NULL";
    assert_eq!(shop.scalar(audited).await, 1);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_double_click_gives_and_takes_once() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    let desk = shop.hr(Desk::Points).await;
    let form = giving(&desk, ann, "80").await.with("step", "do");
    let clicks = futures::join!(desk.submit(&form), desk.submit(&form), desk.submit(&form));
    let places = [clicks.0, clicks.1, clicks.2].map(|answer| answer.expect(303).location().to_owned());
    assert!(places.iter().all(|place| *place == places[0]), "{places:?}");
    assert_eq!((balance(&shop, ann).await, shop.scalar(TRANSFERS).await), (80, 1));

    let form = taking(&desk, ann, "80").await.with("step", "do");
    let clicks = futures::join!(desk.submit(&form), desk.submit(&form));
    assert_eq!([clicks.0.status(), clicks.1.status()], [303, 303]);
    assert_eq!((balance(&shop, ann).await, shop.scalar(TRANSFERS).await), (0, 2));
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM outbox_messages").await, 2);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_that_did_its_work_does_no_other_and_is_offered_again_with_a_fresh_key() {
    let shop = Shop::open().await;
    let (ann, ben) = (shop.person("ann").await, shop.person("ben").await);
    let desk = shop.hr(Desk::Points).await;
    let form = giving(&desk, ann, "80").await.with("step", "do");
    desk.submit(&form).await.expect(303);
    let before = shop.contents().await;
    let others = [
        form.clone().with("amount", "81"),
        form.clone().with("reason", "achievement"),
        form.clone().with("note", "Another"),
        form.clone().with("person", &ben.to_string()),
        form.clone().with("ends", "day").with("ends_on", "2026-12-31"),
    ];
    for other in others {
        let again = desk.submit(&other).await.expect(422).html();
        assert!(again.text_of("#by-hand [role=alert]").starts_with("This form was used already"));
        assert_ne!(again.form("#by-hand").value("key"), form.value("key"));
    }
    shop.assert_unchanged(&before, "a used form").await;
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_that_took_points_takes_no_others() {
    let shop = Shop::open().await;
    let (ann, ben) = (shop.person("ann").await, shop.person("ben").await);
    shop.grant(ann, 100, None).await;
    shop.grant(ben, 100, None).await;
    let desk = shop.hr(Desk::Points).await;
    let form = taking(&desk, ann, "30").await.with("step", "do");
    desk.submit(&form).await.expect(303);
    let before = shop.contents().await;
    for other in [
        form.clone().with("amount", "31"),
        form.clone().with("reason", "agreed"),
        form.clone().with("note", "Another"),
        form.clone().with("person", &ben.to_string()),
    ] {
        let again = desk.submit(&other).await.expect(422).html();
        assert!(again.text_of("#by-hand [role=alert]").starts_with("This form was used already"));
    }
    shop.assert_unchanged(&before, "a used form").await;
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_given_is_refused_in_words_and_changes_nothing() {
    let shop = Shop::open().await;
    let (ann, rich, gone) = (shop.person("ann").await, shop.person("rich").await, shop.person("gone").await);
    shop.grant(rich, 999_999_990, None).await;
    shop.deactivate(gone).await;
    let hal = shop.person("hal").await;
    shop.role(hal, Role::SuperAdmin).await;
    let desk = shop.browser_of(hal).await;
    let form = giving(&desk, ann, "80").await.with("step", "do");
    let before = shop.contents().await;
    let long = "x".repeat(501);
    let refused = [
        (form.clone().with("amount", ""), "amount", "Please fill this in."),
        (form.clone().with("amount", "0"), "amount", "Please choose a number from 1 to 1,000,000."),
        (form.clone().with("amount", "1000001"), "amount", "Please choose a number from 1 to 1,000,000."),
        (form.clone().with("amount", "1.5"), "amount", "Please enter a whole number."),
        (form.clone().with("reason", ""), "reason", "Please choose from the list."),
        (form.clone().with("reason", "mistake"), "reason", "Please choose from the list."),
        (form.clone().with("note", "  "), "note", "Please fill this in."),
        (form.clone().with("note", &long), "note", "Please keep this to 500 characters."),
        (form.clone().with("ends", "day"), "ends_on", "Please fill this in."),
        (
            form.clone().with("ends", "day").with("ends_on", "2026-06-14"),
            "ends_on",
            "Please choose a day from today on, within ten years.",
        ),
        (form.clone().with("person", &hal.to_string()), "person", "Nobody can grant points to themselves."),
        (
            form.clone().with("person", &gone.to_string()),
            "person",
            "This person is not active any more, so nothing can be given to them.",
        ),
        (
            form.clone().with("person", &rich.to_string()),
            "amount",
            "Nobody can have more than 1,000,000,000 points. There is room for 10.",
        ),
    ];
    for (form, field, sentence) in refused {
        for step in ["review", "do"] {
            let answer = desk.submit(&form.clone().with("step", step)).await;
            assert_eq!(answer.status(), 422, "{field}, {step}: {answer}");
            assert_eq!(answer.html().text_of(&format!("#{field}-error")), sentence, "{field}, {step}");
        }
    }
    for (name, value) in [("step", "steal"), ("key", "x"), ("person", "x"), ("ends", "never")] {
        assert_eq!(desk.submit(&form.clone().with(name, value)).await.status(), 400, "{name}");
    }
    shop.assert_unchanged(&before, "what was refused").await;
    let own = desk.get(&hr::new_grant_for(hal)).await.expect(200).html();
    assert_eq!(own.text_of("#person-error"), "Nobody can grant points to themselves.");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn points_last_as_the_grant_itself_says() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    let desk = shop.hr(Desk::Points).await;
    let form = giving(&desk, ann, "80").await.with("ends", "day").with("ends_on", "2026-06-15");
    desk.submit(&form.with("step", "do")).await.expect(303);
    // Berlin's midnight.
    let at_end = "SELECT COUNT(*) FROM lots WHERE expires_at = ?";
    let end = crate::support::at(1_781_517_600).plus_seconds(12 * 3_600);
    assert_eq!(shop.scalar_of(at_end, [end.into()]).await, 1);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_more_is_taken_than_there_is() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 30, None).await;
    shop.grant(ann, 500, Some(shop.now().plus_seconds(60))).await;
    let desk = shop.hr(Desk::Points).await;
    let form = taking(&desk, ann, "31").await.with("step", "do");
    // What has lapsed is not there, whether the job has been or not.
    shop.advance(120);
    desk.get(&hr::points()).await.expect(200);
    let before = shop.contents().await;
    let refused = desk.submit(&form).await.expect(422).html();
    assert_eq!(refused.text_of("#amount-error"), "There are only 30 points to take.");
    assert_eq!(refused.form("#by-hand").value("amount"), "31");
    shop.assert_unchanged(&before, "taking too much").await;
    let page = desk.submit(&form.with("amount", "30")).await.expect(303);
    assert_eq!(page.location(), hr::account(ann));
    assert_eq!(balance(&shop, ann).await, 0);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM outbox_messages WHERE kind = 'points-deducted'").await, 1);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_is_the_same_after_midnight_but_not_with_another_end() {
    let shop = Shop::open().await;
    let (ann, hal) = (shop.person("ann").await, shop.person("hal").await);
    shop.role(hal, Role::Desk(Desk::Points)).await;
    let desk = shop.browser_of(hal).await;
    let by_policy = giving(&desk, ann, "80").await.with("step", "do");
    let own_day = giving(&desk, ann, "70").await.with("ends", "day").with("ends_on", "2026-12-31");
    let own_day = own_day.with("step", "do");
    let mut places = Vec::new();
    for form in [&by_policy, &own_day] {
        places.push(desk.submit(form).await.expect(303).location().to_owned());
    }

    // In Berlin the 16th has begun: what the policy says now ends a day later.
    shop.advance(12 * 3_600 + 60);
    let desk = shop.browser_of(hal).await;
    let before = shop.contents().await;
    for (form, place) in [&by_policy, &own_day].into_iter().zip(&places) {
        assert_eq!(desk.submit(form).await.expect(303).location(), place);
    }
    let others = [
        by_policy.clone().with("ends", "day").with("ends_on", "2027-06-16"),
        own_day.clone().with("ends_on", "2026-12-30"),
        own_day.clone().with("ends", "policy"),
    ];
    for other in others {
        let again = desk.submit(&other).await.expect(422).html();
        assert!(again.text_of("#by-hand [role=alert]").starts_with("This form was used already"));
        assert_eq!(again.form("#by-hand").value("ends"), other.value("ends"));
    }
    shop.assert_unchanged(&before, "a used form").await;

    // Who left and is back has no more of it; the same form is still answered as it was.
    shop.sql("UPDATE lots SET expires_at = ?", [shop.now().into()]).await;
    let before = shop.contents().await;
    assert_eq!(desk.submit(&by_policy).await.expect(303).location(), places[0]);
    shop.assert_unchanged(&before, "a used form").await;
    shop.close().await;
}
