//! Buyers, and what they remember: for each order they wanted its key and what they were told. Whoever is told nothing
//! sends the same form again until there is an answer, as people and browsers do.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use reqwest::header::{COOKIE, LOCATION, ORIGIN, RETRY_AFTER};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::support::Shop;
use crate::support::html::{Form, Html};
use crate::support::setting::Goods;

/// Nobody waits longer for one order, however often they ask.
const GIVES_UP: Duration = Duration::from_mins(2);
const PAUSE: Duration = Duration::from_millis(60);
/// Orders of one buyer: below what one person may submit in a minute.
const MOST_ORDERS: usize = 30;
/// Every so many orders one is taken back.
const CANCELLED_EVERY: usize = 3;

/// What somebody was told about one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    Placed(String),
    /// Placed, and then cancelled.
    Cancelled(String),
    Refused(u16),
}

/// What all buyers remember.
#[derive(Default)]
pub struct Log {
    /// By key.
    pub ops: BTreeMap<String, Told>,
    /// The points that were agreed to, by key: a piece is in the cart twice when nobody said that it was there already.
    pub agreed: BTreeMap<String, i64>,
    /// How often which status was seen.
    pub statuses: BTreeMap<u16, usize>,
    /// Questions without an answer.
    pub unanswered: usize,
    /// 503 without a word when to come again.
    pub speechless: usize,
    /// The longest time from a question to its answer or its end.
    pub slowest: Duration,
}

#[derive(Clone)]
pub struct Buyer {
    client: reqwest::Client,
    origin: String,
    cookie: String,
    product: String,
    log: Arc<Mutex<Log>>,
    /// Key and number of the order placed last.
    last: Arc<Mutex<Option<(String, String)>>>,
}

struct Answer {
    status: u16,
    location: String,
    body: String,
}

/// So many buyers of one product, each with points enough.
pub async fn buyers(shop: &Shop, goods: &Goods, count: usize, log: &Arc<Mutex<Log>>) -> Vec<Buyer> {
    let mut all = Vec::new();
    for index in 0..count {
        let person = shop.person(&format!("buyer{index}")).await;
        shop.grant(person, 100_000, Some(shop.now().plus_days(30))).await;
        let browser = shop.browser_of(person).await;
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
        all.push(Buyer {
            client: client.timeout(Duration::from_secs(20)).build().unwrap(),
            origin: shop.origin.clone(),
            cookie: browser.cookie_header().unwrap(),
            product: goods.id.to_string(),
            log: Arc::clone(log),
            last: Arc::default(),
        });
    }
    all
}

impl Buyer {
    /// Buys one piece after the other until told to stop.
    pub async fn buy_until(&self, stop: &AtomicBool) {
        for index in 1..=MOST_ORDERS {
            if stop.load(Ordering::SeqCst) {
                return;
            }
            self.buy().await;
            if index % CANCELLED_EVERY == 0 {
                self.cancel_the_last().await;
            }
        }
    }

    /// Takes back what this buyer ordered last, whatever it takes.
    async fn cancel_the_last(&self) {
        let Some((key, number)) = self.last.lock().unwrap().take() else { return };
        let began = Instant::now();
        loop {
            let path = format!("/orders/{number}/cancellation");
            // Whoever asks again without having had an answer hears that it was cancelled already.
            if let Some(Answer { status: 303 | 409, .. }) =
                self.send(reqwest::Method::POST, &path, Some(&[])).await
            {
                break;
            }
            assert!(began.elapsed() < GIVES_UP, "no answer about cancelling {number}");
            tokio::time::sleep(PAUSE).await;
        }
        self.log.lock().unwrap().ops.insert(key, Told::Cancelled(number));
    }

    /// One piece, whatever it takes. Returns how often the form was sent.
    pub async fn buy(&self) -> usize {
        let began = Instant::now();
        let form = loop {
            if let Some(form) = self.confirm().await {
                break form;
            }
            assert!(began.elapsed() < GIVES_UP, "the confirm page never came");
            tokio::time::sleep(PAUSE).await;
        };
        self.insist(&form).await
    }

