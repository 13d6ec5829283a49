//! Placing an order, in the order in which locks are taken everywhere: order → account → lots → products → codes.
//!
//! Whatever the page showed is judged again here, limits included. Any refusal rolls everything back, the claim on the key included, so
//! that the same form may be sent again.

use sea_orm::ConnectionTrait;
use serde_json::json;

use crate::audit::{self, Act};
use crate::cart::quote::{self, Quote, QuotedLine};
use crate::cart::{self, change};
use crate::catalog::stock::{self, Take};
use crate::codes::{self, ClaimingLine};
use crate::entity::orders as order_row;
use crate::error::{Error, FieldErrors, FieldProblem, Refusal, Result};
use crate::ledger::accounts;
use crate::ledger::spend::{self, Charge};
use crate::orders::claim::{self, Claim};
use crate::orders::fill::{self, Delivery, SoldLine};
use crate::outbox::event::{Event, OrderPlaced, OrderedLine};
use crate::platform::config::{LimitPolicy, Office};
use crate::platform::db::Tx;
use crate::types::actor::Actor;
use crate::types::checkout_key::CheckoutKey;
use crate::types::id::{AddressId, OrderLineId, PersonId};
use crate::types::points::Points;
use crate::types::product_kind::ProductKind;
use crate::types::time::Timestamp;
use crate::{limits, orders, outbox, people};

/// What a person agreed to on the confirm page.
#[derive(Clone, Debug)]
pub struct Placement {
    pub key: CheckoutKey,
    pub person_id: PersonId,
    /// Nobody pays more than they saw.
    pub expected_total: Points,
    /// The digest of the cart they saw.
    pub cart: Option<String>,
    /// Where physical goods go.
    pub deliver_to: Option<DeliverTo>,
}

