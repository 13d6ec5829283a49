//! A sequence played by the shop and by the model, compared after every step.

use std::collections::BTreeMap;

use awsomeshop::cart::change;
use awsomeshop::checkout::place::{self, DeliverTo, Placed, Placement};
use awsomeshop::error::{Error, Refusal, Result, WhyNot};
use awsomeshop::grants::single::{self, Ends, Grant};
use awsomeshop::ledger::{accounts, deduct, expire};
use awsomeshop::orders::cancel::{self, Request, Wanted};
use awsomeshop::reports::books;
use awsomeshop::types::actor::Actor;
use awsomeshop::types::checkout_key::CheckoutKey;
use awsomeshop::types::id::{OrderLineId, PersonId, ProductId};
use awsomeshop::types::points::Points;
use awsomeshop::types::quantity::Quantity;
use awsomeshop::types::time::Timestamp;
use futures::FutureExt;
use sea_orm::FromQueryResult;

use super::model::{Account, Line, No, Order};
use super::{Deed, Stands, Step};
use crate::support::{NOW, Shop};

pub const PEOPLE: usize = 3;
/// What things cost: one product for each price.
pub const PRICES: [i64; 3] = [7, 20, 60];
/// Of this one each person may have so many a week.
const LIMITED: usize = 1;
const LIMIT: i64 = 5;
const STOCK: i64 = 1_000;
/// Short, so that lots of a refund lapse within a sequence too.
const GRACE_DAYS: i64 = 1;
/// The shop opens on a Monday at ten in the morning.
const OPENS_AT: i64 = 10;

struct Table {
    shop: Shop,
    people: Vec<PersonId>,
    products: Vec<ProductId>,
    hours: i64,
    accounts: Vec<Account>,
    /// Who got it, the number of its transfer, its lot in the model.
    grants: Vec<(usize, i64, usize)>,
    /// The number of each, and what the model knows of it.
    orders: Vec<(String, Order)>,
}

/// Plays it; whatever differs or breaks a law is a panic.
pub async fn play(steps: &[Step]) {
    let mut table = Table::set().await;
    for (index, step) in steps.iter().enumerate() {
        table.step(step).await;
        table.compare(&format!("step {index}, {step:?}")).await;
    }
    table.shop.close().await;
}

/// Hours are counted from the moment the shop opens.
fn at(hours: i64) -> Timestamp {
    NOW.plus_seconds(hours * 3_600)
}

fn week(hours: i64) -> i64 {
    (hours + OPENS_AT).div_euclid(7 * 24)
}

fn grace_ends(hours: i64) -> i64 {
    ((hours + OPENS_AT).div_euclid(24) + GRACE_DAYS + 1) * 24 - OPENS_AT
}

impl Table {
    async fn set() -> Self {
        let days =
            [("SHOP_CANCEL_WITHIN_DAYS", "3650"), ("SHOP_REFUND_GRACE_DAYS", "1"), ("SHOP_TIME_ZONE", "UTC")];
        let shop = Shop::open_with(&days).await;
        let (mut people, mut products) = (Vec::new(), Vec::new());
        for index in 0..PEOPLE {
            people.push(shop.person(&format!("person{index}")).await);
        }
        for price in PRICES {
            products.push(shop.product(&format!("Thing {price}"), price, STOCK).await.id);
        }
        let limit = "UPDATE products SET limit_count = ?, limit_period = 'week' WHERE id = ?";
        shop.sql(limit, [LIMIT.into(), products[LIMITED].into()]).await;
        let accounts = vec![Account::default(); PEOPLE];
        Self { shop, people, products, hours: 0, accounts, grants: Vec::new(), orders: Vec::new() }
    }

    async fn step(&mut self, step: &Step) {
        let hours = self.by(&step.clock);
        match &step.deed {
            Deed::Grant { who, amount, ends_in_hours } => {
                let ends = ends_in_hours.map(|hours| self.hours + hours);
                self.grant(hours, *who, *amount, ends).await;
            }
            Deed::Order { who, wanted } => self.order(hours, *who, wanted).await,
            Deed::Cancel { order, line, pieces } if !self.orders.is_empty() => {
                self.cancel(hours, order % self.orders.len(), *line, *pieces).await;
            }
            Deed::CancelWhole { order } if !self.orders.is_empty() => {
                self.cancel_whole(hours, order % self.orders.len()).await;
            }
            Deed::Expire => {
                expire::run(&self.shop.app.db, at(hours)).await.unwrap();
                self.accounts.iter_mut().for_each(|account| account.expire(hours));
            }
            Deed::Deduct { who, amount } => self.deduct(hours, *who, *amount).await,
            Deed::Reverse { grant } if !self.grants.is_empty() => {
                self.reverse(hours, grant % self.grants.len()).await;
            }
            Deed::Wait { hours } => {
                self.hours += hours;
                self.shop.advance(hours * 3_600);
            }
            Deed::Cancel { .. } | Deed::CancelWhole { .. } | Deed::Reverse { .. } => {}
        }
    }

