//! The key the provider signs with: RSA, 2048 bits, kept in a file of its own.
//!
//! - The file is PKCS#1 PEM, readable by its owner only from the moment it exists.
//! - A file that cannot be read is an error, never silently replaced.
//! - The key's name (`kid`) follows from the key, so the same file gives the same name.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::Context;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use rsa::RsaPrivateKey;
use rsa::pkcs1::{DecodeRsaPrivateKey, EncodeRsaPrivateKey, LineEnding};
use rsa::traits::PublicKeyParts;
use serde_json::{Value, json};

const KEY_BITS: usize = 2048;

pub(super) struct SigningKey {
    pair: RsaKeyPair,
    id: String,
    modulus: String,
    exponent: String,
}

impl SigningKey {
    pub(super) fn load_or_make(file: &Path) -> anyhow::Result<Self> {
        let key = match std::fs::read_to_string(file) {
            Ok(pem) => RsaPrivateKey::from_pkcs1_pem(&pem)
                .with_context(|| format!("{} is no RSA key; remove it to get another", file.display()))?,
            Err(error) if error.kind() == ErrorKind::NotFound => make(file)?,
            Err(error) => return Err(error).with_context(|| format!("reading {}", file.display())),
        };
        Self::from(&key)
    }

    /// The public half, as a key set lists it.
    pub(super) fn public(&self) -> Value {
        json!({
            "kty": "RSA", "use": "sig", "alg": "RS256",
            "kid": self.id, "n": self.modulus, "e": self.exponent,
        })
    }

    /// A compact token of `claims`, signed RS256.
    pub(super) fn sign(&self, claims: &Value) -> anyhow::Result<String> {
        let header = json!({ "kid": self.id, "alg": "RS256" });
        let encoded = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let signed = format!("{}.{}", encoded(&header), encoded(claims));
        let mut signature = vec![0; self.pair.public().modulus_len()];
        self.pair
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature)
            .map_err(|error| anyhow::anyhow!("signing a token: {error}"))?;
        Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    fn from(key: &RsaPrivateKey) -> anyhow::Result<Self> {
        let der = key.to_pkcs1_der()?;
        let pair = RsaKeyPair::from_der(der.as_bytes())
            .map_err(|error| anyhow::anyhow!("the signing key is rejected: {error}"))?;
        let modulus = URL_SAFE_NO_PAD.encode(key.n().to_bytes_be());
        let exponent = URL_SAFE_NO_PAD.encode(key.e().to_bytes_be());
        let id = URL_SAFE_NO_PAD.encode(digest(&SHA256, modulus.as_bytes()));
        Ok(Self { pair, id, modulus, exponent })
    }
}

fn make(file: &Path) -> anyhow::Result<RsaPrivateKey> {
    let key = RsaPrivateKey::new(&mut rsa::rand_core::OsRng, KEY_BITS)?;
    let pem = key.to_pkcs1_pem(LineEnding::LF)?;
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut open = OpenOptions::new();
    open.write(true).create_new(true).mode(0o600);
    open.open(file)
        .and_then(|mut file| file.write_all(pem.as_bytes()))
        .with_context(|| format!("writing {}", file.display()))?;
    Ok(key)
}
