//! Somebody comes back from the identity provider, who vouches for them: from the claims to a session, in one write.

use crate::auth::session;
use crate::error::Result;
use crate::ledger::accounts;
use crate::people::admit::{self, Admission, Identified, Strangers};
use crate::people::roles;
use crate::platform::db::Tx;
use crate::types::actor::Actor;
use crate::types::id::PersonId;
use crate::types::role::Role;
use crate::types::time::Timestamp;

/// Somebody the identity provider vouches for.
#[derive(Clone, Debug)]
pub struct Arrival {
    pub who: Identified,
    pub strangers: Strangers,
    /// What their groups let them do.
    pub roles: Vec<Role>,
    /// The session the browser had until now, by its hash.
    pub old_session: Option<Vec<u8>>,
}

/// What came of it.
pub enum Arrived {
    /// Signed in; the token is for the cookie.
    SignedIn { person_id: PersonId, token: String },
    /// Shut out.
    Inactive(PersonId),
    /// Nobody the shop knows.
    Unknown,
}

/// Admits them, brings roles and account up to date, ends the browser's old session and opens a new one.
///
/// # Errors
/// When the database fails.
pub async fn arrive(tx: &Tx, now: Timestamp, arrival: Arrival) -> Result<Arrived> {
    let person_id = match admit::admit(tx, now, &arrival.who, arrival.strangers).await? {
        Admission::Admitted(id) => id,
        Admission::Inactive(id) => return Ok(Arrived::Inactive(id)),
        Admission::Unknown => return Ok(Arrived::Unknown),
    };
    roles::replace(tx, now, Actor::Person(person_id), person_id, &arrival.roles).await?;
    accounts::open_if_missing(tx, now, person_id).await?;
    if let Some(token_hash) = arrival.old_session {
        session::end(tx, token_hash).await?;
    }
    let token = session::open(tx, now, person_id).await?;
    Ok(Arrived::SignedIn { person_id, token })
}
