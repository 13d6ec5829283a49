//! What we know of the identity provider: where its endpoints are and which keys it signs with.
//!
//! - Read on demand, never at start-up: the shop opens its doors while the provider is down.
//! - Read again after an hour; when that fails the last good answer stays, and the next try waits a minute.
//! - A key nobody has seen causes one reading of the key set, at most once a minute, whatever the flood.
//! - One call at a time; whoever waited for it shares its outcome instead of asking again.
//! - The issuer of the discovery document is the configured one to the letter, or the document is refused.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use chrono::TimeDelta;
use openidconnect::core::{CoreJsonWebKey, CoreJsonWebKeySet};
use openidconnect::{JsonWebKey, JsonWebKeyId};
use serde::Deserialize;
use url::Url;

use super::outbound::{Outbound, ProviderProblem};
use crate::types::time::Timestamp;

/// How long endpoints and keys are used before they are read again.
const FRESH_FOR: TimeDelta = TimeDelta::hours(1);
/// The shortest time between two readings that were not the first.
const PAUSE: TimeDelta = TimeDelta::minutes(1);

const DISCOVERY: &str = "discovery document";
const KEY_SET: &str = "key set";

/// The provider as it described itself.
#[derive(Clone)]
pub(super) struct Known {
    pub(super) authorize: Url,
    pub(super) token: Url,
    pub(super) end_session: Option<Url>,
    pub(super) keys: Vec<CoreJsonWebKey>,
    pub(super) read_at: Timestamp,
    key_set: Url,
}

/// The provider's description, kept and renewed.
pub(super) struct Provider {
    issuer: String,
    outbound: Outbound,
    /// Held by the one who is asking.
    turn: tokio::sync::Mutex<()>,
    state: RwLock<State>,
}

#[derive(Default)]
struct State {
    known: Option<Arc<Known>>,
    /// How many readings have ended, well or badly: who waits for the first sees by it that it was tried meanwhile.
    readings: u64,
    renewal_tried_at: Option<Timestamp>,
    keys_reread_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    end_session_endpoint: Option<String>,
}

impl Known {
    pub(super) fn has_key(&self, key_id: &str) -> bool {
        let wanted = JsonWebKeyId::new(key_id.to_owned());
        self.keys.iter().any(|key| key.key_id() == Some(&wanted))
    }
}

impl Provider {
    pub(super) fn new(issuer: String, outbound: Outbound) -> Self {
        Self { issuer, outbound, turn: tokio::sync::Mutex::default(), state: RwLock::default() }
    }

    /// What was read last, however old. No I/O.
    pub(super) fn last(&self) -> Option<Arc<Known>> {
        self.read_state().known.clone()
    }

    /// The provider's description, read now if it was never read or has grown old.
    pub(super) async fn known(&self, now: Timestamp) -> Result<Arc<Known>, ProviderProblem> {
        let Some(last) = self.last() else {
            return self.first(now).await;
        };
        let waits = {
            let state = self.read_state();
            within(last.read_at, now, FRESH_FOR)
                || state.renewal_tried_at.is_some_and(|at| within(at, now, PAUSE))
        };
        if waits {
            return Ok(last);
        }
        // Somebody else is renewing: the last good answer is better than a queue.
        let Ok(_turn) = self.turn.try_lock() else {
            return Ok(last);
        };
        self.write_state().renewal_tried_at = Some(now);
        match self.read(now).await {
            Ok(known) => Ok(known),
            Err(problem) => {
                tracing::warn!(%problem, "identity: renewal failed, the last good keys stay");
                Ok(last)
            }
        }
    }

    /// The provider's description after a token named a key that is not in it.
    /// The same description comes back when the set was read again less than a minute ago, or cannot be read.
    pub(super) async fn reread_keys(&self, now: Timestamp, known: Arc<Known>) -> Arc<Known> {
        let _turn = self.turn.lock().await;
        let current = self.last().unwrap_or(known);
        {
            let mut state = self.write_state();
            if state.keys_reread_at.is_some_and(|at| within(at, now, PAUSE)) {
                return current;
            }
            state.keys_reread_at = Some(now);
        }
        match self.read_keys(&current.key_set).await {
            Ok(keys) => self.keep(Known { keys, ..Known::clone(&current) }),
            Err(problem) => {
                tracing::warn!(%problem, "identity: a token names an unknown key and the key set cannot be read");
                current
            }
        }
    }

