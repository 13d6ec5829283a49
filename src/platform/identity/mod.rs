//! The shop's side of OpenID Connect: where a person is sent to sign in, and who it was that came back.
//!
//! - Authorization code with PKCE (S256), state and nonce, fresh for every sign-in. The caller keeps the three
//!   between [`Identity::start`] and [`Identity::finish`] and compares `state` itself.
//! - A person is `issuer` + `subject`. E-mail, name and groups describe them and never identify them.
//! - [`Identity::new`] asks nobody anything: the shop starts while the provider is down, and whoever is signed in
//!   never causes a call to it.
//! - The groups claim is read from the verified token, which is looked at once and then forgotten.

mod keys;
mod outbound;
mod token;

use std::sync::Arc;

use anyhow::Context;
use openidconnect::{CsrfToken, IssuerUrl, Nonce, PkceCodeChallenge};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Map, Value};
use url::Url;

pub use outbound::ProviderProblem;
pub use token::TokenProblem;

use crate::error::{Error, Result};
use crate::types::time::Timestamp;

/// Random bytes behind `state` and `nonce`.
const SECRET_BYTES: u32 = 32;
/// The longest code that is passed on to the provider. Cognito's have 36 bytes, others' some hundred.
const MAX_CODE_BYTES: usize = 4 * 1024;
/// Cognito's name for the employee number HR keeps on a person.
const EMPLOYEE_NUMBER_CLAIM: &str = "custom:employee_id";

/// How the shop is known to its identity provider.
#[derive(Clone, Debug)]
pub struct IdentitySettings {
    /// The issuer, to the letter as tokens and discovery document spell it.
    pub issuer: String,
    /// The shop's name at the provider.
    pub client_id: String,
    /// The shop's secret at the provider; none for a public client.
    pub client_secret: Option<SecretString>,
    /// Where the provider sends people back: `{public}/sign-in/callback`.
    pub redirect_url: String,
    /// Cognito's `/logout`, which takes `client_id` and `logout_uri`; without it discovery decides.
    pub logout_url: Option<String>,
    /// Where the provider sends people after they signed out there.
    pub signed_out_url: String,
    /// The claim that lists a person's groups: `cognito:groups`.
    pub groups_claim: String,
}

/// The identity provider as the shop uses it. Cloning is cheap.
#[derive(Clone)]
pub struct Identity(Arc<Inner>);

struct Inner {
    settings: IdentitySettings,
    issuer: IssuerUrl,
    logout: Option<Url>,
    outbound: outbound::Outbound,
    provider: keys::Provider,
}

/// The beginning of one sign-in.
pub struct Start {
    /// The provider's page, with everything it must know.
    pub address: String,
    /// Comes back in the callback's query and must equal this.
    pub state: String,
    /// Comes back inside the token; goes into [`Identity::finish`].
    pub nonce: String,
    /// The PKCE verifier; goes into [`Identity::finish`].
    pub verifier: String,
}

/// What the provider vouches for about the person who came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// Who says so.
    pub issuer: String,
    /// The person's lasting name at the issuer.
    pub subject: String,
    /// The e-mail address as the provider spells it.
    pub email: Option<String>,
    /// Whether the provider has seen the person read mail at that address.
    pub email_verified: bool,
    /// The person's name.
    pub name: Option<String>,
    /// `custom:employee_id`.
    pub employee_number: Option<String>,
    /// The provider's groups; only known ones mean anything.
    pub groups: Vec<String>,
}

/// Why a sign-in did not end with a person. Safe to log.
#[derive(Debug, thiserror::Error)]
pub enum SignInProblem {
    /// The provider is down or makes no sense: try again later.
    #[error(transparent)]
    Provider(#[from] ProviderProblem),
    /// The provider answered, and the answer is not believed: begin again.
    #[error("sign-in refused: {0}")]
    Refused(#[from] TokenProblem),
}

/// What is known of the provider without asking it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdentityHealth {
    /// Whether its keys were ever read.
    pub keys_loaded: bool,
    /// How long ago its description was read, in seconds.
    pub age_s: Option<i64>,
}

#[derive(Deserialize)]
struct TokenAnswer {
    id_token: Option<String>,
}

#[derive(Deserialize)]
struct OAuthError {
    error: String,
}

impl Identity {
    /// Checks the settings; asks nobody anything.
    ///
    /// # Errors
    /// `Internal` when an address cannot be read, or the issuer is neither https nor on this machine.
    pub fn new(settings: IdentitySettings) -> Result<Self> {
        let issuer = IssuerUrl::new(settings.issuer.clone()).context("the issuer is no address")?;
        if !is_protected(issuer.url()) {
            return Err(anyhow::anyhow!("the issuer must be https, except on loopback").into());
        }
        Url::parse(&settings.redirect_url).context("the redirect address is no address")?;
        let logout = settings.logout_url.as_deref().map(Url::parse).transpose();
        let logout = logout.context("the logout address is no address")?;
        let outbound = outbound::Outbound::new().context("the client of the identity provider")?;
        let provider = keys::Provider::new(settings.issuer.clone(), outbound.clone());
        Ok(Self(Arc::new(Inner { settings, issuer, logout, outbound, provider })))
    }

