//! Doing what the merge planned: the records' changes and what the import said, in one
//! transaction a batch.

use std::collections::BTreeMap;

use rusqlite::Connection;
use schemas::{RegisterKey, Scalar};
use sync_core::{
    RecordId, Salt,
    record::{Header, View},
};

use super::{
    base,
    merge::{Known, Merge, Outcome, merge},
    row::Wanted,
};
use crate::{
    error::{Error, Result},
    keys::Keys,
    own::{self, OwnClass, OwnRecord},
    records,
    review::By,
    store::Tx,
};

/// What every row of an import has in common.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub(super) source: String,
    pub(super) kind: String,
    pub(super) by: By,
}

/// What would be done with these rows.
pub(super) fn preview(
    conn: &Connection,
    keys: &Keys,
    frame: &Frame,
    batch: &[Wanted],
) -> Result<Vec<Merge>> {
    batch
        .iter()
        .map(|wanted| plan(conn, keys, frame, wanted).map(|(merge, _)| merge))
        .collect()
}

/// Does it.
pub(super) fn apply(tx: &mut Tx<'_>, frame: &Frame, batch: &[Wanted]) -> Result<Vec<Merge>> {
    let mut merges = Vec::with_capacity(batch.len());
    let mut records = Vec::new();
    let mut said = Vec::new();
    let keys = tx.core().keys();
    for wanted in batch {
        let (merge, before) = plan(tx.conn(), keys, frame, wanted)?;
        if !merge.edits.is_empty() {
            let header = match merge.outcome {
                Outcome::New => Some(header(keys, frame, wanted)?),
                _ => None,
            };
            records.push(OwnRecord {
                id: wanted.id,
                header,
                edits: merge.edits.clone(),
            });
        }
        if matches!(
            merge.outcome,
            Outcome::New | Outcome::Changed | Outcome::Unchanged
        ) {
            said.extend(base::news(&wanted.id, &before, &wanted.values));
        }
        merges.push(merge);
    }
    if !records.is_empty() {
        own::write(tx, OwnClass::Import, records, &frame.by)?;
    }
    base::store(tx, &frame.source, &frame.by, &said)?;
    Ok(merges)
}

fn plan(
    conn: &Connection,
    keys: &Keys,
    frame: &Frame,
    wanted: &Wanted,
) -> Result<(Merge, BTreeMap<RegisterKey, Scalar>)> {
    let known = known(conn, keys, &frame.kind, &wanted.id)?;
    let base = base::load(conn, &frame.source, &wanted.id)?;
    Ok((merge(wanted, &base, &known), base))
}

fn known(conn: &Connection, keys: &Keys, kind: &str, id: &RecordId) -> Result<Known> {
    let stored = match records::find(conn, keys, id) {
        Ok(Some(stored)) => stored,
        Ok(None) => return Ok(Known::Absent),
        Err(Error::Gone(_)) => return Ok(Known::Gone),
        Err(error) => return Err(error),
    };
    if stored.header.kind != kind {
        return Ok(Known::OtherKind);
    }
    if !stored.alive || stored.merged_into.is_some() {
        return Ok(Known::Gone);
    }
    Ok(Known::Here {
        view: View::of(&stored.registers),
        grid: stored.header.grid,
    })
}

fn header(keys: &Keys, frame: &Frame, wanted: &Wanted) -> Result<Header> {
    let mut salt = [0; Salt::LEN];
    keys.fill(&mut salt)?;
    Ok(Header {
        kind: frame.kind.clone(),
        grid: wanted.grid.clone(),
        move_number: 0,
        salt: Salt(salt),
    })
}
