//! The object store of `cargo run`: S3 over a directory, on loopback, for one access key.
//!
//! - Whoever has no valid signature gets 403, as from AWS: pictures work here only if they work there.
//! - It trusts the machine's clock, not the shop's: an address signed at a test's own time may be expired.
//! - The number of connections has a limit; one more waits until another ends.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How many connections are served at a time. A browser opens six, the shop a few.
const MAX_CONNECTIONS: usize = 64;
/// How long a client may take to send the head of a request.
const HEAD: Duration = Duration::from_secs(5);
/// How long one connection may live, so that a forgotten one does not hold its place for ever.
const CONNECTION: Duration = Duration::from_mins(2);
/// The pause after a connection could not be accepted, as when the process has no file handles left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// A running object store; it ends with [`ObjectStore::stop`] or with the process.
pub struct ObjectStore {
    /// What `S3_ENDPOINT_URL` would be.
    pub endpoint_url: String,
    /// Where it listens.
    pub addr: SocketAddr,
    ends: CancellationToken,
    tasks: TaskTracker,
}

/// Serves `bucket` from `root`, making both if need be, to whoever signs with `key` and `secret`.
///
/// # Errors
/// When the directories cannot be made, or the listener is not on loopback.
pub async fn start(
    listener: std::net::TcpListener,
    root: &Path,
    bucket: &str,
    key: &str,
    secret: &str,
) -> anyhow::Result<ObjectStore> {
    let addr = listener.local_addr()?;
    anyhow::ensure!(addr.ip().is_loopback(), "the stand-in object store stays on loopback");
    tokio::fs::create_dir_all(root.join(bucket))
        .await
        .with_context(|| format!("making {}", root.display()))?;
    let files = s3s_fs::FileSystem::new(root)
        .map_err(|error| anyhow::anyhow!("opening {}: {error:?}", root.display()))?;
    let mut builder = S3ServiceBuilder::new(files);
    builder.set_auth(SimpleAuth::from_single(key, secret));
    listener.set_nonblocking(true)?;
    let listener = TcpListener::from_std(listener)?;
    let (ends, tasks) = (CancellationToken::new(), TaskTracker::new());
    tasks.spawn(accept(listener, builder.build(), ends.clone(), tasks.clone()));
    tasks.close();
    Ok(ObjectStore { endpoint_url: format!("http://{addr}"), addr, ends, tasks })
}

impl ObjectStore {
    /// Stops listening, drops the connections and waits until all is quiet.
    pub async fn stop(self) {
        self.ends.cancel();
        self.tasks.wait().await;
    }
}