    /// What time it is for a task.
    fn by(&self, clock: &Stands) -> i64 {
        let ended = self.accounts.iter().flat_map(|account| &account.lots).filter(|lot| lot.ended);
        match clock {
            Stands::Right => self.hours,
            Stands::BehindByHours(hours) => self.hours - hours,
            Stands::BeforeTheLastEnd => {
                ended.filter_map(|lot| lot.ends).max().map_or(self.hours, |end| end - 1)
            }
        }
    }

    async fn grant(&mut self, hours: i64, who: usize, amount: i64, ends: Option<i64>) {
        let (now, person_id) = (at(hours), self.people[who]);
        let granted = self.shop.app.db.write("test.grant", move |tx| {
            let note = "Thank you".to_owned();
            let grant = Grant {
                person_id,
                amount: Points(amount),
                reason: "thank-you",
                note,
                ends: Ends::At(ends.map(at)),
            };
            single::give(tx, now, Actor::Shop, grant).boxed()
        });
        let id = granted.await.unwrap();
        let transfer = self.shop.scalar_of("SELECT transfer_id FROM grants WHERE id = ?", [id.into()]).await;
        self.grants.push((who, transfer, self.accounts[who].grant(amount, ends)));
    }

    async fn order(&mut self, hours: i64, who: usize, wanted: &[(usize, i64)]) {
        let mut pieces: BTreeMap<usize, i64> = BTreeMap::new();
        for (product, n) in wanted {
            *pieces.entry(*product).or_default() += n;
        }
        let total: i64 = pieces.iter().map(|(product, n)| PRICES[*product] * n).sum();
        let left = LIMIT - self.held_this_week(hours, who);
        let expected = match pieces.get(&LIMITED) {
            Some(n) if *n > left => Err(No::Beyond(left)),
            _ => self.accounts[who].take(hours, total),
        };
        let (now, person_id) = (at(hours), self.people[who]);
        let office = DeliverTo::Office(self.shop.app.config.offices[0].clone());
        let lines: Vec<(ProductId, Quantity)> =
            pieces.iter().map(|(product, n)| (self.products[*product], Quantity::new(*n).unwrap())).collect();
        let placement = Placement {
            key: CheckoutKey::mint(),
            person_id,
            expected_total: Points(total),
            cart: None,
            deliver_to: Some(office),
        };
        let limits = self.shop.app.config.limits;
        let placed = self.shop.app.db.write("test.order", move |tx| {
            let (lines, placement) = (lines.clone(), placement.clone());
            async move {
                for (product, quantity) in lines {
                    change::add(tx, now, person_id, product, quantity).await?;
                }
                place::place(tx, now, placement, &limits).await
            }
            .boxed()
        });
        match (placed.await, expected) {
            (Ok(Placed::Now(number)), Ok(draws)) => {
                let line = |(product, n): (&usize, &i64)| Line {
                    product: *product,
                    price: PRICES[*product],
                    left: *n,
                };
                let lines = pieces.iter().map(line).collect();
                self.orders.push((number, Order { who, placed: hours, draws, lines }));
            }
            (Err(Error::Refused(Refusal::NotEnoughPoints { short_by })), Err(No::ShortBy(short))) => {
                assert_eq!(short_by.0, short, "what is missing");
            }
            (Err(Error::Refused(Refusal::LimitReached { left, .. })), Err(No::Beyond(expected))) => {
                assert_eq!(left, expected, "what the limit leaves");
            }
            (found, expected) => panic!("an order: found {found:?}, expected {expected:?}"),
        }
    }

    /// How many of the limited product somebody's orders of the week hold.
    fn held_this_week(&self, hours: i64, who: usize) -> i64 {
        let orders = self.orders.iter().map(|(_, order)| order);
        let theirs = orders.filter(|order| order.who == who && week(order.placed) == week(hours));
        theirs
            .flat_map(|order| &order.lines)
            .filter(|line| line.product == LIMITED)
            .map(|line| line.left)
            .sum()
    }

