//! The job: everybody once, whoever dies and however many are at it.

use awsomeshop::grants::runs::work;
use awsomeshop::server::jobs::Job;
use awsomeshop::types::points::MOST_POINTS;
use awsomeshop::types::role::Desk;
use futures::future::join_all;

use super::stage::{assert_state, colleague, commit, crowd, draft, everybody_has, granted, sheet};
use crate::support::Shop;

/// When the lease of a task that died has run out, in seconds.
const DEAD_AFTER_S: i64 = 31;
const DAY_S: i64 = 86_400;
const GRANTED: &str = "SELECT granted_count FROM grant_runs";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_gets_their_points_once_and_reads_why() {
    let shop = Shop::open().await;
    let ids = crowd(&shop, 450).await;
    let hr = shop.hr(Desk::Points).await;
    let mut text = sheet(449, 7);
    text += "E-450,9,Yours alone\n";
    let run = granted(&shop, &hr, &text).await;
    let alone = shop.browser_of(ids[449]).await.get("/points").await.expect(200).html();
    assert!(alone.text_of("#statement").contains("Yours alone"));
    let like_all = shop.browser_of(ids[0]).await.get("/points").await.expect(200).html();
    assert!(like_all.text_of("#statement").contains("For the good year"));
    // A year from today, as the policy says.
    let ends = "SELECT COUNT(*) FROM lots WHERE expires_at > '2027-06-15' AND expires_at < '2027-06-16'";
    assert_eq!(shop.scalar(ends).await, 450);
    let page = hr.get(&run).await.expect(200).html();
    assert_eq!(page.text_of("main .note--good"), "450 people have received 3,152 points.");
    assert!(!page.has("progress"));
    for (action, count) in [("run.draft", 1), ("run.commit", 1), ("run.finish", 1), ("points.grant", 450)] {
        let sql = "SELECT COUNT(*) FROM audit_events WHERE action = ?";
        assert_eq!(shop.scalar_of(sql, [action.into()]).await, count, "{action}");
    }
    // Nothing is left to do.
    let before = shop.contents().await;
    assert_eq!(work::shift(&shop.app.db, shop.now()).await.unwrap(), 0);
    shop.assert_unchanged(&before, "an idle shift").await;
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_double_click_commits_once() {
    let shop = Shop::open().await;
    crowd(&shop, 5).await;
    let hr = shop.hr(Desk::Points).await;
    let run = draft(&hr, &sheet(5, 7)).await;
    let form = hr.get(&run).await.expect(200).html().form("form[action$='/commitment']");
    let clicks = join_all((0..4).map(|_| hr.submit(&form))).await;
    for click in clicks {
        assert_eq!((click.status(), click.location()), (303, run.as_str()));
    }
    shop.job(Job::WorkGrantRuns).await;
    hr.submit(&form).await.expect(303);
    shop.job(Job::WorkGrantRuns).await;
    everybody_has(&shop, 5, 7).await;
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM audit_events WHERE action = 'run.commit'").await, 1);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_that_dies_half_way_is_carried_on_and_everybody_is_granted_once() {
    let shop = Shop::open().await;
    crowd(&shop, 1_500).await;
    let hr = shop.hr(Desk::Points).await;
    let run = draft(&hr, &sheet(1_500, 7)).await;
    commit(&hr, &run, &[]).await.expect(303);
    let some_are_granted = async { while shop.scalar(GRANTED).await == 0 {} };
    tokio::select! {
        () = shop.job(Job::WorkGrantRuns) => panic!("it came to its end"),
        () = some_are_granted => {}
    }
    let page = hr.get(&run).await.expect(200).html();
    assert_eq!(page.attribute("#progress progress", "max").as_deref(), Some("1500"));
    assert!(page.attribute("#progress", "hx-trigger").is_some());
    // The dead one's lease is waited for, and no longer.
    shop.advance(DEAD_AFTER_S);
    shop.job(Job::WorkGrantRuns).await;
    assert_state(&shop, &run, "done").await;
    everybody_has(&shop, 1_500, 7).await;
    // Their points lapse together, although some came later.
    assert_eq!(shop.scalar("SELECT COUNT(DISTINCT expires_at) FROM lots").await, 1);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_workers_race_through_two_runs_and_everybody_is_granted_once_by_each() {
    let shop = Shop::open().await;
    crowd(&shop, 900).await;
    let hr = shop.hr(Desk::Points).await;
    for amount in [7, 8] {
        let run = draft(&hr, &sheet(900, amount)).await;
        commit(&hr, &run, &[]).await.expect(303);
    }
    // Without the lease, which only saves work.
    let worker = || async {
        let mut done = 0;
        loop {
            match work::shift(&shop.app.db, shop.now()).await {
                Ok(0) => return done,
                Ok(rows) => done += rows,
                Err(error) => panic!("{error}"),
            }
        }
    };
    let (one, two, three) = futures::join!(worker(), worker(), worker());
    // One that finds all rows held goes home, so somebody may have to come again.
    let rest = worker().await;
    assert_eq!(one + two + three + rest, 1_800);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM grants").await, 1_800);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM accounts WHERE balance = 15").await, 900);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM grant_runs WHERE state = 'done'").await, 2);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM audit_events WHERE action = 'run.finish'").await, 2);
    // And with it.
    let run = draft(&hr, &sheet(900, 9)).await;
    commit(&hr, &run, &[]).await.expect(303);
    join_all((0..3).map(|_| shop.job(Job::WorkGrantRuns))).await;
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM accounts WHERE balance = 24").await, 900);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_would_be_over_already_is_not_given_any_more() {
    let shop = Shop::open().await;
    crowd(&shop, 2).await;
    let hr = shop.hr(Desk::Points).await;
    let run = draft(&hr, &sheet(2, 7)).await;
    commit(&hr, &run, &[]).await.expect(303);
    // Nobody was at it until its points were over.
    shop.sql("UPDATE grant_runs SET expires_at = ?", [shop.now().plus_seconds(60).into()]).await;
    shop.advance(60);
    shop.job(Job::WorkGrantRuns).await;
    assert_state(&shop, &run, "done").await;
    let page = hr.get(&format!("{run}?rows=problems")).await.expect(200).html();
    let said = page.all("#results tbody .table__sub");
    assert_eq!(said, ["E-1", "The points would be over already", "E-2", "The points would be over already"]);
    assert_eq!(shop.scalar(GRANTED).await, 0);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_whose_last_day_is_over_cannot_begin() {
    let shop = Shop::open().await;
    crowd(&shop, 2).await;
    let (pia, hr) = colleague(&shop, "pia").await;
    let terms = [("reason", "campaign"), ("note", "For June"), ("ends", "day"), ("ends_on", "2026-06-15")];
    let text = sheet(2, 7);
    let file = [("file", "bonus.csv", text.as_bytes())];
    let run = hr.upload("/hr/points/runs", &terms, &file).await.expect(303).location().to_owned();
    shop.advance(DAY_S);
    let hr = shop.browser_of(pia).await;
    let before = shop.contents().await;
    let late = commit(&hr, &run, &[]).await.expect(409).html();
    assert!(late.text_of("main").contains("The last day of these points is over."));
    shop.assert_unchanged(&before, "a run that ends before it begins").await;
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_cannot_get_points_any_more_is_told_of_and_holds_up_nobody() {
    let shop = Shop::open().await;
    let ids = crowd(&shop, 7).await;
    let (pia, hr) = colleague(&shop, "pia").await;
    let run = draft(&hr, &sheet(7, 7)).await;
    // Meanwhile one leaves, one becomes very rich, one has never had an account, and one row turns out to be its maker's own.
    shop.deactivate(ids[0]).await;
    shop.grant(ids[1], MOST_POINTS - 3, None).await;
    shop.sql("DELETE FROM accounts WHERE person_id = ?", [ids[2].into()]).await;
    let own = "UPDATE grant_run_rows SET person_id = ? WHERE person_id = ?";
    assert_eq!(shop.sql(own, [pia.into(), ids[6].into()]).await, 1);
    commit(&hr, &run, &[]).await.expect(303);
    shop.job(Job::WorkGrantRuns).await;
    assert_state(&shop, &run, "done").await;
    let page = hr.get(&format!("{run}?rows=problems")).await.expect(200).html();
    let said = page.all("#results tbody .table__sub");
    assert_eq!(
        said,
        ["E-1", "Has left", "E-2", "The account would hold too much", "E-7", "You cannot give to yourself"]
    );
    assert!(
        page.text_of("main .note--good").starts_with("4 people have received 28 points. 3 rows could not")
    );
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM accounts WHERE balance = 7").await, 4);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_progress_is_a_fragment_until_it_is_over() {
    let shop = Shop::open().await;
    crowd(&shop, 2).await;
    let hr = shop.hr(Desk::Points).await;
    let run = draft(&hr, &sheet(2, 7)).await;
    commit(&hr, &run, &[]).await.expect(303);
    let ask = || hr.ask(reqwest::Method::GET, &run).htmx("progress").send();
    let under_way = ask().await.expect(200);
    assert_eq!(under_way.header("hx-refresh"), None);
    assert!(under_way.text().trim_start().starts_with("<section"), "{under_way}");
    shop.job(Job::WorkGrantRuns).await;
    assert_eq!(ask().await.expect(200).header("hx-refresh"), Some("true"));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_watched_rows_that_are_no_more_sees_all_of_them() {
    let shop = Shop::open().await;
    crowd(&shop, 52).await;
    let hr = shop.hr(Desk::Points).await;
    let run = draft(&hr, &sheet(52, 7)).await;
    commit(&hr, &run, &[]).await.expect(303);
    let open = async |query: &str| {
        let page = hr.get(&format!("{run}?{query}")).await.expect(200).html();
        let chosen = page.form("#filter").value("rows").to_owned();
        (page.count("#results tbody tr"), chosen)
    };
    // Nothing is reversed yet.
    assert_eq!(open("rows=kept").await, (50, String::new()));
    let watched = "rows=good&page=2";
    assert_eq!(open(watched).await, (2, "good".to_owned()));
    shop.job(Job::WorkGrantRuns).await;
    assert_eq!(open(watched).await, (50, String::new()));
    assert_eq!(open("rows=good&page=2&q=person+52").await, (1, String::new()), "a search stays");
    assert_eq!(open("rows=granted&page=9").await, (2, "granted".to_owned()), "the last page");
    let file = hr.get(&format!("{run}/rows.csv?rows=good")).await.expect(200).text();
    assert_eq!(file.lines().count(), 53);
    // So is a page of the list of runs beyond its last.
    let runs = hr.get("/hr/points/runs?page=9").await.expect(200).html();
    assert_eq!(runs.count("#results tbody tr"), 1);
    shop.close().await;
}
