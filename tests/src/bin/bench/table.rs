//! Rows and how they are printed.

use std::fmt::{self, Write as _};

use crate::measure::{Samples, float};

/// A figure with its unit.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Figure {
    Seconds(f64),
    PerSecond(f64),
    Bytes(f64),
}

/// One line of the table.
pub(crate) struct Row {
    work: String,
    target: Option<Figure>,
    measured: Figure,
    /// What the target is held against: the 95th percentile of times, else the figure itself.
    judged: Figure,
    high: Option<(f64, f64)>,
    count: usize,
    baseline: Option<(String, Figure)>,
}

impl Row {
    /// A time: its median, and what 95 and 99 percent do not exceed.
    pub(crate) fn time(work: impl Into<String>, samples: &Samples) -> Self {
        Self {
            work: work.into(),
            target: None,
            measured: Figure::Seconds(samples.median()),
            judged: Figure::Seconds(samples.at(95)),
            high: Some((samples.at(95), samples.at(99))),
            count: samples.count(),
            baseline: None,
        }
    }

    /// So many things a second, from the median time of one.
    pub(crate) fn rate(work: impl Into<String>, samples: &Samples) -> Self {
        let figure = Figure::PerSecond(1.0 / samples.median());
        Self {
            measured: figure,
            judged: figure,
            high: None,
            ..Self::time(work, samples)
        }
    }

    /// A size.
    pub(crate) fn bytes(work: impl Into<String>, bytes: usize) -> Self {
        let figure = Figure::Bytes(float(bytes));
        Self {
            work: work.into(),
            target: None,
            measured: figure,
            judged: figure,
            high: None,
            count: 1,
            baseline: None,
        }
    }

    pub(crate) fn of(mut self, count: usize) -> Self {
        self.count = count;
        self
    }

    pub(crate) fn target(mut self, target: Figure) -> Self {
        self.target = Some(target);
        self
    }

    pub(crate) fn beside(mut self, name: &str, baseline: Figure) -> Self {
        self.baseline = Some((name.to_owned(), baseline));
        self
    }

    /// Beside the median time of something else.
    pub(crate) fn beside_time(self, name: &str, samples: &Samples) -> Self {
        self.beside(name, Figure::Seconds(samples.median()))
    }

    fn verdict(&self) -> &'static str {
        match self.target.map(|target| self.judged.meets(target)) {
            None => "",
            Some(true) => "MET",
            Some(false) => "MISSED",
        }
    }

    fn cells(&self) -> [String; 8] {
        let high = self.high.map_or_else(String::new, |(p95, p99)| {
            format!("{} / {}", Figure::Seconds(p95), Figure::Seconds(p99))
        });
        let target = self.target.map_or_else(String::new, |target| match target {
            Figure::PerSecond(_) => format!("≥ {target}"),
            Figure::Seconds(_) | Figure::Bytes(_) => format!("≤ {target}"),
        });
        let (baseline, ratio) = match &self.baseline {
            Some((name, figure)) => {
                let ratio = self.measured.number() / figure.number();
                (format!("{figure} {name}"), format!("{ratio:.2}"))
            }
            None => (String::new(), String::new()),
        };
        [
            self.work.clone(),
            target,
            self.measured.to_string(),
            high,
            self.count.to_string(),
            baseline,
            ratio,
            self.verdict().to_owned(),
        ]
    }
}

const HEADS: [&str; 8] = [
    "work",
    "target",
    "measured",
    "p95 / p99",
    "n",
    "baseline, same run",
    "ratio",
    "verdict",
];

/// The rows in columns.
pub(crate) fn aligned(rows: &[Row]) -> String {
    let lines: Vec<[String; 8]> = std::iter::once(HEADS.map(str::to_owned))
        .chain(rows.iter().map(Row::cells))
        .collect();
    let width = |column: usize| {
        let widths = lines
            .iter()
            .filter_map(|line| line.get(column))
            .map(|c| c.chars().count());
        widths.max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..HEADS.len()).map(width).collect();
    let mut out = String::new();
    for line in &lines {
        let mut text = String::new();
        for (cell, width) in line.iter().zip(&widths) {
            // Writing to memory cannot fail.
            let _ = write!(text, "{cell:<width$}  ");
        }
        let _ = writeln!(out, "{}", text.trim_end());
    }
    out
}

/// The rows as a table of Markdown.
pub(crate) fn markdown(rows: &[Row]) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "| {} |", HEADS.join(" | "));
    let _ = writeln!(out, "|{}", " --- |".repeat(HEADS.len()));
    for row in rows {
        let _ = writeln!(out, "| {} |", row.cells().join(" | "));
    }
    out
}

impl Figure {
    const fn number(self) -> f64 {
        match self {
            Self::Seconds(number) | Self::PerSecond(number) | Self::Bytes(number) => number,
        }
    }

    fn meets(self, target: Self) -> bool {
        match target {
            Self::PerSecond(least) => self.number() >= least,
            Self::Seconds(most) | Self::Bytes(most) => self.number() <= most,
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (number, units): (f64, [(f64, &str); 4]) = match self {
            Self::Seconds(s) => (*s, [(1e-9, "ns"), (1e-6, "µs"), (1e-3, "ms"), (1.0, "s")]),
            Self::PerSecond(n) => (*n, [(1.0, "/s"), (1e3, "k/s"), (1e6, "M/s"), (1e9, "G/s")]),
            Self::Bytes(n) => (*n, [(1.0, "B"), (1e3, "kB"), (1e6, "MB"), (1e9, "GB")]),
        };
        let fits = units.iter().rev().find(|(unit, _)| number >= *unit);
        let (unit, name) = fits.or(units.first()).copied().unwrap_or((1.0, ""));
        let scaled = number / unit;
        let digits = if scaled >= 100.0 || (scaled.fract() == 0.0) {
            0
        } else if scaled >= 10.0 {
            1
        } else {
            2
        };
        write!(f, "{scaled:.digits$} {name}")
    }
}
