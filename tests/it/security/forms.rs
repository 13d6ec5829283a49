//! Every form of the shop, and what happens when more, less or other is sent than its page would send.
//!
//! [`FORMS`] says for each writing address what an honest person fills in; an address without a row fails. The rows are
//! sent in this order to one shop, so a row may rest on those above it.

mod list;

use std::collections::BTreeSet;

use awsomeshop::server::routes;
use awsomeshop::types::points::Points;
use awsomeshop::types::role::Role;

use crate::access::Scene;
use crate::support::answer::Answer;
use crate::support::browser::Browser;
use crate::support::contents::Contents;
use crate::support::setting::Goods;

use By::Ann;
use list::EXTRA;
pub use list::{By, FILE, FILES, FORMS, Form, Number};

/// The people of a scene, each in a browser of their own.
pub struct Senders {
    pub scene: Scene,
    ann: Browser,
    hal: Browser,
    /// Somebody who sends nothing and to whom nothing may happen.
    ben: String,
    names: Vec<(String, &'static str)>,
}

impl Senders {
    pub async fn set() -> Self {
        let scene = Box::pin(Scene::set()).await;
        let (ben, hal) = (scene.shop.person("ben").await, scene.shop.person("hal").await);
        scene.shop.grant(ben, 500, None).await;
        scene.shop.role(hal, Role::SuperAdmin).await;
        scene.runs.give_drafts_to(&scene.shop, hal).await;
        let bare = |id: String| id.replace('-', "").to_uppercase();
        let account = "SELECT id FROM accounts WHERE person_id = ?";
        let lot = "SELECT id FROM lots WHERE account_id = ?";
        let anns_account = scene.shop.id_of(account, [scene.ann.into()]).await;
        let bens_account = scene.shop.id_of(account, [ben.into()]).await;
        let anns_lot = scene.shop.id_of(lot, [anns_account.into()]).await;
        let bens_lot = scene.shop.id_of(lot, [bens_account.into()]).await;
        // For the orders that are placed on the way; the named lot stays the first to be drawn.
        scene.shop.grant(scene.ann, 5_000, None).await;
        scene.shop.receive(scene.in_cart, 20).await;
        let names = vec![
            (bare(anns_account.to_string()), "ANNS-ACCOUNT"),
            (bare(bens_account.to_string()), "BENS-ACCOUNT"),
            (bare(anns_lot.to_string()), "ANNS-LOT"),
            (bare(bens_lot.to_string()), "BENS-LOT"),
            (bare(scene.ann.to_string()), "ANN"),
            (bare(scene.colleague.to_string()), "CORA"),
            (bare(ben.to_string()), "BEN"),
            (bare(hal.to_string()), "HAL"),
            (bare(scene.in_cart.to_string()), "LAMP"),
            (bare(scene.address.to_string()), "ADDRESS"),
            (bare(scene.code.to_string()), "CODE"),
        ];
        let (ann, hal) = (scene.shop.browser_of(scene.ann).await, scene.shop.browser_of(hal).await);
        Self { scene, ann, hal, ben: ben.to_string(), names }
    }

    pub fn browser(&self, by: By) -> &Browser {
        match by {
            Ann => &self.ann,
            By::At(_) => &self.hal,
        }
    }

    /// Somebody at every desk.
    pub fn admin(&self) -> &Browser {
        &self.hal
    }

    /// What an honest person would send now, and where.
    pub async fn honest(&self, form: &Form) -> Sent {
        let browser = self.browser(form.by);
        for (path, fields) in form.before {
            let fields = self.filled(fields);
            send(browser, &self.scene.fill(path), &fields).await.expect(303);
        }
        let number = if form.fresh_order { self.order().await } else { self.scene.number.clone() };
        let fill = |path: &str| self.scene.fill(&path.replace("{number}", &number));
        let path = fill(form.path);
        let mut fields = Vec::new();
        if !form.page.is_empty() {
            let page = browser.get(&fill(form.page)).await.expect(200);
            fields = page.html().form_fields(&format!("form[method=post][action='{path}']"));
        }
        for (name, value) in self.filled(form.filled) {
            let name = name.replace("{number}", &number);
            fields.retain(|(known, _)| *known != name);
            fields.push((name, value));
        }
        let order = self.scene.shop.id_of("SELECT id FROM orders WHERE number = ?", [number.into()]).await;
        Sent { path, fields, order: order.simple().to_string().to_uppercase() }
    }

