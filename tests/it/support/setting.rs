//! Setting the scene: people, points and goods, by the shop's own functions where it has them.

use std::sync::Arc;

use awsomeshop::auth::session;
use awsomeshop::catalog::{categories as shelves, stock};
use awsomeshop::codes::add;
use awsomeshop::entity::{categories, products};
use awsomeshop::error::{Error, Result};
use awsomeshop::grants::rules::edit::{self, Terms};
use awsomeshop::grants::single::{self, Ends, Grant};
use awsomeshop::ledger::accounts;
use awsomeshop::orders::batch::{self, Act, Batch};
use awsomeshop::people::enter::{self, NewPerson};
use awsomeshop::people::{deactivate, import, roles};
use awsomeshop::platform::db::Tx;
use awsomeshop::server::jobs::{self, Job};
use awsomeshop::types::actor::Actor;
use awsomeshop::types::form_key::FormKey;
use awsomeshop::types::id::{BatchId, CategoryId, ImportId, MessageId, PersonId, ProductId, RuleId};
use awsomeshop::types::points::Points;
use awsomeshop::types::product_kind::{ProductKind, ProductState};
use awsomeshop::types::role::{Desk, Role};
use awsomeshop::types::rule_kind::RuleKind;
use awsomeshop::types::time::{Day, Timestamp};
use futures::FutureExt;
use futures::future::BoxFuture;
use sea_orm::{EntityTrait, Set};

use super::browser::{Browser, MOST_TRIES, pauses};
use super::{PEOPLE, Shop};

/// The category of everything that is put on the shelf here.
const CATEGORY: CategoryId = CategoryId(uuid::Uuid::from_u128(7));

/// Something on the shelf.
#[derive(Clone, Debug)]
pub struct Goods {
    pub id: ProductId,
    pub slug: String,
    pub name: String,
    pub price: Points,
}

