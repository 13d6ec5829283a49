//! Who is asking: one query from the session cookie to the person, their roles, balance and cart, at every request.
//! Nothing is remembered between requests, so a deactivated person or a taken role counts from the very next one.

use std::time::Duration;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, web};
use sea_orm::FromQueryResult;
use tokio::sync::Semaphore;

use crate::auth::session;
use crate::error::Result;
use crate::platform::app::App;
use crate::platform::{dialect, seal};
use crate::types::id::PersonId;
use crate::types::points::Points;
use crate::types::time::Timestamp;
use crate::urls;
use crate::web::client_address;
use crate::web::htmx::Htmx;
use crate::web::session as cookies;
use crate::web::viewer::Viewer;

#[derive(FromQueryResult)]
struct Row {
    person_id: PersonId,
    name: String,
    roles: Option<String>,
    balance: Option<Points>,
    lapsed: Option<Points>,
    cart_count: Option<i64>,
    last_seen_at: Timestamp,
}

/// How long a request waits for its activity to be noted …
const NOTE_LIMIT: Duration = Duration::from_millis(1_500);
/// … and how many do at once: where nothing can be written, the others do not even try.
const NOTED_AT_ONCE: usize = 4;

/// Room to note that somebody is there; one for the whole process.
pub struct Noting(Semaphore);

impl Default for Noting {
    fn default() -> Self {
        Self(Semaphore::new(NOTED_AT_ONCE))
    }
}

const BY_TOKEN: &str = "\
    SELECT p.id AS person_id, p.name, s.last_seen_at, a.balance, \
      (SELECT GROUP_CONCAT(r.role) FROM person_roles r WHERE r.person_id = p.id) AS roles, \
      (SELECT CAST(SUM(l.remaining) AS SIGNED) FROM lots l \
        WHERE l.account_id = a.id AND l.remaining > 0 AND l.expires_at <= ?) AS lapsed, \
      (SELECT CAST(SUM(c.quantity) AS SIGNED) FROM cart_lines c WHERE c.person_id = p.id) AS cart_count \
    FROM sessions s JOIN people p ON p.id = s.person_id LEFT JOIN accounts a ON a.person_id = p.id \
    WHERE s.token_hash = ? AND p.is_active AND s.created_at > ? AND s.last_seen_at > ?";

/// The layer: leaves the [`Viewer`] in the request, if there is one.
///
/// # Errors
/// None of its own: when the database cannot tell who is asking, nobody is let in.
pub async fn layer(
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let needs_none = request.path().starts_with(urls::STATIC) || request.path() == urls::health();
    let token = if needs_none { None } else { cookies::token(request.request()) };
    let shared =
        request.app_data::<web::Data<App>>().cloned().zip(request.app_data::<web::Data<Noting>>().cloned());
    if let (Some(token), Some((app, noting))) = (token, shared) {
        // A page that asks by itself says nothing about whether anybody is there.
        let is_polling = Htmx::of(request.headers()).polls();
        match load(&app, &token, Some(&noting).filter(|_| !is_polling)).await {
            Ok(Some(viewer)) => {
                tracing::Span::current().record("person", tracing::field::display(viewer.person_id));
                request.extensions_mut().insert(viewer);
            }
            // A made-up token is not let past the limit for strangers.
            Ok(None) => {
                let from = client_address::of(request.request(), &app.config.trusted_proxies);
                if let Err(error) = app.limits.visit_from(from) {
                    return Ok(request.error_response(error));
                }
            }
            Err(error) => return Ok(request.error_response(error)),
        }
    }
    next.call(request).await
}

async fn load(app: &App, token: &str, noting: Option<&web::Data<Noting>>) -> Result<Option<Viewer>> {
    let now = app.now();
    let hash = seal::token_hash(token);
    let values = [
        now.into(),
        hash.clone().into(),
        session::oldest_start(now).into(),
        session::oldest_activity(now).into(),
    ];
    let Some(row) = dialect::row::<Row>(app.db.reads(), BY_TOKEN, values).await? else { return Ok(None) };
    if let Some(noting) = noting.filter(|_| session::is_worth_noting(row.last_seen_at, now))
        && let Ok(_place) = noting.0.try_acquire()
    {
        note(app, now, row.person_id, hash).await;
    }
    let balance = row.balance.unwrap_or_default();
    Ok(Some(Viewer {
        person_id: row.person_id,
        name: row.name,
        roles: row.roles.unwrap_or_default().split(',').filter_map(|role| role.parse().ok()).collect(),
        balance: balance.minus(row.lapsed.unwrap_or_default()).unwrap_or_default(),
        cart_count: row.cart_count.unwrap_or_default(),
    }))
}

/// Notes that somebody is there. Who only looks is shown what they came for also while nothing can be written: the write
/// goes on without the request, and is tried again with the next one.
async fn note(app: &App, now: Timestamp, person_id: PersonId, hash: Vec<u8>) {
    let noted = session::note_activity(&app.db, now, person_id, hash);
    match tokio::time::timeout(NOTE_LIMIT, noted).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!(%error, "activity could not be noted"),
        Err(_elapsed) => tracing::debug!("activity is noted later"),
    }
}
