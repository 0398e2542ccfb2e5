//! Cases over HTTP: every step by everybody, due times, and the days that must work.
#![cfg(test)]

mod desk;

#[path = "cases/clocks.rs"]
mod clocks;
#[path = "cases/days.rs"]
mod days;
#[path = "cases/flow.rs"]
mod flow;
#[path = "cases/golden.rs"]
mod golden;
#[path = "cases/matrix.rs"]
mod matrix;
#[path = "cases/phones.rs"]
mod phones;
#[path = "cases/replay.rs"]
mod replay;
#[path = "cases/rules.rs"]
mod rules;
#[path = "cases/told.rs"]
mod told;
