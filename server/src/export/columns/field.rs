//! Inspectors, phones, the trace.

use crate::{
    devices::roster::{DeviceOut, Inspector},
    export::cell::{Cell, Column, column, maybe, maybe_time, number, text, time},
    identity::audit::Entry,
};

/// Inspectors.
pub const INSPECTORS: &[Column<Inspector>] = &[
    column(("工号", "Staff number"), |row, _| text(&row.code)),
    column(("姓名", "Name"), |row, _| text(&row.name)),
    column(("状态", "State"), |row, names| {
        names.one_of(
            &row.state,
            &[
                ("active", "在岗", "Active"),
                ("inactive", "停用", "Inactive"),
            ],
        )
    }),
    column(("网格", "Grids"), |row, _| {
        let own = row.grids.iter().filter(|duty| duty.until_ms.is_none());
        let codes: Vec<&str> = own.map(|duty| duty.grid.as_str()).collect();
        text(&codes.join(" "))
    }),
    column(("代班", "Covers"), |row, _| {
        let covers = row.grids.iter().filter(|duty| duty.until_ms.is_some());
        let codes: Vec<&str> = covers.map(|duty| duty.grid.as_str()).collect();
        text(&codes.join(" "))
    }),
    column(("手机", "Phones"), |row, _| number(row.devices)),
];

/// Phones.
pub const DEVICES: &[Column<DeviceOut>] = &[
    column(("手机", "Phone"), |row, _| text(&row.id)),
    column(("信息员", "Officer"), |row, _| text(&row.name)),
    column(("网格", "Grids"), |row, _| text(&row.grids.join(" "))),
    column(("启用", "Enrolled"), |row, _| time(row.enrolled_ms)),
    column(("确认", "Confirmed"), |row, _| {
        maybe_time(row.confirmed_ms)
    }),
    column(("停用", "Revoked"), |row, _| maybe_time(row.revoked_ms)),
    column(("证书到期", "Certificate ends"), |row, _| {
        time(row.expires_ms)
    }),
    column(("上次同步", "Last sync"), |row, _| {
        maybe_time(row.last_seen_ms)
    }),
    column(("版本", "Version"), |row, _| maybe(row.app.as_ref())),
    column(("待上传", "To be sent"), |row, _| {
        row.pending.map_or(Cell::Empty, number)
    }),
    column(("待传照片", "Photos to be sent"), |row, _| {
        row.attachments.map_or(Cell::Empty, number)
    }),
    column(("占用字节", "Bytes stored"), |row, _| {
        row.store_bytes.map_or(Cell::Empty, number)
    }),
];

/// The trace.
pub const TRACE: &[Column<Entry>] = &[
    column(("编号", "Number"), |row, _| number(row.id)),
    column(("时间", "Time"), |row, _| time(row.time_ms)),
    column(("人员", "Who"), |row, _| text(&row.who)),
    column(("动作", "Act"), |row, _| text(&row.act)),
    column(("对象", "Object"), |row, _| text(&row.object)),
    column(("理由", "Reason"), |row, _| text(&row.reason)),
];
