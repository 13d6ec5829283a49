//! Limits on how often one person or one address may do a costly thing.
//! They live in this process: with several tasks each has its own, so the true limit is a small multiple.

use std::hash::{BuildHasher, RandomState};
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::error::{Error, Result};
use crate::types::id::PersonId;

/// Submits of one person a minute. A double click or an impatient retry is far below.
const CHECKOUTS_PER_MINUTE: NonZeroU32 = NonZeroU32::new(80).unwrap();
/// Sign-ins begun from one address a minute; a whole office may share one address.
const SIGN_INS_PER_MINUTE: NonZeroU32 = NonZeroU32::new(600).unwrap();
/// Codes revealed by one person a minute.
const REVEALS_PER_MINUTE: NonZeroU32 = NonZeroU32::new(60).unwrap();
/// Cancellations of one person a minute.
const CANCELLATIONS_PER_MINUTE: NonZeroU32 = NonZeroU32::new(60).unwrap();
/// Files downloaded by one person a minute; HR takes every table of a report at once.
const EXPORTS_PER_MINUTE: NonZeroU32 = NonZeroU32::new(120).unwrap();

/// Requests of one session a second, and at once: more than anybody can click, less than a program can send.
const VISITS_PER_SECOND: NonZeroU32 = NonZeroU32::new(100).unwrap();
const VISITS_AT_ONCE: NonZeroU32 = NonZeroU32::new(1_000).unwrap();
/// The same for an address from which nobody is signed in; a whole office may share one.
const STRANGERS_PER_SECOND: NonZeroU32 = NonZeroU32::new(500).unwrap();

/// Sessions are counted in so many drawers: strangers choose tokens, and must not choose how much is remembered. That somebody
/// shares one with a flood is as good as impossible.
const DRAWERS: u64 = 1 << 18;

/// The limits, one store each.
pub struct RateLimits {
    /// By a keyed hash of the token: strangers choose tokens, and must not choose what they cost.
    visits: DefaultKeyedRateLimiter<u64>,
    hashes: RandomState,
    strangers: DefaultKeyedRateLimiter<IpAddr>,
    checkouts: DefaultKeyedRateLimiter<PersonId>,
    sign_ins: DefaultKeyedRateLimiter<IpAddr>,
    reveals: DefaultKeyedRateLimiter<PersonId>,
    cancellations: DefaultKeyedRateLimiter<PersonId>,
    exports: DefaultKeyedRateLimiter<PersonId>,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self {
            visits: RateLimiter::keyed(Quota::per_second(VISITS_PER_SECOND).allow_burst(VISITS_AT_ONCE)),
            hashes: RandomState::new(),
            strangers: RateLimiter::keyed(Quota::per_second(STRANGERS_PER_SECOND)),
            checkouts: RateLimiter::keyed(Quota::per_minute(CHECKOUTS_PER_MINUTE)),
            sign_ins: RateLimiter::keyed(Quota::per_minute(SIGN_INS_PER_MINUTE)),
            reveals: RateLimiter::keyed(Quota::per_minute(REVEALS_PER_MINUTE)),
            cancellations: RateLimiter::keyed(Quota::per_minute(CANCELLATIONS_PER_MINUTE)),
            exports: RateLimiter::keyed(Quota::per_minute(EXPORTS_PER_MINUTE)),
        }
    }
}

impl RateLimits {
    /// Any request of a session.
    ///
    /// # Errors
    /// [`Error::TooMany`] beyond the limit.
    pub fn visit_with(&self, token: &str) -> Result<()> {
        check(&self.visits, &(self.hashes.hash_one(token) % DRAWERS))
    }

    /// Any request without a session, or with one that is nobody's.
    ///
    /// # Errors
    /// [`Error::TooMany`] beyond the limit.
    pub fn visit_from(&self, address: IpAddr) -> Result<()> {
        check(&self.strangers, &network(address))
    }

    /// # Errors
    /// [`Error::TooMany`] beyond the limit.
    pub fn checkout(&self, person: PersonId) -> Result<()> {
        check(&self.checkouts, &person)
    }

    /// # Errors
    /// [`Error::TooMany`] beyond the limit.
    pub fn sign_in(&self, address: IpAddr) -> Result<()> {
        check(&self.sign_ins, &network(address))
    }

    /// # Errors
    /// [`Error::TooMany`] beyond the limit.
    pub fn reveal(&self, person: PersonId) -> Result<()> {
        check(&self.reveals, &person)
    }

    /// # Errors
    /// [`Error::TooMany`] beyond the limit.
    pub fn cancellation(&self, person: PersonId) -> Result<()> {
        check(&self.cancellations, &person)
    }

    /// # Errors
    /// [`Error::TooMany`] beyond the limit.
    pub fn export(&self, person: PersonId) -> Result<()> {
        check(&self.exports, &person)
    }

    /// Forgets keys that are at rest, so that the stores do not grow for ever.
    pub fn forget_idle(&self) {
        self.visits.retain_recent();
        self.strangers.retain_recent();
        self.checkouts.retain_recent();
        self.sign_ins.retain_recent();
        self.reveals.retain_recent();
        self.cancellations.retain_recent();
        self.exports.retain_recent();
    }
}

/// Whoever has one address of the newer kind has 64 bits full of them.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64))),
    }
}

fn check<K: Clone + Eq + std::hash::Hash>(limiter: &DefaultKeyedRateLimiter<K>, key: &K) -> Result<()> {
    limiter.check_key(key).map_err(|not_until| Error::TooMany {
        retry_after_s: not_until.wait_time_from(DefaultClock::default().now()).as_secs() + 1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_over_the_limit_does_not_slow_another() {
        let limits = RateLimits::default();
        let (greedy, calm) = (PersonId::new(), PersonId::new());
        for _ in 0..CHECKOUTS_PER_MINUTE.get() {
            limits.checkout(greedy).unwrap();
        }
        assert!(matches!(limits.checkout(greedy), Err(Error::TooMany { retry_after_s: 1.. })));
        limits.checkout(calm).unwrap();
    }

    #[test]
    fn whoever_has_many_addresses_of_the_newer_kind_is_one() {
        let [own, own_too, other] = ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"]
            .map(|text| network(text.parse().unwrap()));
        assert_eq!(own, own_too);
        assert_ne!(own, other);
        for (sent, counted) in [("127.0.0.1", "127.0.0.1"), ("::ffff:10.1.2.3", "10.1.2.3")] {
            assert_eq!(network(sent.parse().unwrap()).to_string(), counted);
        }
    }
}
