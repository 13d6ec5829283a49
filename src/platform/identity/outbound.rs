//! The one HTTP client that talks to the identity provider: it is brief, reads little and follows nobody elsewhere.
//!
//! - A whole call, its retry included, ends within three seconds; an answer is read up to a limit.
//! - Redirects are not followed: the endpoints are those of the discovery document and no others.
//! - Only a GET is tried again; a sign-in code is good for one use, so its POST is sent once.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use tracing::Instrument;

use crate::platform::traces;

/// How long opening a connection may take.
const CONNECT: Duration = Duration::from_secs(1);
/// How long one call may take, its retry included.
const TOTAL: Duration = Duration::from_secs(3);
/// The pause before the one retry, in milliseconds, chosen at random from this range.
const PAUSE_MS: std::ops::RangeInclusive<u64> = 50..=250;
/// The longest answer that is read. A discovery document has 2 KB, a key set 1 KB, a token answer 5 KB.
const MAX_ANSWER_BYTES: usize = 256 * 1024;

/// Why the identity provider gave no usable answer. Safe to log: it holds no token and no personal data.
#[derive(Debug, thiserror::Error)]
pub enum ProviderProblem {
    /// It could not be reached, or the connection broke.
    #[error("the identity provider cannot be reached: {0}")]
    Unreachable(String),
    /// It did not answer within the time given to one call.
    #[error("the identity provider did not answer within {} s", TOTAL.as_secs())]
    TooSlow,
    /// It answered with a status that means it has troubles of its own.
    #[error("the identity provider answered {0}")]
    Status(u16),
    /// The answer is longer than anything it has to say.
    #[error("the identity provider's answer is longer than {MAX_ANSWER_BYTES} bytes")]
    TooLong,
    /// Its discovery document or its key set cannot be used.
    #[error("the identity provider's {document} cannot be used: {reason}")]
    Unusable {
        /// Which document.
        document: &'static str,
        /// What is wrong with it.
        reason: String,
    },
}

/// A client for the identity provider alone. Cloning is cheap.
#[derive(Clone)]
pub(super) struct Outbound(reqwest::Client);

/// What the provider said to a POST: a status below 500 and its body.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
}

impl Outbound {
    pub(super) fn new() -> anyhow::Result<Self> {
        // reqwest is built without a crypto library of its own. The answer is an error when another part of
        // the house has installed ring already, which is as good.
        let _installed_before = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .timeout(TOTAL)
            .redirect(reqwest::redirect::Policy::none())
            // Where this client goes is decided by the issuer alone, not by HTTP_PROXY of the machine.
            .no_proxy()
            .user_agent("awsomeshop")
            .build()?;
        Ok(Self(client))
    }

    /// Reads a JSON document, trying once more when the first answer is a failure of the provider.
    pub(super) async fn get(&self, address: &str) -> Result<Vec<u8>, ProviderProblem> {
        within_total(async {
            match self.get_once(address).await {
                Ok(body) => Ok(body),
                Err(problem) if problem.may_pass() => {
                    let pause_ms = rand::random_range(PAUSE_MS);
                    tokio::time::sleep(Duration::from_millis(pause_ms)).await;
                    self.get_once(address).await
                }
                Err(problem) => Err(problem),
            }
        })
        .instrument(traces::span("identity", "get"))
        .await
    }

    /// Sends a form, once. With `secret` the client says who it is by HTTP Basic, as every provider must accept.
    pub(super) async fn post(
        &self,
        address: &str,
        form: &[(&str, &str)],
        secret: Option<(&str, &SecretString)>,
    ) -> Result<Answer, ProviderProblem> {
        within_total(async {
            let mut request = self.0.post(address).form(form);
            if let Some((client_id, secret)) = secret {
                // RFC 6749 §2.3.1: both halves are form-encoded before they are put together.
                request =
                    request.basic_auth(form_encoded(client_id), Some(form_encoded(secret.expose_secret())));
            }
            let response = request.send().await?;
            let status = response.status().as_u16();
            if status >= 500 || status == 429 {
                return Err(ProviderProblem::Status(status));
            }
            Ok(Answer { status, body: bounded(response).await? })
        })
        .instrument(traces::span("identity", "post"))
        .await
    }

    async fn get_once(&self, address: &str) -> Result<Vec<u8>, ProviderProblem> {
        let response = self.0.get(address).header("accept", "application/json").send().await?;
        let status = response.status().as_u16();
        if status != 200 {
            return Err(ProviderProblem::Status(status));
        }
        bounded(response).await
    }
}

impl ProviderProblem {
    /// Whether asking again a moment later may help.
    fn may_pass(&self) -> bool {
        match self {
            Self::Unreachable(_) => true,
            Self::Status(status) => *status >= 500,
            Self::TooSlow | Self::TooLong | Self::Unusable { .. } => false,
        }
    }
}

impl From<reqwest::Error> for ProviderProblem {
    fn from(error: reqwest::Error) -> Self {
        if error.is_timeout() && !error.is_connect() {
            return Self::TooSlow;
        }
        // The address is known to whoever reads the log; the cause behind reqwest's own sentence is not.
        let error = anyhow::Error::new(error.without_url());
        Self::Unreachable(format!("{error:#}"))
    }
}

async fn within_total<T>(
    call: impl Future<Output = Result<T, ProviderProblem>>,
) -> Result<T, ProviderProblem> {
    tokio::time::timeout(TOTAL, call).await.unwrap_or(Err(ProviderProblem::TooSlow))
}

/// Reads the body piece by piece, so that a provider gone mad cannot fill our memory.
async fn bounded(mut response: reqwest::Response) -> Result<Vec<u8>, ProviderProblem> {
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await? {
        if body.len() + piece.len() > MAX_ANSWER_BYTES {
            return Err(ProviderProblem::TooLong);
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

fn form_encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
