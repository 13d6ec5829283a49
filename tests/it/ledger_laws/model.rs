//! The books as lists: what the shop must come to, written as plainly as can be and sharing no code with it.

/// Why nothing happened.
#[derive(Debug, PartialEq, Eq)]
pub enum No {
    ShortBy(i64),
    /// A grant that is not whole any more, and what is left of it.
    Spent(i64),
    /// Fewer pieces are left.
    TooMany,
    /// A limit leaves so many.
    Beyond(i64),
}

#[derive(Clone, Debug)]
pub struct Lot {
    pub granted: i64,
    pub remaining: i64,
    /// Hours since the beginning; `None` never.
    pub ends: Option<i64>,
    /// Whether a transfer has ended it.
    pub ended: bool,
}

#[derive(Clone, Debug, Default)]
pub struct Account {
    pub balance: i64,
    pub lots: Vec<Lot>,
}

#[derive(Clone, Debug)]
pub struct Draw {
    pub lot: usize,
    pub amount: i64,
}

#[derive(Clone, Debug)]
pub struct Line {
    pub product: usize,
    pub price: i64,
    pub left: i64,
}

#[derive(Clone, Debug)]
pub struct Order {
    pub who: usize,
    /// Hours since the beginning, by the clock of the task that placed it.
    pub placed: i64,
    pub draws: Vec<Draw>,
    pub lines: Vec<Line>,
}

impl Account {
    pub fn grant(&mut self, granted: i64, ends: Option<i64>) -> usize {
        self.balance += granted;
        self.lots.push(Lot { granted, remaining: granted, ends, ended: false });
        self.lots.len() - 1
    }

    /// Lots whose time has come end.
    pub fn expire(&mut self, now: i64) {
        for lot in &mut self.lots {
            if lot.remaining > 0 && lot.ends.is_some_and(|end| end <= now) {
                self.balance -= lot.remaining;
                lot.remaining = 0;
                lot.ended = true;
            }
        }
    }

    /// What expires first pays first, then the older; what has ended pays nothing.
    pub fn take(&mut self, now: i64, amount: i64) -> Result<Vec<Draw>, No> {
        let mut after = self.clone();
        after.expire(now);
        let mut order: Vec<usize> = (0..after.lots.len()).collect();
        order.sort_by_key(|index| (after.lots[*index].ends.unwrap_or(i64::MAX), *index));
        let (mut missing, mut draws) = (amount, Vec::new());
        for lot in order {
            let part = missing.min(after.lots[lot].remaining);
            if part > 0 {
                after.lots[lot].remaining -= part;
                missing -= part;
                draws.push(Draw { lot, amount: part });
            }
        }
        if missing > 0 {
            return Err(No::ShortBy(missing));
        }
        after.balance -= amount;
        *self = after;
        Ok(draws)
    }

    /// A whole grant is taken back.
    pub fn reverse(&mut self, now: i64, lot: usize) -> Result<(), No> {
        let mut after = self.clone();
        after.expire(now);
        let Lot { granted, remaining, .. } = after.lots[lot];
        if granted != remaining {
            return Err(No::Spent(remaining));
        }
        after.lots[lot].remaining = 0;
        after.balance -= granted;
        *self = after;
        Ok(())
    }

    /// Points come back to where they were drawn, the last drawn first; too late for their lot, into a new one.
    pub fn refund(&mut self, now: i64, draws: &mut [Draw], amount: i64, grace_ends: i64) {
        let (mut missing, mut late) = (amount, 0);
        for draw in draws.iter_mut().rev() {
            let part = missing.min(draw.amount);
            draw.amount -= part;
            missing -= part;
            let lot = &mut self.lots[draw.lot];
            if lot.ended || lot.ends.is_some_and(|end| end <= now) {
                late += part;
            } else {
                lot.remaining += part;
            }
        }
        assert_eq!(missing, 0, "the model gives back more than was taken");
        if late > 0 {
            self.lots.push(Lot { granted: late, remaining: late, ends: Some(grace_ends), ended: false });
        }
        self.balance += amount;
    }
}
