//! The events, each with everything its reader needs.

use serde::{Deserialize, Serialize};

use crate::types::id::PersonId;
use crate::types::points::Points;
use crate::types::time::Timestamp;

/// Something the outside is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Event {
    OrderPlaced(OrderPlaced),
    OrderCancelled(OrderCancelled),
    OrderFulfilled(OrderFulfilled),
    OrderNoted(OrderNoted),
    PointsExpiring(PointsExpiring),
    GrantMade(GrantMade),
    PointsDeducted(PointsDeducted),
}

/// An order, as it was when it was placed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderPlaced {
    pub number: String,
    pub person_id: PersonId,
    pub name: String,
    pub email: String,
    pub placed_at: Timestamp,
    pub lines: Vec<OrderedLine>,
    pub total: Points,
    pub balance_after: Points,
    /// Where it goes, line by line; empty when it is codes only.
    pub delivery: String,
}

/// What was cancelled of an order, and what came back for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderCancelled {
    pub number: String,
    pub person_id: PersonId,
    pub name: String,
    pub email: String,
    pub cancelled_at: Timestamp,
    /// Whether nothing is left of the order.
    pub whole: bool,
    /// The lines with as many pieces as were cancelled.
    pub lines: Vec<OrderedLine>,
    pub refunded: Points,
    pub balance_after: Points,
    /// When the first of the points that came back lapse, if their own time was over already.
    pub grace_ends_at: Option<Timestamp>,
    /// HR's words; empty when the person cancelled it.
    pub reason: String,
}

/// An order that somebody has handed over, or given to a carrier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderFulfilled {
    pub number: String,
    pub person_id: PersonId,
    pub name: String,
    pub email: String,
    pub fulfilled_at: Timestamp,
    /// What was handed over, without what was cancelled before.
    pub lines: Vec<OrderedLine>,
    /// Where it went, line by line.
    pub delivery: String,
    /// Whether it was sent there; else it was handed over at an office.
    pub is_sent: bool,
    /// These are empty where there is nothing to say.
    pub carrier: String,
    pub tracking_number: String,
    pub note: String,
}

/// Something that HR tells the owner of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderNoted {
    pub number: String,
    pub person_id: PersonId,
    pub name: String,
    pub email: String,
    pub note: String,
}

/// Points that lapse soon unless they are spent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PointsExpiring {
    pub person_id: PersonId,
    pub name: String,
    pub email: String,
    pub points: Points,
    pub ends_at: Timestamp,
}

/// Points that came to somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantMade {
    pub person_id: PersonId,
    pub name: String,
    pub email: String,
    pub points: Points,
    /// All that can be spent now, these among it.
    pub can_spend: Points,
    /// The giver's words.
    pub note: String,
    /// When what is left of them lapses; `None` never.
    pub expires_at: Option<Timestamp>,
}

/// Points that were taken from somebody, or taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PointsDeducted {
    pub person_id: PersonId,
    pub name: String,
    pub email: String,
    pub points: Points,
    /// All that can still be spent.
    pub can_spend: Points,
    /// The taker's words.
    pub note: String,
}

/// A line of an order, in an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderedLine {
    pub name: String,
    pub quantity: i64,
    pub points: Points,
}

impl Event {
    /// Its name in the database.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::OrderPlaced(_) => "order-placed",
            Self::OrderCancelled(_) => "order-cancelled",
            Self::OrderFulfilled(_) => "order-fulfilled",
            Self::OrderNoted(_) => "order-noted",
            Self::PointsExpiring(_) => "points-expiring",
            Self::GrantMade(_) => "grant-made",
            Self::PointsDeducted(_) => "points-deducted",
        }
    }
}
