//! From an identity to a person: who is let in, who is linked, who has to ask HR.

use std::time::Duration;

use awsomeshop::error::Result;
use awsomeshop::people::admit::{self, Admission, Identified, Strangers};
use awsomeshop::platform::identity::Claims;
use awsomeshop::types::id::PersonId;
use futures::FutureExt;

use crate::support::{Shop, database};

use super::SESSION_COOKIE;

const AUTO_PROVISION: &[(&str, &str)] = &[("SHOP_AUTO_PROVISION", "true")];
const LINKED: &str = "SELECT COUNT(*) FROM people WHERE id = ? AND issuer = ? AND subject = ?";

fn claims(shop: &Shop, subject: &str, email: Option<&str>, email_verified: bool) -> Claims {
    Claims {
        issuer: shop.app.config.identity.issuer.clone(),
        subject: subject.to_owned(),
        email: email.map(str::to_owned),
        email_verified,
        name: Some("Ann Archer".to_owned()),
        employee_number: Some("E-ann".to_owned()),
        groups: vec![],
    }
}

/// What the shop makes of a token that says this.
async fn admit(shop: &Shop, claims: &Claims, strangers: Strangers) -> Result<Admission> {
    let (now, who) = (shop.now(), Identified::from(claims));
    let write = shop.app.db.write("test", move |tx| {
        let who = who.clone();
        async move { admit::admit(tx, now, &who, strangers).await }.boxed()
    });
    write.await
}

