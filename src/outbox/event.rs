//! The events, each with everything its reader needs.

use serde::{Deserialize, Serialize};

use crate::types::id::PersonId;
use crate::types::points::Points;
use crate::types::time::Timestamp;

/// Something the outside is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Event {
    OrderPlaced {
        number: String,
        person_id: PersonId,
        name: String,
        email: String,
        placed_at: Timestamp,
        lines: Vec<OrderedLine>,
        total: Points,
        balance_after: Points,
        delivery: String,
    },
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
            Self::OrderPlaced { .. } => "order-placed",
        }
    }
}