impl Shop {
    /// What `work` sets in the database; on a busy machine a connection may not be found at once.
    async fn set<T: Send + 'static>(
        &self,
        name: &'static str,
        work: impl for<'t> Fn(&'t Tx) -> BoxFuture<'t, Result<T>> + Clone + Send + Sync + 'static,
    ) -> T {
        let mut pauses = pauses(MOST_TRIES);
        loop {
            match (self.app.db.write(name, work.clone()).await, pauses.next()) {
                (Ok(set), _) => return set,
                (Err(Error::Unavailable(_)), Some(pause)) => tokio::time::sleep(pause).await,
                (Err(error), _) => panic!("{name}: {error:#}"),
            }
        }
    }

    /// Runs a job, as the schedule does: again when the database was out of reach.
    pub async fn job(&self, job: Job) {
        let mut pauses = pauses(MOST_TRIES);
        loop {
            match (jobs::run(&self.app, job).await, pauses.next()) {
                (Ok(()), _) => return,
                (Err(Error::Unavailable("database") | Error::Database(_)), Some(pause)) => {
                    tokio::time::sleep(pause).await;
                }
                (Err(error), _) => panic!("the job {job:?} failed: {error:#}"),
            }
        }
    }

    /// Somebody HR has entered, who has an account and never signed in. `key` is one of [`PEOPLE`], or anything.
    pub async fn person(&self, key: &str) -> PersonId {
        let now = self.now();
        let name = PEOPLE.iter().find(|(known, ..)| *known == key).map_or(key, |(_, name, _)| *name);
        let new = NewPerson {
            name: name.to_owned(),
            email: format!("{key}@example.test").parse().expect("an address"),
            employee_number: Some(format!("E-{key}")),
            department: None,
            office: None,
            hired_on: None,
            birthday: None,
        };
        self.set("test.person", move |tx| {
            let new = new.clone();
            async move {
                let id = enter::enter(tx, now, Actor::Shop, new).await?;
                accounts::open_if_missing(tx, now, id).await?;
                Ok(id)
            }
            .boxed()
        })
        .await
    }

    /// The same person in this role and no other.
    pub async fn role(&self, person_id: PersonId, role: Role) {
        let now = self.now();
        self.set("test.role", move |tx| {
            async move { roles::replace(tx, now, Actor::Shop, person_id, &[role]).await }.boxed()
        })
        .await;
    }

    /// Shuts the person out, as HR does.
    pub async fn deactivate(&self, person_id: PersonId) {
        let now = self.now();
        self.set("test.deactivate", move |tx| {
            deactivate::deactivate(tx, now, Actor::Shop, person_id, "Left the company").boxed()
        })
        .await;
    }

    /// A browser in which the person is signed in already, without the way through the identity provider.
    pub async fn browser_of(&self, person_id: PersonId) -> Browser {
        let now = self.now();
        let token = self.set("test.session", move |tx| session::open(tx, now, person_id).boxed()).await;
        let browser = self.browser();
        browser.enter_with(&token);
        browser
    }

    /// Somebody at one desk of HR, signed in.
    pub async fn hr(&self, desk: Desk) -> Browser {
        let role = Role::Desk(desk);
        let person = self.person(&format!("hr-{role}")).await;
        self.role(person, role).await;
        self.browser_of(person).await
    }

    /// Somebody at every desk, signed in.
    pub async fn super_admin(&self) -> Browser {
        let person = self.person("hr-all").await;
        self.role(person, Role::SuperAdmin).await;
        self.browser_of(person).await
    }

    /// A sheet of people that was uploaded and is not entered yet.
    pub async fn sheet_of_people(&self, maker: PersonId, text: &str) -> ImportId {
        let sheet = import::read::read("people.csv", text.as_bytes()).expect("a sheet of people");
        let now = self.now();
        self.set("test.sheet", move |tx| import::keep(tx, now, maker, sheet.clone()).boxed()).await
    }

    /// Points from the shop itself; `None` never lapse.
    pub async fn grant(&self, person_id: PersonId, points: i64, expires_at: Option<Timestamp>) {
        let now = self.now();
        self.set("test.grant", move |tx| {
            let note = "Thank you".to_owned();
            let grant = Grant {
                person_id,
                amount: Points(points),
                reason: "thank-you",
                note,
                ends: Ends::At(expires_at),
            };
            single::give(tx, now, Actor::Shop, grant).boxed()
        })
        .await;
    }

    /// An active rule that gives on a day of each month, from a day on.
    pub async fn monthly_rule(&self, day_of_month: i64, points: i64, starts_on: &str) -> RuleId {
        self.rule(RuleKind::Monthly, Some(day_of_month), points, starts_on).await
    }

    /// An active rule of any kind.
    pub async fn rule(&self, kind: RuleKind, day: Option<i64>, points: i64, starts_on: &str) -> RuleId {
        let now = self.now();
        let terms = Terms {
            day_of_month: day,
            amount: Points(points),
            note: "By itself".to_owned(),
            lasts_months: None,
            starts_on: Day::parse(starts_on).unwrap(),
            is_active: true,
        };
        let id = RuleId::new();
        self.set("test.rule", move |tx| {
            edit::create(tx, now, Actor::Shop, id, kind, terms.clone(), None).boxed()
        })
        .await;
        id
    }

    /// A category on which nothing stands yet.
    pub async fn category(&self, name: &'static str) -> CategoryId {
        let now = self.now();
        self.set("test.category", move |tx| shelves::add(tx, now, Actor::Shop, name.to_owned()).boxed()).await
    }

    /// Something to be sent or picked up, so many of it.
    pub async fn product(&self, name: &str, price: i64, pieces: i64) -> Goods {
        let goods = self.shelve(name, price, ProductKind::Physical).await;
        self.receive(goods.id, pieces).await;
        goods
    }

    /// Something that is a code, one of these each.
    pub async fn digital_product(&self, name: &str, price: i64, new: &[&str]) -> Goods {
        let goods = self.shelve(name, price, ProductKind::Digital).await;
        let (now, product_id, sealer) = (self.now(), goods.id, Arc::clone(&self.app.sealer));
        let new: Vec<String> = new.iter().map(|code| (*code).to_owned()).collect();
        let key = FormKey::mint();
        self.set("test.codes", move |tx| {
            let (sealer, new) = (Arc::clone(&sealer), new.clone());
            async move { add::add(tx, now, Actor::Shop, &sealer, product_id, key, &new).await }.boxed()
        })
        .await;
        goods
    }

    /// Orders that were begun or handed over with one click.
    pub async fn batch(&self, actor: PersonId, act: Act, numbers: &[&str]) -> BatchId {
        let now = self.now();
        let numbers = numbers.iter().map(|number| (*number).to_owned()).collect();
        let batch = Batch { act, numbers, note: String::new() };
        self.set("test.batch", move |tx| {
            let batch = batch.clone();
            async move { batch::carry_out(tx, now, actor, &batch).await }.boxed()
        })
        .await
    }

    /// A mail that was given up after too many tries.
    pub async fn dead_mail(&self) -> MessageId {
        let (now, id) = (self.now(), MessageId::new());
        let sql = "INSERT INTO outbox_messages (id, kind, payload, attempts, last_error, created_at, due_at, dead_at) \
                   VALUES (?, 'points-expiring', '{}', 8, 'the mail server refused a letter with 550', ?, ?, ?)";
        self.sql(sql, [id.into(), now.into(), now.into(), now.into()]).await;
        id
    }

    /// More pieces of a product.
    pub async fn receive(&self, product_id: ProductId, pieces: i64) {
        let now = self.now();
        self.set("test.stock", move |tx| stock::receive(tx, now, Actor::Shop, product_id, pieces).boxed())
            .await;
    }

    async fn shelve(&self, name: &str, price: i64, kind: ProductKind) -> Goods {
        let id = ProductId::new();
        let slug = name.to_lowercase().replace(' ', "-");
        let now = self.now();
        let category = categories::ActiveModel {
            id: Set(CATEGORY),
            slug: Set("things".to_owned()),
            name: Set("Things".to_owned()),
            position: Set(1),
            version: Set(1),
        };
        let row = products::ActiveModel {
            id: Set(id),
            slug: Set(slug.clone()),
            category_id: Set(CATEGORY),
            kind: Set(kind),
            state: Set(ProductState::Listed),
            name: Set(name.to_owned()),
            description: Set(format!("A {name} for your desk.")),
            terms: Set(String::new()),
            how_to_use: Set(String::new()),
            search_text: Set(format!("{name}\nthings\na {name} for your desk.").to_lowercase()),
            price: Set(Points(price)),
            stock: Set(0),
            redeemed: Set(0),
            low_stock_at: Set(3),
            limit_count: Set(None),
            limit_period: Set(None),
            version: Set(0),
            created_at: Set(now),
            visible_from: Set(None),
            visible_until: Set(None),
        };
        self.set("test.product", move |tx| {
            let (category, row) = (category.clone(), row.clone());
            async move {
                if categories::Entity::find_by_id(CATEGORY).one(tx).await?.is_none() {
                    categories::Entity::insert(category).exec_without_returning(tx).await?;
                }
                products::Entity::insert(row).exec_without_returning(tx).await?;
                Ok(())
            }
            .boxed()
        })
        .await;
        Goods { id, slug, name: name.to_owned(), price: Points(price) }
    }
}

impl Browser {
    /// Redeems so many of a product as a person does, from its page to the order; returns the order's number.
    /// `delivery` is what the confirm page offers, `office:berlin` say, or empty for codes.
    pub async fn redeem(&self, goods: &Goods, quantity: u32, delivery: &str) -> String {
        let (product, quantity) = (goods.id.to_string(), quantity.to_string());
        let line = [("product", product.as_str()), ("quantity", &quantity), ("then", "checkout")];
        let added = self.post("/cart/lines", &line).await.expect(303);
        let confirm = self.follow(added).await.expect(200);
        let mut form = confirm.html().form("form[method=post][action='/checkout']");
        if !delivery.is_empty() {
            form = form.with("delivery", delivery);
        }
        let placed = self.submit(&form).await.expect(303);
        let number = placed.location().strip_prefix("/orders/");
        number.unwrap_or_else(|| panic!("no order but {placed}")).to_owned()
    }
}
