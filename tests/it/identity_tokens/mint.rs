//! Keys, and tokens of any text signed by anything: what no honest provider would make.

use std::sync::OnceLock;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use rsa::pkcs1::EncodeRsaPrivateKey;
use rsa::traits::PublicKeyParts;
use serde_json::{Value, json};

/// RSA keys are slow to make: two for all tests, ours and the attacker's.
pub(super) fn rsa_keys() -> &'static [rsa::RsaPrivateKey; 2] {
    static KEYS: OnceLock<[rsa::RsaPrivateKey; 2]> = OnceLock::new();
    KEYS.get_or_init(|| [(); 2].map(|()| rsa::RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048).unwrap()))
}

pub(super) fn ours() -> &'static rsa::RsaPrivateKey {
    &rsa_keys()[0]
}

pub(super) fn theirs() -> &'static rsa::RsaPrivateKey {
    &rsa_keys()[1]
}

pub(super) fn jwk(key: &rsa::RsaPrivateKey, kid: &str) -> Value {
    let number = |number: &rsa::BigUint| URL_SAFE_NO_PAD.encode(number.to_bytes_be());
    json!({ "kty": "RSA", "use": "sig", "kid": kid, "n": number(key.n()), "e": number(key.e()) })
}

pub(super) fn rsa_signature(
    key: &rsa::RsaPrivateKey,
    scheme: &'static dyn ring::signature::RsaEncoding,
    text: &str,
) -> Vec<u8> {
    let pair = RsaKeyPair::from_der(key.to_pkcs1_der().unwrap().as_bytes()).unwrap();
    let mut signature = vec![0; pair.public().modulus_len()];
    pair.sign(scheme, &SystemRandom::new(), text.as_bytes(), &mut signature).unwrap();
    signature
}

pub(super) fn ec_key() -> &'static EcdsaKeyPair {
    static KEY: OnceLock<EcdsaKeyPair> = OnceLock::new();
    KEY.get_or_init(|| {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random).unwrap()
    })
}

pub(super) fn ec_jwk() -> Value {
    let point = ec_key().public_key().as_ref();
    let number = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    json!({ "kty": "EC", "use": "sig", "crv": "P-256", "kid": "ec", "x": number(&point[1..33]), "y": number(&point[33..]) })
}

/// A token of any text, signed by anything.
pub(super) fn token(header: &str, payload: &str, sign: impl FnOnce(&str) -> Vec<u8>) -> String {
    let text = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    let signature = sign(&text);
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// A token of any payload, properly signed with our key.
pub(super) fn signed(payload: &str) -> String {
    token(r#"{"alg":"RS256","kid":"one"}"#, payload, |text| rsa_signature(ours(), &RSA_PKCS1_SHA256, text))
}
