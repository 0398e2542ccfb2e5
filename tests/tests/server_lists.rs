//! The console's lists over HTTP: what rows say, filters, sort keys, pages, totals, exports.
#![cfg(test)]

mod console;

#[path = "lists_suite/doors.rs"]
mod doors;
#[path = "lists_suite/exports.rs"]
mod exports;
#[path = "lists_suite/figures.rs"]
mod figures;
#[path = "lists_suite/narrow.rs"]
mod narrow;
#[path = "lists_suite/pages.rs"]
mod pages;
#[path = "lists_suite/rows.rs"]
mod rows;
