//! Rules at the desk: making and changing them, exceptions, what comes next, what was missed.

mod exceptions;
mod missed;
mod preview;

use awsomeshop::server::jobs::Job;
use awsomeshop::types::id::PersonId;
use awsomeshop::types::role::{Desk, Role};
use awsomeshop::types::rule_kind::RuleKind;
use awsomeshop::urls::hr;

use super::{day, given, go_to, hired};
use crate::support::Shop;

/// Who looks.
const POINTS_DESK: &str = "SELECT person_id FROM person_roles WHERE role = 'points'";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rule_is_made_changed_by_its_version_and_paused() {
    let shop = Shop::open().await;
    hired(&shop, "ann", "2020-01-01").await;
    let desk = shop.hr(Desk::Points).await;
    let page = desk.get(&hr::new_rule("monthly")).await.expect(200).html();
    let form = page.form("form.panel").with("amount", "250").with("note", "Your points");
    let before = shop.contents().await;
    let wrong =
        form.clone().with("day_of_month", "32").with("amount", "").with("note", "").with("starts_on", "x");
    let wrong = desk.submit(&wrong.with("lasts_months", "121")).await.expect(422).html();
    for (field, sentence) in [
        ("day_of_month", "Please choose a number from 1 to 31."),
        ("amount", "Please fill this in."),
        ("note", "Please fill this in."),
        ("lasts_months", "Please choose a number from 1 to 120."),
        ("starts_on", "Please enter a date."),
    ] {
        assert_eq!(wrong.text_of(&format!("#{field}-error")), sentence);
    }
    desk.get(&hr::new_rule("hourly")).await.expect(404);
    desk.submit(&form.clone().with("kind", "hourly")).await.expect(400);
    shop.assert_unchanged(&before, "what was refused").await;

    let made = desk.submit(&form.with("day_of_month", "15")).await.expect(303);
    let rule = made.location().to_owned();
    let edit = desk.get(&format!("{rule}/edit")).await.expect(200).html().form("form.panel");
    let mut paused = edit.clone().with("amount", "300");
    paused.fields.retain(|(name, _)| name != "is_active");
    desk.submit(&paused).await.expect(303);
    let late = desk.submit(&edit.with("amount", "400")).await.expect(409).html();
    assert_eq!(late.all(".theirs dt"), ["Points", "State"]);
    assert_eq!(late.all(".theirs dd"), ["300", "Paused"]);
    let page = desk.get(&rule).await.expect(200).html();
    assert!(page.all(".badge").contains(&"Paused".to_owned()));
    assert!(page.all("dd").contains(&"300".to_owned()));
    shop.job(Job::ApplyRules).await;
    assert_eq!(given(&shop).await, [""; 0], "it is paused");
    let audited = "SELECT COUNT(*) FROM audit_events WHERE action IN ('rule.create', 'rule.change')";
    assert_eq!(shop.scalar(audited).await, 2);
    let index = desk.get(&hr::rules()).await.expect(200).html();
    assert_eq!(index.all("tbody th a"), ["Monthly points"]);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_changes_a_rule_too_late_finds_what_they_typed_and_can_save_it() {
    let shop = Shop::open().await;
    let rule = shop.monthly_rule(15, 250, "2026-06-01").await;
    let desk = shop.hr(Desk::Points).await;
    let form = async || desk.get(&hr::edit_rule(rule)).await.expect(200).html().form("form.panel");
    let typed = [("day_of_month", "20"), ("amount", "400"), ("note", "For all of us"), ("lasts_months", "6")];
    let mut late = typed.iter().fold(form().await, |form, (name, value)| form.with(name, value));
    late.fields.retain(|(name, _)| name != "is_active");
    // However often somebody else was faster.
    for (amount, version) in [("300", "2"), ("350", "3")] {
        desk.submit(&form().await.with("amount", amount)).await.expect(303);
        let before = shop.contents().await;
        let page = desk.submit(&late).await.expect(409).html();
        assert!(page.text_of("[role=alert] p").starts_with("Somebody else has changed this"));
        assert_eq!(page.all(".theirs dd"), ["15", amount, "By itself", "left empty", "Active"]);
        late = page.form("form.panel");
        for (field, value) in typed {
            assert_eq!(late.value(field), value, "{field}");
        }
        assert_eq!(late.value("version"), version);
        assert!(!page.has("#is_active[checked]"), "it was not ticked");
        shop.assert_unchanged(&before, "a form that was too late").await;
    }
    desk.submit(&late).await.expect(303);
    let saved = form().await;
    for (field, value) in typed {
        assert_eq!(saved.value(field), value, "{field}");
    }
    assert_eq!(saved.value("version"), "4");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exceptions_count_and_nobody_makes_one_for_themselves() {
    let shop = Shop::open().await;
    let (ann, ben) = (hired(&shop, "ann", "2020-01-01").await, hired(&shop, "ben", "2020-01-01").await);
    hired(&shop, "cleo", "2020-01-01").await;
    let hal = hired(&shop, "hal", "2020-01-01").await;
    shop.role(hal, Role::SuperAdmin).await;
    let desk = shop.browser_of(hal).await;
    let rule = shop.monthly_rule(15, 250, "2026-06-01").await;
    let found = desk.get(&format!("{}?q=archer", hr::new_override(rule))).await.expect(200).html();
    assert_eq!(found.attributes(".pick", "href"), [hr::new_override_for(rule, ann)]);
    let form = async |person: PersonId| {
        desk.get(&hr::new_override_for(rule, person)).await.expect(200).html().form("form.panel")
    };
    desk.submit(&form(ann).await.with("amount", "400")).await.expect(303);
    desk.submit(&form(ben).await.with("gives", "never")).await.expect(303);

    let before = shop.contents().await;
    let own = desk.submit(&form(hal).await.with("amount", "9999")).await.expect(422).html();
    assert!(own.text_of("#person-error").starts_with("Nobody can make an exception for themselves"));
    desk.post(&hr::override_removal(rule, hal), &[]).await.expect(409);
    let none = desk.submit(&form(ann).await.with("amount", "")).await.expect(422).html();
    assert_eq!(none.text_of("#amount-error"), "Please fill this in.");
    desk.submit(&form(ann).await.with("amount", "400")).await.expect(303);
    shop.assert_unchanged(&before, "an exception that was refused, or is so already,").await;

    let next = desk.get(&hr::rule_preview(rule, "")).await.expect(200).html();
    assert_eq!(next.text_of("#preview .results__head"), "15 June 2026: 3 people, 900 points");
    assert_eq!(next.all("tbody th"), ["Ann ArcherE-ann", "Cleo CraneE-cleo", "Hal HartE-hal"]);
    // An automatic rule gives to HR, too.
    shop.job(Job::ApplyRules).await;
    assert_eq!(
        given(&shop).await,
        ["Ann Archer 400 2026-06", "Cleo Crane 250 2026-06", "Hal Hart 250 2026-06"]
    );
    // What is given is not given again, also when the exception goes.
    desk.post(&hr::override_removal(rule, ann), &[]).await.expect(303);
    shop.job(Job::ApplyRules).await;
    assert_eq!(given(&shop).await.len(), 3);
    let next = desk.get(&hr::rule_preview(rule, "")).await.expect(200).html();
    assert_eq!(next.text_of("#preview .results__head"), "15 July 2026: 3 people, 750 points");
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM audit_events WHERE action = 'rule.override'").await, 3);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn birthdays_of_the_next_thirty_days_are_seen_before() {
    let shop = Shop::open().await;
    let birthdays = [("ann", "1990-06-15"), ("ben", "1990-07-15"), ("cleo", "1990-07-16")];
    for (key, birthday) in birthdays {
        let person = hired(&shop, key, "2020-01-01").await;
        shop.sql("UPDATE people SET birthday = ? WHERE id = ?", [day(birthday).into(), person.into()]).await;
    }
    let rule = shop.rule(RuleKind::Birthday, None, 50, "2026-06-01").await;
    let desk = shop.hr(Desk::Points).await;
    let next = desk.get(&hr::rule_preview(rule, "")).await.expect(200).html();
    assert_eq!(next.all("tbody td:nth-child(2)"), ["15 June 2026", "15 July 2026"]);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn days_of_their_own_are_seen_before_over_new_year_and_in_february() {
    let shop = Shop::open().await;
    let rule = shop.rule(RuleKind::Birthday, None, 50, "2026-06-01").await;
    let years = shop.rule(RuleKind::Anniversary, None, 50, "2026-06-01").await;
    let welcome = shop.rule(RuleKind::Welcome, None, 50, "2026-06-01").await;
    for born in ["12-15", "12-16", "12-31", "01-01", "01-15", "01-16", "02-28", "02-29", "03-01"] {
        let person = hired(&shop, &format!("of-{born}"), &format!("2020-{born}")).await;
        let birthday = day(&format!("1992-{born}"));
        shop.sql("UPDATE people SET birthday = ? WHERE id = ?", [birthday.into(), person.into()]).await;
    }
    let seen = async |rule| {
        let desk = shop.browser_of(PersonId(shop.id_of(POINTS_DESK, []).await)).await;
        desk.get(&hr::rule_preview(rule, "")).await.expect(200).html().all("tbody td:nth-child(2)")
    };
    shop.hr(Desk::Points).await;
    for (today, expected) in [
        ("2026-12-16", &["16 December 2026", "31 December 2026", "1 January 2027", "15 January 2027"][..]),
        ("2027-01-29", &["28 February 2027", "28 February 2027"]),
        ("2027-01-30", &["28 February 2027", "28 February 2027", "1 March 2027"]),
        ("2027-02-28", &["28 February 2027", "28 February 2027", "1 March 2027"]),
        ("2027-03-01", &["1 March 2027"]),
        ("2028-02-28", &["28 February 2028", "29 February 2028", "1 March 2028"]),
    ] {
        go_to(&shop, today);
        assert_eq!(seen(rule).await, expected, "{today}");
        assert_eq!(seen(years).await, expected, "{today}");
        assert_eq!(seen(welcome).await, [""; 0], "{today}");
    }
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_who_are_given_the_same_are_seen_page_by_page() {
    let shop = Shop::open().await;
    let rule = shop.monthly_rule(20, 250, "2026-06-01").await;
    for number in 0..60 {
        hired(&shop, &format!("p{number:02}"), if number < 55 { "2020-01-01" } else { "2026-06-21" }).await;
    }
    let desk = shop.hr(Desk::Points).await;
    let page = async |query| desk.get(&hr::rule_preview(rule, query)).await.expect(200).html();
    let (first, second) = (page("").await, page("page=2").await);
    // 55 who are here on the day, and who looks at it.
    assert_eq!(first.text_of("#preview .results__head"), "20 June 2026: 56 people, 14,000 points");
    assert_eq!(second.text_of("#preview .results__head"), "20 June 2026: 56 people, 14,000 points");
    let names: Vec<String> = first.all("tbody th a").into_iter().chain(second.all("tbody th a")).collect();
    let expected =
        std::iter::once("hr-points".to_owned()).chain((0..55).map(|number| format!("p{number:02}")));
    assert_eq!(names, expected.collect::<Vec<_>>());
    assert_eq!(second.all("tbody th a").len(), 6);
    assert_eq!(page("page=3").await.all("tbody th a"), second.all("tbody th a"));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_missed_is_shown_and_given_only_when_hr_says_so() {
    let shop = Shop::open().await;
    let ann = hired(&shop, "ann", "2020-01-01").await;
    hired(&shop, "ben", "2026-08-01").await;
    let rule = shop.monthly_rule(15, 250, "2026-06-01").await;
    shop.job(Job::ApplyRules).await;
    assert_eq!(given(&shop).await, ["Ann Archer 250 2026-06"]);
    // The shop is down until September; July and August go by.
    go_to(&shop, "2026-09-01");
    shop.job(Job::ApplyRules).await;
    assert_eq!(given(&shop).await.len(), 1);
    let desk = shop.hr(Desk::Points).await;
    let page = desk.get(&hr::rule_missed(rule)).await.expect(200).html();
    assert_eq!(page.all("#missed h3"), ["August 2026", "July 2026"]);
    assert_eq!(page.all("#missed h3 + p"), ["2 people, 500 points", "1 person, 250 points"]);

    let july = page.form("li:nth-child(2) form");
    assert_eq!(july.value("month"), "2026-07");
    let clicks = futures::join!(desk.submit(&july), desk.submit(&july));
    assert_eq!([clicks.0.status(), clicks.1.status()], [303, 303]);
    let page = desk.get(&hr::rule_missed(rule)).await.expect(200).html();
    assert_eq!((page.count("#missed form"), page.all("#missed .badge")), (1, vec!["Being given".to_owned()]));
    for _ in 0..2 {
        shop.job(Job::ApplyRules).await;
        assert_eq!(given(&shop).await, ["Ann Archer 250 2026-06", "Ann Archer 250 2026-07"]);
    }
    let page = desk.get(&hr::rule_missed(rule)).await.expect(200).html();
    assert_eq!(page.all("#missed h3"), ["August 2026"]);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM audit_events WHERE action = 'rule.catch-up'").await, 1);

    // Neither the future nor what is before the rule's first day can be asked for.
    let before = shop.contents().await;
    for month in ["2026-05", "2026-09", "2026-10"] {
        desk.post(&hr::rule_catch_ups(rule), &[("month", month)]).await.expect(303);
    }
    desk.post(&hr::rule_catch_ups(rule), &[("month", "x")]).await.expect(400);
    shop.assert_unchanged(&before, "nothing to catch up with").await;

    // To leave August out, the rule counts from today.
    let edit = desk.get(&hr::edit_rule(rule)).await.expect(200).html().form("form.panel");
    desk.submit(&edit.with("starts_on", "2026-09-01")).await.expect(303);
    let page = desk.get(&hr::rule_missed(rule)).await.expect(200);
    assert!(page.text().contains("Nothing was missed."), "{page}");
    let balance = "SELECT balance FROM accounts WHERE person_id = ?";
    assert_eq!(shop.scalar_of(balance, [ann.into()]).await, 500);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn days_on_which_a_paused_rule_gave_nothing_are_missed() {
    let shop = Shop::open().await;
    let ann = hired(&shop, "ann", "2020-06-18").await;
    let rule = shop.rule(RuleKind::Anniversary, None, 500, "2026-06-01").await;
    shop.job(Job::ApplyRules).await;
    shop.hr(Desk::Points).await;
    let pia = shop.id_of("SELECT id FROM people WHERE email = 'hr-points@example.test'", []).await;
    let pause = async |is_active: bool| {
        let desk = shop.browser_of(PersonId(pia)).await;
        let mut edit = desk.get(&hr::edit_rule(rule)).await.expect(200).html().form("form.panel");
        edit.fields.retain(|(name, _)| name != "is_active");
        let edit = if is_active { edit.with("is_active", "true") } else { edit };
        desk.submit(&edit).await.expect(303);
    };
    pause(false).await;
    go_to(&shop, "2026-06-18");
    shop.job(Job::ApplyRules).await;
    go_to(&shop, "2026-06-20");
    pause(true).await;
    shop.job(Job::ApplyRules).await;
    assert_eq!(given(&shop).await, [""; 0]);
    let desk = shop.browser_of(PersonId(pia)).await;
    let page = desk.get(&hr::rule_missed(rule)).await.expect(200).html();
    assert_eq!(page.all("#missed .pieces li"), ["Ann Archer 500 18 June 2026"]);
    // Who has left meanwhile is left out.
    shop.deactivate(ann).await;
    let page = desk.get(&hr::rule_missed(rule)).await.expect(200).html();
    assert!(!page.has("#missed form"));
    shop.close().await;
}
