//! Who it is that has just signed in: the one place where an identity becomes a person.
//!
//! - A person is (issuer, subject), compared byte by byte. Nothing else identifies anybody, ever.
//! - An unknown identity is linked to somebody HR has entered only by an e-mail address that the provider has verified,
//!   that fits exactly one person, and whom nobody is linked to yet. An employee number in the token is not looked at:
//!   people can write there what they like.
//! - Two sign-ins at once end in one person: the guarded update and the unique keys decide, the loser looks again.

use sea_orm::{ConnectionTrait, FromQueryResult};
use serde_json::json;

use crate::audit::{self, Act};
use crate::error::{Error, Result};
use crate::people::enter::{self, Identity, NewPerson};
use crate::people::profile::{LONGEST_EMAIL, LONGEST_NAME};
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::platform::identity::Claims;
use crate::types::actor::Actor;
use crate::types::email::Email;
use crate::types::id::PersonId;
use crate::types::time::Timestamp;

/// Characters of an issuer or a subject; OpenID Connect allows no longer ones.
const LONGEST_IDENTITY: usize = 255;
/// How often the loser of a race looks again; the second look finds what the winner wrote.
const MOST_LOOKS: u32 = 3;

/// What counts of an identity provider's word.
#[derive(Clone, Debug)]
pub struct Identified {
    issuer: String,
    subject: String,
    name: Option<String>,
    /// Only an address that the provider has verified.
    email: Option<Email>,
}

/// What becomes of somebody whom nobody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strangers {
    /// They are told to ask HR.
    AskHr,
    /// They become a person, if their e-mail address is verified and nobody else's.
    Enter,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    Admitted(PersonId),
    /// The person was deactivated.
    Inactive(PersonId),
    /// Nobody the shop knows.
    Unknown,
}

impl From<&Claims> for Identified {
    fn from(claims: &Claims) -> Self {
        // Outside of ASCII, different letters become the same in lower case: K (kelvin) and k.
        let verified = claims.email.as_deref().filter(|email| claims.email_verified && email.is_ascii());
        Self {
            issuer: claims.issuer.clone(),
            subject: claims.subject.clone(),
            name: claims.name.clone(),
            email: verified.and_then(|email| email.parse().ok()).filter(fits),
        }
    }
}

/// Finds, links or (with [`Strangers::Enter`]) enters whoever has signed in. The person's row is locked from here on.
///
/// # Errors
/// When the database fails.
pub async fn admit(tx: &Tx, now: Timestamp, who: &Identified, strangers: Strangers) -> Result<Admission> {
    if who.subject.chars().count() > LONGEST_IDENTITY || who.issuer.chars().count() > LONGEST_IDENTITY {
        return Ok(Admission::Unknown);
    }
    for _ in 0..MOST_LOOKS {
        if let Some(id) = find(tx, who).await? {
            return if super::lock_person(tx, id).await?.is_active {
                note_first_sign_in(tx, now, id).await?;
                Ok(Admission::Admitted(id))
            } else {
                Ok(Admission::Inactive(id))
            };
        }
        let Some(email) = &who.email else { return Ok(Admission::Unknown) };
        match by_email(tx, email).await?.as_slice() {
            // Linked to this very identity since we looked for it: the other window was faster.
            [entered] if entered.is(who) => {}
            [entered] if entered.issuer.is_none() && !entered.is_active => {
                return Ok(Admission::Inactive(entered.id));
            }
            [entered] if entered.issuer.is_none() => link(tx, now, who, email, entered.id).await?,
            [] if strangers == Strangers::Enter => provision(tx, now, who, email).await?,
            _ => return Ok(Admission::Unknown),
        }
    }
    Err(Error::Unavailable("the sign-in, which others keep overtaking"))
}

/// The person of an identity. The database may compare more loosely than byte by byte (MySQL forgives blanks at the end).
async fn find(tx: &Tx, who: &Identified) -> Result<Option<PersonId>> {
    let linked: Option<Entered> = dialect::row(
        tx,
        "SELECT id, issuer, subject, is_active FROM people WHERE issuer = ? AND subject = ?",
        [who.issuer.as_str().into(), who.subject.as_str().into()],
    )
    .await?;
    Ok(linked.filter(|found| found.is(who)).map(|found| found.id))
}

