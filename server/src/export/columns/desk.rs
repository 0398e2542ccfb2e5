//! Accounts, grids, spot checks, registration lists, versions of the schemas.

use crate::{
    checks::{Batch, DoorRow, FrameRow},
    export::cell::{Cell, Column, Names, column, maybe, maybe_time, number, text, time},
    grids::GridOut,
    identity::accounts::Account,
    registration::{ListOut, RowOut},
    versions::VersionOut,
};

fn coded(list: &str, code: Option<&String>, names: &Names<'_>) -> Cell {
    code.map_or(Cell::Empty, |code| names.code(list, code))
}

const ROLES: &[(&str, &str, &str)] = &[
    ("supervisor", "主管", "Supervisor"),
    ("office_clerk", "部门经办", "Office clerk"),
    ("office_head", "部门负责人", "Office head"),
    ("administrator", "管理员", "Administrator"),
    ("auditor", "审计", "Auditor"),
];

/// Accounts.
pub const ACCOUNTS: &[Column<Account>] = &[
    column(("登录名", "Login"), |row, _| text(&row.principal.login)),
    column(("姓名", "Name"), |row, _| text(&row.principal.name)),
    column(("角色", "Role"), |row, names| {
        names.one_of(row.principal.role.as_str(), ROLES)
    }),
    column(("部门", "Office"), |row, names| {
        let office = row.principal.office.as_ref();
        office.map_or(Cell::Empty, |office| names.office(office))
    }),
    column(("区域", "Areas"), |row, _| {
        text(&row.principal.areas.join(" "))
    }),
    column(("停用", "Disabled"), |row, names| names.yes(!row.active)),
    column(("双重验证", "Second factor"), |row, names| {
        names.yes(row.second_factor)
    }),
    column(("待改密码", "Password to change"), |row, names| {
        names.yes(row.must_change)
    }),
    column(("开通", "Made"), |row, _| time(row.created_ms)),
];

/// Grids.
pub const GRIDS: &[Column<GridOut>] = &[
    column(("网格", "Grid"), |row, _| text(&row.grid)),
    column(("名称", "Name"), |row, names| {
        let label = row.label.as_ref();
        label.map_or(Cell::Empty, |label| text(&names.words(label)))
    }),
    column(("商铺", "Shops"), |row, _| number(row.shops)),
    column(("待裁定", "With conflicts"), |row, _| {
        number(row.conflicted)
    }),
    column(("信息员", "Officers"), |row, _| number(row.inspectors)),
    column(("边界", "Outline"), |row, names| {
        names.yes(row.outline.is_some())
    }),
];

const BATCH_STATES: &[(&str, &str, &str)] = &[
    ("committed", "已承诺种子", "Seed committed"),
    ("listed", "已有名单", "Listed"),
    ("drawn", "已抽取", "Drawn"),
    ("locked", "已锁定", "Locked"),
];

/// Batches of spot checks.
pub const BATCHES: &[Column<Batch>] = &[
    column(("批次", "Batch"), |row, _| text(&row.label)),
    column(("区域", "Area"), |row, _| text(&row.area)),
    column(("方式", "Method"), |row, names| {
        names.code("check-method", &row.method)
    }),
    column(("状态", "State"), |row, names| {
        names.one_of(&row.state, BATCH_STATES)
    }),
    column(("期限", "Due"), |row, _| time(row.due_ms)),
    column(("名单", "Listed"), |row, _| number(row.listed)),
    column(("抽取", "Drawn"), |row, _| number(row.drawn)),
    column(("无人可派", "Unassigned"), |row, _| {
        number(row.unassigned)
    }),
    column(("待判", "To be judged"), |row, _| number(row.answered)),
    column(("已判", "Judged"), |row, _| number(row.judged)),
    column(("申诉", "Appeals"), |row, _| number(row.appealed)),
    column(("种子哈希", "Hash of the seed"), |row, _| {
        text(&row.commitment)
    }),
    column(("种子", "Seed"), |row, _| maybe(row.seed.as_ref())),
];

const DOOR_STATES: &[(&str, &str, &str)] = &[
    ("drawn", "待抽查", "Drawn"),
    ("answered", "待判定", "Answered"),
    ("judged", "已判定", "Judged"),
    ("appealed", "申诉中", "Appealed"),
    ("decided", "已裁定", "Decided"),
];

