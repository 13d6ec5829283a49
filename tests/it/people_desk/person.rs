//! One person: the page, the form, leaving and coming back.

use awsomeshop::audit::{self, Act};
use awsomeshop::types::actor::Actor;
use awsomeshop::types::id::PersonId;
use awsomeshop::types::role::{Desk, Role};
use awsomeshop::urls;
use futures::FutureExt;
use serde_json::json;

use super::{desk, edit, id_of, trail};
use crate::support::Shop;

const REASON: &[(&str, &str)] = &[("reason", "Moved away")];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_new_is_entered_and_signs_in_by_their_address() {
    let shop = Shop::open().await;
    let (_, hr) = desk(&shop).await;
    let form = hr.get("/hr/people/new").await.expect(200).html().form("main form");
    let form = form.with("name", " Ann  Archer ").with("email", "Ann@Example.Test");
    let form = form.with("employee_number", "E-9").with("department", "Design").with("office", "berlin");
    let entered = hr.submit(&form.with("hired_on", "2026-06-01").with("birthday", "1969-07-20")).await;
    let ann = id_of(&shop, "ann").await;
    assert_eq!(entered.expect(303).location(), urls::hr::person(ann));
    let page = hr.visit(&urls::hr::person(ann)).await.expect(200).html();
    assert_eq!(page.text_of("h1"), "Ann Archer");
    assert_eq!(
        page.all(".facts dd"),
        ["E-9", "ann@example.test", "Design", "Berlin", "1 June 2026", "20 July 1969", "Never signed in"]
    );
    assert_eq!(trail(&shop, ann).await, [("person.enter".to_owned(), "{}".to_owned())]);
    // The account is opened when they first come in.
    assert_eq!(shop.scalar_of("SELECT COUNT(*) FROM accounts WHERE person_id = ?", [ann.into()]).await, 0);
    shop.browser().sign_in("ann").await;
    assert_eq!(shop.scalar_of("SELECT COUNT(*) FROM accounts WHERE person_id = ?", [ann.into()]).await, 1);
    let page = hr.get(&urls::hr::person(ann)).await.expect(200).html();
    assert!(page.all(".deed strong").contains(&"Signed in for the first time".to_owned()));
    assert!(page.all(".facts dd").contains(&"15 June 2026, 12:00".to_owned()));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_that_does_not_fit_comes_back_as_it_was_typed_and_changes_nothing() {
    let shop = Shop::open().await;
    let (_, hr) = desk(&shop).await;
    let ann = shop.person("ann").await;
    let ben = shop.person("ben").await;
    let before = shop.contents().await;
    let bad = [
        ("name", "Ann"),
        ("email", "not an address"),
        ("employee_number", "E-x"),
        ("office", "rome"),
        ("hired_on", "soon"),
        ("birthday", "2030-01-01"),
    ];
    for answer in [hr.post("/hr/people", &bad).await, edit(&hr, ann, &bad).await] {
        let page = answer.expect(422).html();
        let told = |field: &str| page.text_of(&format!("#{field}-error"));
        assert_eq!(told("email"), "Please enter an e-mail address.");
        assert_eq!(told("office"), "Please choose from the list.");
        assert_eq!(told("hired_on"), "Please enter a date.");
        assert_eq!(told("birthday"), "This day is still to come.");
        assert_eq!(page.attribute("#email", "value").as_deref(), Some("not an address"));
        assert_eq!(page.attribute("#email", "aria-describedby").as_deref(), Some("email-error"));
    }
    let taken = hr.post("/hr/people", &[("name", "Ann"), ("email", "BEN@example.test")]).await.expect(422);
    assert_eq!(taken.html().text_of("#email-error"), "This is taken already. Please choose another.");
    let taken = edit(&hr, ann, &[("email", "ben@example.test")]).await.expect(422);
    assert!(taken.html().has("#email-error"));
    let taken = edit(&hr, ann, &[("employee_number", "E-ben")]).await.expect(422);
    assert!(taken.html().has("#employee_number-error") && !taken.html().has("#email-error"));
    hr.post(&urls::hr::person(ben), &[("name", "Ben"), ("email", "b@example.test")]).await.expect(400);
    hr.get("/hr/people/0").await.expect(404);
    hr.get(&urls::hr::person_edit(awsomeshop::types::id::PersonId::new())).await.expect(404);
    shop.assert_unchanged(&before, "what was refused").await;
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_is_told_field_by_field_and_the_second_of_two_is_refused() {
    let shop = Shop::open().await;
    let (_, hr) = desk(&shop).await;
    let ann = shop.person("ann").await;
    let old = hr.get(&urls::hr::person_edit(ann)).await.expect(200).html().form("main form");
    let changes = [("department", "Design"), ("employee_number", "")];
    edit(&hr, ann, &changes).await.expect(303);
    let told = trail(&shop, ann).await.remove(1);
    assert_eq!(told.0, "person.edit");
    assert_eq!(
        told.1,
        r#"{"after":{"department":"Design","employee_number":""},"before":{"department":"","employee_number":"E-ann"}}"#
    );
    let page = hr.get(&urls::hr::person(ann)).await.expect(200).html();
    assert_eq!(page.all(".deed strong"), ["Changed", "Entered"]);
    assert_eq!(page.all(".deed__detail"), ["Department: – → Design", "Number: E-ann → –"]);
    let before = shop.contents().await;
    let late = hr.submit(&old.with("name", "Somebody Else")).await.expect(409);
    assert!(late.text().contains("Somebody else has changed this"), "{late}");
    edit(&hr, ann, &[]).await.expect(303);
    shop.assert_unchanged(&before, "a form that was too late, or changes nothing,").await;
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_that_changes_links_whoever_has_it_then_and_unlinks_nobody() {
    let shop = Shop::open().await;
    let (_, hr) = desk(&shop).await;
    let ann = shop.person("ann").await;
    let browser = shop.browser();
    browser.sign_in("ann").await;
    edit(&hr, ann, &[("email", "ann.archer@example.test")]).await.expect(303);
    browser.get("/orders").await.expect(200);
    // Somebody else gets the address that is free now; Ann still is Ann.
    let other = [("name", "Another Ann"), ("email", "ann@example.test")];
    hr.post("/hr/people", &other).await.expect(303);
    let again = shop.browser();
    again.sign_in("ann").await;
    let sql = "SELECT COUNT(*) FROM people WHERE issuer IS NOT NULL AND id = ?";
    assert_eq!(shop.scalar_of(sql, [ann.into()]).await, 1);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM people WHERE issuer IS NOT NULL").await, 1);
    // Ben has not signed in yet: with another address he is not who signs in with the old one.
    let ben = shop.person("ben").await;
    edit(&hr, ben, &[("email", "benjamin@example.test")]).await.expect(303);
    let refused = shop.browser().sign_in_from("/sign-in", "ben").await;
    assert_ne!(refused.header("location"), Some("/"));
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM people WHERE issuer IS NOT NULL").await, 1);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_deactivated_is_out_at_the_next_request_and_their_orders_survive() {
    let shop = Shop::open().await;
    let (_, hr) = desk(&shop).await;
    let ann = shop.person("ann").await;
    shop.grant(ann, 500, None).await;
    let lamp = shop.product("Desk lamp", 200, 5).await;
    let browser = shop.browser();
    browser.sign_in("ann").await;
    let number = browser.redeem(&lamp, 1, "office:berlin").await;
    let page = hr.get(&urls::hr::person(ann)).await.expect(200).html();
    let form = page.form(&format!("form[action='{}']", urls::hr::person_deactivation(ann)));
    let before = shop.contents().await;
    let empty = hr.submit(&form).await.expect(422);
    assert_eq!(empty.html().text_of("#reason-error"), "Please fill this in.");
    hr.submit(&form.clone().with("reason", &"x".repeat(501))).await.expect(422);
    shop.assert_unchanged(&before, "no reason, or a long one,").await;

    hr.submit(&form.with("reason", "Moved away")).await.expect(303);

    assert_eq!(browser.get("/orders").await.expect(303).location(), "/sign-in?next=%2Forders");
    assert_eq!(shop.scalar_of("SELECT COUNT(*) FROM sessions WHERE person_id = ?", [ann.into()]).await, 0);
    assert_eq!(shop.scalar_of("SELECT COUNT(*) FROM orders WHERE number = ?", [number.into()]).await, 1);
    let (here, gone) =
        (json!({ "is_active": true, "left_at": null }), json!({ "is_active": false, "left_at": shop.now() }));
    let left = json!({ "before": here, "after": gone, "reason": "Moved away" });
    let told = trail(&shop, ann).await.pop().unwrap();
    assert_eq!(told, ("person.deactivate".to_owned(), left.to_string()));
    let page = hr.get(&urls::hr::person(ann)).await.expect(200).html();
    assert_eq!(page.all(".head .badge"), ["Left"]);
    assert_eq!(page.all(".deed__detail"), ["Moved away", "Left: – → 15 June 2026"]);
    assert!(page.text_of("main").contains("What is left is kept for ever."));
    let counted = shop.contents().await;
    hr.post(&urls::hr::person_deactivation(ann), REASON).await.expect(303);
    shop.assert_unchanged(&counted, "doing it twice").await;
    let refused = shop.browser().sign_in_from("/sign-in", "ann").await;
    assert_ne!(refused.header("location"), Some("/"));

    hr.post(&urls::hr::person_reactivation(ann), &[("reason", "Came back")]).await.expect(303);
    let came_back = json!({ "before": gone, "after": here, "reason": "Came back" });
    let told = trail(&shop, ann).await.pop().unwrap();
    assert_eq!(told, ("person.reactivate".to_owned(), came_back.to_string()), "the day that is wiped out");
    let again = shop.contents().await;
    hr.post(&urls::hr::person_reactivation(ann), &[("reason", "Came back")]).await.expect(303);
    shop.assert_unchanged(&again, "coming back twice").await;
    shop.browser().sign_in("ann").await;
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM people WHERE left_at IS NOT NULL").await, 0);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_at_their_own_record() {
    let shop = Shop::open().await;
    let (me, hr) = desk(&shop).await;
    let page = hr.get(&urls::hr::person(me)).await.expect(200).html();
    assert_eq!(page.count("main form"), 0);
    assert!(!page.has(&format!("a[href='{}']", urls::hr::person_edit(me))));
    let before = shop.contents().await;
    let refused = hr.post(&urls::hr::person_deactivation(me), REASON).await.expect(409);
    assert!(refused.text().contains("This is about yourself."), "{refused}");
    edit(&hr, me, &[("hired_on", "2020-06-15")]).await.expect(409);
    shop.assert_unchanged(&before, "what HR does to themselves").await;
    // A super admin is no exception, and somebody else may.
    let boss = shop.super_admin().await;
    let id = id_of(&shop, "hr-all").await;
    boss.post(&urls::hr::person_deactivation(id), REASON).await.expect(409);
    hr.post(&urls::hr::person_deactivation(id), REASON).await.expect(303);
    boss.get("/").await.expect(303);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn account_and_orders_are_shown_to_whom_they_are_open() {
    let shop = Shop::open().await;
    let (me, hr) = desk(&shop).await;
    let ann = shop.person("ann").await;
    let (account, orders) = (urls::hr::account(ann), urls::hr::orders_of(ann));
    let page = hr.get(&urls::hr::person(ann)).await.expect(200).html();
    assert!(!page.has(&format!("[href='{account}']")) && !page.has(&format!("[href='{orders}']")));
    let add = "INSERT INTO person_roles (person_id, role) VALUES (?, ?)";
    for desk in [Desk::Points, Desk::Orders] {
        shop.sql(add, [me.into(), Role::Desk(desk).name().into()]).await;
    }
    let page = hr.get(&urls::hr::person(ann)).await.expect(200).html();
    for href in [account, orders] {
        assert!(page.has(&format!("a[href='{href}']")), "a link without scripts");
        assert!(page.has(&format!("[hx-get='{href}'][hx-trigger=load]")), "the thing itself with them");
    }
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_every_desk_did_to_an_account_is_told_with_who_did_it() {
    let shop = Shop::open().await;
    let (me, hr) = desk(&shop).await;
    let (points, orders) = (shop.hr(Desk::Points).await, shop.hr(Desk::Orders).await);
    let ann = shop.person("ann").await;
    // What the shop gave by itself is no deed of anybody, but taking it back is.
    shop.grant(ann, 90, None).await;
    let grant = shop.id_of("SELECT id FROM grants WHERE person_id = ?", [ann.into()]).await;
    // Words of somebody's own, though a reason's code is called so.
    points.post(&urls::hr::grant_reversal(grant), &[("note", "twice")]).await.expect(303);
    let rule = shop.monthly_rule(15, 250, "2026-06-01").await;
    let form = points.get(&urls::hr::new_override_for(rule, ann)).await.expect(200).html().form("form.panel");
    points.submit(&form.with("amount", "400")).await.expect(303);
    shop.grant(ann, 500, None).await;
    let lamp = shop.product("Desk lamp", 200, 5).await;
    let browser = shop.browser_of(ann).await;
    let number = browser.redeem(&lamp, 1, "office:berlin").await;
    let page = orders.get(&urls::hr::order(&number)).await.expect(200).html();
    let form = page.form(&format!("form[action='{}']", urls::hr::order_cancellation(&number)));
    orders.submit(&form.with("reason", "Out of production")).await.expect(303);
    // Neither what Ann does with her own orders, nor how far they are.
    let regretted = browser.redeem(&lamp, 1, "office:berlin").await;
    browser.post(&urls::order_cancellation(&regretted), &[]).await.expect(303);
    let begun = browser.redeem(&lamp, 1, "office:berlin").await;
    orders.post(&urls::hr::order_preparation(&begun), &[]).await.expect(303);
    let form = points.get(&urls::hr::new_deduction_for(ann)).await.expect(200).html().form("#by-hand");
    let form = form.with("amount", "120").with("reason", "mistake").with("note", "Not meant");
    points.submit(&form.with("step", "do")).await.expect(303);

    let page = hr.get(&urls::hr::person(ann)).await.expect(200).html();

    let cancelled = format!("Order {number} cancelled");
    assert_eq!(
        page.all(".deed strong"),
        [
            "Deducted 120 points",
            cancelled.as_str(),
            "Exception to a rule changed",
            "Grant taken back",
            "Entered"
        ]
    );
    assert_eq!(
        page.all(".deed__detail"),
        [
            "Given by mistake",
            "Balance: 300 → 180",
            "Out of production",
            "Balance: 300 → 500",
            "– → 400",
            "twice"
        ]
    );
    let lines = page.all(".deed .small");
    let actors: Vec<_> = lines.iter().filter_map(|line| line.split(" · ").next()).collect();
    assert_eq!(actors, ["hr-points", "hr-orders", "hr-points", "hr-points", "The shop"]);
    assert!(!page.has(".deed a"), "the order is another desk's");
    let add = "INSERT INTO person_roles (person_id, role) VALUES (?, ?)";
    shop.sql(add, [me.into(), Role::Desk(Desk::Orders).name().into()]).await;
    let page = hr.get(&urls::hr::person(ann)).await.expect(200).html();
    assert_eq!(page.all(".deed a"), [cancelled]);
    assert_eq!(page.attributes(".deed a", "href"), [urls::hr::order(&number)]);
    shop.close().await;
}

/// So many acts on a person, as a desk writes them down.
async fn did(shop: &Shop, person: PersonId, count: usize) {
    let now = shop.now();
    let done = shop.app.db.write("test.acts", move |tx| {
        let acts = (0..count).map(|_| Act {
            action: "person.edit",
            subject_kind: "person",
            subject_id: person.to_string(),
            details: json!({}),
        });
        audit::record_all(tx, now, Actor::Shop, acts.collect()).boxed()
    });
    done.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_past_says_that_it_is_longer_and_leads_to_all_of_it_whom_the_trail_is_open_to() {
    let shop = Shop::open().await;
    let (me, hr) = desk(&shop).await;
    let ann = shop.person("ann").await;
    did(&shop, ann, 19).await;
    let page = hr.get(&urls::hr::person(ann)).await.expect(200).html();
    assert_eq!((page.count(".deed"), page.has("#more-deeds")), (20, false), "these are all");
    did(&shop, ann, 1).await;
    let page = hr.get(&urls::hr::person(ann)).await.expect(200).html();
    assert_eq!(page.count(".deed"), 20);
    assert_eq!(page.text_of("#more-deeds"), "Only the latest 20 are shown.");
    assert!(!page.has("#more-deeds a"), "the trail is another desk's");
    let add = "INSERT INTO person_roles (person_id, role) VALUES (?, ?)";
    shop.sql(add, [me.into(), Role::Desk(Desk::Audit).name().into()]).await;
    let page = hr.get(&urls::hr::person(ann)).await.expect(200).html();
    assert_eq!(page.text_of("#more-deeds a"), "Everything done about this person");
    let all = page.attribute("#more-deeds a", "href").unwrap();
    assert_eq!(all, urls::hr::audit_of_person(ann));
    let trail = hr.get(&all).await.expect(200).html();
    assert_eq!(trail.text_of("#results [data-announce]"), "21 acts");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_clicks_at_once_enter_one_person() {
    let shop = Shop::open().await;
    let (_, hr) = desk(&shop).await;
    let new = [("name", "Ann Archer"), ("email", "ann@example.test"), ("employee_number", "E-1")];
    let answers = futures::future::join_all((0..8).map(|_| hr.post("/hr/people", &new))).await;
    let mut statuses: Vec<_> = answers.iter().map(crate::support::answer::Answer::status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses[0], 303, "{statuses:?}");
    assert!(statuses[1..].iter().all(|status| *status == 422), "{statuses:?}");
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM people WHERE email = 'ann@example.test'").await, 1);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_clicks_at_once_change_a_person_once() {
    let shop = Shop::open().await;
    let (_, hr) = desk(&shop).await;
    let ann = shop.person("ann").await;
    let form = hr.get(&urls::hr::person_edit(ann)).await.expect(200).html();
    let form = form.form("form[action^='/hr/people/']").with("name", "Ann Arrow");
    let answers = futures::future::join_all((0..8).map(|_| hr.submit(&form))).await;
    let statuses: Vec<_> = answers.iter().map(crate::support::answer::Answer::status).collect();
    assert_eq!(statuses, [303; 8]);
    assert_eq!(shop.scalar("SELECT version FROM people WHERE name = 'Ann Arrow'").await, 2);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_that_is_sent_again_enters_nobody_twice() {
    let shop = Shop::open().await;
    let (_, hr) = desk(&shop).await;
    let empty = hr.get("/hr/people/new").await.expect(200).html().form("main form");
    let refused = hr.submit(&empty.clone().with("name", "Ann Archer")).await.expect(422).html();
    let form = refused.form("main form").with("email", "ann@example.test").with("office", "berlin");
    assert_eq!(form.value("key"), empty.value("key"), "it is the same form still");
    let clicks = futures::future::join_all((0..8).map(|_| hr.submit(&form))).await;
    let ann = id_of(&shop, "ann").await;
    for click in clicks {
        assert_eq!(click.expect(303).location(), urls::hr::person(ann));
    }
    let before = shop.contents().await;
    assert_eq!(hr.submit(&form).await.expect(303).location(), urls::hr::person(ann));
    shop.assert_unchanged(&before, "the same click again").await;
    assert_eq!(trail(&shop, ann).await, [("person.enter".to_owned(), "{}".to_owned())]);
    assert_eq!(shop.scalar_of("SELECT version FROM people WHERE id = ?", [ann.into()]).await, 1);

    // Whoever goes back and fills it in for somebody else has entered somebody else.
    let other = hr.submit(&form.clone().with("name", "Ben Brook").with("email", "ben@example.test")).await;
    let ben = id_of(&shop, "ben").await;
    assert_ne!(ben, ann);
    assert_eq!(other.expect(303).location(), urls::hr::person(ben));
    // Another form is another person, and so is one who is not what was typed any more.
    let before = shop.contents().await;
    let anew = hr.get("/hr/people/new").await.expect(200).html().form("main form");
    let same = anew.with("name", "Ann Archer").with("email", "ann@example.test").with("office", "berlin");
    let taken = hr.submit(&same).await.expect(422).html();
    assert_eq!(taken.text_of("#email-error"), "This is taken already. Please choose another.");
    hr.submit(&same.with("key", "7")).await.expect(400);
    shop.assert_unchanged(&before, "an address that is taken").await;
    edit(&hr, ann, &[("department", "Design")]).await.expect(303);
    let taken = hr.submit(&form).await.expect(422).html();
    assert!(taken.has("#email-error"));
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM people WHERE email LIKE 'ann@%'").await, 1);
    shop.close().await;
}
