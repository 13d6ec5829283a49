//! A lease is given back by whoever holds it, and by nobody else; and each job is left alone while another task is at it.

use awsomeshop::platform::lease;
use awsomeshop::server::jobs::Job;
use awsomeshop::types::id::LeaseId;
use awsomeshop::types::role::Desk;
use clap::ValueEnum;
use tokio::sync::Notify;

use crate::grant_runs::stage::{commit, crowd, draft, sheet};
use crate::support::Shop;

const NAME: &str = "test";
const DAY_S: i64 = 86_400;
/// For so long another task holds the leases.
const HELD_S: i64 = 20;

/// The first was so slow that its lease has run out; the second is at the same job when the first comes to its end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_ends_late_does_not_give_back_what_another_holds_by_now() {
    let shop = Shop::open().await;
    let (db, now) = (&shop.app.db, shop.now());
    let (first_is_at_it, first_may_end, first_is_over) = (Notify::new(), Notify::new(), Notify::new());

    let first = async {
        let work = async {
            first_is_at_it.notify_one();
            first_may_end.notified().await;
            Ok(1)
        };
        let done = lease::alone(db, now, NAME, work).await;
        first_is_over.notify_one();
        done
    };
    let second = async {
        first_is_at_it.notified().await;
        let work = async {
            first_may_end.notify_one();
            first_is_over.notified().await;
            let third = lease::alone(db, now.plus_seconds(32), NAME, async { Ok(3) }).await;
            assert_eq!(third.unwrap(), None, "the second is at it");
            Ok(2)
        };
        let done = Box::pin(lease::alone(db, now.plus_seconds(31), NAME, work)).await;
        // Were the second not let in, the first would wait for ever.
        first_may_end.notify_one();
        done
    };
    let (first, second) = futures::join!(first, second);

    assert_eq!((first.unwrap(), second.unwrap()), (Some(1), Some(2)));
    // The second has given back its own.
    let fourth = lease::alone(db, now.plus_seconds(33), NAME, async { Ok(4) }).await;
    assert_eq!(fourth.unwrap(), Some(4));
    shop.close().await;
}

/// Under which lease a job is done.
fn lease_of(job: Job) -> Option<&'static str> {
    match job {
        // None, on purpose: any number of tasks send at once, and each message is claimed by itself.
        Job::DeliverOutbox => None,
        Job::ExpirePoints => Some("expire-points"),
        Job::ExpireLeavers => Some("expire-leavers"),
        Job::WarnOfExpiry => Some("warn-of-expiry"),
        Job::ForgetSessions => Some("forget-sessions"),
        Job::ForgetImports => Some("forget-imports"),
        Job::SweepPictures => Some("sweep-pictures"),
        Job::CheckBooks => Some("check-books"),
        Job::ApplyRules => Some("apply-rules"),
        // The same for both: they write the same rows.
        Job::MakeMarks | Job::MarkDepartments => Some("make-marks"),
        Job::WorkGrantRuns => Some("work-grant-runs"),
    }
}

fn with_a_lease() -> impl DoubleEndedIterator<Item = (Job, &'static str)> {
    Job::value_variants().iter().filter_map(|job| lease_of(*job).map(|lease| (*job, lease)))
}

/// A shop in which every job finds something to do, on 17 July.
async fn full_of_work() -> Shop {
    let shop = Shop::open_with(&[("SHOP_LEAVER_POINTS_DAYS", "30")]).await;
    let (ann, gone) = (shop.person("ann").await, shop.person("gone").await);
    shop.grant(gone, 100, None).await;
    shop.deactivate(gone).await;
    shop.grant(ann, 10, Some(shop.now().plus_days(31))).await;
    shop.grant(ann, 20, Some(shop.now().plus_days(52))).await;
    shop.browser_of(ann).await;
    shop.sheet_of_people(ann, "number,name,email\nE-9,Nora New,nora@example.test\n").await;
    shop.advance(DAY_S);
    // There are sums, of fewer days and people than there will be.
    shop.job(Job::MakeMarks).await;
    shop.advance(31 * DAY_S);
    shop.monthly_rule(17, 5, "2026-07-17").await;
    let stray = "INSERT INTO stray_pictures (object_key, widths, due_at) VALUES ('products/stray', '', ?)";
    shop.sql(stray, [shop.now().into()]).await;
    crowd(&shop, 1).await;
    let hr = shop.hr(Desk::Points).await;
    let run = draft(&hr, &sheet(1, 7)).await;
    commit(&hr, &run, &[]).await.expect(303);
    shop
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_job_does_anything_while_another_task_holds_its_lease() {
    let shop = full_of_work().await;
    shop.sql("DELETE FROM leases", []).await;
    for (job, lease) in with_a_lease().filter(|(job, _)| *job != Job::MarkDepartments) {
        let held = "INSERT INTO leases (name, holder, held_until) VALUES (?, ?, ?)";
        let until = shop.now().plus_seconds(HELD_S);
        assert_eq!(shop.sql(held, [lease.into(), LeaseId::new().into(), until.into()]).await, 1, "{job:?}");
    }
    let before = shop.contents().await;
    for (job, _) in with_a_lease() {
        shop.job(job).await;
        shop.assert_unchanged(&before, &format!("{job:?}, at which another task is,")).await;
    }
    // Each of them had something to do. The sums of departments are made before those of new days, which make them, too.
    shop.advance(HELD_S);
    for (job, _) in with_a_lease().rev() {
        let before = shop.contents().await;
        shop.job(job).await;
        let changes = before.changes(&shop.contents().await);
        assert!(changes.iter().any(|change| !change.contains(" leases: ")), "{job:?}: {changes:?}");
    }
    shop.close().await;
}
