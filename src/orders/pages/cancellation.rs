//! Cancelling one's own order: what the order's page says about it, and the button behind it.

use actix_web::{HttpResponse, web};
use futures::FutureExt;

use crate::entity::{order_lines, orders as order_row};
use crate::error::Result;
use crate::ledger::lots::Draw;
use crate::orders::cancel;
use crate::platform::app::App;
use crate::types::order_state::OrderState;
use crate::types::points::Points;
use crate::types::time::Timestamp;
use crate::urls;
use crate::web::flash::Flash;
use crate::web::htmx::Htmx;
use crate::web::render;
use crate::web::sentences;
use crate::web::text::Text;
use crate::web::viewer::Employee;

/// Whether, until when, and what for.
pub(super) struct CancellationView {
    pub points: Points,
    pub until: Timestamp,
    /// Some of the points were good until an earlier day: how many more days they get.
    pub grace_days: Option<u32>,
    /// Why it cannot be cancelled.
    pub why_not: Option<String>,
}

/// What the page says; nothing about an order that is cancelled already.
pub(super) async fn view(
    app: &App,
    text: Text,
    order: &order_row::Model,
    lines: &[order_lines::Model],
    paid: &[Draw],
) -> Result<Option<CancellationView>> {
    if order.state == OrderState::Cancelled {
        return Ok(None);
    }
    let (now, policy) = (app.now(), &app.config.cancelling);
    let pieces = cancel::pieces_of(app.db.reads(), order, lines).await?;
    let why_not = cancel::judge_owner(order, &pieces, now, policy).err();
    let lapsed = paid.iter().any(|draw| draw.expires_at.is_some_and(|end| end <= now));
    Ok(Some(CancellationView {
        points: order.total.minus(order.refunded).unwrap_or_default(),
        until: policy.owner_until(order.placed_at),
        grace_days: lapsed.then_some(policy.grace_days),
        why_not: why_not.map(|why| sentences::not_cancellable(text, why)),
    }))
}

/// `POST /orders/{number}/cancellation`: cancels the whole order and gives the points back. Sent twice, it is done once.
///
/// # Errors
/// [`crate::error::Error::NotFound`] when it is not the person's; a refusal with the reason when it is too late for it.
pub async fn create(
    app: web::Data<App>,
    employee: Employee,
    htmx: Htmx,
    number: web::Path<String>,
) -> Result<HttpResponse> {
    app.limits.cancellation(employee.id())?;
    let (now, person_id, policy) = (app.now(), employee.id(), app.config.cancelling);
    let asked = number.clone();
    app.db
        .write("orders.cancel", move |tx| {
            let asked = asked.clone();
            async move { cancel::by_owner(tx, now, person_id, &asked, &policy).await }.boxed()
        })
        .await?;
    let done = Flash::good("flash-order-cancelled", &number);
    Ok(render::see_other_saying(&htmx, &urls::order(&number), &done))
}
