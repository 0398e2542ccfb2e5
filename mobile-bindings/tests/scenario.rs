//! The scenario of all bindings, played by the native facade against the real server.
#![cfg(test)]

mod actor;

use std::path::Path;

use actor::Rust;
use gridbook_tests::stage::{Scenario, Stage};

#[test]
fn the_scenario_is_seen_as_by_every_other_binding() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/scenario");
    let scenario = Scenario::read(&folder.join("scenario.json")).unwrap();
    let mut stage = Stage::new().unwrap();
    let rust = Rust::new(stage.folder());
    stage.cast_others(rust);
    stage.play(&scenario, &folder.join("seen.jsonl")).unwrap();
}
