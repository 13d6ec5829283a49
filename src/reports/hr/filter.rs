//! What the pages of the desk are asked for, as it stands in an address; all of them speak of the same days.

use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};

use crate::error::{FieldErrors, FieldProblem, Result};
use crate::platform::app::App;
use crate::reports::hr::department_name;
use crate::reports::range::{MOST_DAYS, NoRange, Preset, Range, month_of};
use crate::reports::sought::{self, Sought};
use crate::types::time::Day;
use crate::web::page::{Choice, FormErrors, Page};
use crate::web::text::Text;

/// In place of the name of a department.
pub const NO_DEPARTMENT: &str = "-";

/// What a page is asked for. Each page looks at what it knows.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Filter {
    /// The name of a preset; without it the days below.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub range: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub from: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub to: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kind: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub department: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub show: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub person: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub days: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub q: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sort: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub page: String,
}

/// The days of a page: chosen by name, or typed.
pub struct Days {
    pub presets: Vec<Way>,
    pub from: String,
    pub to: String,
    pub errors: FormErrors,
}

/// To days that are asked for most.
pub struct Way {
    pub label: String,
    pub href: String,
    pub is_here: bool,
}

impl Filter {
    /// The days that are asked for, this month when nothing is said.
    ///
    /// # Errors
    /// Beside each box what is wrong with it.
    pub fn days(&self, app: &App) -> Result<Range, FieldErrors> {
        let (now, zone) = (app.now(), app.config.time_zone);
        let preset = Preset::ALL.into_iter().find(|preset| preset.name() == self.range);
        if let Some(preset) = preset {
            return Ok(preset.range(now, zone));
        }
        let this_month = Preset::ThisMonth.range(now, zone);
        let mut errors = FieldErrors::default();
        let mut day = |field: &'static str, text: &str, otherwise: Day| {
            if text.is_empty() {
                return otherwise;
            }
            Day::parse(text).unwrap_or_else(|| {
                errors.add(field, FieldProblem::NotADate);
                otherwise
            })
        };
        // Up to a day means from the beginning of its month.
        let beginning = Day::parse(&self.to).map_or(this_month.first, month_of);
        let first = day("from", &self.from, beginning);
        // From a day on means up to today, or the end of its month when it is this one.
        let last = day("to", &self.to, this_month.last.max(first));
        if !errors.is_empty() {
            return Err(errors);
        }
        Range::between(first, last, zone).map_err(|why| {
            let problem = match why {
                NoRange::Order => FieldProblem::RangeOrder,
                NoRange::TooLong => FieldProblem::RangeTooLong { max: MOST_DAYS },
            };
            errors.add("to", problem);
            errors
        })
    }

    /// The form that chooses the days; `address` makes the page's own from a query.
    pub fn form(
        &self,
        page: &Page,
        days: &Result<Range, FieldErrors>,
        address: impl Fn(&str) -> String,
    ) -> Days {
        let text = page.text;
        let label = |preset: Preset| match preset {
            Preset::ThisMonth => text.say("reports-this-month"),
            Preset::LastMonth => text.say("reports-last-month"),
            Preset::ThisQuarter => text.say("reports-this-quarter"),
            Preset::ThisYear => text.say("reports-this-year"),
        };
        let nothing_said = self.range.is_empty() && self.from.is_empty() && self.to.is_empty();
        let none = String::new;
        let presets = Preset::ALL.into_iter().map(|preset| Way {
            label: label(preset).to_string(),
            href: address(
                &Self { range: preset.name().to_owned(), from: none(), to: none(), ..self.clone() }.page(1),
            ),
            is_here: self.range == preset.name() || (nothing_said && preset == Preset::ThisMonth),
        });
        let shown = |typed: &str, day: fn(&Range) -> Day| match days {
            Ok(range) => day(range).0.to_string(),
            Err(_) => typed.to_owned(),
        };
        Days {
            presets: presets.collect(),
            from: shown(&self.from, |range| range.first),
            to: shown(&self.to, |range| range.last),
            errors: page.errors(days.as_ref().err().cloned().unwrap_or_default()),
        }
    }

    /// Which people are asked for.
    #[must_use]
    pub fn people(&self) -> Sought {
        Sought {
            search: self.q.trim().to_owned(),
            department: match self.department.as_str() {
                "" => None,
                NO_DEPARTMENT => Some(None),
                name => Some(Some(name.to_owned())),
            },
        }
    }

    /// The departments to choose from, and none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn departments(&self, db: &impl ConnectionTrait, text: Text) -> Result<Vec<Choice>> {
        let names = sought::departments(db).await?.into_iter().map(|name| (name.clone(), name));
        let without = (NO_DEPARTMENT.to_owned(), department_name(text, None));
        let chosen = (!self.department.is_empty()).then_some(self.department.as_str());
        let all = text.say("reports-all-departments").to_string();
        Ok(Choice::all_or(all, chosen, names.chain([without])))
    }

    /// A filter of nothing but these days.
    #[must_use]
    pub fn of(range: &Range) -> Self {
        let (from, to) = (range.first.0.to_string(), range.last.0.to_string());
        Self { from, to, ..Self::default() }
    }

    /// The query of an address with this filter.
    #[must_use]
    pub fn query(&self) -> String {
        serde_urlencoded::to_string(self).unwrap_or_default()
    }

    /// The same with another page of the list.
    #[must_use]
    pub fn page(&self, number: u32) -> String {
        let page = if number > 1 { number.to_string() } else { String::new() };
        Self { page, ..self.clone() }.query()
    }

    /// The same in another order.
    #[must_use]
    pub fn sorted(&self, sort: &str) -> String {
        Self { sort: sort.to_owned(), page: String::new(), ..self.clone() }.query()
    }
}
