//! Secrets at rest: voucher codes are sealed with AES-256-GCM, found again only by a keyed digest; session tokens are
//! random and stored as SHA-256. All of it is ring's work; both keys come from `SHOP_CODE_KEY`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::error::Unspecified;
use ring::hkdf::{HKDF_SHA256, Salt};
use ring::rand::{SecureRandom, SystemRandom};
use ring::{digest, hmac};

use crate::error::{Error, Result};

/// Bytes of the key in the environment.
pub const KEY_BYTES: usize = 32;
/// Random bytes of a token: 256 bits.
const TOKEN_BYTES: usize = 32;

/// Seals and opens voucher codes.
pub struct Sealer {
    cipher: LessSafeKey,
    digests: hmac::Key,
    random: SystemRandom,
}

impl Sealer {
    /// Derives the two keys, one for sealing and one for digests.
    ///
    /// # Errors
    /// Never for a key of [`KEY_BYTES`]; ring's signature says it could.
    pub fn new(key: &[u8; KEY_BYTES]) -> Result<Self> {
        let root = Salt::new(HKDF_SHA256, b"awsomeshop codes").extract(key);
        let failed = || unspecified("the key for codes cannot be derived");
        let sealing = UnboundKey::from(root.expand(&[b"seal"], &AES_256_GCM).map_err(failed())?);
        let digests = hmac::Key::from(root.expand(&[b"digest"], hmac::HMAC_SHA256).map_err(failed())?);
        Ok(Self { cipher: LessSafeKey::new(sealing), digests, random: SystemRandom::new() })
    }

    /// The sealed form of `code`, bound to `owner` (the code's id): moved to another row it cannot be opened.
    ///
    /// # Errors
    /// When the machine has no randomness.
    pub fn seal(&self, owner: &[u8], code: &str) -> Result<Vec<u8>> {
        let mut nonce = [0_u8; NONCE_LEN];
        self.random.fill(&mut nonce).map_err(unspecified("no randomness"))?;
        let mut sealed = code.as_bytes().to_vec();
        self.cipher
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(owner), &mut sealed)
            .map_err(unspecified("a code cannot be sealed"))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// The code again.
    ///
    /// # Errors
    /// When it was sealed with another key or for another owner, or was changed since.
    pub fn open(&self, owner: &[u8], sealed: &[u8]) -> Result<String> {
        let broken = || unspecified("a sealed code cannot be opened")(Unspecified);
        let (nonce, rest) = sealed.split_first_chunk::<NONCE_LEN>().ok_or_else(broken)?;
        let mut rest = rest.to_vec();
        let opened = self
            .cipher
            .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(owner), &mut rest)
            .map_err(unspecified("a sealed code cannot be opened"))?;
        String::from_utf8(opened.to_vec()).ok().ok_or_else(broken)
    }

    /// A digest that finds the same code again and tells nothing without the key.
    #[must_use]
    pub fn digest(&self, code: &str) -> Vec<u8> {
        hmac::sign(&self.digests, code.as_bytes()).as_ref().to_vec()
    }
}

/// A new opaque token for a cookie.
///
/// # Errors
/// When the machine has no randomness.
pub fn new_token() -> Result<String> {
    let mut bytes = [0_u8; TOKEN_BYTES];
    SystemRandom::new().fill(&mut bytes).map_err(unspecified("no randomness"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// What is stored of a token: whoever reads the database cannot sign in with it.
#[must_use]
pub fn token_hash(token: &str) -> Vec<u8> {
    digest::digest(&digest::SHA256, token.as_bytes()).as_ref().to_vec()
}

/// SHA-256 of `text` in lower-case hex.
#[must_use]
pub fn fingerprint(text: &str) -> String {
    let bytes = digest::digest(&digest::SHA256, text.as_bytes());
    bytes
        .as_ref()
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 0xf])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

/// ring never says why something failed; we say what.
fn unspecified(what: &'static str) -> impl Fn(Unspecified) -> Error {
    move |_| Error::Internal(anyhow::anyhow!(what))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_code_opens_only_for_its_owner_and_unchanged() {
        let sealer = Sealer::new(&[7; KEY_BYTES]).unwrap();
        let mut sealed = sealer.seal(b"row 1", "ABCD-1234").unwrap();
        assert_eq!(sealer.open(b"row 1", &sealed).unwrap(), "ABCD-1234");
        assert!(sealer.open(b"row 2", &sealed).is_err());
        assert!(Sealer::new(&[8; KEY_BYTES]).unwrap().open(b"row 1", &sealed).is_err());
        *sealed.last_mut().unwrap() ^= 1;
        assert!(sealer.open(b"row 1", &sealed).is_err());
        assert!(sealer.open(b"row 1", b"short").is_err());
    }

    #[test]
    fn the_same_code_has_the_same_digest_and_another_seal() {
        let sealer = Sealer::new(&[7; KEY_BYTES]).unwrap();
        assert_eq!(sealer.digest("ABCD"), sealer.digest("ABCD"));
        // Codes are short: without a key of its own a digest would be found by trying them all.
        assert_ne!(sealer.digest("ABCD"), Sealer::new(&[8; KEY_BYTES]).unwrap().digest("ABCD"));
        assert_ne!(sealer.seal(b"r", "ABCD").unwrap(), sealer.seal(b"r", "ABCD").unwrap());
    }

    #[test]
    fn tokens_are_long_and_never_alike() {
        let (a, b) = (new_token().unwrap(), new_token().unwrap());
        assert_eq!(a.len(), 43);
        assert_ne!(a, b);
        assert_eq!(token_hash(&a).len(), 32);
    }
}