    async fn cancel(&mut self, hours: i64, order: usize, line: usize, pieces: i64) {
        let (number, known) = &mut self.orders[order];
        let index = line % known.lines.len();
        let line = &mut known.lines[index];
        let pieces = 1 + pieces % (line.left + 1);
        let id = self.shop.id_of(
            "SELECT l.id FROM order_lines l JOIN orders o ON o.id = l.order_id WHERE o.number = ? AND l.unit_price = ?",
            [number.as_str().into(), line.price.into()],
        );
        let lines = vec![(OrderLineId(id.await), pieces)];
        let version = self
            .shop
            .scalar_of("SELECT version FROM orders WHERE number = ?", [number.as_str().into()])
            .await;
        let request = Request {
            number: number.clone(),
            version,
            wanted: Wanted::Lines(lines),
            reason: "So".to_owned(),
        };
        let (now, policy) = (at(hours), self.shop.app.config.cancelling);
        let done = self.shop.app.db.write("test.cancel", move |tx| {
            let request = request.clone();
            async move { cancel::by_hr(tx, now, Actor::Shop, &request, &policy).await }.boxed()
        });
        let expected = if pieces > line.left { Err(No::TooMany) } else { Ok(()) };
        match (done.await, expected) {
            (Ok(()), Ok(())) => {
                line.left -= pieces;
                let amount = line.price * pieces;
                self.accounts[known.who].refund(hours, &mut known.draws, amount, grace_ends(hours));
            }
            (Err(Error::Refused(Refusal::OrderNotCancellable(WhyNot::NothingLeft))), Err(No::TooMany)) => {}
            (found, expected) => panic!("a cancellation: found {found:?}, expected {expected:?}"),
        }
    }

    async fn cancel_whole(&mut self, hours: i64, order: usize) {
        let (number, known) = &mut self.orders[order];
        let (asked, person_id) = (number.clone(), self.people[known.who]);
        let (now, policy) = (at(hours), self.shop.app.config.cancelling);
        let done = self.shop.app.db.write("test.cancel", move |tx| {
            let asked = asked.clone();
            async move { cancel::by_owner(tx, now, person_id, &asked, &policy).await }.boxed()
        });
        done.await.unwrap();
        let left: i64 = known.lines.iter().map(|line| line.price * line.left).sum();
        known.lines.iter_mut().for_each(|line| line.left = 0);
        if left > 0 {
            self.accounts[known.who].refund(hours, &mut known.draws, left, grace_ends(hours));
        }
    }

    async fn deduct(&mut self, hours: i64, who: usize, amount: i64) {
        let expected = self.accounts[who].take(hours, amount).map(|_| ());
        let (now, person_id) = (at(hours), self.people[who]);
        let done = self.shop.app.db.write("test.deduct", move |tx| {
            async move {
                let mut account = accounts::lock_account(tx, person_id).await?;
                deduct::deduct(tx, now, &mut account, Points(amount), Actor::Shop, "So".to_owned()).await
            }
            .boxed()
        });
        agree("a deduction", done.await, &expected);
    }

    async fn reverse(&mut self, hours: i64, grant: usize) {
        let (who, transfer, lot) = self.grants[grant];
        let expected = self.accounts[who].reverse(hours, lot);
        let (now, person_id) = (at(hours), self.people[who]);
        let done = self.shop.app.db.write("test.reverse", move |tx| {
            async move {
                let mut account = accounts::lock_account(tx, person_id).await?;
                deduct::reverse(tx, now, &mut account, transfer, Actor::Shop, "So".to_owned()).await
            }
            .boxed()
        });
        agree("a reversal", done.await, &expected);
    }

    async fn compare(&self, when: &str) {
        #[derive(FromQueryResult)]
        struct Row {
            granted: i64,
            remaining: i64,
            expires_at: Option<Timestamp>,
        }
        for (person, model) in self.people.iter().zip(&self.accounts) {
            let balance = "SELECT balance FROM accounts WHERE person_id = ?";
            assert_eq!(
                self.shop.scalar_of(balance, [(*person).into()]).await,
                model.balance,
                "{when}: a balance"
            );
            let sql = "SELECT l.granted, l.remaining, l.expires_at FROM lots l JOIN accounts a ON a.id = l.account_id \
                       WHERE a.person_id = ? ORDER BY l.transfer_id";
            let db = self.shop.app.db.reads();
            let rows: Vec<Row> =
                awsomeshop::platform::dialect::rows(db, sql, [(*person).into()]).await.unwrap();
            // In the order in which they were made: each lot is compared with itself.
            let found: Vec<_> = rows.iter().map(|row| (row.granted, row.remaining, row.expires_at)).collect();
            let expected: Vec<_> =
                model.lots.iter().map(|lot| (lot.granted, lot.remaining, lot.ends.map(at))).collect();
            assert_eq!(found, expected, "{when}: the lots");
        }
        let report = books::check(self.shop.app.db.reads()).await.unwrap();
        assert!(report.is_clean(), "{when}: {:?}", report.broken().collect::<Vec<_>>());
    }
}

fn agree(what: &str, found: Result<i64>, expected: &Result<(), No>) {
    let found = match found {
        Ok(_) => Ok(()),
        Err(Error::Refused(Refusal::NotEnoughPoints { short_by })) => Err(No::ShortBy(short_by.0)),
        Err(Error::Refused(Refusal::GrantSpent { left })) => Err(No::Spent(left.0)),
        Err(error) => panic!("{what}: {error:?}"),
    };
    assert_eq!(found, *expected, "{what}");
}
