//! One import from file to report.

use std::path::PathBuf;

use super::{
    apply::{self, Frame},
    base,
    desk::Desk,
    error::{ImportError, map_error},
    limits::{BATCH, MAX_MAP_BYTES},
    map::Map,
    merge::Merge,
    report::Report,
    row::{Rows, Wanted, read_rows},
    table::Table,
};
use crate::review::By;

/// What is imported, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// The file.
    pub file: PathBuf,
    /// The column map.
    pub map: PathBuf,
    /// Whether to say only what would be done.
    pub dry_run: bool,
    /// Who does it and why.
    pub by: By,
}

/// Imports a file; `progress` is told how many rows of how many are done.
pub fn run(
    desk: &mut Desk,
    options: &Options,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Report, ImportError> {
    let schemas = desk.core().schemas();
    let map = Map::parse(&map_text(options)?, &schemas)?;
    let table = Table::read(&options.file, &map)?;
    let Rows {
        wanted,
        rejected,
        passed_over,
        named,
    } = read_rows(&table, &map, &schemas);
    let mut report = Report {
        rows: table.rows.len() as u64,
        ..Report::default()
    };
    report.reject(&rejected);
    report.pass_over(&passed_over);
    drop(table);
    let frame = Frame {
        source: map.source.clone(),
        kind: map.kind.clone(),
        by: options.by.clone(),
    };
    let total = wanted.len() as u64;
    let mut done = 0;
    progress(done, total);
    for batch in wanted.chunks(BATCH) {
        for (wanted, merge) in batch.iter().zip(one_batch(desk, &frame, batch, options)?) {
            report.add(wanted, &merge);
        }
        done += batch.len() as u64;
        progress(done, total);
    }
    for record in desk.read(|conn| base::vanished(conn, &map.source, &named))? {
        report.vanish(&record.to_string());
    }
    Ok(report)
}

fn one_batch(
    desk: &mut Desk,
    frame: &Frame,
    batch: &[Wanted],
    options: &Options,
) -> crate::Result<Vec<Merge>> {
    if options.dry_run {
        let core = desk.core().clone();
        desk.read(|conn| apply::preview(conn, core.keys(), frame, batch))
    } else {
        desk.write(|tx| apply::apply(tx, frame, batch))
    }
}

fn map_text(options: &Options) -> Result<String, ImportError> {
    let unreadable = |error: std::io::Error| map_error("file", &error.to_string());
    let size = std::fs::metadata(&options.map).map_err(unreadable)?.len();
    if size > MAX_MAP_BYTES {
        return Err(map_error("file", "larger than 1 MiB"));
    }
    std::fs::read_to_string(&options.map).map_err(unreadable)
}

#[cfg(test)]
#[path = "run_tests.rs"]
mod tests;
