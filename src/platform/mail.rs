//! Mail: one sender, over SMTP. Without a server configured there is none, and nobody is told anything.
//!
//! Each letter has a connection of its own. A pool would save a handshake, but lettre's takes back the connection of a
//! letter that was given up half-way, and what is said on it next, another letter say, would go on where that one ended.

use std::sync::Arc;
use std::time::Duration;

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use secrecy::{ExposeSecret, SecretString};

use crate::error::{Error, Result};

/// How long the server may take to be reached.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// How long one letter may take, the connection included, before somebody looks whether the server is there at all.
const PROMPT: Duration = Duration::from_secs(3);
/// How long it may take when it is: some servers look at a letter for half a minute before they take it.
const SLOW: Duration = Duration::from_secs(40);
/// What a server says that takes no letters now, whoever they are for: it closes, has too many of us, is asked too often.
const BUSY_SERVER: [u16; 3] = [421, 432, 454];

/// Keeps programs that answer for people, such as those of people on holiday, from answering.
const WRITTEN_BY_A_PROGRAM: HeaderName = HeaderName::new_from_ascii_str("Auto-Submitted");

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
    /// The same words twice: plainly, and as a page.
    pub text: String,
    pub html: String,
}

impl Mail {
    /// Makes the sender; connects when something is sent.
    ///
    /// # Errors
    /// When the server's address cannot be read.
    pub fn new(settings: Option<MailSettings>) -> Result<Self> {
        let Some(MailSettings { server, from }) = settings else {
            tracing::info!("no mail server is configured: nobody is sent mail");
            return Ok(Self(None));
        };
        // In lettre this is the time to connect; the time for everything is kept in `send`.
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(server.expose_secret())
            .map_err(|error| anyhow::Error::new(error).context("SMTP_URL"))?
            .timeout(Some(CONNECT_TIMEOUT))
            .build();
        Ok(Self(Some(Arc::new(Sender { transport, from }))))
    }

    /// Whether anybody is told anything.
    #[must_use]
    pub fn is_configured(&self) -> bool {
        self.0.is_some()
    }

    /// Sends a letter. No error holds the address or the words: the server's own sentence may repeat them.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the server cannot be reached, says nothing or takes no letters now; [`Error::Internal`] with the server's code
    /// when it says no, when it does not finish this letter in time, or when the letter cannot be written.
    pub async fn send(&self, letter: &Letter) -> Result<()> {
        let Some(sender) = &self.0 else { return Err(Error::Unavailable("mail")) };
        let message = written(letter, &sender.from)?;
        let mut sending = Box::pin(sender.transport.send(message));
        let sent = tokio::select! {
            sent = &mut sending => sent,
            () = sender.is_silent() => return Err(Error::Unavailable("mail")),
            // It may have the letter already, and would get it again: not for ever.
            () = tokio::time::sleep(SLOW) => return Err(Error::Internal(anyhow::anyhow!(
                "the mail server answers but did not finish a letter in time"
            ))),
        };
        match sent.map_err(|error| error.status().map(u16::from)) {
            Ok(_accepted) => Ok(()),
            Err(None) => Err(Error::Unavailable("mail")),
            Err(Some(code)) if BUSY_SERVER.contains(&code) => Err(Error::Unavailable("mail")),
            Err(Some(code)) => {
                Err(Error::Internal(anyhow::anyhow!("the mail server refused a letter with {code}")))
            }
        }
    }
}

impl Sender {
    /// Looks after a while whether the server is there at all; ends when it is not. Whoever refuses is there.
    async fn is_silent(&self) {
        tokio::time::sleep(PROMPT).await;
        let asked = tokio::time::timeout(PROMPT, self.transport.test_connection()).await;
        let is_there = match asked {
            Ok(Ok(is_well)) => is_well,
            Ok(Err(error)) => error.status().is_some(),
            Err(_elapsed) => false,
        };
        if is_there {
            std::future::pending::<()>().await;
        }
    }
}

/// The library writes the headers and encodes what is in them, so that nothing in a name or a subject becomes one.
fn written(letter: &Letter, from: &Mailbox) -> Result<Message> {
    let address: Address = letter.address.parse().map_err(anyhow::Error::new)?;
    let message = Message::builder()
        .message_id(Some(format!("<{}@{}>", letter.id, from.email.domain())))
        .from(from.clone())
        .to(Mailbox::new(Some(one_line(&letter.name)), address))
        .subject(one_line(&letter.subject))
        .raw_header(HeaderValue::new(WRITTEN_BY_A_PROGRAM, "auto-generated".to_owned()))
        .multipart(MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone()))
        .map_err(anyhow::Error::new)?;
    Ok(message)
}

/// The words with single blanks between them.
fn one_line(text: &str) -> String {
    let visible = text.replace(char::is_control, " ");
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter() -> Letter {
        Letter {
            id: "0192".to_owned(),
            name: "Ann Archer".to_owned(),
            address: "ann@example.test".to_owned(),
            subject: "Your order".to_owned(),
            text: "plainly".to_owned(),
            html: "<p>as a page</p>".to_owned(),
        }
    }

    fn lines(letter: &Letter) -> Vec<String> {
        let message = written(letter, &"Shop <shop@example.com>".parse().unwrap()).unwrap();
        String::from_utf8(message.formatted()).unwrap().split("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn the_same_news_has_the_same_id() {
        let id = "Message-ID: <0192@example.com>".to_owned();
        assert!(lines(&letter()).contains(&id) && lines(&letter()).contains(&id), "{:?}", lines(&letter()));
    }

    #[test]
    fn nothing_in_a_name_or_a_subject_becomes_a_header() {
        let expected = lines(&letter()).iter().filter(|line| line.contains(": ")).count();
        for end in ["\r\n", "\n", "\r", "\u{2028}", "\0", "\u{85}", "\r\n\r\n"] {
            let hostile = format!("Ann{end}Bcc: eve@example.test{end}X: ä\" <eve@example.test>");
            let letter = Letter { name: hostile.clone(), subject: hostile, ..letter() };
            let lines = lines(&letter);
            assert!(
                lines.iter().all(|line| !line.starts_with("Bcc:") && !line.starts_with("X:")),
                "{lines:?}"
            );
            assert_eq!(lines.iter().filter(|line| line.contains(": ")).count(), expected, "{lines:?}");
            let message = written(&letter, &"shop@example.com".parse().unwrap()).unwrap();
            let to: Vec<_> = message.envelope().to().iter().map(ToString::to_string).collect();
            assert_eq!(to, ["ann@example.test"]);
        }
    }

    #[test]
    fn an_address_is_one_address_or_none_and_is_not_repeated() {
        for address in ["eve", "ann@example.test\r\nRCPT TO:<eve@example.test>", "a@b.test, c@d.test", ""] {
            let refused =
                written(&Letter { address: address.to_owned(), ..letter() }, &"a@b.test".parse().unwrap());
            let told = refused.unwrap_err().to_string();
            assert!(!told.contains("eve") && !told.contains('@'), "{told}");
        }
    }
}
