//! What a cart costs, and whether it can be had: pure.

use crate::cart::CartLine;
use crate::error::Refusal;
use crate::limits::Allowance;
use crate::platform::seal;
use crate::types::id::ProductId;
use crate::types::limit::Limit;
use crate::types::points::Points;
use crate::types::product_kind::ProductKind;
use crate::types::quantity::Quantity;

/// A line that can be ordered as it is.
#[derive(Clone, Debug)]
pub struct QuotedLine {
    pub line: CartLine,
    pub quantity: Quantity,
    pub total: Points,
}

/// A cart that can be ordered as it is.
#[derive(Clone, Debug)]
pub struct Quote {
    pub lines: Vec<QuotedLine>,
    pub total: Points,
}

/// What has to be said beside a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    SoldOut,
    Withdrawn,
    OnlyLeft(i64),
    /// More than the person may have.
    BeyondLimit(Allowance),
    PriceChanged {
        was: Points,
        now: Points,
    },
}

impl Mark {
    /// Whether the cart can be ordered in spite of it.
    #[must_use]
    pub fn blocks(&self) -> bool {
        !matches!(self, Self::PriceChanged { .. })
    }
}

/// What keeps a line from being ordered, or has changed since it was put into the cart, the worst first.
#[must_use]
pub fn mark(line: &CartLine) -> Option<Mark> {
    match line {
        _ if !line.is_on_offer => Some(Mark::Withdrawn),
        _ if line.stock == 0 => Some(Mark::SoldOut),
        _ if line.stock < line.quantity => Some(Mark::OnlyLeft(line.stock)),
        CartLine { allowance: Some(allowance), .. } if allowance.left() < line.quantity => {
            Some(Mark::BeyondLimit(*allowance))
        }
        _ if line.price != line.price_seen => {
            Some(Mark::PriceChanged { was: line.price_seen, now: line.price })
        }
        _ => None,
    }
}

/// The cart at today's prices.
///
/// # Errors
/// The first refusal among its lines, in numbers.
pub fn quote(lines: Vec<CartLine>) -> Result<Quote, Refusal> {
    if lines.is_empty() {
        return Err(Refusal::CartEmpty);
    }
    let mut quoted = Vec::with_capacity(lines.len());
    for line in lines {
        match mark(&line) {
            Some(Mark::Withdrawn) => return Err(Refusal::Withdrawn { name: line.name }),
            Some(Mark::SoldOut | Mark::OnlyLeft(_)) => {
                return Err(Refusal::OutOfStock { name: line.name, left: line.stock });
            }
            Some(Mark::BeyondLimit(allowance)) => {
                let Limit { count: limit, period } = allowance.limit;
                return Err(Refusal::LimitReached { name: line.name, limit, left: allowance.left(), period });
            }
            Some(Mark::PriceChanged { .. }) | None => {}
        }
        let quantity = Quantity::new(line.quantity).ok_or(Refusal::CartChanged)?;
        let total = line.price.times(line.quantity).ok_or(Refusal::CartChanged)?;
        quoted.push(QuotedLine { line, quantity, total });
    }
    let total = Points::sum(quoted.iter().map(|line| line.total)).ok_or(Refusal::CartChanged)?;
    Ok(Quote { lines: quoted, total })
}

/// Stands for what is in a cart, whatever it costs: the confirm page carries it, so that an order is for what was seen.
#[must_use]
pub fn digest(contents: impl IntoIterator<Item = (ProductId, i64)>) -> String {
    let mut lines: Vec<String> = contents.into_iter().map(|(product, n)| format!("{product}×{n}")).collect();
    lines.sort_unstable();
    seal::fingerprint(&lines.join("\n"))
}

impl Quote {
    /// Whether anything has to be sent or picked up.
    #[must_use]
    pub fn needs_delivery(&self) -> bool {
        self.lines.iter().any(|quoted| quoted.line.kind == ProductKind::Physical)
    }

    /// The digest of these lines.
    #[must_use]
    pub fn digest(&self) -> String {
        digest(self.lines.iter().map(|line| (line.line.product_id, line.line.quantity)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::limit::Period;

    fn line(price: i64, stock: i64, quantity: i64) -> CartLine {
        CartLine {
            product_id: ProductId::new(),
            slug: "lamp".to_owned(),
            name: "Lamp".to_owned(),
            kind: ProductKind::Physical,
            is_on_offer: true,
            price: Points(price),
            stock,
            quantity,
            price_seen: Points(price),
            object_key: None,
            widths: None,
            alt: None,
            limit_count: None,
            limit_period: None,
            allowance: None,
        }
    }

    #[test]
    fn the_total_is_price_times_quantity_summed() {
        assert_eq!(quote(vec![line(100, 5, 2), line(7, 1, 1)]).unwrap().total, Points(207));
        assert_eq!(quote(vec![]).unwrap_err(), Refusal::CartEmpty);
        assert_eq!(quote(vec![line(i64::MAX, 5, 2)]).unwrap_err(), Refusal::CartChanged);
    }

    #[test]
    fn what_cannot_be_had_is_refused_in_numbers() {
        let left = |left| Refusal::OutOfStock { name: "Lamp".to_owned(), left };
        assert_eq!(quote(vec![line(1, 0, 1)]).unwrap_err(), left(0));
        assert_eq!(quote(vec![line(1, 2, 3)]).unwrap_err(), left(2));
        let archived = CartLine { is_on_offer: false, ..line(1, 5, 1) };
        assert_eq!(quote(vec![archived]).unwrap_err(), Refusal::Withdrawn { name: "Lamp".to_owned() });
    }

    #[test]
    fn a_limit_lets_through_what_it_leaves() {
        let limit = Limit { count: 3, period: Period::Month };
        let allowance = |used| Some(Allowance { limit, used, again_at: None });
        let two = |used| CartLine { allowance: allowance(used), ..line(1, 5, 2) };
        assert_eq!(quote(vec![two(0)]).unwrap().total, Points(2));
        assert_eq!(quote(vec![two(1)]).unwrap().total, Points(2));
        for (used, left) in [(2, 1), (3, 0), (4, 0)] {
            let refusal =
                Refusal::LimitReached { name: "Lamp".to_owned(), limit: 3, left, period: Period::Month };
            assert_eq!(quote(vec![two(used)]).unwrap_err(), refusal);
            assert!(mark(&two(used)).unwrap().blocks());
        }
    }

    #[test]
    fn a_new_price_is_marked_and_does_not_block() {
        let dearer = CartLine { price: Points(120), ..line(100, 5, 1) };
        let mark = mark(&dearer).unwrap();
        assert_eq!(mark, Mark::PriceChanged { was: Points(100), now: Points(120) });
        assert!(!mark.blocks());
        assert_eq!(quote(vec![dearer]).unwrap().total, Points(120));
    }

    #[test]
    fn the_digest_tells_contents_apart_and_not_their_order() {
        let (a, b) = (ProductId::new(), ProductId::new());
        assert_eq!(digest([(a, 1), (b, 2)]), digest([(b, 2), (a, 1)]));
        assert_ne!(digest([(a, 1), (b, 2)]), digest([(a, 2), (b, 1)]));
    }
}
