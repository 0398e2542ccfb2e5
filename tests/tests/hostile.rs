//! Hostile changes: none may panic, spoil a record or cost more than it should.

use std::time::Instant;

use gridbook_tests::hostile::{Broken, memory::Counting, run};

#[global_allocator]
static COUNTING: Counting = Counting;

/// `GRIDBOOK_SEED`, or one of our own.
fn seed(default: u64) -> u64 {
    std::env::var("GRIDBOOK_SEED")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

/// Runs the cases and says what became of them.
fn tried(cases: usize, default_seed: u64) -> Result<String, Broken> {
    let seed = seed(default_seed);
    let begun = Instant::now();
    let report = run(cases, seed)?;
    assert_eq!(report.cases, cases);
    assert_eq!(report.untried(), [""; 0], "GRIDBOOK_SEED={seed}, {report}");
    let took = begun.elapsed();
    Ok(format!("GRIDBOOK_SEED={seed}, {took:.1?}\n{report}"))
}

#[test]
fn fifty_thousand_hostile_changes_spoil_no_record() -> Result<(), Broken> {
    println!("{}", tried(50_000, 20_260_101)?);
    Ok(())
}

#[test]
#[ignore = "long: make soak"]
fn soak_half_a_million_hostile_changes_spoil_no_record() -> Result<(), Broken> {
    println!("{}", tried(500_000, 20_260_102)?);
    Ok(())
}
