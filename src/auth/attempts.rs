//! A sign-in between leaving for the identity provider and coming back: kept under the hash of a cookie, for a short
//! while, and good for one return. Without the cookie of the browser that left, nobody comes back.

use sea_orm::{ActiveModelTrait, ConnectionTrait, FromQueryResult, Set};

use crate::entity::sign_in_attempts;
use crate::error::Result;
use crate::platform::db::Tx;
use crate::platform::{dialect, seal};
use crate::types::time::Timestamp;

/// How long a person has at the identity provider.
const LIFE_S: i64 = 10 * 60;

/// What has to be remembered while the person is away. It has no `Debug`: three of the four are secrets.
#[derive(Clone, FromQueryResult)]
pub struct Attempt {
    /// Must come back unchanged.
    pub state: String,
    /// Must stand in the token.
    pub nonce: String,
    /// Proves to the provider that it is us who trade the code.
    pub verifier: String,
    /// Where to go afterwards, an address within the shop.
    pub return_to: String,
}

impl Attempt {
    /// Whether this is the state we gave. Hashes are compared, so the time it takes tells nothing about the text.
    #[must_use]
    pub fn is_answered_by(&self, state: &str) -> bool {
        seal::token_hash(&self.state) == seal::token_hash(state)
    }
}

/// Remembers an attempt and returns the token that finds it again, which only the cookie knows.
///
/// # Errors
/// When the database fails.
pub async fn begin(tx: &Tx, now: Timestamp, attempt: Attempt) -> Result<String> {
    let token = seal::new_token()?;
    sign_in_attempts::ActiveModel {
        token_hash: Set(seal::token_hash(&token)),
        state: Set(attempt.state),
        nonce: Set(attempt.nonce),
        verifier: Set(attempt.verifier),
        return_to: Set(attempt.return_to),
        expires_at: Set(now.plus_seconds(LIFE_S)),
    }
    .insert(tx)
    .await?;
    Ok(token)
}

/// The attempt of a token, if it is there and its time is not over.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &impl ConnectionTrait, now: Timestamp, token_hash: Vec<u8>) -> Result<Option<Attempt>> {
    dialect::row(
        db,
        "SELECT state, nonce, verifier, return_to FROM sign_in_attempts WHERE token_hash = ? AND expires_at > ?",
        [token_hash.into(), now.into()],
    )
    .await
}

/// Uses an attempt up; whoever comes second is told that there is none.
///
/// # Errors
/// When the database fails.
pub async fn take(tx: &Tx, token_hash: Vec<u8>) -> Result<bool> {
    let sql = "DELETE FROM sign_in_attempts WHERE token_hash = ?";
    Ok(dialect::execute(tx, sql, [token_hash.into()]).await? == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_state_is_an_answer() {
        let attempt = Attempt {
            state: "right".to_owned(),
            nonce: String::new(),
            verifier: String::new(),
            return_to: "/".to_owned(),
        };
        assert!(attempt.is_answered_by("right"));
        assert!(
            !attempt.is_answered_by("Right")
                && !attempt.is_answered_by("")
                && !attempt.is_answered_by("right ")
        );
    }
}
