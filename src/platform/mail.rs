//! Mail: one sender, over SMTP. Without a server configured there is none, and nobody is told anything.

use std::sync::Arc;
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use secrecy::{ExposeSecret, SecretString};

use crate::error::{Error, Result};

/// How long one letter may take, the connection included.
const SEND_TIMEOUT: Duration = Duration::from_secs(3);

/// Where mail is handed over, and in whose name.
#[derive(Clone, Debug)]
pub struct MailSettings {
    /// `smtps://user:password@host`, or `smtp://host?tls=required`.
    pub server: SecretString,
    pub from: Mailbox,
}

/// The sender; cheap to clone.
#[derive(Clone)]
pub struct Mail(Option<Arc<Sender>>);

struct Sender {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// What is sent, to one person.
#[derive(Clone, Debug)]
pub struct Letter {
    /// The same for the same news, so that whoever receives it twice can tell.
    pub id: String,
    pub name: String,
    pub address: String,
    pub subject: String,
    pub text: String,
}

impl Mail {
    /// Makes the sender; connects when something is sent.
    ///
    /// # Errors
    /// When the server's address cannot be read.
    pub fn new(settings: Option<MailSettings>) -> Result<Self> {
        let Some(MailSettings { server, from }) = settings else { return Ok(Self(None)) };
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(server.expose_secret())
            .map_err(|error| anyhow::Error::new(error).context("SMTP_URL"))?;
        Ok(Self(Some(Arc::new(Sender { transport: builder.timeout(Some(SEND_TIMEOUT)).build(), from }))))
    }

    /// Whether anybody is told anything.
    #[must_use]
    pub fn is_configured(&self) -> bool {
        self.0.is_some()
    }

    /// Sends a letter. The library writes the headers, so nothing in a name or a subject can become one.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the server does not take it now; [`Error::Internal`] when it never can be sent.
    pub async fn send(&self, letter: Letter) -> Result<()> {
        let Some(sender) = &self.0 else { return Err(Error::Unavailable("mail")) };
        let address: Address = letter.address.parse().map_err(anyhow::Error::new)?;
        let domain = sender.from.email.domain();
        let message = Message::builder()
            .message_id(Some(format!("<{}@{domain}>", letter.id)))
            .from(sender.from.clone())
            .to(Mailbox::new(Some(letter.name), address))
            .subject(letter.subject)
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text)
            .map_err(anyhow::Error::new)?;
        match tokio::time::timeout(SEND_TIMEOUT, sender.transport.send(message)).await {
            Ok(Ok(_accepted)) => Ok(()),
            Ok(Err(error)) => {
                // The reason may repeat the address, which is nobody's business in a log.
                tracing::warn!(permanent = error.is_permanent(), code = ?error.status(), "the mail server refused");
                Err(Error::Unavailable("mail"))
            }
            Err(_elapsed) => Err(Error::Unavailable("mail")),
        }
    }
}
