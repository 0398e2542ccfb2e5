//! Items and cases.

use crate::{
    cases::{CaseSummary, DueState, Item, Subject},
    export::cell::{Cell, Column, column, maybe, maybe_time, number, text, time},
};

/// Where items and cases stand.
pub(super) const STATES: &[(&str, &str, &str)] = &[
    ("open", "待办", "Open"),
    ("back", "退回补采", "Sent back"),
    ("done", "已办", "Done"),
    ("pending", "待立案", "Waiting to be filed"),
    ("filed", "已立案", "Filed"),
    ("assigned", "已派遣", "Assigned"),
    ("handling", "处置中", "Handling"),
    ("reported", "已反馈", "Reported"),
    ("verified", "核查通过", "Verified"),
    ("guided", "引导", "Guided"),
    ("adjusted", "调整", "Adjusted"),
    ("settled", "明确", "Settled"),
    ("returned", "已回退", "Returned"),
    ("extension_requested", "延期申请中", "Extension asked"),
    ("postponement_requested", "缓办申请中", "Postponement asked"),
    ("postponed", "缓办", "Postponed"),
    ("closed", "已结案", "Closed"),
    ("void", "已作废", "Void"),
    ("joined", "已并案", "Joined"),
];

pub(super) const MARKS: &[(&str, &str, &str)] = &[
    ("entered", "已录入", "Entered"),
    ("existing", "已存在", "Existing"),
    ("back", "退回补采", "Sent back"),
    ("done", "已办", "Done"),
    ("void", "作废", "Void"),
    ("filed", "已立案", "Filed"),
];

/// What rows of items and of cases both say.
trait OfficeRow: Sized + 'static {
    fn due_ms(&self) -> Option<i64>;
    fn due_state(&self) -> DueState;
    fn severity(&self) -> Option<&String>;
    fn about(&self) -> &Subject;
    fn grid(&self) -> &str;
}

macro_rules! office_row {
    ($($row:ty),*) => {
        $(impl OfficeRow for $row {
            fn due_ms(&self) -> Option<i64> {
                self.due_ms
            }
            fn due_state(&self) -> DueState {
                self.due_state
            }
            fn severity(&self) -> Option<&String> {
                self.severity.as_ref()
            }
            fn about(&self) -> &Subject {
                &self.about
            }
            fn grid(&self) -> &str {
                &self.grid
            }
        })*
    };
}

office_row!(Item, CaseSummary);

const CLOCKS: &[(&str, &str, &str)] = &[
    ("none", "", ""),
    ("running", "计时中", "Running"),
    ("paused", "已暂停", "Paused"),
    ("unknown", "缺日历", "No calendar"),
];

const fn due<R: OfficeRow>() -> Column<R> {
    column(("期限", "Due"), |row, _| maybe_time(row.due_ms()))
}

const fn clock<R: OfficeRow>() -> Column<R> {
    column(("计时", "Clock"), |row, names| {
        names.one_of(row.due_state().as_str(), CLOCKS)
    })
}

const fn severity<R: OfficeRow>() -> Column<R> {
    column(("等级", "Severity"), |row, names| match row.severity() {
        Some(severity) => names.code("severity", severity),
        None => Cell::Empty,
    })
}

const fn shop<R: OfficeRow>() -> Column<R> {
    column(("店招", "Shop"), |row, _| {
        maybe(row.about().shop.as_ref())
    })
}

const fn door<R: OfficeRow>() -> Column<R> {
    column(("门牌", "Door"), |row, _| {
        maybe(row.about().door.as_ref())
    })
}

const fn grid<R: OfficeRow>() -> Column<R> {
    column(("网格", "Grid"), |row, _| text(row.grid()))
}

/// An office's items.
pub const ITEMS: &[Column<Item>] = &[
    column(("编号", "Number"), |row, _| number(row.id)),
    due(),
    clock(),
    column(("事项", "Matter"), |row, names| names.class(&row.rule)),
    column(("类别", "Kind"), |row, names| names.kind(&row.kind)),
    column(("小类", "Class"), |row, names| match &row.class {
        Some(class) => names.class(class),
        None => Cell::Empty,
    }),
    severity(),
    column(("对象", "About"), |row, names| {
        names.title(&row.about.title)
    }),
    shop(),
    door(),
    grid(),
    column(("到达", "Came in"), |row, _| time(row.created_ms)),
    column(("状态", "State"), |row, names| {
        names.one_of(&row.state, STATES)
    }),
    column(("办理", "Mark"), |row, names| match &row.mark {
        Some(mark) => names.one_of(mark, MARKS),
        None => Cell::Empty,
    }),
    column(("月份", "Month"), |row, _| maybe(row.month.as_ref())),
    column(("补报", "Supplement"), |row, names| {
        names.yes(row.supplement)
    }),
];

/// Cases. Who reported them is not in lists.
pub const CASES: &[Column<CaseSummary>] = &[
    column(("案号", "Number"), |row, _| maybe(row.number.as_ref())),
    due(),
    clock(),
    column(("超期", "Overdue"), |row, names| names.yes(row.overdue)),
    column(("小类", "Class"), |row, names| names.class(&row.class)),
    severity(),
    shop(),
    door(),
    grid(),
    column(("来源", "Source"), |row, names| {
        names.code("finding-source", &row.source)
    }),
    column(("状态", "State"), |row, names| {
        names.one_of(row.state.as_str(), STATES)
    }),
    column(("承办", "Office"), |row, names| names.office(&row.office)),
    column(("经办", "Handler"), |row, _| maybe(row.handler.as_ref())),
    column(("受理", "Received"), |row, _| time(row.received_ms)),
    column(("立案", "Filed"), |row, _| maybe_time(row.filed_ms)),
    column(("派遣", "Assigned"), |row, _| maybe_time(row.assigned_ms)),
    column(("结案", "Closed"), |row, _| maybe_time(row.closed_ms)),
    column(("回退次数", "Returns"), |row, _| number(row.returns)),
    column(("返工次数", "Reworks"), |row, _| number(row.reworks)),
];
