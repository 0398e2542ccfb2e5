//! The replay, small: a record made here of the county's shape, and the county's first weeks where
//! its folder is at hand.
#![cfg(test)]

use std::{fmt::Write as _, path::Path};

use gridbook_tests::{
    replay::{Data, Options, Outcome, run},
    server::Folder,
    world::Rng,
};

/// A record of a few cities: every result and degree, mixed spelling, a missing address, two
/// inspections of one place on one day, rows that lead nowhere.
fn made_up(folder: &Path) {
    let mut rng = Rng::new(11);
    let mut premises = "premises_id,name,address,city,zip,lat,lon\r\n".to_owned();
    for number in 0..48 {
        let city = ["Belmont", "Pacifica", "San  Bruno", "Millbrae"][number % 4];
        let name = ["\"CAFÉ, THE\"", "McDonalds", "Dim  Sum"][number % 3];
        let address = if number == 7 { "" } else { "1 EL CAMINO REAL" };
        let lat = if number == 9 { "0" } else { "37.51" };
        let _ = write!(
            premises,
            "PR{number},{name},{address},{city},94002,{lat},-122.29\r\n"
        );
    }
    let mut inspections = "premises_id,date,reason,reason_other,result,score\n".to_owned();
    let mut findings = "premises_id,date,description,degree,status\n".to_owned();
    let degrees = ["", "1", "2", "3"];
    for day in 1..=28 {
        let date = format!("2013-02-{day:02}");
        for _ in 0..12 {
            let id = rng.below(48);
            let (reason, result) = (rng.below(6), rng.below(4));
            let _ = writeln!(inspections, "PR{id},{date},{reason},,{result},");
            for _ in 0..rng.below(3) {
                let (degree, status) = (degrees[rng.below(4)], 2 + rng.below(2));
                let text = ["48. Permit available", "\"Floors, walls and ceilings\""][rng.below(2)];
                let _ = writeln!(findings, "PR{id},{date},{text},{degree},{status}");
            }
        }
    }
    findings.push_str("PR999,2013-02-01,nowhere,,3\nPR1,2019-01-01,no such day,,3\n");
    for (name, text) in [
        ("premises.csv", premises),
        ("inspections.csv", inspections),
        ("findings.csv", findings),
    ] {
        std::fs::write(folder.join(name), text).unwrap();
    }
}

fn replay(options: &Options) -> Outcome {
    let mut said = Vec::new();
    let outcome = run(options, &mut |line| said.push(line.to_owned())).unwrap();
    let faults = outcome.faults();
    assert!(faults.is_empty(), "{faults:#?}\n{said:?}\n{outcome}");
    outcome
}

#[test]
fn a_month_of_24_phones_ends_with_equal_views_and_nothing_missing() {
    let folder = Folder::new().unwrap();
    made_up(folder.path());
    let outcome = replay(&Options {
        overlay: 10,
        ..Options::of(folder.path())
    });
    assert_eq!(outcome.orphans, 2);
    assert_eq!((outcome.phones, outcome.found.equal), (24, 24));
    assert_eq!(outcome.tally.visits, 28 * 12);
    assert!(outcome.tally.states > 0, "{outcome}");
    assert!(
        outcome.traffic.broken > 0,
        "the lines lose requests\n{outcome}"
    );
    assert_eq!(outcome.found.changes, outcome.made);
}

#[test]
fn the_countys_first_weeks_end_with_equal_views_and_nothing_missing() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/san-mateo");
    if !folder.exists() {
        // The record is no part of the repository.
        return;
    }
    let data = Data::read(&folder).unwrap();
    assert_eq!((data.premises.len(), data.orphans), (2_031, 0));
    let visits: usize = data.days.iter().map(|day| day.visits.len()).sum();
    let of_visit = |visit: &gridbook_tests::replay::Visit| visit.findings.len();
    let findings: usize = data
        .days
        .iter()
        .flat_map(|day| &day.visits)
        .map(of_visit)
        .sum();
    assert_eq!((visits, findings), (12_352, 19_044));
    replay(&Options {
        days: Some(25),
        overlay: 8,
        ..Options::of(folder)
    });
}