    /// Sends a form until there is an answer, and remembers it. Returns how often it was sent.
    pub async fn insist(&self, form: &Form) -> usize {
        let began = Instant::now();
        let key = form.value("key").to_owned();
        self.log.lock().unwrap().agreed.insert(key.clone(), form.value("expected_total").parse().unwrap());
        let mut sent = 0;
        let told = loop {
            sent += 1;
            match self.send(reqwest::Method::POST, "/checkout", Some(&form.fields)).await {
                Some(Answer { status: 303, location, .. }) if location.starts_with("/orders/") => {
                    break Told::Placed(location.trim_start_matches("/orders/").to_owned());
                }
                Some(Answer { status: status @ (409 | 422), .. }) => break Told::Refused(status),
                _ => {}
            }
            assert!(began.elapsed() < GIVES_UP, "no answer about {key}");
            tokio::time::sleep(PAUSE).await;
        };
        if let Told::Placed(number) = &told {
            *self.last.lock().unwrap() = Some((key.clone(), number.clone()));
        }
        let before = self.log.lock().unwrap().ops.insert(key.clone(), told.clone());
        assert!(before.is_none_or(|before| before == told), "{key} was told of twice, differently");
        sent
    }

    /// One piece in the cart, and the confirm page's form.
    pub async fn confirm(&self) -> Option<Form> {
        let line = [("product".to_owned(), self.product.clone()), ("quantity".to_owned(), "1".to_owned())];
        let page = self.send(reqwest::Method::GET, "/checkout", None).await?;
        let page = if page.status == 303 {
            // The cart is empty.
            self.send(reqwest::Method::POST, "/cart/lines", Some(&line)).await.filter(|a| a.status == 303)?;
            self.send(reqwest::Method::GET, "/checkout", None).await?
        } else {
            page
        };
        (page.status == 200).then(|| {
            Html::of(&page.body)
                .form("form[method=post][action='/checkout']")
                .with("delivery", "office:berlin")
        })
    }

    /// Sends a form and does not wait for what comes of it.
    pub async fn send_and_leave(&self, form: &Form, after: Duration) {
        let sending = self.send(reqwest::Method::POST, "/checkout", Some(&form.fields));
        let _left_before_the_answer = tokio::time::timeout(after, sending).await;
    }

    /// The same, and the connection ends with a reset: what is on its way in either direction is gone.
    pub async fn send_and_reset(&self, form: &Form, after: Duration) {
        let address = self.origin.trim_start_matches("http://");
        let body = serde_urlencoded::to_string(&form.fields).unwrap();
        let head = format!(
            "POST /checkout HTTP/1.1\r\nHost: {address}\r\nOrigin: {}\r\nCookie: {}\r\nContent-Length: {}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n\r\n",
            self.origin,
            self.cookie,
            body.len()
        );
        let mut line = TcpStream::connect(address).await.unwrap();
        line.set_zero_linger().unwrap();
        line.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
        tokio::time::sleep(after).await;
    }

    /// The status of a page, if it answers.
    pub async fn look(&self, path: &str) -> Option<u16> {
        self.send(reqwest::Method::GET, path, None).await.map(|answer| answer.status)
    }

    async fn send(
        &self,
        method: reqwest::Method,
        path: &str,
        fields: Option<&[(String, String)]>,
    ) -> Option<Answer> {
        let began = Instant::now();
        let mut request = self.client.request(method, format!("{}{path}", self.origin));
        request = request.header(COOKIE, &self.cookie).header(ORIGIN, &self.origin);
        if let Some(fields) = fields {
            request = request.form(fields);
        }
        let answer = request.send().await;
        self.note(began.elapsed(), answer.as_ref().ok());
        let answer = answer.ok()?;
        let status = answer.status().as_u16();
        let location =
            answer.headers().get(LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let location = location.to_owned();
        let body = answer.text().await.ok()?;
        Some(Answer { status, location, body })
    }

    fn note(&self, took: Duration, answer: Option<&reqwest::Response>) {
        let mut log = self.log.lock().unwrap();
        log.slowest = log.slowest.max(took);
        let Some(answer) = answer else {
            log.unanswered += 1;
            return;
        };
        let status = answer.status().as_u16();
        *log.statuses.entry(status).or_default() += 1;
        log.speechless += usize::from(status == 503 && answer.headers().get(RETRY_AFTER).is_none());
    }
}
