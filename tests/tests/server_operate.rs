//! The real program as an operator and a phone in trouble meet it: commands beside it, full disks
//! and queues, figures, an orderly stop.
#![cfg(test)]

mod common;
mod field;

#[path = "operate_suite/ops.rs"]
mod ops;
#[path = "operate_suite/retry.rs"]
mod retry;
#[path = "operate_suite/uploads.rs"]
mod uploads;
#[path = "operate_suite/watch.rs"]
mod watch;