/// Somebody HR has entered, linked or not.
#[derive(FromQueryResult)]
struct Entered {
    id: PersonId,
    issuer: Option<String>,
    subject: Option<String>,
    is_active: bool,
}

impl Entered {
    fn is(&self, who: &Identified) -> bool {
        self.issuer.as_deref() == Some(who.issuer.as_str())
            && self.subject.as_deref() == Some(who.subject.as_str())
    }
}

/// Whoever has this address, however it is spelt; two are as many as any number.
async fn by_email(db: &impl ConnectionTrait, email: &Email) -> Result<Vec<Entered>> {
    let sql = "SELECT id, issuer, subject, is_active FROM people WHERE LOWER(email) = ? LIMIT 2";
    dialect::rows(db, sql, [email.as_str().into()]).await
}

/// Links an identity to a person nobody is linked to. Nothing happens when somebody else was faster, or when HR has given
/// the person another address meanwhile.
async fn link(tx: &Tx, now: Timestamp, who: &Identified, email: &Email, id: PersonId) -> Result<()> {
    let linked = dialect::execute(
        tx,
        "UPDATE people SET issuer = ?, subject = ?, version = version + 1 \
         WHERE id = ? AND issuer IS NULL AND is_active AND LOWER(email) = ?",
        [who.issuer.as_str().into(), who.subject.as_str().into(), id.into(), email.as_str().into()],
    )
    .await;
    match linked {
        Ok(1) => {
            let act = Act {
                action: "person.link",
                subject_kind: "person",
                subject_id: id.to_string(),
                details: json!({ "by": "verified e-mail" }),
            };
            audit::record(tx, now, Actor::Person(id), act).await
        }
        Ok(_) => Ok(()),
        Err(Error::Database(error)) if dialect::is_duplicate(&error) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Remembers when somebody came in for the first time.
async fn note_first_sign_in(tx: &Tx, now: Timestamp, id: PersonId) -> Result<()> {
    let sql = "UPDATE people SET first_signed_in_at = ? WHERE id = ? AND first_signed_in_at IS NULL";
    dialect::execute(tx, sql, [now.into(), id.into()]).await?;
    Ok(())
}

/// Enters somebody by their own word, as far as the provider vouches for it. Nothing happens when they were faster.
async fn provision(tx: &Tx, now: Timestamp, who: &Identified, email: &Email) -> Result<()> {
    let name = who.name.as_deref().unwrap_or_else(|| email.as_str());
    let new = NewPerson {
        name: name.chars().take(LONGEST_NAME).collect(),
        email: email.clone(),
        employee_number: None,
        department: None,
        office: None,
        hired_on: None,
        birthday: None,
    };
    let identity = Identity { issuer: &who.issuer, subject: &who.subject };
    let id = PersonId::new();
    match enter::insert(tx, now, id, &new, Some(identity)).await {
        Ok(()) => enter::record(tx, now, Actor::Shop, id).await,
        Err(error) if dialect::is_duplicate(&error) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn fits(email: &Email) -> bool {
    email.as_str().len() <= LONGEST_EMAIL
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identified(email: Option<&str>, email_verified: bool) -> Identified {
        Identified::from(&Claims {
            issuer: "https://id.test".to_owned(),
            subject: "1".to_owned(),
            email: email.map(str::to_owned),
            email_verified,
            name: None,
            employee_number: Some("E-1".to_owned()),
            groups: vec![],
        })
    }

    #[test]
    fn only_a_verified_address_counts() {
        let email = |text, verified| identified(text, verified).email.map(|email| email.to_string());
        assert_eq!(email(Some("Ann@Example.test"), true).as_deref(), Some("ann@example.test"));
        assert_eq!(email(Some("ann@example.test"), false), None);
        assert_eq!(email(None, true), None);
        assert_eq!(email(Some("no address"), true), None);
    }

    #[test]
    fn a_letter_that_only_looks_like_another_is_no_match() {
        // The kelvin sign becomes a plain k in lower case.
        assert_eq!(identified(Some("mar\u{212A}@example.test"), true).email, None);
    }
}
