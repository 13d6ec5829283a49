//! Order numbers: short enough to read over the phone, random enough that nobody can count or guess them.

/// Without I, L, O and U, which are misread or read badly.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters in each half: forty random bits in all.
const HALF: usize = 4;
/// Fewer characters begin too many numbers.
const LEAST_TYPED: usize = 3;

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

/// How a number begins that somebody types: in any letters, with or without its hyphen or blanks. `None` when no number
/// begins so, or too many do.
#[must_use]
pub fn beginning(typed: &str) -> Option<String> {
    let signs: String = typed.chars().filter(|c| !matches!(c, '-' | ' ')).collect();
    let signs = signs.to_ascii_uppercase();
    let fits = signs.bytes().all(|sign| ALPHABET.contains(&sign));
    if !fits || !(LEAST_TYPED..=2 * HALF).contains(&signs.len()) {
        return None;
    }
    // All of them are of one byte.
    Some(match signs.split_at_checked(HALF) {
        Some((first, rest)) if !rest.is_empty() => format!("{first}-{rest}"),
        _ => signs,
    })
}

/// The number, when all of it was typed.
#[must_use]
pub fn whole(typed: &str) -> Option<String> {
    beginning(typed).filter(|number| number.len() == 2 * HALF + 1)
}

#[cfg(test)]
mod tests {
    use super::{beginning, whole};

    #[test]
    fn numbers_are_short_readable_and_never_alike() {
        let (a, b) = (super::new(), super::new());
        assert_eq!(a.len(), 9);
        assert!(a.chars().all(|c| c == '-' || c.is_ascii_digit() || c.is_ascii_uppercase()));
        assert_ne!(a, b);
        assert_eq!(whole(&a), Some(a.clone()));
    }

    #[test]
    fn a_number_is_known_however_it_is_typed() {
        for typed in ["7K3M-92QF", "7k3m92qf", " 7k3m 92qf "] {
            assert_eq!(whole(typed).as_deref(), Some("7K3M-92QF"), "{typed}");
        }
        assert_eq!(beginning("7k3").as_deref(), Some("7K3"));
        assert_eq!(beginning("7k3m").as_deref(), Some("7K3M"));
        assert_eq!(beginning("7k3m9").as_deref(), Some("7K3M-9"));
        assert_eq!(whole("7k3m9"), None);
        for typed in ["", "7k", "ann@example", "Liam", "7K3M-92QF1", "7K3M_92QF", "ÄÖÜ"] {
            assert_eq!(beginning(typed), None, "{typed}");
        }
    }
}