    /// A new order of Ann's, for a lamp that is waiting to be fetched.
    async fn order(&self) -> String {
        let lamp = Goods {
            id: self.scene.in_cart,
            slug: self.scene.slug.clone(),
            name: "Desk lamp".to_owned(),
            price: Points(200),
        };
        self.ann.redeem(&lamp, 1, "office:berlin").await
    }

    fn filled(&self, fields: &[(&str, &str)]) -> Vec<(String, String)> {
        let product = self.scene.in_cart.to_string();
        let fill = |value: &str| value.replace("{product}", &product).replace("{ben}", &self.ben);
        fields.iter().map(|(name, value)| ((*name).to_owned(), fill(value))).collect()
    }

    /// Sends every form once, with `extra` beside what is filled in, in body and address; what each of them changed.
    async fn send_all(&self, extra: &[(&str, &str)]) -> Vec<(&'static str, u16, Vec<String>)> {
        let mut done = Vec::new();
        for form in FORMS {
            let Sent { mut path, mut fields, order } = self.honest(form).await;
            if !extra.is_empty() {
                let own: BTreeSet<_> = fields.iter().map(|(name, _)| name.clone()).collect();
                let more = self.filled(extra).into_iter().filter(|(name, _)| !own.contains(name));
                let more: Vec<_> = more.collect();
                // The address brings the form's own names, too, each with something else.
                let others = own.iter().map(|name| (name.clone(), "7".to_owned()));
                let query: Vec<_> = more.iter().cloned().chain(others).collect();
                path = format!("{path}?{}", serde_urlencoded::to_string(query).unwrap());
                fields.extend(more);
            }
            let before = self.scene.shop.contents().await;
            let answer = send(self.browser(form.by), &path, &fields).await;
            let after = self.scene.shop.contents().await;
            done.push((form.path, answer.status(), self.effects(&before, &after, &order)));
        }
        done
    }

    /// What changed, without what is new by chance.
    fn effects(&self, before: &Contents, after: &Contents, order: &str) -> Vec<String> {
        let mut changes: Vec<_> = before.changes(after).iter().map(|line| self.told(line, order)).collect();
        changes.sort();
        changes
    }

