//! Charts as the pages draw them: bars with their words; and the rows of the tables behind them.

use crate::reports::charts::{self, Bar, Name, Tick};
use crate::reports::departments::Group;
use crate::reports::figures::{Part, Sums};
use crate::reports::holders::Show;
use crate::reports::hr::filter::{Filter, NO_DEPARTMENT};
use crate::reports::hr::tables::moves;
use crate::reports::hr::{department_name, percent};
use crate::reports::range::Range;
use crate::types::transfer_kind::TransferKind;
use crate::urls::hr as urls;
use crate::web::text::{Text, grouped};

/// Characters of a name beside its bar.
const LONGEST_NAME: usize = 20;

/// Columns, with what each bar says and what stands along the edges.
pub struct ColumnChart {
    pub bars: Vec<(Bar, String)>,
    pub ticks: Vec<(Tick, String)>,
    pub names: Vec<(Name, String)>,
    /// Whether anything stands in it.
    pub any: bool,
}

/// Rows, with the name before each bar and the number behind it.
pub struct RowChart {
    pub bars: Vec<RowBar>,
    pub height: i64,
    pub any: bool,
}

/// A bar with its words and where they stand.
pub struct RowBar {
    pub bar: Bar,
    pub name: String,
    pub value: String,
    /// Behind the bar.
    pub end: i64,
    /// On its middle line.
    pub middle: i64,
}

/// A part of a range in the table, with the way to its transfers.
pub struct TrendRow {
    pub name: String,
    pub href: String,
    pub cells: Vec<Cell>,
}

/// A department in the table, with the way to its people.
pub struct DepartmentRow {
    pub name: String,
    pub href: String,
    pub redeemed: i64,
    /// What moved on the accounts of its people, and what they hold.
    pub cells: Vec<Cell>,
    /// How many of its people took part, with the way to them.
    pub participation: String,
    pub taking_part_href: Option<String>,
}

/// What moved in one way, with the way to it; what did not move has none.
pub struct Cell {
    pub label: String,
    pub amount: i64,
    pub href: Option<String>,
}

/// What was issued, redeemed and lapsed, part by part.
pub fn trend(text: Text, parts: &[Part]) -> ColumnChart {
    let amounts: Vec<[i64; 3]> =
        parts.iter().map(|part| [part.sums.issued, part.sums.redeemed, part.sums.expired]).collect();
    let chart = charts::columns(&amounts);
    let when = |index: usize| parts.get(index).map(name).unwrap_or_default();
    let series = |bar: &Bar| match bar.series {
        1 => text.say("reports-issued").to_string(),
        2 => text.say("reports-redeemed").to_string(),
        _ => text.say("reports-expired").to_string(),
    };
    ColumnChart {
        any: chart.bars.iter().any(|bar| bar.height > 0),
        bars: chart
            .bars
            .into_iter()
            .filter(|bar| bar.height > 0)
            .map(|bar| {
                let said = format!("{}, {}: {}", when(bar.index), series(&bar), grouped(bar.amount));
                (bar, said)
            })
            .collect(),
        ticks: chart.ticks.into_iter().map(|tick| (tick.clone(), grouped(tick.amount))).collect(),
        names: chart.names.into_iter().map(|place| (place.clone(), when(place.index))).collect(),
    }
}

/// The same and what else moved, as a table.
pub fn trend_rows(text: Text, parts: &[Part]) -> Vec<TrendRow> {
    let row = |part: &Part| {
        let days = Filter::of(&part.range);
        let href = urls::reports_transfers(&days.query());
        TrendRow { name: name(part), cells: cells(text, part.sums, &days), href }
    };
    parts.iter().map(row).collect()
}

/// The departments as a table.
pub fn department_rows(text: Text, range: &Range, groups: &[Group]) -> Vec<DepartmentRow> {
    let row = |group: &Group| {
        let department = group.department.clone().unwrap_or_else(|| NO_DEPARTMENT.to_owned());
        let filter = Filter { department, ..Filter::of(range) };
        let people_who = |show: Show| {
            urls::reports_people(&Filter { show: show.name().to_owned(), ..filter.clone() }.query())
        };
        let held = Cell {
            label: text.say("reports-outstanding").to_string(),
            amount: group.held,
            href: (group.held != 0).then(|| people_who(Show::Holding)),
        };
        DepartmentRow {
            name: department_name(text, group.department.as_deref()),
            href: urls::reports_people(&filter.query()),
            redeemed: group.redeemed,
            cells: cells(text, group.sums(), &filter).into_iter().chain([held]).collect(),
            participation: percent(group.redeemers, group.active),
            taking_part_href: (group.redeemers != 0).then(|| people_who(Show::Redeemed)),
        }
    };
    groups.iter().map(row).collect()
}

/// What moved in each way, with the ways to the transfers that fit the filter.
fn cells(text: Text, sums: Sums, filter: &Filter) -> Vec<Cell> {
    let cell = |(kind, label): (TransferKind, String)| {
        let amount = sums.of(kind);
        let of_kind = Filter { kind: kind.name().to_owned(), ..filter.clone() };
        Cell { label, amount, href: (amount != 0).then(|| urls::reports_transfers(&of_kind.query())) }
    };
    moves(text).into_iter().map(cell).collect()
}

/// What a part of a range is called below its columns.
fn name(part: &Part) -> String {
    charts::short(part.range.first, part.range.is_a_day())
}

/// A row for each name and amount.
pub fn rows(amounts: impl Iterator<Item = (String, i64)>) -> RowChart {
    let (names, amounts): (Vec<String>, Vec<i64>) = amounts.unzip();
    let chart = charts::rows(&amounts);
    let bars = chart.bars.into_iter().zip(names).map(|(bar, name)| RowBar {
        name: shortened(&name),
        value: grouped(bar.amount),
        end: bar.x + bar.width + GAP,
        middle: bar.y + bar.height / 2,
        bar,
    });
    RowChart { any: amounts.iter().any(|amount| *amount > 0), height: chart.height, bars: bars.collect() }
}

/// Between a bar and its number.
const GAP: i64 = 6;

fn shortened(name: &str) -> String {
    if name.chars().count() <= LONGEST_NAME {
        return name.to_owned();
    }
    name.chars().take(LONGEST_NAME - 1).chain(['…']).collect()
}
