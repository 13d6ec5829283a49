//! The identity provider of `cargo run`: real OIDC on loopback, shaped like Cognito, without passwords.
//!
//! - A person signs in by picking who they are, so it answers on loopback only and is absent from production builds.
//! - Everything else is as strict as the real one: registered addresses to the letter, PKCE with S256, codes that
//!   work once and for a minute, the client's secret where there is one.
//! - Its tokens carry what Cognito's carry (`cognito:groups`, `custom:employee_id`, `token_use`) and the groups are
//!   left out when a person is in none, as Cognito does.
//! - The signing key is kept in a file: a restart does not end what tokens of before began.

mod authorize;
mod exchange;
mod key;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpResponse, HttpServer, web};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;

use crate::types::time::Timestamp;

pub use authorize::{PersonaView, SignInPage};

/// How many connections are served at a time.
const MAX_CONNECTIONS: usize = 64;
/// How long a client may take to send a request's head.
const HEAD: Duration = Duration::from_secs(5);
/// The longest form that is read.
const MAX_FORM_BYTES: usize = 16 * 1024;

/// Somebody who can sign in.
#[derive(Debug, Clone)]
pub struct Persona {
    /// Names the person in the page's form.
    pub key: String,
    /// The `sub` of their tokens.
    pub subject: String,
    /// Their full name.
    pub name: String,
    /// Their e-mail address; counted as verified.
    pub email: String,
    /// `custom:employee_id`.
    pub employee_number: String,
    /// Shown on the page.
    pub department: String,
    /// Shown on the page: who they are and what one can try as them.
    pub introduction: String,
    /// `cognito:groups`; whoever has one works in HR, as far as the page knows.
    pub groups: Vec<String>,
}

/// The shop's clock: tokens are dated by it, codes expire by it.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Whom the provider serves, and with what.
pub struct ProviderSettings {
    /// The one client it knows.
    pub client_id: String,
    /// The client's secret; none for a public client.
    pub client_secret: Option<SecretString>,
    /// Where it sends people back to, each to the letter.
    pub redirect_uris: Vec<String>,
    /// Where it sends people after they signed out, each to the letter.
    pub logout_uris: Vec<String>,
    /// Who can sign in.
    pub personas: Vec<Persona>,
    /// Where the signing key is kept; made on the first start, readable by its owner only.
    pub key_file: PathBuf,
    /// What time it is.
    pub clock: Clock,
}

/// A running provider; it ends with [`IdentityProvider::stop`] or with the process.
pub struct IdentityProvider {
    /// What `OIDC_ISSUER_URL` would be, without a slash at its end.
    pub issuer: String,
    /// Where it listens.
    pub addr: SocketAddr,
    handle: ServerHandle,
    task: tokio::task::JoinHandle<std::io::Result<()>>,
}

/// What every handler sees.
struct Provider {
    issuer: String,
    settings: ProviderSettings,
    key: key::SigningKey,
    codes: authorize::Codes,
}

/// Serves on `listener`, in a thread of its own.
///
/// # Errors
/// When the listener is not on loopback, or the key can be neither read nor made.
pub async fn start(
    listener: std::net::TcpListener,
    settings: ProviderSettings,
) -> anyhow::Result<IdentityProvider> {
    let addr = listener.local_addr()?;
    anyhow::ensure!(addr.ip().is_loopback(), "a provider without passwords stays on loopback");
    let issuer = format!("http://{addr}");
    let key_file = settings.key_file.clone();
    // Making a key takes a moment of pure computing.
    let key = tokio::task::spawn_blocking(move || key::SigningKey::load_or_make(&key_file)).await??;
    let codes = authorize::Codes::default();
    let provider = web::Data::new(Provider { issuer: issuer.clone(), settings, key, codes });
    let server = HttpServer::new(move || {
        App::new()
            .app_data(provider.clone())
            .app_data(web::PayloadConfig::new(MAX_FORM_BYTES))
            .route("/.well-known/openid-configuration", web::get().to(discovery))
            .route("/.well-known/jwks.json", web::get().to(key_set))
            .route("/oauth2/authorize", web::get().to(authorize::show))
            .route("/oauth2/authorize", web::post().to(authorize::pick))
            .route("/oauth2/token", web::post().to(exchange::create))
            .route("/logout", web::get().to(logout))
            .route("/static/{name:.*}", web::get().to(crate::web::assets::serve))
    })
    .workers(1)
    .max_connections(MAX_CONNECTIONS)
    .client_request_timeout(HEAD)
    .disable_signals()
    .listen(listener)?
    .run();
    let handle = server.handle();
    #[expect(clippy::disallowed_methods, reason = "the server's own task; `stop` awaits it")]
    let task = tokio::spawn(server);
    Ok(IdentityProvider { issuer, addr, handle, task })
}

impl IdentityProvider {
    /// Stops at once, dropping what is still being answered, and waits until the thread has ended.
    pub async fn stop(self) {
        self.handle.stop(false).await;
        if let Err(error) = self.task.await {
            tracing::warn!(%error, "identity provider: it did not end well");
        }
    }
}

/// GET /.well-known/openid-configuration
async fn discovery(provider: web::Data<Provider>) -> HttpResponse {
    let issuer = &provider.issuer;
    HttpResponse::Ok().json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/oauth2/authorize"),
        "token_endpoint": format!("{issuer}/oauth2/token"),
        "end_session_endpoint": format!("{issuer}/logout"),
        "jwks_uri": format!("{issuer}/.well-known/jwks.json"),
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code"],
        "scopes_supported": ["openid", "email", "profile"],
        "subject_types_supported": ["public"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    }))
}

/// GET /.well-known/jwks.json
async fn key_set(provider: web::Data<Provider>) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "keys": [provider.key.public()] }))
}

#[derive(Deserialize)]
struct SignOut {
    client_id: Option<String>,
    logout_uri: Option<String>,
    post_logout_redirect_uri: Option<String>,
}

/// GET /logout — Cognito's way (`logout_uri`) and the standard's. There is no session here to end.
async fn logout(provider: web::Data<Provider>, query: web::Query<SignOut>) -> HttpResponse {
    let SignOut { client_id, logout_uri, post_logout_redirect_uri } = query.into_inner();
    if client_id.as_deref() != Some(&*provider.settings.client_id) {
        return HttpResponse::BadRequest().body("client_id is missing or unknown");
    }
    match logout_uri.or(post_logout_redirect_uri) {
        Some(address) if provider.settings.logout_uris.contains(&address) => {
            HttpResponse::SeeOther().insert_header(("location", address)).finish()
        }
        _ => HttpResponse::BadRequest().body("logout_uri is missing or not registered"),
    }
}
