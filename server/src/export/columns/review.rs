//! Records, and what waits for a supervisor.

use crate::{
    export::cell::{Cell, Column, Names, column, maybe, number, text, time},
    records::{
        ShopFacts,
        duplicates::{Pair, Why},
        query::RecordRow,
    },
    review::{held::HeldOut, queue::ConflictOut},
};

fn of_shop(row: &RecordRow, cell: impl Fn(&ShopFacts) -> Cell) -> Cell {
    row.shop.as_ref().map_or(Cell::Empty, cell)
}

/// Records of one kind.
pub const RECORDS: &[Column<RecordRow>] = &[
    column(("类别", "Kind"), |row, names| names.kind(&row.kind)),
    column(("名称", "Title"), |row, names| names.title(&row.title)),
    column(("门牌", "Door"), |row, _| {
        of_shop(row, |shop| maybe(shop.door.as_ref()))
    }),
    column(("铺位", "Unit"), |row, _| {
        of_shop(row, |shop| maybe(shop.unit.as_ref()))
    }),
    column(("业态", "Business type"), |row, names| {
        of_shop(row, |shop| names.coded(shop.business_type.as_ref()))
    }),
    column(("营业状态", "State"), |row, names| {
        of_shop(row, |shop| names.coded(shop.operating_state.as_ref()))
    }),
    column(("网格", "Grid"), |row, _| text(&row.grid)),
    column(("住人", "Residents"), |row, _| {
        of_shop(row, |shop| shop.residents.map_or(Cell::Empty, number))
    }),
    column(("上次巡查", "Last visit"), |row, _| {
        of_shop(row, |shop| {
            let visit = shop.last_visit.as_ref();
            visit.map_or(Cell::Empty, |visit| time(visit.time_ms))
        })
    }),
    column(("巡查结果", "Outcome"), |row, names| {
        of_shop(row, |shop| {
            names.coded(shop.last_visit.as_ref().map(|visit| &visit.outcome))
        })
    }),
    column(("待裁定", "Conflicts"), |row, _| number(row.conflicts)),
    column(("更新", "Last change"), |row, _| time(row.touched_ms)),
];

/// Conflicts.
pub const CONFLICTS: &[Column<ConflictOut>] = &[
    column(("状态", "State"), |row, names| {
        names.one_of(
            &row.state,
            &[
                ("open", "待裁定", "Open"),
                ("contested", "与裁定不符", "Against a decision"),
                ("settled", "现场已选定", "Settled in the field"),
            ],
        )
    }),
    column(("类别", "Kind"), |row, names| names.kind(&row.kind)),
    column(("名称", "Title"), |row, names| names.title(&row.title)),
    column(("网格", "Grid"), |row, _| text(&row.grid)),
    column(("项", "Field"), |row, names| {
        text(&names.words(&row.field.label))
    }),
    column(("各值", "Values"), |row, names| {
        let values = row
            .field
            .values
            .iter()
            .map(|value| value_words(value.label.as_ref(), &value.value, names));
        text(&values.collect::<Vec<_>>().join(" | "))
    }),
    column(("起始", "Since"), |row, _| time(row.since_ms)),
];

/// Held or refused changes.
pub const HELD: &[Column<HeldOut>] = &[
    column(("编号", "Number"), |row, _| number(row.id)),
    column(("信息员", "Officer"), |row, _| {
        maybe(row.inspector.as_ref())
    }),
    column(("类别", "Kind"), |row, names| {
        row.kind
            .as_ref()
            .map_or(Cell::Empty, |kind| names.kind(kind))
    }),
    column(("名称", "Title"), |row, names| names.title(&row.title)),
    column(("网格", "Grid"), |row, _| maybe(row.grid.as_ref())),
    column(("原因", "Reason"), |row, names| {
        text(&names.words(&row.reason))
    }),
    column(("内容", "Values"), |row, names| {
        let values = row.values.iter().map(|value| {
            let words = value_words(value.value_label.as_ref(), &value.value, names);
            format!("{}: {words}", names.words(&value.label))
        });
        text(&values.collect::<Vec<_>>().join(" | "))
    }),
    column(("起始", "Since"), |row, _| time(row.since_ms)),
];

fn value_words(
    label: Option<&crate::records::values::Words>,
    value: &serde_json::Value,
    names: &Names<'_>,
) -> String {
    match (label, value) {
        (Some(label), _) => names.words(label),
        (None, serde_json::Value::String(text)) => text.clone(),
        (None, serde_json::Value::Null) => "—".to_owned(),
        (None, other) => other.to_string(),
    }
}

/// Pairs of shops that may be one.
pub const PAIRS: &[Column<Pair>] = &[
    column(("原因", "Reason"), |row, names| {
        names.one_of(
            row.why.as_str(),
            &[
                (
                    Why::CreditCode.as_str(),
                    "统一社会信用代码相同",
                    "Same credit code",
                ),
                (
                    Why::DoorAndName.as_str(),
                    "同一门牌、名称相近",
                    "Same door, similar names",
                ),
            ],
        )
    }),
    column(("甲", "One"), |row, names| names.title(&row.one.title)),
    column(("甲门牌", "Door of one"), |row, _| {
        of_shop(&row.one, |shop| maybe(shop.door.as_ref()))
    }),
    column(("乙", "Other"), |row, names| names.title(&row.other.title)),
    column(("乙门牌", "Door of other"), |row, _| {
        of_shop(&row.other, |shop| maybe(shop.door.as_ref()))
    }),
    column(("网格", "Grid"), |row, _| text(&row.one.grid)),
];
