//! What the shop answered.

use reqwest::header::HeaderMap;
use url::Url;

use super::html::Html;

/// Characters of an answer that a failed test shows.
const MOST_TOLD: usize = 1_000;

/// A whole answer, read to its end.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What was asked for.
    pub url: Url,
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    pub(super) async fn of(url: Url, response: reqwest::Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.bytes().await.unwrap_or_else(|error| panic!("{url} broke off: {error}")).to_vec();
        Self { url, status, headers, body }
    }

    pub fn status(&self) -> u16 {
        self.status
    }

    /// A header, when it is there.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Every header of this name.
    pub fn headers(&self, name: &str) -> Vec<&str> {
        self.headers.get_all(name).iter().map(|value| value.to_str().unwrap()).collect()
    }

    /// Where it sends the browser, as it is written there.
    pub fn location(&self) -> &str {
        self.header("location").unwrap_or_else(|| panic!("{} sends nowhere: {self}", self.url))
    }

    pub fn body(&self) -> &[u8] {
        &self.body
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone())
            .unwrap_or_else(|error| panic!("{} is no text: {error}", self.url))
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{} is no JSON: {error}: {self}", self.url))
    }

    /// The page or fragment, to be looked into.
    pub fn html(&self) -> Html {
        Html::of(&self.text())
    }

    /// Itself, when the status is this one.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {self}", self.url);
        self
    }
}

impl std::fmt::Display for Answer {
    /// What a failed test wants to know: the status, where it leads, what a person would read.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = String::from_utf8_lossy(&self.body);
        let told = if text.contains("<html") {
            Html::of(&text).text_of("main, body > form")
        } else {
            text.into_owned()
        };
        let told: String = told.chars().take(MOST_TOLD).collect();
        let leads = self.header("location").or(self.header("hx-redirect")).map(|to| format!(" to {to}"));
        write!(f, "{}{}: {told}", self.status, leads.unwrap_or_default())
    }
}
