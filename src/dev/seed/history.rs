//! The past, made to happen: each event of the calendar through the function a page or a job would call, at its own time.

use std::collections::BTreeMap;
use std::sync::Arc;

use sea_orm::FromQueryResult;

use super::back_room;
use super::calendar::{Calendar, Event, Gift};
use super::chance::Chance;
use super::shelves::{self, Goods, Shelves};
use crate::cart::change;
use crate::checkout::place::{self, DeliverTo, Placed, Placement};
use crate::codes;
use crate::dev::cast::{self, Habit, Member, PEOPLE};
use crate::error::{Error, Result};
use crate::grants::single::{self, Ends, Grant};
use crate::ledger::{accounts, expire};
use crate::limits;
use crate::orders::timeline::Words;
use crate::orders::{self, cancel, fulfil, prepare, reveal};
use crate::outbox;
use crate::people::addresses::{self, Postal};
use crate::people::enter::{self, NewPerson};
use crate::platform::config::{CancelPolicy, LimitPolicy, Office};
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::platform::seal::Sealer;
use crate::types::actor::Actor;
use crate::types::checkout_key::CheckoutKey;
use crate::types::id::{AddressId, CategoryId, PersonId, ProductId};
use crate::types::limit::{Limit, Period};
use crate::types::order_state::OrderState;
use crate::types::points::Points;
use crate::types::product_kind::ProductKind;
use crate::types::quantity::Quantity;
use crate::types::time::Timestamp;

/// Different products in one order.
const MOST_PICKED: i64 = 3;

/// What the past is made of.
#[derive(Clone)]
pub(super) struct Past {
    pub now: Timestamp,
    pub zone: chrono_tz::Tz,
    pub goods: Arc<Vec<Goods>>,
    pub sealer: Arc<Sealer>,
    pub offices: Vec<Office>,
    pub cancelling: CancelPolicy,
    pub limits: LimitPolicy,
}

/// The past while it happens.
struct Making<'t> {
    tx: &'t Tx,
    past: Past,
    chance: Chance,
    calendar: Calendar,
    shelves: Shelves,
    people: BTreeMap<&'static str, PersonId>,
    homes: BTreeMap<&'static str, AddressId>,
}

#[derive(Clone, Debug, FromQueryResult)]
struct Offer {
    id: ProductId,
    kind: ProductKind,
    price: Points,
    limit_count: Option<i64>,
    limit_period: Option<Period>,
}

/// Lets everything happen, in order.
pub(super) async fn make(tx: &Tx, past: Past) -> Result<()> {
    let mut chance = Chance::new();
    let calendar = Calendar::lay_out(past.now, past.zone, past.goods.len(), &mut chance);
    let (people, homes) = (BTreeMap::new(), BTreeMap::new());
    let mut making = Making { tx, past, chance, calendar, shelves: Shelves::default(), people, homes };
    while let Some((at, event)) = making.calendar.take_next() {
        making.happen(at, event).await?;
    }
    let (desk, past) = (making.desk(cast::PRODUCTS)?, &making.past);
    back_room::fill(tx, past.now, past.zone, desk, &making.shelves).await
}