/// Doors of a spot check.
pub const DOORS: &[Column<DoorRow>] = &[
    column(("序号", "Place"), |row, _| number(row.door)),
    column(("网格", "Grid"), |row, _| text(&row.grid)),
    column(("门牌", "Door"), |row, _| text(&row.text)),
    column(("抽查人", "Checker"), |row, _| {
        maybe(row.checker_name.as_ref())
    }),
    column(("状态", "State"), |row, names| {
        names.one_of(&row.state, DOOR_STATES)
    }),
    column(("抽查", "Looked at"), |row, _| {
        maybe_time(row.answered_ms)
    }),
    column(("不同项", "Differs"), |row, _| {
        text(&row.differs.join(" "))
    }),
    column(("判定", "Judgement"), |row, names| {
        coded("judgement", row.judgement.as_ref(), names)
    }),
    column(("错项", "Wrong"), |row, _| text(&row.fields.join(" "))),
    column(("判定人", "Judge"), |row, _| maybe(row.judge.as_ref())),
    column(("申诉截止", "Appeal until"), |row, _| {
        maybe_time(row.appeal_until_ms)
    }),
];

/// The list that a spot check draws from.
pub const FRAME: &[Column<FrameRow>] = &[
    column(("序号", "Place"), |row, _| number(row.door)),
    column(("网格", "Grid"), |row, _| text(&row.grid)),
    column(("门牌", "Door"), |row, _| text(&row.door_no)),
    column(("铺位", "Unit"), |row, _| text(&row.unit)),
    column(("抽中顺序", "Drawn as"), |row, _| {
        row.rank.map_or(Cell::Empty, |rank| number(rank + 1))
    }),
];

/// Registration lists.
pub const REGISTRATIONS: &[Column<ListOut>] = &[
    column(("名单", "List"), |row, _| text(&row.name)),
    column(("区域", "Area"), |row, _| text(&row.area)),
    column(("导入人", "By"), |row, _| text(&row.by)),
    column(("导入", "Imported"), |row, _| time(row.created_ms)),
    column(("一致", "Equal"), |row, _| number(row.equal)),
    column(("不同", "Differs"), |row, _| number(row.differs)),
    column(("本库没有", "Unknown"), |row, _| number(row.unknown)),
    column(("名单没有", "Missing"), |row, _| number(row.missing)),
    column(("待处理", "Open"), |row, _| number(row.open)),
    column(("已清除", "Erased"), |row, _| maybe_time(row.erased_ms)),
];

/// Rows of a registration list.
pub const REGISTRATION_ROWS: &[Column<RowOut>] = &[
    column(("序号", "Row"), |row, _| number(row.row)),
    column(("比对", "Compared"), |row, names| {
        names.one_of(
            &row.status,
            &[
                ("equal", "一致", "Equal"),
                ("differs", "不同", "Differs"),
                ("unknown", "本库没有", "Unknown"),
                ("missing", "名单没有", "Missing"),
            ],
        )
    }),
    column(("统一社会信用代码", "Credit code"), |row, _| {
        maybe(row.entry.as_ref().map(|entry| &entry.code))
    }),
    column(("名单名称", "Name in the list"), |row, _| {
        maybe(row.entry.as_ref().map(|entry| &entry.name))
    }),
    column(("本库名称", "Our name"), |row, _| {
        maybe(row.our_name.as_ref())
    }),
    column(("店招", "Shop"), |row, _| {
        maybe(row.shop.as_ref().and_then(|shop| shop.sign_name.as_ref()))
    }),
    column(("门牌", "Door"), |row, _| {
        maybe(row.shop.as_ref().and_then(|shop| shop.door_no.as_ref()))
    }),
    column(("网格", "Grid"), |row, _| {
        row.shop
            .as_ref()
            .map_or(Cell::Empty, |shop| text(&shop.grid))
    }),
    column(("处理", "Mark"), |row, names| {
        names.one_of(
            &row.mark,
            &[
                ("open", "待处理", "Open"),
                ("done", "已处理", "Done"),
                ("ignored", "不处理", "Ignored"),
            ],
        )
    }),
    column(("处理人", "By"), |row, _| maybe(row.marked_by.as_ref())),
    column(("理由", "Why"), |row, _| maybe(row.marked_why.as_ref())),
    column(("时间", "When"), |row, _| maybe_time(row.marked_ms)),
];

/// Versions of the schemas.
pub const VERSIONS: &[Column<VersionOut>] = &[
    column(("版本", "Version"), |row, _| number(row.version)),
    column(("状态", "State"), |row, names| {
        names.one_of(
            &row.state,
            &[
                ("draft", "试用", "Draft"),
                ("published", "已发布", "Published"),
                ("withdrawn", "已撤回", "Withdrawn"),
            ],
        )
    }),
    column(("在用", "In force"), |row, names| names.yes(row.in_force)),
    column(("上传人", "By"), |row, _| maybe(row.by.as_ref())),
    column(("上传", "Uploaded"), |row, _| maybe_time(row.created_ms)),
    column(("发布人", "Published by"), |row, _| {
        maybe(row.published_by.as_ref())
    }),
    column(("发布", "Published"), |row, _| {
        maybe_time(row.published_ms)
    }),
];
