//! A browser as far as the shop can tell: cookies of its own, the headers browsers send with forms, redirects followed
//! when asked. It holds the shop's cookies to what `__Host-` promises, but sends them over plain http on loopback, as
//! browsers do.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use actix_web::web::Bytes;
use reqwest::header::{
    CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, HeaderValue, ORIGIN, RETRY_AFTER, SET_COOKIE,
};
use reqwest::redirect::Policy;
use reqwest::{Method, StatusCode};
use url::Url;

use super::answer::Answer;
use super::html::Form;

/// An answer that takes longer is a failure.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often somebody asks who is told to come again, as on a busy machine anybody may be.
pub(super) const MOST_TRIES: u32 = 5;
/// The pause before the second time; each one after is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// More redirects in a row lead in a ring.
const MOST_REDIRECTS: usize = 10;
const SESSION: &str = "__Host-session";
const BOUNDARY: &str = "the-end-of-a-part";
pub const FILES: &str = "multipart/form-data; boundary=the-end-of-a-part";

/// The wire that all browsers of a shop share. Connections are not kept: a kept one would hold up the shop's closing.
pub fn client() -> reqwest::Client {
    let client = reqwest::Client::builder().redirect(Policy::none()).no_proxy().pool_max_idle_per_host(0);
    client.timeout(PATIENCE).build().unwrap()
}

/// How long to wait before asking again, for somebody who asks so often at most.
pub(super) fn pauses(tries: u32) -> impl Iterator<Item = Duration> {
    (1..tries).map(|again| FIRST_PAUSE * 2_u32.pow(again - 1))
}

/// The body of a form with files, each as (field, name, content).
pub fn with_files(fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
        body.extend([head.as_bytes(), value.as_bytes(), b"\r\n"].concat());
    }
    for (name, file, content) in files {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend([head.as_bytes(), content, b"\r\n"].concat());
    }
    body.extend(format!("--{BOUNDARY}--\r\n").into_bytes());
    body
}

/// One person's browser; a clone is another window of it.
#[derive(Clone)]
pub struct Browser {
    client: reqwest::Client,
    home: Url,
    tries: u32,
    /// By origin and name.
    cookies: Arc<Mutex<BTreeMap<(String, String), String>>>,
}

/// A request that is not sent yet.
pub struct Ask<'b> {
    browser: &'b Browser,
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Bytes,
}

impl Browser {
    /// A browser that has never been at `origin`, in the hands of somebody who asks again when told to.
    pub fn new(client: reqwest::Client, origin: &str) -> Self {
        Self { client, home: Url::parse(origin).unwrap(), tries: MOST_TRIES, cookies: Arc::default() }
    }

    /// In the hands of somebody who asks once, whatever they are told.
    #[must_use]
    pub fn impatient(self) -> Self {
        Self { tries: 1, ..self }
    }

    /// A request to be changed before it is sent. `target` is a path of the shop or a whole address.
    pub fn ask(&self, method: Method, target: &str) -> Ask<'_> {
        let url = self.home.join(target).unwrap_or_else(|error| panic!("{target}: {error}"));
        let mut headers = HeaderMap::new();
        let mut put = |name: &'static str, value| headers.insert(name, HeaderValue::from_static(value));
        put("accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        put("sec-fetch-site", "same-origin");
        put("sec-fetch-mode", "navigate");
        if !method.is_safe() {
            headers.insert(ORIGIN, HeaderValue::from_str(&url.origin().ascii_serialization()).unwrap());
        }
        Ask { browser: self, method, url, headers, body: Bytes::new() }
    }

    /// Opens a page, without following redirects.
    pub async fn get(&self, target: &str) -> Answer {
        self.ask(Method::GET, target).send().await
    }

    /// Sends a form, without following redirects.
    pub async fn post(&self, target: &str, fields: &[(&str, &str)]) -> Answer {
        self.ask(Method::POST, target).form(fields).send().await
    }

