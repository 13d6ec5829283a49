//! What can still be cancelled: pure rules. Goods until they are handed over, codes until they are seen; an owner only
//! while nothing has begun, nothing was seen, and for some days.

use crate::entity::{order_lines, orders};
use crate::error::WhyNot;
use crate::platform::config::CancelPolicy;
use crate::types::order_state::OrderState;
use crate::types::product_kind::ProductKind;
use crate::types::time::Timestamp;

/// A line, counted in pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinePieces {
    /// Not cancelled.
    pub left: i64,
    /// Of these, still cancellable.
    pub open: i64,
    kind: ProductKind,
}

impl LinePieces {
    /// Why no more than `open` can go back.
    #[must_use]
    pub fn why_not(self) -> WhyNot {
        match self.kind {
            _ if self.open == self.left => WhyNot::NothingLeft,
            ProductKind::Digital => WhyNot::CodeShown,
            ProductKind::Physical => WhyNot::HandedOver,
        }
    }
}

/// The pieces of a line of which `seen` codes were shown.
#[must_use]
pub fn open_pieces(state: OrderState, line: &order_lines::Model, seen: i64) -> LinePieces {
    let left = line.quantity - line.cancelled;
    let open = match (line.kind, state) {
        (ProductKind::Digital, _) => left - seen,
        (ProductKind::Physical, OrderState::Placed | OrderState::Preparing) => left,
        (ProductKind::Physical, OrderState::Fulfilled | OrderState::Cancelled) => 0,
    };
    LinePieces { left, open, kind: line.kind }
}

/// Whether its owner may cancel the order now.
///
/// # Errors
/// Why not.
pub fn by_owner(
    order: &orders::Model,
    pieces: &[LinePieces],
    now: Timestamp,
    policy: &CancelPolicy,
) -> Result<(), WhyNot> {
    if order.state == OrderState::Cancelled {
        return Err(WhyNot::NothingLeft);
    }
    if order.state == OrderState::Preparing {
        return Err(WhyNot::Begun);
    }
    if let Some(closed) = pieces.iter().find(|line| line.open < line.left) {
        return Err(closed.why_not());
    }
    if now >= policy.owner_until(order.placed_at) { Err(WhyNot::TooLate) } else { Ok(()) }
}
