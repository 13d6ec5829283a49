//! The ID token: believed only when every one of its claims holds.
//!
//! - `openidconnect` checks the header's types, the signature, issuer, audience, expiry and nonce.
//! - Here is what it leaves to its caller: size, duplicate claims, a named key, the authorised party, `nbf`,
//!   `iat` in the future, and `token_use`, which keeps Cognito's access tokens out.
//! - Only asymmetric signatures; `none` and the shared-secret kinds are refused before a key is looked up.
//! - Addresses of keys inside the token (`jwk`, `jku`, `x5u`) are never followed.
//! - A [`TokenProblem`] names the rule that was broken, never the value that broke it.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use openidconnect::core::{
    CoreIdToken, CoreIdTokenVerifier, CoreJsonWebKey, CoreJsonWebKeySet, CoreJwsSigningAlgorithm,
};
use openidconnect::{ClaimsVerificationError, ClientId, IssuerUrl, Nonce, SignatureVerificationError};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};
use serde_json::{Map, Value};

use crate::types::time::Timestamp;

/// The longest token that is looked at. Cognito's have 1–3 KB, more with many groups.
pub(super) const MAX_TOKEN_BYTES: usize = 16 * 1024;
/// How far the provider's clock and ours may disagree about `exp` and `nbf`.
const LEEWAY: TimeDelta = TimeDelta::seconds(60);
/// How far in the future `iat` may lie.
const MAX_ISSUED_AHEAD: TimeDelta = TimeDelta::minutes(5);
/// The longest subject OIDC allows, in bytes.
const MAX_SUBJECT_BYTES: usize = 255;

const ALGORITHMS: [(&str, CoreJwsSigningAlgorithm); 8] = [
    ("RS256", CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256),
    ("RS384", CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384),
    ("RS512", CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512),
    ("PS256", CoreJwsSigningAlgorithm::RsaSsaPssSha256),
    ("PS384", CoreJwsSigningAlgorithm::RsaSsaPssSha384),
    ("PS512", CoreJwsSigningAlgorithm::RsaSsaPssSha512),
    ("ES256", CoreJwsSigningAlgorithm::EcdsaP256Sha256),
    ("ES384", CoreJwsSigningAlgorithm::EcdsaP384Sha384),
];

/// Which rule a token, or the answer that should have held one, broke. Written for the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenProblem {
    /// The token endpoint did not accept the code; its own OAuth error word follows.
    #[error("the code was not accepted: {0}")]
    Code(String),
    /// The token endpoint's answer holds no ID token.
    #[error("the answer holds no ID token")]
    Absent,
    /// Longer than any honest token.
    #[error("the token is too long")]
    TooLong,
    /// Not three parts, not base64url, not a JSON object, or a claim of the wrong type.
    #[error("the token cannot be read")]
    Malformed,
    /// A claim or header field occurs twice.
    #[error("a claim occurs twice")]
    Duplicate,
    /// Unsigned, or signed in a way we do not accept.
    #[error("the signature's algorithm is not accepted")]
    Algorithm,
    /// No single key of the provider fits.
    #[error("no key of the provider fits")]
    Key,
    /// The signature is wrong.
    #[error("the signature is wrong")]
    Signature,
    /// Issued by somebody else.
    #[error("another issuer")]
    Issuer,
    /// Issued for somebody else.
    #[error("another audience")]
    Audience,
    /// `azp` names another client, or is missing beside several audiences.
    #[error("another authorised party")]
    AuthorizedParty,
    /// Expired.
    #[error("expired")]
    Expired,
    /// Issued in the future.
    #[error("issued in the future")]
    IssuedAhead,
    /// Not valid yet, or `nbf` is no whole number.
    #[error("not valid yet")]
    NotBefore,
    /// The nonce is missing or belongs to another sign-in.
    #[error("the nonce is not this sign-in's")]
    Nonce,
    /// Not an ID token but an access token, or a Cognito token that does not say what it is.
    #[error("not an ID token")]
    TokenUse,
    /// No subject, or one longer than allowed.
    #[error("no usable subject")]
    Subject,
}

/// What a token must say to be believed.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a IssuerUrl,
    pub(super) client_id: &'a str,
    pub(super) nonce: &'a str,
    pub(super) now: Timestamp,
}

/// The payload of a token whose every claim was checked, and its subject.
#[derive(Debug)]
pub(super) struct Verified {
    pub(super) subject: String,
    pub(super) payload: Map<String, Value>,
}

