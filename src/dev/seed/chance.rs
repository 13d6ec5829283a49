//! Chance that falls the same way each time: splitmix64 from a fixed start, so that every machine sees one demonstration.

/// Where it starts.
const START: u64 = 0x5EED_0F7E_57A6_E000;
/// Letters and digits of codes that nobody misreads.
const CODE_LETTERS: &[u8] = b"ABCDEFGHJKMNPQRSTVWXYZ23456789";
/// Groups of a code, and letters of a group.
const CODE_GROUPS: usize = 3;
const CODE_GROUP: usize = 4;

/// A row of numbers that look random.
#[derive(Clone, Debug)]
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new() -> Self {
        Self(START)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from `from` to `to`, both included.
    pub(super) fn between(&mut self, from: i64, to: i64) -> i64 {
        let Ok(span) = u64::try_from(to.saturating_sub(from).saturating_add(1)) else { return from };
        let step = self.next().checked_rem(span).unwrap_or_default();
        from.saturating_add(i64::try_from(step).unwrap_or_default())
    }

    /// Whether something happens that happens in so many of a hundred times.
    pub(super) fn in_100(&mut self, times: i64) -> bool {
        self.between(1, 100) <= times
    }

    /// One of these, if there is any.
    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let last = i64::try_from(from.len()).unwrap_or_default() - 1;
        from.get(usize::try_from(self.between(0, last.max(0))).ok()?)
    }

    /// A voucher code: `XXXX-XXXX-XXXX`.
    pub(super) fn code(&mut self) -> String {
        let mut group = || {
            (0..CODE_GROUP).filter_map(|_| self.pick(CODE_LETTERS)).map(|byte| char::from(*byte)).collect()
        };
        let groups: Vec<String> = (0..CODE_GROUPS).map(|_| group()).collect();
        groups.join("-")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_falls_the_same_way_each_time() {
        let row = |mut chance: Chance| (0..50).map(|_| chance.between(1, 1_000)).collect::<Vec<_>>();
        assert_eq!(row(Chance::new()), row(Chance::new()));
        assert_eq!(Chance::new().code(), Chance::new().code());
    }

    #[test]
    fn numbers_stay_within_their_limits_and_reach_them() {
        let mut chance = Chance::new();
        let seen: std::collections::BTreeSet<i64> = (0..200).map(|_| chance.between(3, 6)).collect();
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), [3, 4, 5, 6]);
        assert_eq!(chance.between(7, 7), 7);
        assert_eq!(chance.between(7, 6), 7);
        assert_eq!(chance.pick::<u8>(&[]), None);
    }

    #[test]
    fn codes_look_like_codes() {
        let mut chance = Chance::new();
        let codes: std::collections::BTreeSet<String> = (0..1_000).map(|_| chance.code()).collect();
        assert_eq!(codes.len(), 1_000);
        assert!(codes.iter().all(|code| code.len() == 14 && code.split('-').all(|group| group.len() == 4)));
    }
}
