//! What every page needs besides its own content: words, who looks at it, what has just happened, how dates are written.
//! Plain data, filled by the server's layers; the kit does not know where a balance comes from.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use chrono_tz::Tz;

use crate::error::{FieldErrors, FieldProblem};
use crate::platform::app::App;
use crate::types::points::Points;
use crate::types::role::Desk;
use crate::types::time::Timestamp;
use crate::urls::hr;
use crate::web::flash::{self, Flash};
use crate::web::request_id::RequestId;
use crate::web::sentences;
use crate::web::text::{Sentence, Text, grouped};
use crate::web::viewer::Viewer;

/// The first field of every page struct.
#[derive(Clone, Debug)]
pub struct Page {
    pub text: Text,
    pub viewer: Option<Viewer>,
    pub flash: Option<Flash>,
    /// The path of this page, to mark the way here in the menu.
    pub path: String,
    /// What the search box in the header shows.
    pub search: String,
    pub request_id: String,
    pub is_demo: bool,
    zone: Tz,
}

/// An option of a select, a radio or a filter; its label is a sentence already.
#[derive(Clone, Debug)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub selected: bool,
}

impl Choice {
    /// "Everything" first, chosen when no `value` is, then the others as (value, label).
    #[must_use]
    pub fn all_or(
        all: String,
        chosen: Option<&str>,
        others: impl IntoIterator<Item = (String, String)>,
    ) -> Vec<Self> {
        let everything = Self { value: String::new(), label: all, selected: chosen.is_none() };
        let others = others.into_iter().map(|(value, label)| {
            let selected = chosen == Some(value.as_str());
            Self { value, label, selected }
        });
        std::iter::once(everything).chain(others).collect()
    }
}

/// Points of one lot, and when what is left of them lapses; `None` never.
#[derive(Clone, Debug)]
pub struct LotView {
    pub amount: Points,
    pub expires: Option<Timestamp>,
}

/// What is wrong with a form, as sentences.
#[derive(Clone, Debug)]
pub struct FormErrors {
    text: Text,
    errors: FieldErrors,
}

impl Page {
    /// The page for a request; takes the flash message out of it.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Self {
        let app = request.app_data::<web::Data<App>>();
        // On its own: the borrow of the extensions must end before the flash message is taken out of them.
        let viewer = request.extensions().get::<Viewer>().cloned();
        Self {
            text: Text::english(),
            viewer,
            flash: flash::take(request),
            path: request.path().to_owned(),
            search: String::new(),
            request_id: RequestId::of(request),
            is_demo: app.is_some_and(|app| app.config.is_demo),
            zone: app.map_or(Tz::UTC, |app| app.config.time_zone),
        }
    }

    /// The sentence of `key`.
    #[must_use]
    pub fn say<'a>(&self, key: &'a str) -> Sentence<'a> {
        self.text.say(key)
    }

    /// For `lang=""`.
    #[must_use]
    pub fn lang(&self) -> &'static str {
        self.text.tag()
    }

    /// `1,250`
    #[must_use]
    pub fn points(&self, points: &Points) -> String {
        grouped(points.0)
    }

    /// The same for a number that counts something else.
    #[must_use]
    pub fn number(&self, number: &i64) -> String {
        grouped(*number)
    }

    /// `21 November 2026`, where the company is.
    #[must_use]
    pub fn day(&self, at: &Timestamp) -> String {
        at.date_in(self.zone)
    }

    /// The last day on which something is good that ends at `end`: a lot ends when its last day is over.
    #[must_use]
    pub fn last_day(&self, end: &Timestamp) -> String {
        end.last_day_in(self.zone)
    }

    /// `21 November 2026, 14:05`, where the company is.
    #[must_use]
    pub fn moment(&self, at: &Timestamp) -> String {
        at.0.with_timezone(&self.zone).format("%-d %B %Y, %H:%M").to_string()
    }

    /// The problems of a form as sentences.
    #[must_use]
    pub fn errors(&self, errors: FieldErrors) -> FormErrors {
        FormErrors { text: self.text, errors }
    }

    /// The overview and the desks of HR that the person is at, for the way there: (address, sentence).
    #[must_use]
    pub fn desks(&self) -> Vec<(String, Sentence<'static>)> {
        let Some(viewer) = &self.viewer else { return vec![] };
        let all = [
            (Desk::Points, hr::points(), self.text.say("desk-points")),
            (Desk::Orders, hr::orders(), self.text.say("desk-orders")),
            (Desk::Products, hr::products(), self.text.say("desk-products")),
            (Desk::People, hr::people(), self.text.say("desk-people")),
            (Desk::Reports, hr::reports(), self.text.say("desk-reports")),
            (Desk::Audit, hr::audit(), self.text.say("desk-audit")),
        ];
        let mut open: Vec<_> = all.into_iter().filter(|(desk, ..)| viewer.may(*desk)).collect();
        if let Some(first) = open.first() {
            open.insert(0, (first.0, hr::overview(), self.text.say("desk-overview")));
        }
        open.into_iter().map(|(_, address, label)| (address, label)).collect()
    }

    /// Whether this page belongs to the desk at `address`. Every desk lies below the overview.
    #[must_use]
    pub fn is_of_desk(&self, address: &str) -> bool {
        if address == hr::ROOT { self.path == address } else { self.is_under(address) }
    }

    /// Whether this is a page of HR's desk.
    #[must_use]
    pub fn is_at_desk(&self) -> bool {
        self.is_under(hr::ROOT)
    }

    /// Whether this page is at `address` or below it.
    #[must_use]
    pub fn is_under(&self, address: &str) -> bool {
        self.path.strip_prefix(address).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// What the person can spend.
    #[must_use]
    pub fn balance(&self) -> Points {
        self.viewer.as_ref().map_or(Points::ZERO, |viewer| viewer.balance)
    }
}

impl FormErrors {
    /// The sentence beside a field.
    #[must_use]
    pub fn on(&self, field: &str) -> Option<String> {
        self.errors.get(field).map(|problem: &FieldProblem| sentences::problem(self.text, problem))
    }

    /// Whether there is any.
    #[must_use]
    pub fn any(&self) -> bool {
        !self.errors.is_empty()
    }
}

impl FromRequest for Page {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}