    async fn first(&self, now: Timestamp) -> Result<Arc<Known>, ProviderProblem> {
        let asked_before = self.read_state().readings;
        let _turn = self.turn.lock().await;
        if let Some(known) = self.last() {
            return Ok(known);
        }
        if self.read_state().readings != asked_before {
            return Err(ProviderProblem::Unreachable("it failed a moment ago".to_owned()));
        }
        self.read(now).await
    }

    async fn read(&self, now: Timestamp) -> Result<Arc<Known>, ProviderProblem> {
        match self.discover(now).await {
            Ok(known) => Ok(self.keep(known)),
            Err(problem) => {
                self.write_state().readings += 1;
                Err(problem)
            }
        }
    }

    async fn discover(&self, now: Timestamp) -> Result<Known, ProviderProblem> {
        let base = self.issuer.trim_end_matches('/');
        let document = self.outbound.get(&format!("{base}/.well-known/openid-configuration")).await?;
        let said: Discovery =
            serde_json::from_slice(&document).map_err(|error| unusable(DISCOVERY, error.to_string()))?;
        if said.issuer != self.issuer {
            return Err(unusable(DISCOVERY, "it speaks for another issuer".to_owned()));
        }
        let key_set = self.endpoint(&said.jwks_uri)?;
        Ok(Known {
            authorize: self.endpoint(&said.authorization_endpoint)?,
            token: self.endpoint(&said.token_endpoint)?,
            end_session: said.end_session_endpoint.map(|text| self.endpoint(&text)).transpose()?,
            keys: self.read_keys(&key_set).await?,
            read_at: now,
            key_set,
        })
    }

    async fn read_keys(&self, address: &Url) -> Result<Vec<CoreJsonWebKey>, ProviderProblem> {
        let document = self.outbound.get(address.as_str()).await?;
        let set: CoreJsonWebKeySet =
            serde_json::from_slice(&document).map_err(|error| unusable(KEY_SET, error.to_string()))?;
        if set.keys().is_empty() {
            return Err(unusable(KEY_SET, "it holds no key we can use".to_owned()));
        }
        Ok(set.keys().clone())
    }

    /// An endpoint must not be less protected than the issuer that names it.
    fn endpoint(&self, text: &str) -> Result<Url, ProviderProblem> {
        let address = Url::parse(text).map_err(|error| unusable(DISCOVERY, error.to_string()))?;
        let enough =
            address.scheme() == "https" || (address.scheme() == "http" && self.issuer.starts_with("http://"));
        if enough {
            Ok(address)
        } else {
            Err(unusable(DISCOVERY, format!("it names an endpoint with {}:", address.scheme())))
        }
    }

    fn keep(&self, known: Known) -> Arc<Known> {
        let known = Arc::new(known);
        let mut state = self.write_state();
        state.known = Some(Arc::clone(&known));
        state.readings += 1;
        known
    }

    // Every change of the state is one assignment, so a poisoned lock still guards a sound value.
    fn read_state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_state(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether `now` is less than `span` away from `at`, on either side: a clock set back must not stop us for hours.
fn within(at: Timestamp, now: Timestamp, span: TimeDelta) -> bool {
    (now.0 - at.0).abs() < span
}

fn unusable(document: &'static str, reason: String) -> ProviderProblem {
    ProviderProblem::Unusable { document, reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_no_less_protected_than_the_issuer_that_names_it() {
        let provider = |issuer: &str| Provider::new(issuer.to_owned(), Outbound::new().unwrap());
        let [secure, local] = ["https://login.example.test", "http://127.0.0.1:9"].map(provider);
        for (endpoint, of_secure, of_local) in [
            ("https://login.example.test/token", true, true),
            ("http://login.example.test/token", false, true),
            ("ftp://login.example.test/token", false, false),
            ("javascript:alert(1)", false, false),
            ("/token", false, false),
        ] {
            let is_believed = [&secure, &local].map(|provider| provider.endpoint(endpoint).is_ok());
            assert_eq!(is_believed, [of_secure, of_local], "{endpoint}");
        }
    }
}