    /// Begins a sign-in.
    ///
    /// # Errors
    /// `Unavailable` when the provider was never reached and cannot be reached now.
    pub async fn start(&self, now: Timestamp) -> Result<Start> {
        let known = self.0.provider.known(now).await.map_err(|problem| {
            tracing::warn!(%problem, "identity: a sign-in cannot begin");
            Error::Unavailable("identity")
        })?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let state = CsrfToken::new_random_len(SECRET_BYTES).into_secret();
        let nonce = Nonce::new_random_len(SECRET_BYTES).secret().clone();
        let mut address = known.authorize.clone();
        address
            .query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.0.settings.client_id)
            .append_pair("redirect_uri", &self.0.settings.redirect_url)
            .append_pair("scope", "openid email profile")
            .append_pair("state", &state)
            .append_pair("nonce", &nonce)
            .append_pair("code_challenge", challenge.as_str())
            .append_pair("code_challenge_method", "S256");
        Ok(Start { address: address.into(), state, nonce, verifier: verifier.into_secret() })
    }

    /// Ends a sign-in: trades the code for a token and the token for the person it speaks of.
    ///
    /// # Errors
    /// [`SignInProblem::Provider`] when the provider fails us, [`SignInProblem::Refused`] when its answer does.
    pub async fn finish(
        &self,
        now: Timestamp,
        code: &str,
        verifier: &str,
        nonce: &str,
    ) -> Result<Claims, SignInProblem> {
        let settings = &self.0.settings;
        let mut known = self.0.provider.known(now).await?;
        let id_token = self.trade(known.token.as_str(), code, verifier).await?;
        if let Some(key_id) = token::key_id(&id_token)?
            && !known.has_key(&key_id)
        {
            known = self.0.provider.reread_keys(now, known).await;
        }
        let expected = token::Expected { issuer: &self.0.issuer, client_id: &settings.client_id, nonce, now };
        let token::Verified { subject, payload } = token::verify(&id_token, &known.keys, &expected)?;
        Ok(Claims {
            issuer: settings.issuer.clone(),
            subject,
            email: text(&payload, "email"),
            email_verified: is_true(payload.get("email_verified")),
            name: text(&payload, "name"),
            employee_number: text(&payload, EMPLOYEE_NUMBER_CLAIM),
            groups: groups(payload.get(&settings.groups_claim)),
        })
    }

    /// Where a person ends the session they have at the provider, if it is known: a link, to be followed by GET.
    #[must_use]
    pub fn sign_out_address(&self) -> Option<String> {
        let settings = &self.0.settings;
        // Cognito announces an `end_session_endpoint` and then ignores the standard's parameters.
        let (mut address, back) = if let Some(address) = self.0.logout.clone() {
            (address, "logout_uri")
        } else {
            (self.0.provider.last()?.end_session.clone()?, "post_logout_redirect_uri")
        };
        address
            .query_pairs_mut()
            .append_pair("client_id", &settings.client_id)
            .append_pair(back, &settings.signed_out_url);
        Some(address.into())
    }

    /// What is known of the provider. No I/O.
    #[must_use]
    pub fn health(&self, now: Timestamp) -> IdentityHealth {
        let last = self.0.provider.last();
        IdentityHealth {
            keys_loaded: last.is_some(),
            age_s: last.map(|known| (now.0 - known.read_at.0).num_seconds()),
        }
    }

    /// The code, once, for an ID token.
    async fn trade(&self, endpoint: &str, code: &str, verifier: &str) -> Result<String, SignInProblem> {
        if code.len() > MAX_CODE_BYTES {
            return Err(TokenProblem::Code("too long".to_owned()).into());
        }
        let settings = &self.0.settings;
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &settings.redirect_url),
            ("code_verifier", verifier),
            ("client_id", &settings.client_id),
        ];
        let secret = settings.client_secret.as_ref().map(|secret| (&*settings.client_id, secret));
        let answer = self.0.outbound.post(endpoint, &form, secret).await?;
        if answer.status != 200 {
            let said = serde_json::from_slice::<OAuthError>(&answer.body).ok();
            let word = said.map(|said| said.error).filter(|word| is_error_word(word));
            let word = word.unwrap_or_else(|| format!("status {}", answer.status));
            return Err(TokenProblem::Code(word).into());
        }
        // The parser's message could quote the token; that it is unreadable is enough to know.
        let said = serde_json::from_slice::<TokenAnswer>(&answer.body).ok();
        Ok(said.ok_or(TokenProblem::Malformed)?.id_token.ok_or(TokenProblem::Absent)?)
    }
}

/// Whether what is sent there cannot be read on the way.
fn is_protected(address: &Url) -> bool {
    let on_this_machine = match address.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    address.scheme() == "https" || (address.scheme() == "http" && on_this_machine)
}

/// OAuth's error words are short identifiers; anything else stays out of our log.
fn is_error_word(word: &str) -> bool {
    word.len() <= 64 && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

fn text(payload: &Map<String, Value>, claim: &str) -> Option<String> {
    let text = payload.get(claim)?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Cognito says `true` in tokens and `"true"` elsewhere; attributes mapped from SAML are always text.
fn is_true(claim: Option<&Value>) -> bool {
    match claim {
        Some(Value::Bool(value)) => *value,
        Some(Value::String(text)) => text == "true",
        _ => false,
    }
}

/// A list of names, one name, or nothing: Cognito leaves the claim out when a person is in no group.
fn groups(claim: Option<&Value>) -> Vec<String> {
    match claim {
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Some(Value::String(one)) if !one.is_empty() => vec![one.clone()],
        _ => Vec::new(),
    }
}
