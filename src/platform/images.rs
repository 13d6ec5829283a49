//! The object store of product pictures: signed addresses for browsers, writing and removing for HR's desk.
//!
//! - The bucket is private. A picture is read through an address signed here, without I/O.
//! - An address is signed at a rounded time, so that all pages of two minutes carry the same one and a browser
//!   shows the picture it has.
//! - A picture never changes under its key: a new picture is a new key, so what is stored may be kept for a year.
//! - Where nothing can be signed, pages go without pictures.
//! - Calls are brief: connect 1 s, 3 s in all, one retry.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use anyhow::Context;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{
    BehaviorVersion, Builder, Credentials, Region, RequestChecksumCalculation, ResponseChecksumValidation,
    SharedHttpClient,
};
use aws_sdk_s3::error::DisplayErrorContext;
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::ByteStream;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use moka::sync::Cache;
use secrecy::{ExposeSecret, SecretString};
use tracing::Instrument;

use crate::error::{Error, Result};
use crate::platform::traces;
use crate::types::time::Timestamp;

/// How long a signed address is good, counted from its rounded time. The bucket policy may refuse signatures
/// older than 5 minutes (`s3:signatureAge`), so longer would be a promise the store does not keep.
const SIGNED_FOR: Duration = Duration::from_mins(5);
/// Signing times are rounded down to this. Whoever gets an address has at least the difference to use it: 3 minutes.
const SIGNED_EVERY_S: i64 = 120;
/// How many signed addresses are kept. One has 0.6 KB; a page shows 24 pictures in up to three sizes.
const MAX_ADDRESSES: u64 = 20_000;

const CONNECT: Duration = Duration::from_secs(1);
/// One attempt is cut early enough that the second still fits into [`TOTAL`].
const ATTEMPT: Duration = Duration::from_millis(1_400);
const TOTAL: Duration = Duration::from_secs(3);
const ATTEMPTS: u32 = 2;
const RETRY_PAUSE: Duration = Duration::from_millis(100);
/// How long an address may wait for credentials to sign it with, and how long nobody waits after one has in vain.
const SIGN_LIMIT: Duration = Duration::from_secs(3);
const REST_S: i64 = 5;
/// How long `/health` waits for the store.
const PROBE: Duration = Duration::from_secs(1);

const CACHE_CONTROL: &str = "public, max-age=31536000, immutable";

/// The object of a picture for squares of this width.
#[must_use]
pub fn object(object_key: &str, width: u32) -> String {
    format!("{object_key}-{width}.webp")
}

/// The widths of a picture, as its row lists them.
pub fn widths(list: &str) -> impl Iterator<Item = u32> {
    list.split(',').filter_map(|width| width.trim().parse().ok())
}

/// Where the pictures are.
#[derive(Clone, Debug)]
pub struct ImageSettings {
    /// The bucket's name.
    pub bucket: String,
    /// Another store than AWS's; its buckets are addressed by path.
    pub endpoint_url: Option<String>,
    /// The bucket's region.
    pub region: String,
    /// Access key and secret; without them the AWS chain decides (environment, task role, instance role).
    pub credentials: Option<(String, SecretString)>,
}

/// The pictures' store. Cloning is cheap.
#[derive(Clone)]
pub struct Images {
    client: Client,
    bucket: String,
    origin: String,
    addresses: Cache<String, Signed>,
    /// Until then no address is signed: the last attempt failed, and pages do not wait for the next.
    rests_until_s: Arc<AtomicI64>,
}

#[derive(Clone)]
struct Signed {
    at_s: i64,
    address: String,
}

impl Images {
    /// Sets the client up; asks nobody anything.
    ///
    /// # Errors
    /// `Internal` when the endpoint or the bucket's name makes no address.
    pub async fn new(settings: ImageSettings) -> Result<Self> {
        let http = aws_smithy_http_client::Builder::new()
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .build_https();
        let region = Region::new(settings.region);
        let mut config = base(http.clone()).region(region.clone());
        if let Some((key, secret)) = settings.credentials {
            let secret = secret.expose_secret();
            config = config.credentials_provider(Credentials::new(key, secret, None, None, "settings"));
        } else {
            let chain = aws_config::defaults(BehaviorVersion::latest());
            let shared = chain.region(region).http_client(http).load().await;
            config.set_credentials_provider(shared.credentials_provider());
        }
        if let Some(endpoint_url) = settings.endpoint_url {
            config = config.endpoint_url(endpoint_url).force_path_style(true);
        }
        let origin = origin(config.clone(), &settings.bucket).await?;
        Ok(Self {
            client: Client::from_conf(config.build()),
            bucket: settings.bucket,
            origin,
            addresses: Cache::new(MAX_ADDRESSES),
            rests_until_s: Arc::default(),
        })
    }

    /// A picture's address for browsers, good for three minutes or more, the same for all of two minutes.
    ///
    /// # Errors
    /// `Unavailable` when there are no credentials to sign with; for the next [`REST_S`] seconds that is said at once.
    pub async fn address(&self, now: Timestamp, key: &str) -> Result<String> {
        let at_s = now.0.timestamp() - now.0.timestamp().rem_euclid(SIGNED_EVERY_S);
        if let Some(signed) = self.addresses.get(key)
            && signed.at_s == at_s
        {
            return Ok(signed.address);
        }
        let now_s = now.0.timestamp();
        let rest_s = self.rests_until_s.load(Ordering::Relaxed) - now_s;
        if (1..=REST_S).contains(&rest_s) {
            return Err(Error::Unavailable("images"));
        }
        let signing = tokio::time::timeout(SIGN_LIMIT, sign(&self.client, &self.bucket, key, at_s));
        let signed = signing.await.unwrap_or_else(|_elapsed| Err(anyhow::anyhow!("no credentials in time")));
        let address = signed.map_err(|error| {
            self.rests_until_s.store(now_s + REST_S, Ordering::Relaxed);
            tracing::warn!(error = format!("{error:#}"), "images: an address cannot be signed");
            Error::Unavailable("images")
        })?;
        self.addresses.insert(key.to_owned(), Signed { at_s, address: address.clone() });
        Ok(address)
    }

