//! The figures of a month.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::{changes, people};
use crate::{
    cases::Month,
    checks::{self, Rate},
    error::{Error, Result},
    records::{detail::Reader, values::Words, visits},
};

/// A figure: its place among the rates of a grid is its place here.
struct Figure {
    key: &'static str,
    label: (&'static str, &'static str),
    weight: u32,
    /// Why it cannot be had.
    lacks: Option<(&'static str, &'static str)>,
}

const fn figure(key: &'static str, zh: &'static str, en: &'static str, weight: u32) -> Figure {
    Figure {
        key,
        label: (zh, en),
        weight,
        lacks: None,
    }
}

/// How many figures there are.
const COUNT: usize = 7;

const FIGURES: [Figure; COUNT] = [
    figure("people", "人口发现率", "Residents found", 25),
    figure("shops", "房屋发现率", "Premises found", 10),
    figure("workers", "从业人员发现率", "Workers found", 15),
    figure("complete", "信息采集率", "Records complete", 10),
    figure("changes", "业态变动报送率", "Changes of trade reported", 15),
    Figure {
        key: "hazards",
        label: ("违法隐患报送率", "Hazards reported"),
        weight: 15,
        lacks: Some((
            "没有记录表明问题在上次巡查时是否已经存在",
            "No record says whether a hazard was there at the last visit",
        )),
    },
    figure("coverage", "巡查覆盖率", "Round covered", 10),
];

/// What is said of a figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FigureOut {
    /// Its stable name.
    pub key: &'static str,
    /// What people call it.
    pub label: Words,
    /// Its weight of 100.
    pub weight: u32,
    /// Why it cannot be had; its weight is spread over the others.
    pub lacks: Option<Words>,
}

/// The rates of a grid.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct GridRates {
    /// The grid's code; null for all of them together.
    pub grid: Option<String>,
    /// A rate for each figure, in their order.
    pub rates: Vec<Rate>,
    /// Of 100: the weighted rates, unrounded; what has too few samples is left out and its weight
    /// spread. Null where nothing has enough.
    pub score: Option<f64>,
}

/// The figures of a month.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MonthFigures {
    /// The month, `YYYY-MM`.
    pub month: String,
    /// Whether it is not over.
    pub running: bool,
    /// The figures.
    pub figures: Vec<FigureOut>,
    /// All grids together.
    pub total: GridRates,
    /// Each grid, by number.
    pub grids: Vec<GridRates>,
}

/// Hits and samples, by place of the figure.
pub(super) type Sums = [(u32, u32); COUNT];

/// What is counted, by grid; without one what is known of no grid.
pub(super) type ByGrid = BTreeMap<Option<String>, Sums>;

/// Adds to a figure of a grid.
pub(super) fn add(all: &mut ByGrid, grid: Option<&str>, key: &str, (hits, n): (u32, u32)) {
    let sums = all.entry(grid.map(str::to_owned)).or_default();
    let place = FIGURES.iter().position(|figure| figure.key == key);
    if let Some(sum) = place.and_then(|place| sums.get_mut(place)) {
        sum.0 += hits;
        sum.1 += n;
    }
}

impl GridRates {
    fn of(grid: Option<String>, sums: &Sums) -> Self {
        let rates: Vec<Rate> = sums.iter().map(|(hits, n)| Rate::of(*hits, *n)).collect();
        Self {
            grid,
            score: score(&rates),
            rates,
        }
    }
}

/// Σ weight × rate over those with enough samples, whose weights make up 100.
fn score(rates: &[Rate]) -> Option<f64> {
    let mut sum = 0.0;
    let mut weights = 0.0;
    for (rate, figure) in rates.iter().zip(&FIGURES) {
        if let Some(value) = rate.rate.filter(|_| rate.enough) {
            sum += f64::from(figure.weight) * value;
            weights += f64::from(figure.weight);
        }
    }
    (weights > 0.0).then(|| 100.0 * sum / weights)
}

/// The figures of a month, as far as the reader may know them. Spot checks count in the month of
/// their draw.
pub fn of_month(reader: &Reader<'_>, month: Option<&str>) -> Result<MonthFigures> {
    checks::need_reader(reader)?;
    let now_ms = reader.core.now_ms();
    let month = match month {
        Some(month) => Month::parse("month", month)?,
        None => Month::of(now_ms),
    };
    let (from, to) = month.span()?;
    if from > now_ms {
        return Err(Error::invalid("month", "a month that has begun"));
    }
    let running = to > now_ms;
    let mut all = ByGrid::new();
    for grid in checks::of_month(reader, from, to)? {
        let known = grid.grid.as_deref();
        for (key, rate) in [
            ("people", &grid.residents),
            ("shops", &grid.shops),
            ("workers", &grid.workers),
        ] {
            add(&mut all, known, key, (rate.hits, rate.n));
        }
    }
    if running {
        people::complete(reader, &mut all)?;
    }
    changes::reported(reader, (from, to), &mut all)?;
    if visits::may_know(reader) {
        for grid in visits::coverage_of(reader, from, to)? {
            let count = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
            let sums = (count(grid.visited), count(grid.shops));
            add(&mut all, Some(&grid.grid), "coverage", sums);
        }
    }
    let mut total = Sums::default();
    for sums in all.values() {
        for (sum, (hits, n)) in total.iter_mut().zip(sums) {
            sum.0 += hits;
            sum.1 += n;
        }
    }
    let grids = all.into_iter().filter(|(grid, _)| grid.is_some());
    let figures = FIGURES.iter().map(|figure| FigureOut {
        key: figure.key,
        label: Words::fixed(figure.label.0, figure.label.1),
        weight: figure.weight,
        lacks: figure.lacks.map(|(zh, en)| Words::fixed(zh, en)),
    });
    Ok(MonthFigures {
        month: month.to_string(),
        running,
        figures: figures.collect(),
        total: GridRates::of(None, &total),
        grids: grids
            .map(|(grid, sums)| GridRates::of(grid, &sums))
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the assessment's own rules.
    #[test]
    fn a_score_is_the_weighted_sum_of_unrounded_rates_and_few_samples_spread_their_weight() {
        let example = [
            (34, 37),
            (19, 20),
            (108, 116),
            (32, 34),
            (9, 12),
            (46, 50),
            (171, 180),
        ];
        let rates = GridRates::of(None, &example);
        assert_eq!(format!("{:.2}", rates.score.unwrap()), "90.40");
        let mut few = example;
        few[4] = (1, 9);
        few[5] = (0, 0);
        let spread = GridRates::of(None, &few);
        // (25·34/37 + 10·19/20 + 15·108/116 + 10·32/34 + 10·171/180) ÷ 70
        assert_eq!(format!("{:.2}", spread.score.unwrap()), "93.36");
        assert_eq!(GridRates::of(None, &Sums::default()).score, None);
        let weights: u32 = FIGURES.iter().map(|figure| figure.weight).sum();
        assert_eq!(weights, 100);
    }
}
