//! Records, and what waits for a supervisor.

use crate::{
    export::cell::{Cell, Column, Names, maybe, number, text, time},
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
    Column {
        head: ("类别", "Kind"),
        cell: |row, names| names.kind(&row.kind),
    },
    Column {
        head: ("名称", "Title"),
        cell: |row, names| names.title(&row.title),
    },
    Column {
        head: ("门牌", "Door"),
        cell: |row, _| of_shop(row, |shop| maybe(shop.door.as_ref())),
    },
    Column {
        head: ("铺位", "Unit"),
        cell: |row, _| of_shop(row, |shop| maybe(shop.unit.as_ref())),
    },
    Column {
        head: ("业态", "Business type"),
        cell: |row, names| of_shop(row, |shop| names.coded(shop.business_type.as_ref())),
    },
    Column {
        head: ("营业状态", "State"),
        cell: |row, names| of_shop(row, |shop| names.coded(shop.operating_state.as_ref())),
    },
    Column {
        head: ("网格", "Grid"),
        cell: |row, _| text(&row.grid),
    },
    Column {
        head: ("住人", "Residents"),
        cell: |row, _| of_shop(row, |shop| shop.residents.map_or(Cell::Empty, number)),
    },
    Column {
        head: ("上次巡查", "Last visit"),
        cell: |row, _| {
            of_shop(row, |shop| {
                let visit = shop.last_visit.as_ref();
                visit.map_or(Cell::Empty, |visit| time(visit.time_ms))
            })
        },
    },
    Column {
        head: ("巡查结果", "Outcome"),
        cell: |row, names| {
            of_shop(row, |shop| {
                names.coded(shop.last_visit.as_ref().map(|visit| &visit.outcome))
            })
        },
    },
    Column {
        head: ("待裁定", "Conflicts"),
        cell: |row, _| number(row.conflicts),
    },
    Column {
        head: ("更新", "Last change"),
        cell: |row, _| time(row.touched_ms),
    },
];

/// Conflicts.
pub const CONFLICTS: &[Column<ConflictOut>] = &[
    Column {
        head: ("状态", "State"),
        cell: |row, names| {
            names.one_of(
                &row.state,
                &[
                    ("open", "待裁定", "Open"),
                    ("contested", "与裁定不符", "Against a decision"),
                    ("settled", "现场已选定", "Settled in the field"),
                ],
            )
        },
    },
    Column {
        head: ("类别", "Kind"),
        cell: |row, names| names.kind(&row.kind),
    },
    Column {
        head: ("名称", "Title"),
        cell: |row, names| names.title(&row.title),
    },
    Column {
        head: ("网格", "Grid"),
        cell: |row, _| text(&row.grid),
    },
    Column {
        head: ("项", "Field"),
        cell: |row, names| text(&names.words(&row.field.label)),
    },
    Column {
        head: ("各值", "Values"),
        cell: |row, names| {
            let values = row
                .field
                .values
                .iter()
                .map(|value| value_words(value.label.as_ref(), &value.value, names));
            text(&values.collect::<Vec<_>>().join(" | "))
        },
    },
    Column {
        head: ("起始", "Since"),
        cell: |row, _| time(row.since_ms),
    },
];

/// Held or refused changes.
pub const HELD: &[Column<HeldOut>] = &[
    Column {
        head: ("编号", "Number"),
        cell: |row, _| number(row.id),
    },
    Column {
        head: ("信息员", "Officer"),
        cell: |row, _| maybe(row.inspector.as_ref()),
    },
    Column {
        head: ("类别", "Kind"),
        cell: |row, names| {
            row.kind
                .as_ref()
                .map_or(Cell::Empty, |kind| names.kind(kind))
        },
    },
    Column {
        head: ("名称", "Title"),
        cell: |row, names| names.title(&row.title),
    },
    Column {
        head: ("网格", "Grid"),
        cell: |row, _| maybe(row.grid.as_ref()),
    },
    Column {
        head: ("原因", "Reason"),
        cell: |row, names| text(&names.words(&row.reason)),
    },
    Column {
        head: ("内容", "Values"),
        cell: |row, names| {
            let values = row.values.iter().map(|value| {
                let words = value_words(value.value_label.as_ref(), &value.value, names);
                format!("{}: {words}", names.words(&value.label))
            });
            text(&values.collect::<Vec<_>>().join(" | "))
        },
    },
    Column {
        head: ("起始", "Since"),
        cell: |row, _| time(row.since_ms),
    },
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
    Column {
        head: ("原因", "Reason"),
        cell: |row, names| {
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
        },
    },
    Column {
        head: ("甲", "One"),
        cell: |row, names| names.title(&row.one.title),
    },
    Column {
        head: ("甲门牌", "Door of one"),
        cell: |row, _| of_shop(&row.one, |shop| maybe(shop.door.as_ref())),
    },
    Column {
        head: ("乙", "Other"),
        cell: |row, names| names.title(&row.other.title),
    },
    Column {
        head: ("乙门牌", "Door of other"),
        cell: |row, _| of_shop(&row.other, |shop| maybe(shop.door.as_ref())),
    },
    Column {
        head: ("网格", "Grid"),
        cell: |row, _| text(&row.one.grid),
    },
];