    /// Stores a picture under a key that was never used before.
    ///
    /// # Errors
    /// `Unavailable` when the store does not take it.
    pub async fn put(&self, key: &str, content_type: &str, bytes: Vec<u8>) -> Result<()> {
        self.client
            .put_object()
            .bucket(&self.bucket)
            .key(key)
            .content_type(content_type)
            .cache_control(CACHE_CONTROL)
            .body(ByteStream::from(bytes))
            .send()
            .instrument(traces::span("store", "put"))
            .await
            .map_err(|error| unavailable("a picture cannot be stored", &error))?;
        Ok(())
    }

    /// Removes a picture; one that is not there is as good as removed.
    ///
    /// # Errors
    /// `Unavailable` when the store does not do it.
    pub async fn remove(&self, key: &str) -> Result<()> {
        self.client
            .delete_object()
            .bucket(&self.bucket)
            .key(key)
            .send()
            .instrument(traces::span("store", "delete"))
            .await
            .map_err(|error| unavailable("a picture cannot be removed", &error))?;
        self.addresses.invalidate(key);
        Ok(())
    }

    /// Scheme, host and port of every address: what the content security policy lets pictures come from.
    #[must_use]
    pub fn origin(&self) -> String {
        self.origin.clone()
    }

    /// Whether the bucket answers, within a second: for `/health`.
    ///
    /// # Errors
    /// `Unavailable` when it does not.
    pub async fn probe(&self) -> Result<()> {
        let head = self.client.head_bucket().bucket(&self.bucket).send();
        match tokio::time::timeout(PROBE, head).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(unavailable("the bucket does not answer", &error)),
            Err(_) => {
                tracing::warn!("images: the bucket does not answer in time");
                Err(Error::Unavailable("images"))
            }
        }
    }
}

fn base(http: SharedHttpClient) -> Builder {
    Builder::new()
        .behavior_version(BehaviorVersion::latest())
        .http_client(http)
        .timeout_config(
            TimeoutConfig::builder()
                .connect_timeout(CONNECT)
                .operation_attempt_timeout(ATTEMPT)
                .operation_timeout(TOTAL)
                .build(),
        )
        .retry_config(
            RetryConfig::standard()
                .with_max_attempts(ATTEMPTS)
                .with_initial_backoff(RETRY_PAUSE),
        )
        // A browser sends no checksum headers, so none may be part of a signature.
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
}

async fn sign(client: &Client, bucket: &str, key: &str, at_s: i64) -> anyhow::Result<String> {
    let since_1970 = Duration::from_secs(u64::try_from(at_s).context("a time before 1970")?);
    let signing = PresigningConfig::builder()
        .start_time(SystemTime::UNIX_EPOCH + since_1970)
        .expires_in(SIGNED_FOR)
        .build()?;
    let signed = client.get_object().bucket(bucket).key(key).presigned(signing).await;
    let signed = signed.map_err(|error| anyhow::anyhow!("{}", DisplayErrorContext(&error)))?;
    Ok(signed.uri().to_owned())
}

/// The origin the client really uses (the rules about regions and dots in names are the library's), found by
/// signing an address with credentials that open nothing.
async fn origin(config: Builder, bucket: &str) -> anyhow::Result<String> {
    let nobody = Credentials::new("nobody", "nothing", None, None, "origin");
    let client = Client::from_conf(config.credentials_provider(nobody).build());
    let address = sign(&client, bucket, "origin", 0).await.context("the bucket's address")?;
    Ok(url::Url::parse(&address)?.origin().ascii_serialization())
}

fn unavailable<E>(what: &'static str, error: &E) -> Error
where
    E: std::error::Error,
{
    tracing::warn!(error = %DisplayErrorContext(error), "images: {what}");
    Error::Unavailable("images")
}

#[cfg(test)]
mod tests {
    use aws_config::profile::ProfileFileCredentialsProvider;
    use aws_config::provider_config::ProviderConfig;

    use super::*;

    #[tokio::test]
    async fn without_credentials_nobody_waits_and_they_are_asked_for_again_after_a_rest() {
        let http = aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring));
        let http = http.build_https();
        let settings = ProviderConfig::empty().with_http_client(http.clone());
        let nobody = ProfileFileCredentialsProvider::builder().configure(&settings);
        let nobody = nobody.profile_name("nobody-has-this").build();
        let config = base(http).region(Region::new("eu-central-1"));
        let images = Images {
            client: Client::from_conf(config.credentials_provider(nobody).build()),
            bucket: "pictures".to_owned(),
            origin: String::new(),
            addresses: Cache::new(1),
            rests_until_s: Arc::default(),
        };
        let at = |seconds| Timestamp(chrono::DateTime::UNIX_EPOCH).plus_seconds(1_000_000 + seconds);
        // When nothing was signed last, in seconds.
        for (seconds, tried) in [(0, 0), (1, 0), (REST_S - 1, 0), (REST_S, REST_S), (REST_S + 1, REST_S)] {
            let refused = images.address(at(seconds), "lamp-320.webp").await;
            assert!(matches!(refused, Err(Error::Unavailable("images"))), "{seconds}: {refused:?}");
            let rests_until_s = images.rests_until_s.load(Ordering::Relaxed);
            assert_eq!(rests_until_s, at(tried + REST_S).0.timestamp(), "after {seconds} s");
        }
    }
}
