//! One import from file to report.

use std::{path::PathBuf, sync::Arc};

use super::{
    apply::{self, Frame, Sink},
    base,
    error::{ImportError, map_error},
    limits::{BATCH, MAX_MAP_BYTES},
    map::Map,
    report::Report,
    row::{Rows, Wanted, read_rows},
    table::Table,
};
use crate::{App, review::By};

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

/// Told how many rows of how many are done.
pub type Progress<'a> = &'a (dyn Fn(u64, u64) + Sync);

/// Imports a file.
pub async fn run(
    app: &App,
    sink: Arc<dyn Sink>,
    options: &Options,
    progress: Progress<'_>,
) -> Result<Report, ImportError> {
    let schemas = app.core().schemas();
    let map = Map::parse(&map_text(options)?, &schemas)?;
    let table = Table::read(&options.file, &map)?;
    let Rows {
        wanted,
        rejected,
        named,
    } = read_rows(&table, &map, &schemas);
    let mut report = Report {
        rows: table.rows.len() as u64,
        ..Report::default()
    };
    report.reject(&rejected);
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
        let batch: Arc<[Wanted]> = batch.into();
        let merges = one_batch(app, &sink, &frame, batch.clone(), options.dry_run).await?;
        for (wanted, merge) in batch.iter().zip(&merges) {
            report.add(wanted, merge);
        }
        done += batch.len() as u64;
        progress(done, total);
    }
    let source = map.source;
    let vanished = app.read(move |conn| base::vanished(conn, &source, &named));
    for record in vanished.await? {
        report.vanish(&record.to_string());
    }
    Ok(report)
}

async fn one_batch(
    app: &App,
    sink: &Arc<dyn Sink>,
    frame: &Frame,
    batch: Arc<[Wanted]>,
    dry_run: bool,
) -> crate::Result<Vec<super::Merge>> {
    let frame = frame.clone();
    if dry_run {
        let core = app.core().clone();
        let job =
            move |conn: &rusqlite::Connection| apply::preview(conn, core.keys(), &frame, &batch);
        return app.read(job).await;
    }
    let sink = sink.clone();
    app.write(move |tx| apply::apply(tx, &*sink, &frame, &batch))
        .await
}

fn map_text(options: &Options) -> Result<String, ImportError> {
    let unreadable = |error: std::io::Error| map_error("file", &error.to_string());
    let size = std::fs::metadata(&options.map).map_err(unreadable)?.len();
    if size > MAX_MAP_BYTES {
        return Err(map_error("file", "larger than 1 MiB"));
    }
    std::fs::read_to_string(&options.map).map_err(unreadable)
}
