//! Admission as a server does it: scan, access rules, both paths; and hostile changes.

use std::time::Instant;

use automerge::Automerge;
use gridbook_tests::{
    hostile,
    world::{Rng, schemas},
};
use schemas::access::{Author, Role};
use sync_core::{
    record::RecordState,
    sync::{Standing, VerdictStatus, judge},
};

use crate::{
    Result, Setting,
    book::NOW,
    changes::{FIRST, SECOND, changed, recorded},
    measure::{Samples, float, time},
    table::{Figure, Row},
};

/// Records in a measurement.
const RECORDS: usize = 500;
const SAMPLES: usize = 15;
const HOSTILE: usize = 50_000;

/// A record on the server and what arrives for it.
struct Case {
    state: RecordState,
    chunks: Vec<Vec<u8>>,
}

/// Cases of so many edits a record, by a phone that had seen everything or not the last change.
fn cases(seed: u64, edits: usize, concurrent: bool) -> Result<Vec<Case>> {
    let mut rng = Rng::new(seed);
    (0..RECORDS)
        .map(|number| {
            let mut state = recorded(&mut rng, number)?;
            let mut known = state.clone();
            if concurrent {
                let other = changed(&mut rng, &state, FIRST, NOW + 30_000)?;
                state.push(&other.change, other.chunk);
            }
            let mut chunks = Vec::with_capacity(edits);
            for at in 0..edits {
                let now = NOW + 60_000 + 7_919 * i64::try_from(number * 3 + at)?;
                let made = changed(&mut rng, &known, SECOND, now)?;
                chunks.push(made.chunk.clone());
                known.push(&made.change, made.chunk);
            }
            Ok(Case { state, chunks })
        })
        .collect()
}

/// Seconds a change, in each of several runs over all cases.
fn judged(cases: &[Case], edits: usize) -> Result<Samples> {
    let schemas = schemas();
    let standing = Standing {
        actor: SECOND.actor(1),
        author: Some(Author {
            role: Role::Inspector,
            office: None,
        }),
        schema_known: true,
        kind: schemas.kind("shop"),
        held: None,
        opens_grid: true,
        superseded: false,
        follows_held: false,
    };
    let mut samples = Vec::with_capacity(SAMPLES);
    for sample in 0..=SAMPLES {
        let mut states: Vec<RecordState> = cases.iter().map(|case| case.state.clone()).collect();
        let begun = Instant::now();
        for (state, case) in states.iter_mut().zip(cases) {
            let judgement = judge(state, &case.chunks, &standing);
            if judgement.status != VerdictStatus::Accepted {
                return Err(format!("not admitted: {:?}", judgement.status).into());
            }
        }
        if sample > 0 {
            samples.push(begun.elapsed().as_secs_f64() / float(RECORDS * edits));
        }
    }
    Ok(Samples::of(samples))
}

/// Automerge alone: load, apply, save.
fn automerge(cases: &[Case], edits: usize) -> Result<Samples> {
    let all = time(SAMPLES, 1, || {
        for case in cases {
            let mut document = Automerge::load(&case.state.snapshot)?;
            let chunks = case.state.chunks.iter().chain(&case.chunks);
            let changes: std::result::Result<Vec<_>, _> = chunks
                .map(|chunk| automerge::Change::try_from(chunk.as_slice()))
                .collect();
            document.apply_changes(changes?)?;
            std::hint::black_box(document.save_nocompress());
        }
        Ok(())
    })?;
    Ok(all.each_of(RECORDS * edits))
}

pub(crate) fn rows(setting: &Setting) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    // DESIGN's figures for two cores, halved: this is one thread.
    let kinds = [
        ("registers", false, 12_000.0, 29_000.0),
        ("document", true, 2_500.0, 5_500.0),
    ];
    for (path, concurrent, at_one, at_three) in kinds {
        for (edits, target) in [(1, at_one), (3, at_three)] {
            let cases = cases(setting.seed, edits, concurrent)?;
            let ours = judged(&cases, edits)?;
            let theirs = automerge(&cases, edits)?;
            let row = Row::rate(
                format!("admit by the {path}, {edits} a record, one thread"),
                &ours,
            );
            let row = row
                .of(RECORDS * edits * SAMPLES)
                .target(Figure::PerSecond(target));
            let theirs = Figure::PerSecond(1.0 / theirs.median());
            rows.push(row.beside("Automerge load, apply, save", theirs));
        }
    }
    rows.push(hostile(setting.seed)?);
    Ok(rows)
}

fn hostile(seed: u64) -> Result<Row> {
    let report = hostile::slowest(HOSTILE, seed)?;
    let slowest = report.slowest.ok_or("no hostile case was run")?;
    let took = Samples::of(vec![slowest.took.as_secs_f64()]);
    Ok(Row::time(format!("slowest hostile change, {:?}", slowest.kind), &took).of(HOSTILE))
}