    fn told(&self, line: &str, order: &str) -> String {
        const BY_CHANCE: [&str; 10] = [
            "checkout_key",
            "form_key",
            "payload",
            "details",
            "sealed",
            "hmac",
            "object_key",
            "digest",
            "rule",
            "rule_id",
        ];
        let (table, row) = line.split_once(": ").unwrap();
        let words: Vec<_> = row.split(' ').collect();
        let columns = words.chunks(2).map(|pair| {
            let (column, value) = (pair[0].trim_end_matches('='), pair[1]);
            let name = self.names.iter().find(|(id, _)| id == value).map(|(_, name)| *name);
            let name = name.or_else(|| (value == order).then_some("ORDER"));
            let is_id = column == "id" || column.ends_with("_id") || column.ends_with("_hash");
            match name {
                Some(name) => format!("{column}={name}"),
                None if BY_CHANCE.contains(&column)
                    || is_order_number(value)
                    || (is_id && value != "NULL") =>
                {
                    format!("{column}=*")
                }
                None => format!("{column}={value}"),
            }
        });
        format!("{table}: {}", columns.collect::<Vec<_>>().join(" "))
    }
}

/// A form as it would be sent.
pub struct Sent {
    pub path: String,
    pub fields: Vec<(String, String)>,
    /// The order it is about, if it is about one, in hex digits.
    order: String,
}

/// Whether the hex digits spell something like `ABCD-2345`.
fn is_order_number(hex: &str) -> bool {
    hex.len() == 18 && hex.get(8..10) == Some("2D")
}

/// Sends fields as a form; one whose name begins with [`FILE`] is a file.
pub async fn send(browser: &Browser, path: &str, fields: &[(String, String)]) -> Answer {
    let fields = fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let (files, fields): (Vec<_>, Vec<_>) = fields.partition(|(name, _)| name.starts_with(FILE));
    if files.is_empty() {
        return browser.post(path, &fields).await;
    }
    let bytes = |text: &str| text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect::<Vec<_>>();
    let files: Vec<_> =
        files.into_iter().map(|(name, value)| (name.trim_start_matches(FILE), bytes(value))).collect();
    let files: Vec<_> = files.iter().map(|(name, bytes)| (*name, "a-file", bytes.as_slice())).collect();
    browser.upload(path, &fields, &files).await
}

#[test]
fn every_form_is_in_the_list() {
    let table = routes::table();
    let served: BTreeSet<_> =
        table.iter().filter(|route| route.method == "POST").map(|route| route.path).collect();
    let known: BTreeSet<_> = FORMS.iter().map(|form| form.path).collect();
    assert_eq!(
        served.difference(&known).collect::<Vec<_>>(),
        [&""; 0],
        "nobody has told how these are filled in"
    );
    assert_eq!(known.difference(&served).collect::<Vec<_>>(), [&""; 0], "rows without an address");
    assert_eq!(known.len(), FORMS.len(), "a row is there twice");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fields_that_a_form_does_not_have_do_nothing() {
    let (honest, greedy) = futures::join!(Senders::set(), Senders::set());
    let (expected, done) = futures::join!(honest.send_all(&[]), greedy.send_all(EXTRA));
    for (path, status, effects) in &expected {
        assert!(*status < 400 && !effects.is_empty(), "the honest form to {path} does nothing: {status}");
    }
    for (honest, greedy) in expected.iter().zip(&done) {
        assert_eq!(greedy, honest);
    }
    honest.scene.shop.close().await;
    greedy.scene.shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_field_that_is_sent_twice_is_refused_whatever_it_says() {
    let senders = Senders::set().await;
    let mut tried = 0;
    for form in FORMS {
        let Sent { path, fields, .. } = senders.honest(form).await;
        let before = senders.scene.shop.contents().await;
        for (name, value) in fields.iter().filter(|(name, _)| name != FILES) {
            for again in [value.as_str(), "", "-5"] {
                for at in [0, fields.len()] {
                    let mut twice = fields.clone();
                    twice.insert(at, (name.clone(), again.to_owned()));
                    let answer = send(senders.browser(form.by), &path, &twice).await;
                    assert_eq!(answer.status(), 400, "{path} with {name} twice: {answer}");
                    tried += 1;
                }
            }
        }
        senders.scene.shop.assert_unchanged(&before, &format!("{path} with a field twice")).await;
        // What rests on this row must find it done.
        let honest = send(senders.browser(form.by), &path, &fields).await;
        assert!(honest.status() < 400, "{path} as an honest person sends it: {honest}");
    }
    assert!(tried >= 6 * 16, "only {tried} doubled fields");
    senders.scene.shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_from_another_site_is_refused_wherever_it_goes() {
    let senders = Senders::set().await;
    for form in FORMS {
        let Sent { path, fields, .. } = senders.honest(form).await;
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let before = senders.scene.shop.contents().await;
        for htmx in [false, true] {
            let ask = senders.browser(form.by).ask(reqwest::Method::POST, &path).form(&fields);
            let ask = if htmx { ask.htmx("cart") } else { ask };
            let ask = ask.header("sec-fetch-site", "cross-site").header("origin", "https://evil.example");
            assert_eq!(ask.send().await.status(), 403, "{path}");
        }
        senders.scene.shop.assert_unchanged(&before, &format!("{path} from another site")).await;
    }
    senders.scene.shop.close().await;
}