async fn is_linked(shop: &Shop, person: PersonId, subject: &str) -> bool {
    shop.scalar_of(LINKED, [person.into(), shop.app.config.identity.issuer.clone().into(), subject.into()])
        .await
        == 1
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_sign_in_links_whom_hr_has_entered() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.browser().sign_in("ann").await;
    assert!(is_linked(&shop, ann, "subject-ann").await);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM audit_events WHERE action = 'person.link'").await, 1);
    let acts = shop.scalar("SELECT COUNT(*) FROM audit_events").await;
    // From now on the address is not what counts.
    shop.sql("UPDATE people SET email = 'ann.archer@example.test'", []).await;
    shop.browser().sign_in("ann").await;
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM people").await, 1);
    assert_eq!(
        shop.scalar("SELECT COUNT(*) FROM audit_events").await,
        acts,
        "the second sign-in changed nobody"
    );
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_unknown_is_told_to_ask_hr_and_leaves_no_row() {
    let shop = Shop::open().await;
    shop.person("ben").await;
    let before = shop.contents().await;
    let browser = shop.browser();
    let answer = browser.sign_in_from("/sign-in", "ann").await.expect(403);
    let page = answer.html();
    assert_eq!(page.text_of("h1"), "You are not in the shop yet");
    assert!(page.text_of("main p:not(.small)").contains("ann@example.test"));
    assert_eq!((browser.cookie(SESSION_COOKIE), answer.header("cache-control")), (None, Some("no-store")));
    shop.assert_unchanged(&before, "the sign-in of somebody unknown").await;
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_links_only_when_it_is_verified() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    let before = shop.contents().await;
    let not_enough = [
        claims(&shop, "s", Some("ann@example.test"), false),
        claims(&shop, "s", None, true),
        claims(&shop, "s", Some("an\u{2b0}n@example.test"), true),
        claims(&shop, "s", Some("ann@example.test.evil.test"), true),
        claims(&shop, &"s".repeat(256), Some("ann@example.test"), true),
    ];
    for claims in &not_enough {
        assert_eq!(admit(&shop, claims, Strangers::AskHr).await.unwrap(), Admission::Unknown, "{claims:?}");
    }
    shop.assert_unchanged(&before, "what is not verified").await;
    let verified = claims(&shop, "s", Some(" Ann@EXAMPLE.test"), true);
    assert_eq!(admit(&shop, &verified, Strangers::AskHr).await.unwrap(), Admission::Admitted(ann));
    assert!(is_linked(&shop, ann, "s").await);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_is_compared_in_lower_case_and_must_fit_one_person() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.sql("UPDATE people SET email = 'Ann@Example.Test' WHERE id = ?", [ann.into()]).await;
    let ben = shop.person("ben").await;
    shop.sql("UPDATE people SET email = 'ANN@example.test' WHERE id = ?", [ben.into()]).await;
    for strangers in [Strangers::AskHr, Strangers::Enter] {
        let twice = claims(&shop, "s", Some("ann@example.test"), true);
        assert_eq!(admit(&shop, &twice, strangers).await.unwrap(), Admission::Unknown);
    }
    shop.sql("UPDATE people SET email = 'ben@example.test' WHERE id = ?", [ben.into()]).await;
    shop.browser().sign_in("ann").await;
    assert!(is_linked(&shop, ann, "subject-ann").await);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_takes_over_whoever_is_linked_already() {
    for variables in [&[][..], AUTO_PROVISION] {
        let shop = Shop::open_with(variables).await;
        let ann = shop.person("ann").await;
        shop.browser().sign_in("ann").await;
        // The provider's person of this address is another one now.
        shop.sql("UPDATE people SET subject = 'Subject-ann' WHERE id = ?", [ann.into()]).await;
        shop.sql("DELETE FROM sessions", []).await;
        let before = shop.contents().await;
        let answer = shop.browser().sign_in_from("/sign-in", "ann").await.expect(403);
        assert_eq!(answer.html().text_of("h1"), "You are not in the shop yet");
        shop.assert_unchanged(&before, "a second identity with the same address").await;
        // The same subject of another issuer is somebody else, too.
        shop.sql("UPDATE people SET issuer = 'https://other.test', subject = 'subject-ann'", []).await;
        shop.browser().sign_in_from("/sign-in", "ann").await.expect(403);
        assert_eq!(shop.scalar("SELECT COUNT(*) FROM sessions").await, 0);
        shop.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_identity_is_compared_byte_by_byte() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    let email = Some("ann@example.test");
    assert_eq!(
        admit(&shop, &claims(&shop, "s", email, true), Strangers::AskHr).await.unwrap(),
        Admission::Admitted(ann)
    );
    for other in ["S", "s ", " s", "ſ", "s\0"] {
        let stranger = claims(&shop, other, email, true);
        assert_eq!(admit(&shop, &stranger, Strangers::AskHr).await.unwrap(), Admission::Unknown, "{other:?}");
    }
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_deactivated_before_the_first_sign_in_is_not_linked() {
    let shop = Shop::open().await;
    let ann = shop.person("ann").await;
    shop.deactivate(ann).await;
    shop.browser().sign_in_from("/sign-in", "ann").await.expect(403);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM people WHERE issuer IS NOT NULL").await, 0);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_the_company_wants_it_a_stranger_is_entered_with_an_empty_account() {
    let shop = Shop::open_with(AUTO_PROVISION).await;
    let page = shop.browser().sign_in("ann").await;
    assert!(page.text().contains("Ann Archer"));
    let entered = "SELECT COUNT(*) FROM people WHERE email = 'ann@example.test' AND subject = 'subject-ann' \
                   AND name = 'Ann Archer' AND employee_number IS NULL AND is_active";
    assert_eq!(shop.scalar(entered).await, 1);
    assert_eq!(
        shop.scalar("SELECT COUNT(*) FROM accounts WHERE person_id IS NOT NULL AND balance = 0").await,
        1
    );
    let unverified = claims(&shop, "s", Some("new@example.test"), false);
    assert_eq!(admit(&shop, &unverified, Strangers::Enter).await.unwrap(), Admission::Unknown);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM people").await, 1);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_first_sign_ins_at_once_end_in_one_person() {
    for is_entered in [true, false] {
        let shop = Shop::open_with(AUTO_PROVISION).await;
        if is_entered {
            shop.person("ann").await;
        }
        let browsers: Vec<_> = (0..12).map(|_| shop.browser()).collect();
        let mut callbacks = Vec::new();
        for browser in &browsers {
            callbacks.push(browser.pick("/sign-in", "ann").await);
        }
        let back = browsers.iter().zip(&callbacks).map(|(browser, callback)| browser.get(callback));
        for answer in futures::future::join_all(back).await {
            assert_eq!(answer.expect(303).location(), "/");
        }
        assert_eq!(shop.scalar("SELECT COUNT(*) FROM people WHERE subject = 'subject-ann'").await, 1);
        assert_eq!(shop.scalar("SELECT COUNT(*) FROM people").await, 1);
        assert_eq!(shop.scalar("SELECT COUNT(*) FROM accounts WHERE person_id IS NOT NULL").await, 1);
        assert_eq!(shop.scalar("SELECT COUNT(*) FROM sessions").await, 12);
        shop.close().await;
    }
}

/// In a file nobody can come between.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_changed_while_an_identity_is_linked_to_them_is_looked_at_again() {
    if !database::asks_for_mysql() {
        return;
    }
    let shop = Shop::open().await;
    let (ann, ben, cleo) = (shop.person("ann").await, shop.person("ben").await, shop.person("cleo").await);
    let database = shop.database();
    let issuer = &shop.app.config.identity.issuer;
    let another_was_faster = format!("UPDATE people SET issuer = '{issuer}', subject = 's1' WHERE id = ?");
    let has_left = "UPDATE people SET is_active = FALSE WHERE id = ?";
    let has_another_address = "UPDATE people SET email = 'crane@example.test' WHERE id = ?";
    for (person, email, change, expected) in [
        (ann, "ann@example.test", another_was_faster.as_str(), Admission::Unknown),
        (ben, "ben@example.test", has_left, Admission::Inactive(ben)),
        (cleo, "cleo@example.test", has_another_address, Admission::Unknown),
    ] {
        let claims = claims(&shop, "s2", Some(email), true);
        database.run("START TRANSACTION").await;
        assert_eq!(database.execute(change, [person.into()]).await, 1);
        let meanwhile = async {
            tokio::time::sleep(Duration::from_millis(500)).await;
            database.run("COMMIT").await;
        };
        let (admitted, ()) = futures::join!(admit(&shop, &claims, Strangers::AskHr), meanwhile);
        assert_eq!(admitted.unwrap(), expected, "{change}");
        assert!(!is_linked(&shop, person, "s2").await, "{change}");
    }
    assert!(is_linked(&shop, ann, "s1").await);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM audit_events WHERE action = 'person.link'").await, 0);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn roles_follow_the_groups_at_each_sign_in() {
    let shop = Shop::open().await;
    let (ann, ora) = (shop.person("ann").await, shop.person("ora").await);
    let with_role = "SELECT COUNT(*) FROM person_roles WHERE person_id = ? AND role = ?";
    let changes = "SELECT COUNT(*) FROM audit_events WHERE action = 'person.roles'";
    shop.browser().sign_in("ora").await;
    assert_eq!(shop.scalar_of(with_role, [ora.into(), "orders".into()]).await, 1);
    assert_eq!(shop.scalar(changes).await, 1);
    shop.browser().sign_in("ora").await;
    assert_eq!(shop.scalar(changes).await, 1, "nothing changed");
    // A role the groups do not give is gone after the next sign-in.
    shop.sql("INSERT INTO person_roles (person_id, role) VALUES (?, 'super-admin')", [ann.into()]).await;
    shop.browser().sign_in("ann").await;
    assert_eq!(
        shop.scalar_of("SELECT COUNT(*) FROM person_roles WHERE person_id = ?", [ann.into()]).await,
        0
    );
    assert_eq!(shop.scalar(changes).await, 2);
    shop.close().await;
}