async fn accept(listener: TcpListener, service: S3Service, ends: CancellationToken, tasks: TaskTracker) {
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        match ends.run_until_cancelled(next).await {
            None | Some((Err(_), _)) => return,
            Some((Ok(place), Ok((socket, _)))) => {
                tasks.spawn(serve(socket, service.clone(), ends.clone(), place));
            }
            Some((Ok(_), Err(error))) => {
                tracing::warn!(%error, "object store: a connection was not accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn serve(socket: TcpStream, service: S3Service, ends: CancellationToken, _place: OwnedSemaphorePermit) {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD);
    let connection = builder.serve_connection(TokioIo::new(socket), service);
    // How a connection ends is the client's affair: browsers drop them all day.
    let _end = ends.run_until_cancelled(tokio::time::timeout(CONNECTION, connection)).await;
}

#[cfg(test)]
mod tests {
    use chrono::{TimeDelta, Utc};
    use secrecy::SecretString;

    use super::*;
    use crate::platform::images::{ImageSettings, Images};
    use crate::types::time::Timestamp;

    const KEY: &str = "products/a b/ü.webp";

    struct Shop {
        store: ObjectStore,
        images: Images,
        root: std::path::PathBuf,
    }

    #[expect(clippy::disallowed_methods, reason = "the store judges signatures by the machine's clock")]
    fn now() -> Timestamp {
        Timestamp(Utc::now())
    }

    async fn shop(secret: &str) -> Shop {
        let root = std::env::temp_dir().join(format!("awsomeshop-{}", uuid::Uuid::now_v7()));
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let store = start(listener, &root, "pictures", "dev", "right").await.unwrap();
        let images = Images::new(ImageSettings {
            bucket: "pictures".to_owned(),
            endpoint_url: Some(store.endpoint_url.clone()),
            region: "eu-central-1".to_owned(),
            credentials: Some(("dev".to_owned(), SecretString::from(secret))),
        })
        .await
        .unwrap();
        Shop { store, images, root }
    }

    impl Shop {
        async fn close(self) {
            self.store.stop().await;
            std::fs::remove_dir_all(self.root).unwrap();
        }
    }

    async fn status(address: &str) -> u16 {
        get(address).await.status().as_u16()
    }

    async fn get(address: &str) -> reqwest::Response {
        let _before = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        client.get(address).send().await.unwrap()
    }

    #[tokio::test]
    async fn a_signed_address_shows_the_picture_and_says_how_long_to_keep_it() {
        let shop = shop("right").await;
        shop.images.probe().await.unwrap();
        shop.images.put(KEY, "image/webp", vec![7; 20_000]).await.unwrap();
        let address = shop.images.address(now(), KEY).await.unwrap();
        assert!(address.starts_with(&format!("{}/pictures/products/", shop.images.origin())));
        let answer = get(&address).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "image/webp");
        assert_eq!(answer.headers()["cache-control"], "public, max-age=31536000, immutable");
        assert_eq!(answer.bytes().await.unwrap().len(), 20_000);
        shop.images.remove(KEY).await.unwrap();
        shop.images.remove(KEY).await.unwrap();
        assert_eq!(status(&address).await, 404);
        shop.close().await;
    }

    #[tokio::test]
    async fn a_changed_expired_or_missing_signature_is_refused() {
        let shop = shop("right").await;
        shop.images.put(KEY, "image/webp", vec![7; 10]).await.unwrap();
        let address = shop.images.address(now(), KEY).await.unwrap();
        let (plain, _) = address.split_once('?').unwrap();
        let (head, signature) = address.split_once("X-Amz-Signature=").unwrap();
        let flipped = if signature.starts_with('0') { "1" } else { "0" };
        for (what, forged) in [
            ("no signature", plain.to_owned()),
            ("another signature", format!("{head}X-Amz-Signature={flipped}{}", signature.split_at(1).1)),
            ("another key", address.replacen("products", "product5", 1)),
            ("a longer life", address.replacen("X-Amz-Expires=300", "X-Amz-Expires=900", 1)),
            ("the bucket's list", format!("{}/pictures", shop.images.origin())),
        ] {
            assert_ne!(forged, address, "{what}");
            assert_eq!(status(&forged).await, 403, "{what}");
        }
        let long_ago = Timestamp(now().0 - TimeDelta::minutes(8));
        let expired = shop.images.address(long_ago, KEY).await.unwrap();
        assert_eq!(status(&expired).await, 403);
        shop.close().await;
    }

    #[tokio::test]
    async fn the_wrong_secret_and_a_store_that_is_gone_are_unavailable() {
        let wrong = shop("wrong").await;
        assert!(wrong.images.put(KEY, "image/webp", vec![7]).await.is_err());
        assert!(wrong.images.probe().await.is_err());
        wrong.close().await;
        let gone = shop("right").await;
        let images = gone.images.clone();
        gone.close().await;
        assert!(images.probe().await.is_err());
        assert!(images.put(KEY, "image/webp", vec![7]).await.is_err());
    }

    #[tokio::test]
    async fn an_address_stays_the_same_for_two_minutes() {
        let shop = shop("right").await;
        let at =
            |seconds: i64| Timestamp(chrono::DateTime::from_timestamp(1_760_000_040 + seconds, 0).unwrap());
        let first = shop.images.address(at(0), KEY).await.unwrap();
        assert!(first.contains("X-Amz-Expires=300"));
        assert_eq!(shop.images.address(at(119), KEY).await.unwrap(), first);
        assert_ne!(shop.images.address(at(120), KEY).await.unwrap(), first);
        shop.close().await;
    }
}
