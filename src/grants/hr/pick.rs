//! Picking one person: a search, and those who fit as links that lead on.

use actix_web::HttpResponse;
use askama::Template;

use crate::error::Result;
use crate::people::lookup::{self, Found};
use crate::platform::app::App;
use crate::types::id::PersonId;
use crate::web::htmx::Htmx;
use crate::web::page::Page;
use crate::web::render;

/// People offered for one search.
const MOST_OFFERED: u32 = 20;

#[derive(Template)]
#[template(path = "grants/hr/pick.html", blocks = ["picks"])]
struct PickPage {
    page: Page,
    ask: Ask,
    q: String,
    found: Vec<(Found, String)>,
}

/// What the person is picked for.
pub(super) struct Ask {
    pub title: String,
    /// Where the search is.
    pub action: String,
    /// Where one came from: address and words.
    pub back: (String, String),
}

/// The page on which somebody is picked; `address` leads on with them.
pub(super) async fn page(
    app: &App,
    page: Page,
    htmx: &Htmx,
    ask: Ask,
    q: String,
    address: impl Fn(PersonId) -> String,
) -> Result<HttpResponse> {
    let found = lookup::search(app.db.reads(), &q, MOST_OFFERED).await?;
    let found = found.into_iter().map(|who| (who.clone(), address(who.id))).collect();
    let view = PickPage { page, ask, q, found };
    if htmx.wants("picks") { render::page(&view.as_picks()) } else { render::page(&view) }
}
