//! One grant with everything about it.

use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::error::{Error, Result};
use crate::platform::dialect;
use crate::types::id::{GrantId, PersonId};
use crate::types::points::Points;
use crate::types::time::Timestamp;

/// A grant, its transfer, its lot, and whether it was taken back.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Shown {
    pub id: GrantId,
    pub person_id: PersonId,
    pub person: String,
    pub employee_number: Option<String>,
    pub amount: Points,
    pub reason: String,
    pub note: String,
    pub rule: Option<String>,
    pub period: Option<String>,
    /// `None` is the shop itself.
    pub maker: Option<String>,
    pub at: Timestamp,
    pub transfer_id: i64,
    pub balance_after: Points,
    pub remaining: Points,
    pub expires_at: Option<Timestamp>,
    pub undone_at: Option<Timestamp>,
    pub undone_note: Option<String>,
    pub undoer: Option<String>,
    pub reversal_id: Option<i64>,
}

impl Shown {
    /// Whether it can still be taken back as a whole.
    #[must_use]
    pub fn is_whole(&self, now: Timestamp) -> bool {
        self.undone_at.is_none()
            && self.remaining == self.amount
            && self.expires_at.is_none_or(|end| end > now)
    }
}

/// A grant that must be there.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn load(db: &impl ConnectionTrait, id: GrantId) -> Result<Shown> {
    dialect::row(
        db,
        "SELECT g.id, g.person_id, p.name AS person, p.employee_number, g.amount, g.reason, g.note, g.rule, g.period, \
           m.name AS maker, g.at, g.transfer_id, t.balance_after, l.remaining, l.expires_at, \
           r.at AS undone_at, r.reason AS undone_note, u.name AS undoer, r.id AS reversal_id \
         FROM grants g JOIN people p ON p.id = g.person_id JOIN transfers t ON t.id = g.transfer_id \
         JOIN lots l ON l.account_id = t.account_id AND l.transfer_id = t.id \
         LEFT JOIN people m ON m.id = g.actor_id LEFT JOIN transfers r ON r.reverses_id = t.id \
         LEFT JOIN people u ON u.id = r.actor_id WHERE g.id = ?",
        [id.into()],
    )
    .await?
    .ok_or(Error::NotFound)
}
