//! The list of all that was given and taken.

use awsomeshop::types::id::PersonId;
use awsomeshop::types::role::Desk;
use awsomeshop::urls::hr;

use super::{giving, taking};
use crate::grant_runs::stage::{colleague, crowd};
use crate::support::Shop;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acts_are_found_by_person_note_kind_reason_maker_and_day() {
    let shop = Shop::open().await;
    let (ann, ben) = (shop.person("ann").await, shop.person("ben").await);
    shop.grant(ann, 100, None).await;
    let desk = shop.hr(Desk::Points).await;
    desk.submit(&giving(&desk, ben, "70").await.with("note", "=1+1 idea").with("step", "do"))
        .await
        .expect(303);
    shop.advance(86_400);
    let maker = shop.id_of("SELECT id FROM people WHERE email = 'hr-points@example.test'", []).await;
    let desk = shop.browser_of(PersonId(maker)).await;
    desk.submit(&taking(&desk, ann, "30").await.with("step", "do")).await.expect(303);
    let undone = shop.id_of("SELECT id FROM grants WHERE person_id = ?", [ben.into()]).await;
    desk.post(&hr::grant_reversal(undone), &[("note", "Meant for Ann")]).await.expect(303);
    // What people redeem is none of it.
    let voucher = shop.digital_product("Voucher", 40, &["AAAA-1111"]).await;
    shop.browser_of(ann).await.redeem(&voucher, 1, "").await;

    let maker = format!("maker={maker}");
    let page = desk.get(&format!("{}?note=idea", hr::points())).await.expect(200).html();
    assert_eq!(
        page.text_of("#results [data-announce]"),
        "1 entry Notes are looked for in the newest 20,000 grants and as many deductions."
    );
    let cases: &[(&str, &[&str])] = &[
        ("", &["−70", "−30", "+70", "+100"]),
        ("sort=at", &["+100", "+70", "−30", "−70"]),
        ("sort=-points", &["+100", "−70", "+70", "−30"]),
        ("sort=points", &["−30", "+70", "−70", "+100"]),
        ("q=archer", &["−30", "+100"]),
        ("q=E-BEN", &["−70", "+70"]),
        ("q=nobody", &[]),
        ("note=IDEA", &["+70"]),
        ("note=%25", &[]),
        ("kind=grant", &["+70", "+100"]),
        ("kind=deduction", &["−30"]),
        ("kind=undo", &["−70"]),
        ("reason=idea", &["+70"]),
        ("reason=mistake", &["−30"]),
        ("reason=mistake&kind=grant", &[]),
        ("maker=shop", &["+100"]),
        (&maker, &["−70", "−30", "+70"]),
        ("from=2026-06-16", &["−70", "−30"]),
        ("to=2026-06-15&q=ann", &["+100"]),
        ("kind=grant&page=2", &["+70", "+100"]),
        ("kind=grant&q=nobody&page=2", &[]),
    ];
    for (query, expected) in cases {
        let page = desk.get(&hr::points_filtered(query)).await.expect(200).html();
        let points: Vec<_> = page.all("tbody td:last-child").iter().map(|cell| first_word(cell)).collect();
        assert_eq!(points, *expected, "{query}");
    }
    let page = desk.get(&hr::points_filtered("from=2026-06-17&to=2026-06-16")).await.expect(200).html();
    assert!(page.has(".note--warn"));
    let swapped =
        desk.ask(reqwest::Method::GET, &hr::points_filtered("kind=undo")).htmx("results").send().await;
    assert!(swapped.text().trim_start().starts_with("<section"), "{swapped}");

    let file = desk.get(&hr::points_csv("kind=grant&sort=at")).await.expect(200).text();
    let lines: Vec<_> = file.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(
        lines,
        [
            "When,What,Person,Employee number,Reason,Note,By,Points,Balance after it",
            "2026-06-15T10:00:00Z,Given,Ann Archer,E-ann,Thank-you,Thank you,The shop itself,100,100",
            "2026-06-15T10:00:00Z,Given,Ben Brook,E-ben,Good idea,'=1+1 idea,hr-points,70,70",
        ]
    );
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_gave_or_took_can_be_chosen_after_they_left_the_desk() {
    let shop = Shop::open().await;
    let (ann, ben) = (shop.person("ann").await, shop.person("ben").await);
    let (hal, of_hal) = colleague(&shop, "hal").await;
    let (_, of_pia) = colleague(&shop, "pia").await;
    of_hal.submit(&giving(&of_hal, ann, "70").await.with("step", "do")).await.expect(303);
    of_pia.submit(&taking(&of_pia, ann, "30").await.with("step", "do")).await.expect(303);
    shop.sql("DELETE FROM person_roles", []).await;
    let desk = shop.hr(Desk::Points).await;
    let chosen_among = async |query: &str| {
        let page = desk.get(&hr::points_filtered(query)).await.expect(200).html();
        let mut makers = page.all("#maker option");
        makers.sort();
        (page.all("#maker option[selected]"), makers, page.count("#results tbody tr"))
    };
    let all = ["Anybody", "Hal Hart", "Pia Pike", "The shop itself", "hr-points"].map(str::to_owned).to_vec();
    let one = |name: &str| vec![name.to_owned()];
    assert_eq!(chosen_among("").await, (one("Anybody"), all.clone(), 2));
    assert_eq!(chosen_among(&format!("maker={hal}")).await, (one("Hal Hart"), all.clone(), 1));
    assert_eq!(chosen_among("maker=x").await, (one("Anybody"), all.clone(), 2));
    // Whoever is asked for is named, also if they never did anything.
    let (chosen, makers, rows) = chosen_among(&format!("maker={ben}")).await;
    assert_eq!((chosen, makers.len(), rows), (one("Ben Brook"), all.len() + 1, 0));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_search_that_too_many_fit_says_so() {
    let shop = Shop::open().await;
    crowd(&shop, 201).await;
    let (points, reports) = (shop.hr(Desk::Points).await, shop.hr(Desk::Reports).await);
    for (desk, address, most) in
        [(&points, hr::points_filtered("q=person"), 200), (&reports, hr::reports_transfers("q=Person"), 100)]
    {
        let page = desk.get(&address).await.expect(200).html();
        let told = page.text_of("#results .note--warn");
        assert!(told.starts_with(&format!("More than {most} people fit this search.")), "{told}");
        let page = desk.get(&format!("{address}+14")).await.expect(200).html();
        assert!(!page.has("#results .note--warn"), "{address}");
    }
    shop.close().await;
}

fn first_word(cell: &str) -> String {
    cell.split_whitespace().next().unwrap_or_default().to_owned()
}
