//! Hostile changes: none may panic, spoil a record or cost more than it should.

use std::time::Instant;

use gridbook_tests::hostile::{memory::Counting, run};

#[global_allocator]
static COUNTING: Counting = Counting;

/// `GRIDBOOK_SEED`, or one of our own.
fn seed(default: u64) -> u64 {
    std::env::var("GRIDBOOK_SEED")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

fn every_promise_holds(cases: usize, default_seed: u64) {
    let seed = seed(default_seed);
    let begun = Instant::now();
    let report = run(cases, seed).unwrap_or_else(|broken| panic!("{broken}"));
    println!("GRIDBOOK_SEED={seed}, {:.1?}\n{report}", begun.elapsed());
    assert_eq!(report.cases, cases);
    assert_eq!(report.untried(), [""; 0], "GRIDBOOK_SEED={seed}");
}

#[test]
fn fifty_thousand_hostile_changes_spoil_no_record() {
    every_promise_holds(50_000, 20_260_101);
}

#[test]
#[ignore = "long: make soak"]
fn soak_half_a_million_hostile_changes_spoil_no_record() {
    every_promise_holds(500_000, 20_260_102);
}
