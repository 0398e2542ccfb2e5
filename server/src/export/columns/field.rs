//! Inspectors, phones, the trace.

use crate::{
    devices::roster::{DeviceOut, Inspector},
    export::cell::{Cell, Column, maybe, maybe_time, number, text, time},
    identity::audit::Entry,
};

/// Inspectors.
pub const INSPECTORS: &[Column<Inspector>] = &[
    Column {
        head: ("工号", "Staff number"),
        cell: |row, _| text(&row.code),
    },
    Column {
        head: ("姓名", "Name"),
        cell: |row, _| text(&row.name),
    },
    Column {
        head: ("状态", "State"),
        cell: |row, names| {
            names.one_of(
                &row.state,
                &[
                    ("active", "在岗", "Active"),
                    ("inactive", "停用", "Inactive"),
                ],
            )
        },
    },
    Column {
        head: ("网格", "Grids"),
        cell: |row, _| {
            let own = row.grids.iter().filter(|duty| duty.until_ms.is_none());
            let codes: Vec<&str> = own.map(|duty| duty.grid.as_str()).collect();
            text(&codes.join(" "))
        },
    },
    Column {
        head: ("代班", "Covers"),
        cell: |row, _| {
            let covers = row.grids.iter().filter(|duty| duty.until_ms.is_some());
            let codes: Vec<&str> = covers.map(|duty| duty.grid.as_str()).collect();
            text(&codes.join(" "))
        },
    },
    Column {
        head: ("手机", "Phones"),
        cell: |row, _| number(row.devices),
    },
];

/// Phones.
pub const DEVICES: &[Column<DeviceOut>] = &[
    Column {
        head: ("手机", "Phone"),
        cell: |row, _| text(&row.id),
    },
    Column {
        head: ("信息员", "Officer"),
        cell: |row, _| text(&row.name),
    },
    Column {
        head: ("网格", "Grids"),
        cell: |row, _| text(&row.grids.join(" ")),
    },
    Column {
        head: ("启用", "Enrolled"),
        cell: |row, _| time(row.enrolled_ms),
    },
    Column {
        head: ("确认", "Confirmed"),
        cell: |row, _| maybe_time(row.confirmed_ms),
    },
    Column {
        head: ("停用", "Revoked"),
        cell: |row, _| maybe_time(row.revoked_ms),
    },
    Column {
        head: ("证书到期", "Certificate ends"),
        cell: |row, _| time(row.expires_ms),
    },
    Column {
        head: ("上次同步", "Last sync"),
        cell: |row, _| maybe_time(row.last_seen_ms),
    },
    Column {
        head: ("版本", "Version"),
        cell: |row, _| maybe(row.app.as_ref()),
    },
    Column {
        head: ("待上传", "To be sent"),
        cell: |row, _| row.pending.map_or(Cell::Empty, number),
    },
    Column {
        head: ("待传照片", "Photos to be sent"),
        cell: |row, _| row.attachments.map_or(Cell::Empty, number),
    },
    Column {
        head: ("占用字节", "Bytes stored"),
        cell: |row, _| row.store_bytes.map_or(Cell::Empty, number),
    },
];

/// The trace.
pub const TRACE: &[Column<Entry>] = &[
    Column {
        head: ("编号", "Number"),
        cell: |row, _| number(row.id),
    },
    Column {
        head: ("时间", "Time"),
        cell: |row, _| time(row.time_ms),
    },
    Column {
        head: ("人员", "Who"),
        cell: |row, _| text(&row.who),
    },
    Column {
        head: ("动作", "Act"),
        cell: |row, _| text(&row.act),
    },
    Column {
        head: ("对象", "Object"),
        cell: |row, _| text(&row.object),
    },
    Column {
        head: ("理由", "Reason"),
        cell: |row, _| text(&row.reason),
    },
];
