//! What the list is asked for in its address.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::PAGE_SIZE;
use crate::error::{FieldErrors, FieldProblem};
use crate::orders::desk::{COLUMNS, Queue, Wanted};
use crate::types::id::PersonId;
use crate::types::order_state::OrderState;
use crate::types::paging::Paging;
use crate::types::time::Day;
use crate::urls;
use crate::web::sorting::Sorting;

/// The fields of the address; what is empty is left out of it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Filter {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub q: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub state: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub person: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub product: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub department: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub from: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub to: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sort: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub page: String,
}

impl Filter {
    /// The part of the queue: what waits, or all orders of a person.
    pub(super) fn queue(&self) -> Queue {
        let usual = if self.person.is_empty() { Queue::Waiting } else { Queue::All };
        Queue::each().find(|queue| queue.name() == self.state).unwrap_or(usual)
    }

    /// Whose orders; what is no id is nobody's.
    pub(super) fn person(&self) -> Option<PersonId> {
        (!self.person.is_empty()).then(|| self.person.parse().unwrap_or_default())
    }

    /// What waits is shown oldest first, everything else newest first.
    pub(super) fn sorting(&self) -> Sorting {
        let usual = match self.queue() {
            Queue::Waiting | Queue::One(OrderState::Placed | OrderState::Preparing) => "placed",
            Queue::All | Queue::One(OrderState::Fulfilled | OrderState::Cancelled) => "-placed",
        };
        Sorting::new(&self.sort, usual, COLUMNS)
    }

    pub(super) fn paging(&self) -> Paging {
        Paging::new(self.page.parse().ok(), PAGE_SIZE)
    }

    /// What it asks for, and what in it cannot be understood; that part is left out.
    pub(super) fn wanted(&self, zone: Tz) -> (Wanted, FieldErrors) {
        let mut errors = FieldErrors::default();
        let mut day = |field: &'static str, text: &str| {
            let day = Day::parse(text);
            if day.is_none() && !text.is_empty() {
                errors.add(field, FieldProblem::NotADate);
            }
            day
        };
        let (from, to) = (day("from", &self.from), day("to", &self.to));
        if from.zip(to).is_some_and(|(from, to)| from > to) {
            errors.add("to", FieldProblem::RangeOrder);
        }
        let sorting = self.sorting();
        let wanted = Wanted {
            queue: self.queue(),
            search: self.q.clone(),
            person: self.person(),
            product: self.product.clone(),
            department: self.department.clone(),
            from: from.map(|day| day.start_in(zone)),
            before: to.map(|day| day.end_in(zone)),
            sort: sorting.key,
            descending: sorting.descending,
        };
        (wanted, errors)
    }

    pub(super) fn is_any(&self) -> bool {
        let typed = [&self.q, &self.person, &self.product, &self.department, &self.from, &self.to];
        self.queue() != Queue::Waiting || typed.into_iter().any(|text| !text.trim().is_empty())
    }

    /// The query of an address with this filter, in this order, at this page.
    pub(super) fn query(&self, sort: &str, page: u32) -> String {
        let page = if page > 1 { page.to_string() } else { String::new() };
        let next = Self { sort: sort.to_owned(), page, ..self.clone() };
        serde_urlencoded::to_string(next).unwrap_or_default()
    }

    /// The query for another part of the queue, in its usual order.
    pub(super) fn in_queue(&self, queue: Queue) -> String {
        Self { state: queue.name().to_owned(), ..self.clone() }.query("", 1)
    }

    /// The list with the same filter, of everybody.
    pub(super) fn without_person(&self) -> String {
        let everybody = Self { person: String::new(), state: self.queue().name().to_owned(), ..self.clone() };
        urls::hr::orders_filtered(&everybody.query(&self.sort, 1))
    }
}
