//! What the tests of runs share: a crowd of people, sheets about them, and the way from a sheet to points.

use std::fmt::Write as _;

use awsomeshop::entity::{accounts, people};
use awsomeshop::grants::runs;
use awsomeshop::server::jobs::Job;
use awsomeshop::types::id::{AccountId, PersonId, RunId};
use awsomeshop::types::points::Points;
use awsomeshop::types::role::{Desk, Role};
use futures::FutureExt;
use sea_orm::{EntityTrait, FromQueryResult, Set};
use serde_json::{Value, json};

use crate::support::Shop;
use crate::support::answer::Answer;
use crate::support::browser::Browser;

/// Rows inserted by one statement.
const AT_ONCE: usize = 1_000;

/// What every sheet of the tests is uploaded with.
pub const TERMS: &[(&str, &str)] =
    &[("reason", "campaign"), ("note", "For the good year"), ("ends", "policy"), ("ends_on", "")];

/// So many people, E-1 and so on, each with an account.
pub async fn crowd(shop: &Shop, count: usize) -> Vec<PersonId> {
    let now = shop.now();
    let ids: Vec<_> = (0..count).map(|_| PersonId::new()).collect();
    let everybody: Vec<_> = ids.iter().copied().zip(1..).collect();
    let entered = shop.app.db.write("test.crowd", move |tx| {
        let everybody = everybody.clone();
        async move {
            for some in everybody.chunks(AT_ONCE) {
                let rows = some.iter().map(|(id, number)| people::ActiveModel {
                    id: Set(*id),
                    employee_number: Set(Some(format!("E-{number}"))),
                    name: Set(format!("Person {number}")),
                    email: Set(format!("p{number}@example.test")),
                    search_text: Set(format!("person {number} e-{number} p{number}@example.test")),
                    department: Set(Some(if number % 2 == 0 { "Sales" } else { "Design" }.to_owned())),
                    is_active: Set(true),
                    version: Set(1),
                    created_at: Set(now),
                    ..Default::default()
                });
                people::Entity::insert_many(rows).exec_without_returning(tx).await?;
                let rows = some.iter().map(|(id, _)| accounts::ActiveModel {
                    id: Set(AccountId::new()),
                    kind: Set("person".to_owned()),
                    person_id: Set(Some(*id)),
                    balance: Set(Some(Points::ZERO)),
                    created_at: Set(now),
                });
                accounts::Entity::insert_many(rows).exec_without_returning(tx).await?;
            }
            Ok(())
        }
        .boxed()
    });
    entered.await.unwrap();
    ids
}

/// A sheet with a row for each of the first `count` people, everybody the same.
pub fn sheet(count: usize, amount: i64) -> String {
    let mut text = "number,amount,note\n".to_owned();
    for number in 1..=count {
        writeln!(text, "E-{number},{amount},").unwrap();
    }
    text
}

/// Somebody at the points desk besides the one of [`Shop::hr`].
pub async fn colleague(shop: &Shop, key: &str) -> (PersonId, Browser) {
    let person = shop.person(key).await;
    shop.role(person, Role::Desk(Desk::Points)).await;
    (person, shop.browser_of(person).await)
}

/// Uploads a sheet; the answer.
pub async fn upload(hr: &Browser, sheet: &[u8]) -> Answer {
    hr.upload("/hr/points/runs", TERMS, &[("file", "bonus.csv", sheet)]).await
}

/// Uploads a sheet that becomes a draft; its address.
pub async fn draft(hr: &Browser, sheet: &str) -> String {
    upload(hr, sheet.as_bytes()).await.expect(303).location().to_owned()
}

/// Sends the commit form of a draft as its page shows it, with `yes` ticked.
pub async fn commit(hr: &Browser, run: &str, yes: &[&str]) -> Answer {
    let page = hr.get(run).await.expect(200);
    let mut form = page.html().form(&format!("form[action='{run}/commitment']"));
    for name in yes {
        form = form.with(name, "true");
    }
    hr.submit(&form).await
}

/// From a sheet to points, by one person.
pub async fn granted(shop: &Shop, hr: &Browser, sheet: &str) -> String {
    let run = draft(hr, sheet).await;
    commit(hr, &run, &[]).await.expect(303);
    shop.job(Job::WorkGrantRuns).await;
    assert_state(shop, &run, "done").await;
    run
}

/// Whether a run stands there; the last part of its address is its id.
pub async fn assert_state(shop: &Shop, run: &str, state: &str) {
    let id: RunId = run.rsplit('/').next().unwrap().parse().unwrap();
    let found = runs::find(shop.app.db.reads(), id).await.unwrap();
    assert_eq!(found.state.name(), state);
}

/// What was written down of the acts of this name, oldest first: who did it, on what, and the details. What the shop does by
/// itself is nobody's.
pub async fn trail(shop: &Shop, action: &str) -> Vec<Value> {
    #[derive(FromQueryResult)]
    struct Written {
        who: Option<String>,
        subject_kind: String,
        subject_id: String,
        details: Value,
    }
    let sql = format!(
        "SELECT p.name AS who, e.subject_kind, e.subject_id, e.details FROM audit_events e \
         LEFT JOIN people p ON p.id = e.actor_id WHERE e.action = '{action}' ORDER BY e.id"
    );
    let rows: Vec<Written> = shop.database().rows(&sql).await;
    let each = rows.into_iter();
    each.map(|row| json!([row.who, format!("{} {}", row.subject_kind, row.subject_id), row.details]))
        .collect()
}

/// What a run is called in the trail.
pub fn subject(run: &str) -> String {
    format!("grant-run {}", run.rsplit('/').next().unwrap())
}

/// Everybody of the crowd has been given `amount` exactly once.
pub async fn everybody_has(shop: &Shop, count: i64, amount: i64) {
    let with = "SELECT COUNT(*) FROM accounts WHERE balance = ?";
    assert_eq!(shop.scalar_of(with, [amount.into()]).await, count);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM grants").await, count);
    assert_eq!(shop.scalar("SELECT COUNT(DISTINCT person_id) FROM grants").await, count);
    let told = "SELECT COUNT(*) FROM outbox_messages WHERE kind = 'grant-made'";
    assert_eq!(shop.scalar(told).await, count);
}
