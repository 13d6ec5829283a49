//! The people desk as HR uses it: everybody in a list, a person's page, the form, leaving and coming back, sheets.

mod conflict;
mod import_list;
mod imports;
mod leavers;
mod list;
mod person;

use awsomeshop::types::id::PersonId;
use awsomeshop::types::role::Desk;
use awsomeshop::urls;

use crate::support::Shop;
use crate::support::browser::Browser;
use crate::support::html::Html;

/// Somebody at the people desk, who they are, and their browser.
async fn desk(shop: &Shop) -> (PersonId, Browser) {
    let browser = shop.hr(Desk::People).await;
    (id_of(shop, "hr-people").await, browser)
}

/// The person whose address is `{key}@example.test`.
async fn id_of(shop: &Shop, key: &str) -> PersonId {
    let email = format!("{key}@example.test");
    PersonId(shop.id_of("SELECT id FROM people WHERE email = ?", [email.into()]).await)
}

/// Fills in a person's form and sends it; what came back.
async fn edit(hr: &Browser, person: PersonId, fields: &[(&str, &str)]) -> crate::support::answer::Answer {
    let page = hr.get(&urls::hr::person_edit(person)).await.expect(200).html();
    let form = fields.iter().fold(page.form("main form"), |form, (name, value)| form.with(name, value));
    hr.submit(&form).await
}

/// The rows of the desk's audit trail about a person, oldest first: action and details.
async fn trail(shop: &Shop, person: PersonId) -> Vec<(String, String)> {
    #[derive(sea_orm::FromQueryResult)]
    struct Row {
        action: String,
        details: serde_json::Value,
    }
    let sql = format!(
        "SELECT action, details FROM audit_events WHERE subject_kind = 'person' AND subject_id = '{person}' ORDER BY id"
    );
    let rows: Vec<Row> = shop.database().rows(&sql).await;
    rows.into_iter().map(|row| (row.action, row.details.to_string())).collect()
}

/// The names in the list, in order.
fn names(page: &Html) -> Vec<String> {
    page.all("#results tbody th a")
}
