//! A window of time: from a moment on, until a moment, or open where there is none.

use crate::types::time::Timestamp;

/// From its first moment to the one before its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window {
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
}

impl Window {
    /// Whether `now` lies in it.
    #[must_use]
    pub fn is_open(self, now: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= now) && self.until.is_none_or(|until| now < until)
    }

    /// Whether it ends before it begins, or at once.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.from.zip(self.until).is_some_and(|(from, until)| from >= until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_moment_is_in_it_and_its_end_is_not() {
        let at = Timestamp::from_micros;
        let window = Window { from: Some(at(10)), until: Some(at(20)) };
        assert_eq!([9, 10, 19, 20].map(|micros| window.is_open(at(micros))), [false, true, true, false]);
        assert!(Window::default().is_open(at(0)));
        assert!(!window.is_empty() && !Window::default().is_empty());
        assert!(Window { from: Some(at(10)), until: Some(at(10)) }.is_empty());
    }
}