impl Making<'_> {
    async fn happen(&mut self, at: Timestamp, event: Event) -> Result<()> {
        match event {
            Event::Join(member) => self.join(at, member).await,
            Event::Shelve(index) => self.shelve(at, index).await,
            Event::Give(gift) => self.give(at, gift).await,
            Event::Lapse(member) => {
                let mut account = accounts::lock_account(self.tx, self.person(member)?).await?;
                expire::end_due_lots(self.tx, at, &mut account).await.map(drop)
            }
            Event::Redeem(member) => self.redeem(at, member).await,
            Event::Prepare { order_id } => {
                prepare::prepare(self.tx, at, self.desk(cast::ORDERS)?, order_id).await
            }
            Event::ChangeMind { member, number } => self.change_mind(at, member, &number).await,
            Event::HandOver { order_id, note } => {
                let words = Words { note, ..Words::default() };
                fulfil::fulfil(self.tx, at, self.desk(cast::ORDERS)?, order_id, &words).await?;
                self.mail_is_sent(at).await
            }
            Event::Reveal { member, number } => self.reveal(at, member, &number).await,
        }
    }

    async fn join(&mut self, at: Timestamp, member: &'static Member) -> Result<()> {
        let email = member.email.parse().map_err(|()| anyhow::anyhow!("{} has no address", member.key))?;
        let new = NewPerson {
            name: member.name.clone(),
            email,
            employee_number: Some(member.employee_number.clone()),
            department: Some(member.department.clone()),
            office: self.office(member).map(|office| office.slug.clone()),
            hired_on: Some(member.hired_on(self.calendar.today)),
            birthday: member.birthday(),
        };
        let id = enter::enter(self.tx, at, Actor::Shop, new).await?;
        accounts::open_if_missing(self.tx, at, id).await?;
        self.people.insert(&member.key, id);
        if let Some(home) = member.home() {
            let postal = Postal {
                recipient: member.name.clone(),
                line1: home.line1.to_owned(),
                line2: String::new(),
                postcode: home.postcode.to_owned(),
                city: home.city.to_owned(),
                region: String::new(),
                country: home.country.to_owned(),
                phone: String::new(),
            };
            self.homes.insert(&member.key, addresses::create(self.tx, at, id, postal, true).await?);
        }
        Ok(())
    }

    async fn shelve(&mut self, at: Timestamp, index: usize) -> Result<()> {
        let actor = self.desk(cast::PRODUCTS)?;
        let goods = Arc::clone(&self.past.goods);
        let Some(goods) = goods.get(index) else { return Ok(()) };
        let shelf = self.shelf(at, actor, goods.category()).await?;
        shelves::put(self.tx, at, actor, &self.past.sealer, shelf, goods, &mut self.chance).await
    }

    /// The shelf of a product; all of them are put up before the first product is.
    async fn shelf(&mut self, at: Timestamp, actor: Actor, key: &str) -> Result<CategoryId> {
        if self.shelves.is_empty() {
            self.shelves = shelves::put_up(self.tx, at, actor).await?;
        }
        let id = self.shelves.get(key).copied();
        id.ok_or_else(|| Error::Internal(anyhow::anyhow!("there is no shelf {key}")))
    }

    async fn give(&mut self, at: Timestamp, gift: Gift) -> Result<()> {
        let actor = gift.from.map_or(Ok(Actor::Shop), |from| self.person(from).map(Actor::Person))?;
        let grant = Grant {
            person_id: self.person(gift.to)?,
            amount: gift.amount,
            reason: gift.reason,
            note: gift.note,
            ends: Ends::At(Some(gift.expires_at)),
        };
        single::give(self.tx, at, actor, grant).await?;
        Ok(())
    }

    /// Fills the cart by somebody's habit and places the order.
    async fn redeem(&mut self, at: Timestamp, member: &'static Member) -> Result<()> {
        let person_id = self.person(member)?;
        let balance = accounts::spendable(self.tx, at, person_id).await?;
        let total = self.fill_cart(at, member, balance).await?;
        if total == Points::ZERO {
            return Ok(());
        }
        let (deliver_to, note) = self.delivery(member);
        let placement =
            Placement { key: CheckoutKey::mint(), person_id, expected_total: total, cart: None, deliver_to };
        let (Placed::Now(number) | Placed::Before(number)) =
            place::place(self.tx, at, placement, &self.past.limits).await?;
        let order = orders::find_for(self.tx, person_id, &number).await?;
        if self.chance.in_100(6) {
            let seconds = self.chance.between(600, 7_000);
            self.calendar.add(at.plus_seconds(seconds), Event::ChangeMind { member, number });
            return self.mail_is_sent(at).await;
        }
        if order.state == OrderState::Placed {
            let hours = self.chance.between(3, 30);
            self.calendar.add(at.plus_seconds(hours * 3_600), Event::Prepare { order_id: order.id });
            let days = u64::try_from(self.chance.between(2, 5)).unwrap_or(2);
            let at = self.calendar.days_after(at, days, &mut self.chance);
            self.calendar.add(at, Event::HandOver { order_id: order.id, note });
        }
        if self.chance.in_100(80) {
            let seconds = self.chance.between(20, 2_000);
            self.calendar.add(at.plus_seconds(seconds), Event::Reveal { member, number });
        }
        self.mail_is_sent(at).await
    }

    /// What the cart costs in the end.
    async fn fill_cart(&mut self, at: Timestamp, member: &Member, balance: Points) -> Result<Points> {
        let person_id = self.person(member)?;
        let (share, picks) = match member.habit() {
            Habit::New => return Ok(Points::ZERO),
            Habit::Spender => (100, MOST_PICKED),
            Habit::Regular | Habit::Digital => {
                (self.chance.between(45, 95), self.chance.between(1, MOST_PICKED))
            }
            Habit::Careful => (self.chance.between(15, 45), self.chance.between(1, MOST_PICKED)),
            Habit::Saver => (12, 1),
        };
        let mut left = Points(balance.0 * share / 100);
        let mut total = Points::ZERO;
        let mut picked: Vec<ProductId> = Vec::new();
        for _ in 0..picks {
            let mut offers = self.offers(at, person_id, left).await?;
            let codes_only = member.habit() == Habit::Digital;
            offers.retain(|offer| {
                !picked.contains(&offer.id) && (offer.kind == ProductKind::Digital || !codes_only)
            });
            // What is cheap can always be had: half of the time somebody wants something better.
            if self.chance.in_100(50) {
                offers.sort_by_key(|offer| offer.price);
                offers.drain(..offers.len() / 2);
            }
            let dearest = offers.iter().max_by_key(|offer| offer.price);
            let choice = if member.habit() == Habit::Spender { dearest } else { self.chance.pick(&offers) };
            let Some(offer) = choice.cloned() else { break };
            let two = offer.price.times(2).filter(|price| *price <= left && self.chance.in_100(12));
            let two = if self.allowed(at, person_id, &offer).await? < 2 { None } else { two };
            let price = two.unwrap_or(offer.price);
            let quantity = two.and_then(|_| Quantity::new(2)).unwrap_or(Quantity::ONE);
            change::add(self.tx, at, person_id, offer.id, quantity).await?;
            picked.push(offer.id);
            left = left.minus(price).unwrap_or_default();
            total = total.plus(price).unwrap_or(total);
        }
        Ok(total)
    }

    /// What is there for so many points; what is nearly sold out is left for the visitor to see.
    async fn offers(&self, at: Timestamp, person_id: PersonId, points: Points) -> Result<Vec<Offer>> {
        // None of them has a window of time.
        let sql = "SELECT id, kind, price, limit_count, limit_period FROM products \
                   WHERE state = 'listed' AND stock > low_stock_at + 2 AND price <= ? ORDER BY slug";
        let mut offers = Vec::new();
        for offer in dialect::rows::<Offer>(self.tx, sql, [points.into()]).await? {
            if self.allowed(at, person_id, &offer).await? > 0 {
                offers.push(offer);
            }
        }
        Ok(offers)
    }

    /// How many of it a person may still have.
    async fn allowed(&self, at: Timestamp, person_id: PersonId, offer: &Offer) -> Result<i64> {
        let Some(limit) = Limit::of(offer.limit_count, offer.limit_period) else { return Ok(i64::MAX) };
        let zone = self.past.limits.zone;
        Ok(limits::of_product(self.tx, at, zone, person_id, offer.id, limit).await?.left())
    }

    /// Where somebody wants it, and what is noted when it gets there.
    fn delivery(&mut self, member: &Member) -> (Option<DeliverTo>, String) {
        match self.homes.get(member.key.as_str()) {
            Some(home) if self.chance.in_100(60) => {
                let parcel = self.chance.between(10_000_000, 99_999_999);
                (Some(DeliverTo::Address(*home)), format!("Sent by parcel, number {parcel}"))
            }
            _ => {
                let office = self.office(member).cloned();
                let note = office.as_ref().map(|office| format!("Picked up at the {} office", office.name));
                (office.map(DeliverTo::Office), note.unwrap_or_default())
            }
        }
    }

    async fn change_mind(&self, at: Timestamp, member: &Member, number: &str) -> Result<()> {
        let person_id = self.person(member)?;
        cancel::by_owner(self.tx, at, person_id, number, &self.past.cancelling).await?;
        self.mail_is_sent(at).await
    }

    async fn reveal(&self, at: Timestamp, member: &Member, number: &str) -> Result<()> {
        let person_id = self.person(member)?;
        let order = orders::find_for(self.tx, person_id, number).await?;
        for code in codes::of_order(self.tx, order.id).await? {
            reveal::reveal(self.tx, at, person_id, number, code.id).await?;
        }
        Ok(())
    }

    /// The mails of back then went out back then.
    async fn mail_is_sent(&self, at: Timestamp) -> Result<()> {
        for message in outbox::claim(self.tx, at).await? {
            outbox::acknowledge(self.tx, at, message.id).await?;
        }
        Ok(())
    }

    fn person(&self, member: &Member) -> Result<PersonId> {
        let id = self.people.get(member.key.as_str()).copied();
        id.ok_or_else(|| Error::Internal(anyhow::anyhow!("{} is not here yet", member.key)))
    }

    /// Where somebody works; the first office when theirs is not set up.
    fn office(&self, member: &Member) -> Option<&Office> {
        let offices = &self.past.offices;
        offices.iter().find(|office| office.name == member.office).or(offices.first())
    }

    /// Whoever sits at a desk of HR.
    fn desk(&self, group: &str) -> Result<Actor> {
        let member = PEOPLE.iter().find(|member| member.is_in(group));
        let member = member.ok_or_else(|| anyhow::anyhow!("nobody is in {group}"))?;
        self.person(member).map(Actor::Person)
    }
}