/// The key a token says it was signed with, once its size, its header and its algorithm are acceptable.
pub(super) fn key_id(token: &str) -> Result<Option<String>, TokenProblem> {
    let header = part(token, 0)?;
    let algorithm = header.get("alg").and_then(Value::as_str).ok_or(TokenProblem::Algorithm)?;
    if !ALGORITHMS.iter().any(|(name, _)| *name == algorithm) {
        return Err(TokenProblem::Algorithm);
    }
    match header.get("kid") {
        None => Ok(None),
        Some(Value::String(key_id)) => Ok(Some(key_id.clone())),
        Some(_) => Err(TokenProblem::Malformed),
    }
}

/// Checks a token against the provider's keys and what this sign-in expects.
pub(super) fn verify(
    token: &str,
    keys: &[CoreJsonWebKey],
    expected: &Expected<'_>,
) -> Result<Verified, TokenProblem> {
    if key_id(token)?.is_none() && keys.len() > 1 {
        return Err(TokenProblem::Key);
    }
    // The library would let the second of two equal claims win; who reads it differently is deceived.
    let payload = part(token, 1)?;
    verify_signed(token, keys, expected)?;
    check_authorized_party(&payload, expected.client_id)?;
    check_not_before(&payload, expected.now)?;
    check_token_use(&payload, expected.issuer)?;
    match payload.get("sub").and_then(Value::as_str) {
        Some(subject) if !subject.is_empty() && subject.len() <= MAX_SUBJECT_BYTES => {
            Ok(Verified { subject: subject.to_owned(), payload })
        }
        _ => Err(TokenProblem::Subject),
    }
}

/// The library's part: header types, signature, issuer, audience, expiry, issue time, nonce (in constant time).
fn verify_signed(token: &str, keys: &[CoreJsonWebKey], expected: &Expected<'_>) -> Result<(), TokenProblem> {
    const ISSUED_AHEAD: &str = "issued ahead";
    let now = expected.now.0;
    let verifier = CoreIdTokenVerifier::new_public_client(
        ClientId::new(expected.client_id.to_owned()),
        expected.issuer.clone(),
        CoreJsonWebKeySet::new(keys.to_vec()),
    )
    .set_allowed_algs(ALGORITHMS.map(|(_, algorithm)| algorithm))
    // Further audiences are judged by `azp`, in `check_authorized_party`.
    .set_other_audience_verifier_fn(|_| true)
    .set_time_fn(move || now - LEEWAY)
    .set_issue_time_verifier_fn(move |issued_at| {
        if issued_at <= now + MAX_ISSUED_AHEAD {
            Ok(())
        } else {
            Err(ISSUED_AHEAD.to_owned())
        }
    });
    // The parser's own message quotes the claim it stumbled over; it must not reach the log.
    let Ok(parsed) = CoreIdToken::from_str(token) else {
        return Err(TokenProblem::Malformed);
    };
    let nonce = Nonce::new(expected.nonce.to_owned());
    match parsed.claims(&verifier, &nonce) {
        Ok(_) => Ok(()),
        Err(ClaimsVerificationError::Expired(why)) if why == ISSUED_AHEAD => Err(TokenProblem::IssuedAhead),
        Err(error) => Err(error.into()),
    }
}

/// `azp`, where it stands, is us; beside several audiences it must stand.
fn check_authorized_party(payload: &Map<String, Value>, client_id: &str) -> Result<(), TokenProblem> {
    let several = payload.get("aud").and_then(Value::as_array).is_some_and(|all| all.len() > 1);
    match payload.get("azp") {
        None if !several => Ok(()),
        Some(Value::String(party)) if party == client_id => Ok(()),
        _ => Err(TokenProblem::AuthorizedParty),
    }
}

fn check_not_before(payload: &Map<String, Value>, now: Timestamp) -> Result<(), TokenProblem> {
    let Some(not_before) = payload.get("nbf") else {
        return Ok(());
    };
    match not_before.as_i64() {
        Some(seconds) if seconds <= (now.0 + LEEWAY).timestamp() => Ok(()),
        _ => Err(TokenProblem::NotBefore),
    }
}