    /// Sends a form with files, each as (field, name, content), without following redirects.
    pub async fn upload(
        &self,
        target: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &str, &[u8])],
    ) -> Answer {
        self.ask(Method::POST, target).body(FILES, with_files(fields, files)).send().await
    }

    /// Sends a form as it was rendered and filled in, without following redirects.
    pub async fn submit(&self, form: &Form) -> Answer {
        let fields: Vec<_> =
            form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        if form.method == "post" {
            return self.post(&form.action, &fields).await;
        }
        let query = serde_urlencoded::to_string(&fields).unwrap();
        self.get(&format!("{}?{query}", form.action)).await
    }

    /// Opens a page and goes where it leads.
    pub async fn visit(&self, target: &str) -> Answer {
        let answer = self.get(target).await;
        self.follow(answer).await
    }

    /// Goes where an answer leads, as long as it leads on.
    pub async fn follow(&self, mut answer: Answer) -> Answer {
        for _ in 0..MOST_REDIRECTS {
            let Some(location) = answer.header("location") else { return answer };
            let next = answer.url.join(location).unwrap();
            answer = self.get(next.as_str()).await;
        }
        panic!("{} leads on and on", answer.url)
    }

    /// Signs in by way of the identity provider and ends up in the catalog.
    pub async fn sign_in(&self, person: &str) -> Answer {
        let back = self.sign_in_from("/sign-in", person).await;
        assert!(self.cookie(SESSION).is_some(), "{person} is not signed in: {back}");
        let page = self.follow(back).await;
        page.expect(200)
    }

    /// Signs in by way of the identity provider, from an address that begins it; what the shop says to the callback.
    pub async fn sign_in_from(&self, begin: &str, person: &str) -> Answer {
        let callback = self.pick(begin, person).await;
        // This request comes from another site, by a redirect.
        self.ask(Method::GET, &callback).header("sec-fetch-site", "cross-site").send().await
    }

    /// Begins to sign in and picks a person at the identity provider; the address it sends the browser to.
    pub async fn pick(&self, begin: &str, person: &str) -> String {
        let begun = self.get(begin).await.expect(303);
        let page = self.get(begun.location()).await.expect(200);
        let form = page.html().form("form").with("person", person);
        let action = page.url.join(&form.action).unwrap();
        let back = self.post(action.as_str(), &[("person", person)]).await.expect(303);
        back.location().to_owned()
    }

    /// Signed in from now on by this token.
    pub fn enter_with(&self, token: &str) {
        self.set_cookie(SESSION, token);
    }

    /// A cookie of the shop's.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.jar().get(&(origin(&self.home), name.to_owned())).cloned()
    }

    /// Puts a cookie of the shop's into the jar.
    pub fn set_cookie(&self, name: &str, value: &str) {
        self.jar().insert((origin(&self.home), name.to_owned()), value.to_owned());
    }

    /// What would be sent to the shop as `Cookie`.
    pub fn cookie_header(&self) -> Option<String> {
        self.cookies_for(&self.home)
    }

    fn cookies_for(&self, url: &Url) -> Option<String> {
        let origin = origin(url);
        let jar = self.jar();
        let own = jar.iter().filter(|((known, _), _)| *known == origin);
        let pairs: Vec<_> = own.map(|((_, name), value)| format!("{name}={value}")).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    fn keep(&self, url: &Url, headers: &HeaderMap) {
        for header in headers.get_all(SET_COOKIE) {
            let line = header.to_str().unwrap();
            let mut parts = line.split(';').map(str::trim);
            let (name, value) = parts.next().and_then(|pair| pair.split_once('=')).expect("name=value");
            let attributes: Vec<String> = parts.map(str::to_lowercase).collect();
            let has = |wanted: &str| attributes.iter().any(|attribute| attribute == wanted);
            if name.starts_with("__Host-") {
                let is_for_all_hosts = attributes.iter().any(|attribute| attribute.starts_with("domain="));
                assert!(has("secure") && has("path=/") && !is_for_all_hosts, "a browser refuses {line}");
            }
            let key = (origin(url), name.to_owned());
            if has("max-age=0") {
                self.jar().remove(&key);
            } else {
                self.jar().insert(key, value.to_owned());
            }
        }
    }

    fn jar(&self) -> MutexGuard<'_, BTreeMap<(String, String), String>> {
        self.cookies.lock().unwrap()
    }
}

impl Ask<'_> {
    /// With this header, in place of the browser's own.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        self.headers.insert(name, HeaderValue::from_str(value).unwrap());
        self
    }

    /// Without a header that browsers send.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.headers.remove(name);
        self
    }

    /// As htmx sends it, for the element with the id `target`.
    #[must_use]
    pub fn htmx(self, target: &str) -> Self {
        let current = self.url.to_string();
        let ask =
            self.header("hx-request", "true").header("hx-target", target).header("hx-current-url", &current);
        ask.header("sec-fetch-mode", "cors")
    }

    /// With the fields of a form.
    #[must_use]
    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        self.body("application/x-www-form-urlencoded", serde_urlencoded::to_string(fields).unwrap())
    }

    /// With any body.
    #[must_use]
    pub fn body(self, kind: &'static str, body: impl Into<Vec<u8>>) -> Self {
        self.shared_body(kind, body.into().into())
    }

    /// The same with one that others send as well: a large one is copied for nobody.
    #[must_use]
    pub fn shared_body(mut self, kind: &'static str, body: Bytes) -> Self {
        self.headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        self.body = body;
        self
    }

    pub async fn send(self) -> Answer {
        let Self { browser, method, url, mut headers, body } = self;
        if let Some(cookies) = browser.cookies_for(&url) {
            headers.insert(COOKIE, HeaderValue::from_str(&cookies).unwrap());
        }
        let mut pauses = pauses(browser.tries);
        loop {
            let request = browser.client.request(method.clone(), url.clone());
            let response = request.headers(headers.clone()).body(body.clone()).send().await;
            let response = response.unwrap_or_else(|error| panic!("{url} does not answer: {error:?}"));
            let is_busy = response.status() == StatusCode::SERVICE_UNAVAILABLE
                && response.headers().contains_key(RETRY_AFTER);
            match pauses.next() {
                Some(pause) if is_busy => tokio::time::sleep(pause).await,
                _ => {
                    browser.keep(&url, response.headers());
                    return Answer::of(url, response).await;
                }
            }
        }
    }
}

fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}
