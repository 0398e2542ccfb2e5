//! The assessment by grid, and daily ledgers.

use super::office::{MARKS, STATES};
use crate::{
    checks::Rate,
    export::{
        Table,
        cell::{Cell, Column, Names, keyed, maybe, number, text, time},
    },
    figures::{Entry, GridRates, MonthFigures, Step},
};

/// Steps of cases.
pub const STEPS: &[Column<Step>] = &[
    keyed("time", ("时间", "When"), |row, _| time(row.time_ms)),
    keyed("number", ("案号", "Number"), |row, _| {
        maybe(row.number.as_ref())
    }),
    keyed("class", ("小类", "Class"), |row, names| {
        names.class(&row.class)
    }),
    keyed("grid", ("网格", "Grid"), |row, _| text(&row.grid)),
    keyed("what", ("步骤", "Step"), |row, names| {
        names.one_of(&row.step, TAKEN)
    }),
    keyed("state", ("状态", "State"), |row, names| {
        names.one_of(&row.to, STATES)
    }),
    keyed("by", ("经办", "By"), |row, _| maybe(row.by.as_ref())),
    keyed("office", ("部门", "Office"), |row, names| {
        office(row.office.as_ref(), names)
    }),
    keyed("to_office", ("交由", "To"), |row, names| {
        office(row.to_office.as_ref(), names)
    }),
    keyed("reason", ("理由", "Reason"), |row, _| text(&row.reason)),
];

/// Steps as docs/CASES.md calls them.
const TAKEN: &[(&str, &str, &str)] = &[
    ("open", "登记", "Opened"),
    ("accept", "受理", "Accepted"),
    ("assign", "派遣", "Assigned"),
    ("handle", "处置", "Handled"),
    ("reach", "节点", "Milestone"),
    ("report", "反馈", "Reported back"),
    ("verify_pass", "核查通过", "Verified"),
    ("verify_fail", "核查不通过", "Not verified"),
    ("close", "结案", "Closed"),
    ("guide", "引导", "Guided"),
    ("adjust", "调整", "Adjusted"),
    ("settle", "明确", "Settled"),
    ("return", "回退", "Returned"),
    ("void", "作废", "Void"),
    ("join", "并案", "Joined"),
    ("joined_by", "并入", "Joined by another"),
    ("request_extension", "申请延期", "Extension asked for"),
    ("grant_extension", "同意延期", "Extension granted"),
    ("decline_extension", "不同意延期", "Extension declined"),
    ("request_postponement", "申请缓办", "Postponement asked for"),
    ("grant_postponement", "同意缓办", "Postponed"),
    (
        "decline_postponement",
        "不同意缓办",
        "Postponement declined",
    ),
    ("resume", "恢复办理", "Resumed"),
    ("gather", "联合检查", "Gathered"),
    ("opinion", "检查意见", "Opinion"),
    ("licence", "协助办证", "Help with a licence"),
];

fn office(name: Option<&String>, names: &Names<'_>) -> Cell {
    name.map_or(Cell::Empty, |name| names.office(name))
}

/// What an office did with items.
pub const ENTRIES: &[Column<Entry>] = &[
    keyed("time", ("时间", "When"), |row, _| time(row.time_ms)),
    keyed("item", ("事项", "Item"), |row, _| number(row.item)),
    keyed("kind", ("类别", "Kind"), |row, names| {
        names.kind(&row.kind)
    }),
    keyed("grid", ("网格", "Grid"), |row, _| text(&row.grid)),
    keyed("what", ("标记", "Mark"), |row, names| {
        names.one_of(&row.mark, MARKS)
    }),
    keyed("by", ("经办", "By"), |row, _| text(&row.by)),
    keyed("roster", ("名册", "Roster"), |row, _| {
        row.roster.map_or(Cell::Empty, number)
    }),
    keyed("reason", ("理由", "Reason"), |row, _| text(&row.reason)),
];

/// The figures of a month: a row for each grid, all of them together last.
pub fn figures(names: &Names<'_>, made: &MonthFigures) -> Table {
    let mut heads = vec![names.head(("网格", "Grid"))];
    for figure in &made.figures {
        let label = names.words(&figure.label);
        heads.push(label.clone());
        heads.push(format!("{label} n"));
        heads.push(format!(
            "{label} {}",
            names.head(("95% 区间", "95% interval"))
        ));
    }
    heads.push(names.head(("得分", "Score")));
    let rows = made.grids.iter().chain([&made.total]);
    Table {
        heads,
        rows: rows.map(|row| cells(names, row)).collect(),
    }
}

fn cells(names: &Names<'_>, row: &GridRates) -> Vec<Cell> {
    let grid = row.grid.clone();
    let mut cells = vec![text(&grid.unwrap_or_else(|| names.head(("合计", "All"))))];
    for rate in &row.rates {
        cells.extend(rated(names, rate));
    }
    cells.push(
        row.score
            .map_or(Cell::Empty, |score| text(&format!("{score:.2}"))),
    );
    cells
}

fn rated(names: &Names<'_>, rate: &Rate) -> [Cell; 3] {
    let percent = |share: f64| format!("{:.1}%", share * 100.0);
    let value = match rate.rate {
        Some(value) if rate.enough => text(&percent(value)),
        Some(_) => text(&names.head(("样本不足", "Too few samples"))),
        None => Cell::Empty,
    };
    let ends = rate.low.zip(rate.high).filter(|_| rate.enough);
    let interval = ends.map_or(Cell::Empty, |(low, high)| {
        text(&format!("{}–{}", percent(low), percent(high)))
    });
    [value, number(rate.n), interval]
}