/// Cognito signs access tokens with the same keys and always says which of the two a token is.
/// Other providers know no `token_use`; there its absence says nothing.
fn check_token_use(payload: &Map<String, Value>, issuer: &IssuerUrl) -> Result<(), TokenProblem> {
    match payload.get("token_use") {
        Some(Value::String(token_use)) if token_use == "id" => Ok(()),
        None if !is_cognito(issuer) => Ok(()),
        _ => Err(TokenProblem::TokenUse),
    }
}

fn is_cognito(issuer: &IssuerUrl) -> bool {
    let host = issuer.url().host_str().unwrap_or_default();
    host.starts_with("cognito-idp.")
        && (host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn"))
}

/// One part of a compact token as an object without duplicates.
fn part(token: &str, number: usize) -> Result<Map<String, Value>, TokenProblem> {
    if token.len() > MAX_TOKEN_BYTES {
        return Err(TokenProblem::TooLong);
    }
    let parts: Vec<&str> = token.split('.').collect();
    let text = match parts.get(number) {
        Some(text) if parts.len() == 3 => text,
        _ => return Err(TokenProblem::Malformed),
    };
    let Ok(bytes) = URL_SAFE_NO_PAD.decode(text) else {
        return Err(TokenProblem::Malformed);
    };
    match serde_json::from_slice::<NoDuplicates>(&bytes) {
        Ok(NoDuplicates(object)) => Ok(object),
        Err(error) if error.to_string().starts_with(NoDuplicates::TWICE) => Err(TokenProblem::Duplicate),
        // As above: the message may quote a claim.
        Err(_) => Err(TokenProblem::Malformed),
    }
}

/// A JSON object in which no name stands twice. `serde_json::Map` alone keeps the last and says nothing.
struct NoDuplicates(Map<String, Value>);

impl NoDuplicates {
    const TWICE: &'static str = "a name stands twice";
}

impl<'de> Deserialize<'de> for NoDuplicates {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Names;
        impl<'de> Visitor<'de> for Names {
            type Value = NoDuplicates;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<NoDuplicates, A::Error> {
                let mut object = Map::new();
                while let Some((name, value)) = access.next_entry::<String, Value>()? {
                    if object.insert(name, value).is_some() {
                        return Err(A::Error::custom(NoDuplicates::TWICE));
                    }
                }
                Ok(NoDuplicates(object))
            }
        }
        deserializer.deserialize_map(Names)
    }
}

impl From<ClaimsVerificationError> for TokenProblem {
    fn from(error: ClaimsVerificationError) -> Self {
        use SignatureVerificationError as Signature;
        match error {
            ClaimsVerificationError::Expired(_) => Self::Expired,
            ClaimsVerificationError::InvalidAudience(_) => Self::Audience,
            ClaimsVerificationError::InvalidIssuer(_) => Self::Issuer,
            ClaimsVerificationError::InvalidNonce(_) => Self::Nonce,
            ClaimsVerificationError::InvalidSubject(_) => Self::Subject,
            ClaimsVerificationError::SignatureVerification(signature) => match signature {
                Signature::AmbiguousKeyId(_) | Signature::NoMatchingKey | Signature::InvalidKey(_) => {
                    Self::Key
                }
                Signature::DisallowedAlg(_) | Signature::UnsupportedAlg(_) | Signature::NoSignature => {
                    Self::Algorithm
                }
                _ => Self::Signature,
            },
            _ => Self::Malformed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cognito_token_must_say_that_it_is_an_id_token() {
        let rule = |issuer: &str, claims: Value| {
            let issuer = IssuerUrl::new(issuer.to_owned()).unwrap();
            check_token_use(claims.as_object().unwrap(), &issuer)
        };
        let silent = || serde_json::json!({ "sub": "ann-1" });
        let access = || serde_json::json!({ "token_use": "access" });
        let id = || serde_json::json!({ "token_use": "id" });
        for (issuer, without) in [
            ("https://cognito-idp.eu-central-1.amazonaws.com/pool", Err(TokenProblem::TokenUse)),
            ("https://cognito-idp.cn-north-1.amazonaws.com.cn/pool", Err(TokenProblem::TokenUse)),
            ("https://id.example.test", Ok(())),
        ] {
            assert_eq!(rule(issuer, silent()), without, "{issuer}");
            assert_eq!(rule(issuer, access()), Err(TokenProblem::TokenUse), "{issuer}");
            assert_eq!(rule(issuer, id()), Ok(()), "{issuer}");
        }
    }
}
