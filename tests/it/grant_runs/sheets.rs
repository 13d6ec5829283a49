//! Sheets: what the preview shows, what is refused, what warns.

use std::fmt::Write as _;

use awsomeshop::types::role::Desk;
use encoding_rs::WINDOWS_1252;

use super::stage::{TERMS, commit, crowd, draft, sheet, upload};
use crate::support::Shop;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sheet_of_10_000_rows_shows_its_37_bad_ones_and_each_reason() {
    let shop = Shop::open().await;
    crowd(&shop, 10_000).await;
    let hr = shop.hr(Desk::Points).await;
    let leaver = "UPDATE people SET is_active = FALSE WHERE employee_number = 'E-9999'";
    assert_eq!(shop.sql(leaver, []).await, 1);
    // Rows 1 to 9,963 are good; three of them are worth a second look.
    let mut text = "number or e-mail;amount;note\n".to_owned();
    for number in 1..=9_963 {
        let amount = if number <= 3 { 5_000 } else { 100 };
        let who = if number % 2 == 0 { format!("E-{number}") } else { format!("P{number}@Example.test") };
        writeln!(text, "{who};{amount};").unwrap();
    }
    for number in 9_964..=9_983 {
        writeln!(text, "Nobody-{number};100;").unwrap();
    }
    for amount in ["", "0", "-5", "12.5", "1.000", "hundred", "1000001"] {
        writeln!(text, "E-9990;{amount};").unwrap();
    }
    for number in 1..=7 {
        writeln!(text, "E-{number};100;").unwrap();
    }
    text += "E-9999;100;\nE-hr-points;100;\n;100;\n";
    let run = draft(&hr, &text).await;
    let page = hr.get(&run).await.expect(200).html();
    assert_eq!(
        page.all(".figure__value"),
        ["9,963", "1,011,000", "37", "3"],
        "good rows, points, bad rows, unusual amounts"
    );
    assert_eq!(page.all("#results > .results__head p"), ["10,000 rows"]);
    assert_eq!(page.count("#results tbody tr"), 50);

    let file = hr.get(&format!("{run}/rows.csv?rows=problems")).await.expect(200).text();
    let rows: Vec<_> = file.trim_start_matches('\u{feff}').lines().skip(1).collect();
    assert_eq!(rows.len(), 37);
    let with = |reason: &str| rows.iter().filter(|row| row.ends_with(&format!(",{reason}"))).count();
    assert_eq!(with("Nobody has this number or address"), 20);
    assert_eq!(with("Not a whole number in plain digits"), 3);
    assert_eq!(with("Not above zero"), 2);
    assert_eq!((with("No amount"), with("More than one grant may be")), (1, 1));
    assert_eq!((with("Has left"), with("You cannot give to yourself")), (1, 1));
    assert_eq!(with("Neither number nor e-mail"), 1);
    for number in 1..=7 {
        assert_eq!(with(&format!("Already in line {}", number + 1)), 1);
    }
    assert_eq!(rows[0], "Nobody-9964,100,,9965,,Left out,Nobody has this number or address");
    let unusual = hr.get(&format!("{run}?rows=unusual")).await.expect(200).html();
    assert_eq!(unusual.all("#results > .results__head p"), ["3 rows"]);

    // Without the word to leave them out nothing is given.
    let before = shop.contents().await;
    let refused = commit(&hr, &run, &[]).await.expect(422).html();
    assert!(refused.has("#good_only[aria-invalid]"));
    shop.assert_unchanged(&before, "a sheet with bad rows").await;
    commit(&hr, &run, &["good_only"]).await.expect(303);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_number_and_an_address_that_are_not_one_persons_stay_nobodys() {
    let shop = Shop::open().await;
    crowd(&shop, 3).await;
    let hr = shop.hr(Desk::Points).await;
    let sheet = "number,e-mail,amount,note\nE-1,p2@example.test,5,\nE-1,nobody@example.test,5,\n\
                 E-3,p3@example.test,5,'-10 % is @home\n";
    let run = draft(&hr, sheet).await;
    let download = async |run: &str| hr.get(&format!("{run}/rows.csv")).await.expect(200).text();
    let file = download(&run).await;
    let cells: Vec<_> = file.lines().skip(1).map(|row| row.split(',').take(3).collect::<Vec<_>>()).collect();
    let both = ["E-1 / p2@example.test", "E-1 / nobody@example.test", "E-3"];
    assert_eq!(cells, [[both[0], "5", ""], [both[1], "5", ""], [both[2], "5", "'-10 % is @home"]]);
    // Unchanged it says the same; what only keeps a spreadsheet from running a note is no part of it.
    let again = draft(&hr, &file).await;
    assert_eq!(hr.get(&again).await.expect(200).html().all(".figure__value"), ["1", "5", "2", "0"]);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM grant_run_rows WHERE note = '-10 % is @home'").await, 2);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_downloaded_can_be_mended_and_uploaded() {
    let shop = Shop::open().await;
    crowd(&shop, 3).await;
    let hr = shop.hr(Desk::Points).await;
    let run = draft(&hr, "number,amount,note\nE-1,5,\nE-2,ten,\"for you, and you\"\n").await;
    let file = hr.get(&format!("{run}/rows.csv?rows=problems")).await.expect(200).text();
    let mended = draft(&hr, &file.replace("ten", "10")).await;
    let page = hr.get(&mended).await.expect(200).html();
    assert_eq!(page.all(".figure__value"), ["1", "10", "0", "0"]);
    assert!(page.text_of("#results tbody").contains("for you, and you"));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_note_that_is_too_long_is_refused_again_when_the_problems_are_uploaded() {
    let shop = Shop::open().await;
    crowd(&shop, 3).await;
    let hr = shop.hr(Desk::Points).await;
    let (longest, long) = ("ü".repeat(500), "ü".repeat(501));
    let text = format!("number,amount,note\nE-1,5,{long}\nE-2,ten,{long}\nE-3,5,{longest}\n");
    let mut run = draft(&hr, &text).await;
    let page = hr.get(&run).await.expect(200).html();
    assert_eq!(page.all(".figure__value"), ["1", "5", "2", "0"]);
    let kept = "SELECT COUNT(*) FROM grant_run_rows WHERE note = ?";
    let beginning = format!("{}…", "ü".repeat(499));
    assert_eq!(shop.scalar_of(kept, [beginning.as_str().into()]).await, 2);
    assert_eq!(shop.scalar_of(kept, [longest.into()]).await, 1);
    for _ in 0..2 {
        let file = hr.get(&format!("{run}/rows.csv?rows=problems")).await.expect(200).text();
        run = draft(&hr, &file.replace(",ten,", ",10,")).await;
        let page = hr.get(&run).await.expect(200).html();
        assert_eq!(page.all(".figure__value"), ["0", "0", "2", "0"]);
        let said = page.text_of("#results tbody");
        assert_eq!(said.matches("The note is too long").count(), 2, "{said}");
    }
    assert_eq!(shop.scalar_of(kept, [beginning.into()]).await, 6, "no more is cut each time");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sheets_are_read_as_spreadsheets_write_them() {
    let shop = Shop::open().await;
    crowd(&shop, 4).await;
    let hr = shop.hr(Desk::Points).await;
    let text = "E-Mail;Points;Note\r\np1@example.test;5;Für Zoë\r\nE-2;6;\r\n";
    let (latin, ..) = WINDOWS_1252.encode(text);
    let utf16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let marked = format!("\u{feff}{text}");
    for (kind, bytes) in [("Windows-1252", latin.as_ref()), ("UTF-16", &utf16), ("UTF-8", marked.as_bytes())]
    {
        let run = upload(&hr, bytes).await.expect(303);
        let page = hr.get(run.location()).await.expect(200).html();
        assert_eq!(page.all(".figure__value"), ["2", "11", "0", "0"], "{kind}");
        assert!(page.text_of("#results tbody").contains("Für Zoë"), "{kind}");
    }
    // Both columns, which must agree.
    let both =
        "number\temail\tamount\nE-1\tp1@example.test\t5\nE-2\tp3@example.test\t5\n\tp4@example.test\t5\n";
    let run = draft(&hr, both).await;
    let page = hr.get(&run).await.expect(200).html();
    assert_eq!(page.all(".figure__value"), ["2", "10", "1", "0"]);
    assert!(page.text_of("#results tbody").contains("Number and e-mail belong to two people"));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_sheet_is_refused_with_the_reason_and_nothing_is_kept() {
    let shop = Shop::open().await;
    crowd(&shop, 2).await;
    let hr = shop.hr(Desk::Points).await;
    let before = shop.contents().await;
    let too_many = sheet(20_001, 5);
    for (bytes, said) in [
        (&b""[..], "There are no rows in this file."),
        (b"number,amount\n", "There are no rows in this file."),
        (b"PK\x03\x04\x14\x00\x06\x00", "This file cannot be read as a sheet. Please save it as CSV."),
        (b"name,amount\nAnn,5\n", "This sheet needs a column for the person"),
        (b"number,note\nE-1,5\n", "This sheet needs a column for the person"),
        (too_many.as_bytes(), "A sheet can have 20,000 rows at most. Please split it."),
    ] {
        let page = upload(&hr, bytes).await.expect(422).html();
        let sentence = page.text_of("#file-error");
        assert!(sentence.starts_with(said), "{sentence}");
        assert_eq!(page.text_of("#note"), "For the good year", "what was typed is kept");
    }
    let nothing = hr.upload("/hr/points/runs", TERMS, &[]).await.expect(422).html();
    assert_eq!(nothing.text_of("#file-error"), "Please choose a file.");
    let page = hr
        .upload(
            "/hr/points/runs",
            &[("ends", "day"), ("ends_on", "2026-06-14")],
            &[("file", "a.csv", b"number,amount\nE-1,5")],
        )
        .await
        .expect(422)
        .html();
    for field in ["reason", "note", "ends_on"] {
        assert!(page.has(&format!("#{field}[aria-invalid]")), "{field}");
    }
    shop.assert_unchanged(&before, "what is no sheet").await;
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_sheet_warns_however_it_is_sorted_and_needs_a_word() {
    let shop = Shop::open().await;
    crowd(&shop, 2).await;
    let hr = shop.hr(Desk::Points).await;
    let first = draft(&hr, "number,amount\nE-1,5\nE-2,6\n").await;
    let second = draft(&hr, "email,amount\np2@example.test,6\nP1@example.test,5\n").await;
    assert!(!hr.get(&second).await.expect(200).html().has("#again"), "a draft gives nothing yet");
    commit(&hr, &first, &[]).await.expect(303);
    let page = hr.get(&second).await.expect(200).html();
    assert_eq!(page.attribute("form .note a", "href").as_deref(), Some(first.as_str()));
    let before = shop.contents().await;
    let refused = commit(&hr, &second, &[]).await.expect(422).html();
    assert!(refused.has("#again[aria-invalid]"));
    shop.assert_unchanged(&before, "the same sheet").await;
    commit(&hr, &second, &["again"]).await.expect(303);
    // Other amounts are another sheet.
    let third = draft(&hr, "number,amount\nE-1,6\nE-2,5\n").await;
    commit(&hr, &third, &[]).await.expect(303);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_ticked_stays_ticked_while_another_tick_is_missing() {
    let shop = Shop::open().await;
    crowd(&shop, 2).await;
    let hr = shop.hr(Desk::Points).await;
    let text = "number,amount\nE-1,5\nE-2,ten\n";
    let first = draft(&hr, text).await;
    commit(&hr, &first, &["good_only"]).await.expect(303);
    let run = draft(&hr, text).await;
    let before = shop.contents().await;
    let none: &[&str] = &[];
    for (ticked, good_only, again) in
        [(none, false, false), (&["good_only"], true, false), (&["again"], false, true)]
    {
        let page = commit(&hr, &run, ticked).await.expect(422).html();
        let on = ["good_only", "again"].map(|name| page.has(&format!("#{name}[checked]")));
        let missing = ["good_only", "again"].map(|name| page.count(&format!("#{name}[aria-invalid]")));
        assert_eq!(on, [good_only, again], "{ticked:?}");
        assert_eq!(missing, [usize::from(!good_only), usize::from(!again)], "{ticked:?}");
    }
    shop.assert_unchanged(&before, "a yes that was missing").await;
    // One after the other is enough.
    let form = format!("form[action='{run}/commitment']");
    let page = commit(&hr, &run, &["again"]).await.expect(422).html();
    hr.submit(&page.form(&form).with("good_only", "true")).await.expect(303);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_drafts_of_one_sheet_committed_at_once_one_asks() {
    let shop = Shop::open().await;
    crowd(&shop, 2).await;
    let hr = shop.hr(Desk::Points).await;
    for amount in 1..=5 {
        let text = sheet(2, amount);
        let (one, other) = futures::join!(draft(&hr, &text), draft(&hr, &text));
        let (one, other) = futures::join!(commit(&hr, &one, &[]), commit(&hr, &other, &[]));
        let mut statuses = [one.status(), other.status()];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 422]);
    }
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_is_its_makers() {
    let shop = Shop::open().await;
    crowd(&shop, 2).await;
    let hr = shop.hr(Desk::Points).await;
    let (_, other) = super::stage::colleague(&shop, "pia").await;
    let run = draft(&hr, &sheet(2, 5)).await;
    let page = other.get(&run).await.expect(200).html();
    assert!(!page.has("form[action$='/commitment']") && !page.has("form[action$='/withdrawal']"));
    let before = shop.contents().await;
    other.post(&format!("{run}/commitment"), &[("version", "1")]).await.expect(409);
    other.post(&format!("{run}/withdrawal"), &[]).await.expect(409);
    hr.post(&format!("{run}/commitment"), &[("version", "2")]).await.expect(409);
    shop.assert_unchanged(&before, "somebody else's draft").await;
    hr.post(&format!("{run}/withdrawal"), &[]).await.expect(303);
    hr.post(&format!("{run}/commitment"), &[("version", "1")]).await.expect(409);
    assert_eq!(hr.get("/hr/points/runs").await.expect(200).html().count("tbody tr"), 0);
    assert_eq!(hr.get("/hr/points/runs?state=discarded").await.expect(200).html().count("tbody tr"), 1);
    // Nothing to grant is nothing to commit.
    let run = draft(&hr, "number,amount\nE-9,5\n").await;
    hr.post(&format!("{run}/commitment"), &[("version", "1"), ("good_only", "true")]).await.expect(409);
    shop.close().await;
}
