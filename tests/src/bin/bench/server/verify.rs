//! Edits per second until they are verified, merged, dispatched and in the feeds.

use std::time::Instant;

use super::load::{Request, central, load, processor_of_all, send};
use crate::{
    Result, Setting,
    measure::{Samples, float},
    table::{Figure, Row},
};

/// Requests under way at a time, at most: so many of a thousand phones happen to send at once.
const AT_ONCE: usize = 64;

/// One load: phones, records of each, changes of each record, and the target in edits a second.
const LOADS: [(usize, usize, usize, f64); 4] = [
    (24, 400, 1, 10_000.0),
    (24, 200, 3, 30_000.0),
    (1_000, 12, 1, 10_000.0),
    (1_000, 6, 3, 30_000.0),
];

pub(crate) fn rows(setting: &Setting) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (phones, records, changes, target) in LOADS {
        let mut central = central(&setting.folder, "verify")?;
        let (requests, edits) = load(&mut central, setting.seed, phones, records, changes)?;
        let cpu = processor_of_all()?;
        let begun = Instant::now();
        let acks = send(&central, &requests, phones.min(AT_ONCE))?;
        central.settle();
        let seconds = begun.elapsed().as_secs_f64();
        let cpu = processor_of_all()?.saturating_sub(cpu).as_secs_f64();
        let name = format!("{phones} phones, {changes} a record");
        let each = Samples::of(vec![seconds / float(edits)]);
        let plain = plain(setting, &requests)?;
        rows.push(
            Row::rate(format!("{name}: verified, merged, dispatched"), &each)
                .of(edits)
                .target(Figure::PerSecond(target))
                .beside(
                    "plain inserts of as many edits",
                    Figure::PerSecond(float(edits) / plain),
                ),
        );
        let each = Samples::of(vec![cpu / float(edits)]);
        rows.push(Row::time(format!("{name}: processor an edit"), &each).of(edits));
        let acks = Samples::of(acks);
        rows.push(Row::time(
            format!("{name}: request answered meanwhile"),
            &acks,
        ));
        central.stop();
    }
    Ok(rows)
}

/// The requests' bytes as rows of a table of their own, one commit a request.
fn plain(setting: &Setting, requests: &[Request]) -> Result<f64> {
    let path = setting.folder.join("plain.db");
    let _ = std::fs::remove_file(&path);
    let conn = rusqlite::Connection::open(&path)?;
    conn.pragma_update(None, "journal_mode", "WAL")?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.execute_batch("CREATE TABLE plain (n INTEGER PRIMARY KEY, bytes BLOB)")?;
    let begun = Instant::now();
    for request in requests {
        conn.prepare_cached("INSERT INTO plain (bytes) VALUES (?1)")?
            .execute([&request.bytes])?;
    }
    Ok(begun.elapsed().as_secs_f64())
}
