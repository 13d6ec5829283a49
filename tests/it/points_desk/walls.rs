//! What the form refuses the books refuse as well, by whichever road it comes; and how long a note may be.

use awsomeshop::error::{Error, Refusal};
use awsomeshop::grants::single::{self, Ends, Grant};
use awsomeshop::types::actor::Actor;
use awsomeshop::types::points::Points;
use awsomeshop::types::role::Desk;
use awsomeshop::urls::hr;
use futures::FutureExt;

use crate::support::Shop;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_gives_to_themselves_or_to_who_has_left() {
    let shop = Shop::open().await;
    let (hal, ann) = (shop.person("hal").await, shop.person("ann").await);
    shop.deactivate(ann).await;
    let now = shop.now();
    for (person_id, refusal) in [(hal, Refusal::GrantToSelf), (ann, Refusal::ReceiverInactive)] {
        let given = shop.app.db.write("test.give", move |tx| {
            let (reason, note) = ("thank-you", "For nothing".to_owned());
            let grant = Grant { person_id, amount: Points(5), reason, note, ends: Ends::At(None) };
            single::give(tx, now, Actor::Person(hal), grant).boxed()
        });
        let answer = given.await;
        assert!(matches!(&answer, Err(Error::Refused(refused)) if *refused == refusal), "{answer:?}");
    }
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM grants").await, 0);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn points_that_would_have_lapsed_already_are_not_given() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    let now = shop.now();
    for (end, is_given) in [(now, false), (now.plus_seconds(1), true)] {
        let given = shop.app.db.write("test.give", move |tx| {
            let (reason, note, ends) = ("thank-you", "Just in time".to_owned(), Ends::At(Some(end)));
            single::give(
                tx,
                now,
                Actor::Shop,
                Grant { person_id: ann, amount: Points(5), reason, note, ends },
            )
            .boxed()
        });
        let answer = given.await;
        assert_eq!(answer.is_ok(), is_given, "{answer:?}");
        assert!(is_given || matches!(answer, Err(Error::Invalid(_))), "{answer:?}");
    }
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM lots").await, 1);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_end_of_a_line_counts_once_in_a_note_as_it_does_while_one_types() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    let desk = shop.hr(Desk::Points).await;
    // Browsers send two characters for each: 500 are typed, and one too many.
    let (fits, is_too_long) = ("a\r\n".repeat(249) + "bc", "a\r\n".repeat(250) + "b");
    let form = super::giving(&desk, ann, "5").await.with("step", "do");
    let many = |note| [("q", "ann"), ("amount", "5"), ("reason", "idea"), ("note", note), ("ends", "never")];
    let before = shop.contents().await;
    let refused = desk.submit(&form.clone().with("note", &is_too_long)).await.expect(422).html();
    assert_eq!(refused.text_of("#note-error"), "Please keep this to 500 characters.");
    desk.post(&hr::runs_many(), &many(is_too_long.as_str())).await.expect(422);
    shop.assert_unchanged(&before, "a note that is too long").await;
    desk.submit(&form.with("note", &fits)).await.expect(303);
    desk.post(&hr::runs_many(), &many(fits.as_str())).await.expect(303);
    let kept = fits.replace("\r\n", "\n");
    for sql in
        ["SELECT COUNT(*) FROM grants WHERE note = ?", "SELECT COUNT(*) FROM grant_runs WHERE note = ?"]
    {
        assert_eq!(shop.scalar_of(sql, [kept.as_str().into()]).await, 1, "{sql}");
    }
    shop.close().await;
}
