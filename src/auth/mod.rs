//! Coming in and going out.
//!
//! Signing in is OpenID Connect's code flow: we send the browser to the identity provider with a state, a nonce and a
//! PKCE challenge, kept in our database under the hash of a short-lived cookie; the provider sends it back with a code,
//! which we exchange for an ID token, checked in full. A person is (issuer, subject). The first time, a person whom HR
//! already entered is linked, and only by a verified e-mail that fits exactly one of them; anybody else is told to ask HR.
//!
//! From then on the identity provider is out of the picture: a session is a row of ours, found by the hash of an opaque
//! token in a cookie, new at each sign-in, ended by signing out, by time, or by deactivating the person.

pub mod arrive;
pub mod attempts;
pub mod pages;
pub mod return_to;
pub mod session;
