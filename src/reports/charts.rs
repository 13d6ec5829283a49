//! Where the bars of a chart stand: whole numbers in the units of its `viewBox`, from amounts and the largest of them.

use crate::types::time::Day;

/// A chart of columns, some series side by side for each part of a range.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    pub bars: Vec<Bar>,
    pub ticks: Vec<Tick>,
    pub names: Vec<Name>,
}

/// A chart of rows, the longest first as they come.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    pub bars: Vec<Bar>,
    pub height: i64,
}

/// A bar of series `series` (from one).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// Which part or row it belongs to.
    pub index: usize,
    pub series: usize,
    pub x: i64,
    pub y: i64,
    pub width: i64,
    pub height: i64,
    pub amount: i64,
}

/// A line across the chart and what it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tick {
    pub y: i64,
    pub amount: i64,
}

/// What stands below a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    pub x: i64,
    pub index: usize,
}

/// The size of a chart of columns, and where its bars stand in it.
pub const WIDTH: i64 = 720;
pub const HEIGHT: i64 = 260;
pub const LEFT: i64 = 64;
pub const BASE: i64 = 228;
const TOP: i64 = 12;
const RIGHT: i64 = 8;
/// Lines across, without the one at the bottom.
const TICKS: i64 = 4;
/// More names than this do not fit.
const MOST_NAMES: usize = 12;

/// The size of a chart of rows.
pub const ROW_WIDTH: i64 = 440;
pub const ROW_HEIGHT: i64 = 28;
pub const ROW_LEFT: i64 = 165;
const ROW_RIGHT: i64 = 65;
const ROW_BAR: i64 = 16;

/// Columns for `parts`, each with as many amounts as there are series.
#[must_use]
pub fn columns<const N: usize>(parts: &[[i64; N]]) -> Columns {
    let top = even(parts.iter().flatten().copied().max().unwrap_or_default());
    let (series, count) = (count(N), count(parts.len()).max(1));
    let slot = (WIDTH - LEFT - RIGHT) * UNIT / count;
    let width = (slot * 8 / 10 / series / UNIT).max(1);
    let mut chart = Columns::default();
    for (index, amounts) in parts.iter().enumerate() {
        let middle = LEFT + (slot * self::count(index) + slot / 2) / UNIT;
        let first = middle - width * series / 2;
        for (number, &amount) in amounts.iter().enumerate() {
            let height = scaled(amount, top, BASE - TOP);
            let x = first + width * self::count(number);
            chart.bars.push(Bar { index, series: number + 1, x, y: BASE - height, width, height, amount });
        }
        if index % parts.len().div_ceil(MOST_NAMES) == 0 {
            chart.names.push(Name { x: middle, index });
        }
    }
    let ticks = (0..=TICKS).map(|step| (step, top / TICKS * step));
    chart.ticks.extend(ticks.map(|(step, amount)| Tick { y: BASE - (BASE - TOP) * step / TICKS, amount }));
    chart
}

/// A row for each of `amounts`.
#[must_use]
pub fn rows(amounts: &[i64]) -> Rows {
    let top = amounts.iter().copied().max().unwrap_or_default();
    let bars = amounts.iter().enumerate().map(|(index, &amount)| Bar {
        index,
        series: 1,
        x: ROW_LEFT,
        y: ROW_HEIGHT * count(index) + (ROW_HEIGHT - ROW_BAR) / 2,
        width: scaled(amount, top, ROW_WIDTH - ROW_LEFT - ROW_RIGHT),
        height: ROW_BAR,
        amount,
    });
    Rows { bars: bars.collect(), height: ROW_HEIGHT * count(amounts.len()) }
}

/// Many columns are narrower than a unit apart.
const UNIT: i64 = 100;

/// `amount` of `top` as a length of `full`; a little of something is seen.
fn scaled(amount: i64, top: i64, full: i64) -> i64 {
    if amount <= 0 || top <= 0 {
        return 0;
    }
    let length = i128::from(amount) * i128::from(full) / i128::from(top);
    i64::try_from(length).unwrap_or(full).clamp(1, full)
}

/// The next round number that four lines divide evenly: 4, 8, 20, 40, 80, 200, …
fn even(most: i64) -> i64 {
    let mut power: i64 = 1;
    loop {
        for step in [4, 8, 20] {
            let top = power.saturating_mul(step);
            if top >= most || top == i64::MAX {
                return top;
            }
        }
        power = power.saturating_mul(10);
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// `6 Jun` or, for a month, `Jun 2026`.
#[must_use]
pub fn short(first: Day, is_a_day: bool) -> String {
    first.0.format(if is_a_day { "%-d %b" } else { "%b %Y" }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_ends_at_a_round_number_above_everything() {
        let tops = [0, 1, 4, 5, 9, 20, 21, 41, 100, 790, 1_999_999_999].map(even);
        assert_eq!(tops, [4, 4, 4, 8, 20, 20, 40, 80, 200, 800, 2_000_000_000]);
    }

    #[test]
    fn columns_stand_on_the_ground_inside_the_chart_and_do_not_overlap() {
        let parts: Vec<[i64; 3]> = (0..31).map(|day| [day * 10, 300, i64::from(day == 3)]).collect();
        let chart = columns(&parts);
        assert_eq!(chart.bars.len(), 93);
        assert!(chart.bars.iter().all(|bar| bar.y + bar.height == BASE && bar.y >= TOP));
        assert!(chart.bars.windows(2).all(|pair| pair[0].x + pair[0].width <= pair[1].x));
        assert!(chart.bars.iter().all(|bar| bar.x >= LEFT && bar.x + bar.width <= WIDTH - RIGHT));
        // One point among hundreds is seen, nothing is not.
        assert_eq!((chart.bars[11].height, chart.bars[8].height), (1, 0));
        let ticks: Vec<_> = chart.ticks.iter().map(|tick| (tick.y, tick.amount)).collect();
        assert_eq!(ticks, [(228, 0), (174, 100), (120, 200), (66, 300), (12, 400)]);
        assert_eq!(chart.names.len(), 11);
    }

    #[test]
    fn nothing_at_all_is_a_chart_too() {
        assert_eq!(columns::<3>(&[]).bars, []);
        assert!(columns(&[[0, 0, 0]]).bars.iter().all(|bar| bar.height == 0));
        assert_eq!((rows(&[]).height, rows(&[0]).bars[0].width), (0, 0));
    }

    #[test]
    fn the_longest_row_fills_its_place() {
        let chart = rows(&[500, 250, -3]);
        let widths: Vec<_> = chart.bars.iter().map(|bar| bar.width).collect();
        assert_eq!((widths, chart.height), (vec![210, 105, 0], 84));
    }
}