/// A choice of the person's.
#[derive(Clone, Debug)]
pub enum DeliverTo {
    Address(AddressId),
    Office(Office),
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placed {
    /// A new order of this number.
    Now(String),
    /// The key was used before, by this order.
    Before(String),
}

/// Places an order of everything in the person's cart.
///
/// # Errors
/// A [`Refusal`] in numbers, or [`Error::Invalid`] when goods have nowhere to go; nothing has happened then.
pub async fn place(tx: &Tx, now: Timestamp, placement: Placement, policy: &LimitPolicy) -> Result<Placed> {
    let person_id = placement.person_id;
    let actor = Actor::Person(person_id);
    let (order_id, number) =
        match claim::claim(tx, now, person_id, placement.key, placement.expected_total).await? {
            Claim::New { id, number } => (id, number),
            Claim::Before(order) => return the_same(tx, &placement, *order).await,
        };
    let mut account = accounts::lock_account(tx, person_id).await?;
    let person = people::load(tx, person_id).await?;
    if !person.is_active {
        return Err(Refusal::PersonInactive.into());
    }
    // Under the lock: whatever else the person has ordered is either there to be counted or waits.
    let quote = quote::quote(cart::load(tx, now, policy.zone, person_id).await?)?;
    let quote = agreed(quote, &placement)?;
    limits::of_shop(tx, now, policy, person_id).await?.check(quote.total)?;
    let delivery = delivery(tx, &placement, &quote).await?;
    let charge = Charge { amount: quote.total, order_id, actor, reason: number.clone() };
    spend::spend(tx, now, &mut account, charge).await?;

    let lines = in_product_order(&quote.lines);
    for QuotedLine { line, quantity, .. } in &lines {
        let take = Take { product_id: line.product_id, quantity: *quantity, unit_price: line.price };
        stock::take(tx, now, actor, order_id, &take).await?;
    }
    let sold: Vec<SoldLine> = quote.lines.iter().map(sold).collect();
    fill::lines(tx, order_id, &sold).await?;
    claim_codes(tx, now, sold).await?;
    fill::complete(tx, now, actor, order_id, quote.total, &delivery).await?;

    change::take_out(tx, person_id, &quote.lines).await?;
    let act = Act {
        action: "order.place",
        subject_kind: "order",
        subject_id: order_id.to_string(),
        details: json!({
            "number": number, "person": person_id, "total": quote.total, "balance_after": account.balance,
        }),
    };
    audit::record(tx, now, actor, act).await?;
    let event = Event::OrderPlaced(OrderPlaced {
        number: number.clone(),
        person_id,
        name: person.name,
        email: person.email,
        placed_at: now,
        lines: quote.lines.iter().map(ordered).collect(),
        total: quote.total,
        balance_after: account.balance,
        delivery: delivery.to(),
    });
    outbox::publish(tx, now, &event).await?;
    Ok(Placed::Now(number))
}

/// The order that a placement's key stands for, if it was placed before.
///
/// # Errors
/// [`Refusal::KeyReused`] when it stands for another one.
pub async fn before(db: &impl ConnectionTrait, placement: &Placement) -> Result<Option<Placed>> {
    match claim::find(db, placement.person_id, placement.key).await? {
        Some(order) => the_same(db, placement, order).await.map(Some),
        None => Ok(None),
    }
}

/// The key stands for an order already: the same one when cart and agreed total are the same.
async fn the_same(
    db: &impl ConnectionTrait,
    placement: &Placement,
    order: order_row::Model,
) -> Result<Placed> {
    let lines = orders::lines(db, order.id).await?;
    let digest = quote::digest(lines.iter().map(|line| (line.product_id, line.quantity)));
    let same_cart = placement.cart.as_ref().is_none_or(|cart| *cart == digest);
    if same_cart && placement.expected_total == order.expected_total {
        Ok(Placed::Before(order.number))
    } else {
        Err(Refusal::KeyReused.into())
    }
}

/// The quote, if it is for the cart that was seen and costs no more than was agreed.
fn agreed(quote: Quote, placement: &Placement) -> Result<Quote, Refusal> {
    if placement.cart.as_ref().is_some_and(|cart| *cart != quote.digest()) {
        return Err(Refusal::CartChanged);
    }
    if quote.total > placement.expected_total {
        return Err(Refusal::PriceChanged { was: placement.expected_total, now: quote.total });
    }
    Ok(quote)
}

async fn delivery(tx: &Tx, placement: &Placement, quote: &Quote) -> Result<Delivery> {
    if !quote.needs_delivery() {
        return Ok(Delivery::None);
    }
    match &placement.deliver_to {
        Some(DeliverTo::Office(office)) => {
            Ok(Delivery::Office(vec![office.name.clone(), office.address.clone()]))
        }
        Some(DeliverTo::Address(id)) => {
            let address = people::addresses::find_for(tx, placement.person_id, *id).await?;
            Ok(Delivery::Address(address.lines()))
        }
        None => {
            let mut errors = FieldErrors::default();
            errors.add("delivery", FieldProblem::ChooseDelivery);
            Err(Error::Invalid(errors))
        }
    }
}

/// Products are locked in ascending id, whoever buys them in whichever order.
fn in_product_order(lines: &[QuotedLine]) -> Vec<QuotedLine> {
    let mut lines = lines.to_vec();
    lines.sort_by_key(|quoted| quoted.line.product_id);
    lines
}

async fn claim_codes(tx: &Tx, now: Timestamp, mut sold: Vec<SoldLine>) -> Result<()> {
    sold.sort_by_key(|line| line.product_id);
    for line in sold.iter().filter(|line| line.kind == ProductKind::Digital) {
        let claiming = ClaimingLine { id: line.id, name: &line.name, quantity: line.quantity };
        codes::claim(tx, now, line.product_id, &claiming).await?;
    }
    Ok(())
}

fn sold(quoted: &QuotedLine) -> SoldLine {
    let line = &quoted.line;
    SoldLine {
        id: OrderLineId::new(),
        product_id: line.product_id,
        kind: line.kind,
        name: line.name.clone(),
        object_key: line.object_key.clone().unwrap_or_default(),
        widths: line.widths.clone().unwrap_or_default(),
        unit_price: line.price,
        quantity: quoted.quantity,
    }
}

fn ordered(quoted: &QuotedLine) -> OrderedLine {
    OrderedLine { name: quoted.line.name.clone(), quantity: quoted.line.quantity, points: quoted.total }
}
