//! Order numbers: short enough to read over the phone, random enough that nobody can count or guess them.

/// Without I, L, O and U, which are misread or read badly.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters in each half: forty random bits in all.
const HALF: usize = 4;

/// A new number, `7K3M-92QF`.
#[must_use]
pub fn new() -> String {
    let half = || -> String {
        (0..HALF)
            .filter_map(|_| ALPHABET.get(rand::random_range(0..ALPHABET.len())))
            .map(|&c| char::from(c))
            .collect()
    };
    format!("{}-{}", half(), half())
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_are_short_readable_and_never_alike() {
        let (a, b) = (super::new(), super::new());
        assert_eq!(a.len(), 9);
        assert!(a.chars().all(|c| c == '-' || c.is_ascii_digit() || c.is_ascii_uppercase()));
        assert_ne!(a, b);
    }
}
