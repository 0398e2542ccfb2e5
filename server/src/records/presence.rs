//! Which shops there were at an earlier moment: read from the changes of those that changed since.

use std::sync::Arc;

use sync_core::{
    RecordId,
    change::scan,
    record::{Registers, View},
};

use super::{bytes, detail::Reader};
use crate::{
    dispatch,
    error::{Error, Result},
};

/// From when on a record was there or not, the earliest first.
pub(crate) type Spans = Arc<[(i64, bool)]>;

/// Whether a record was there at a moment: made by then, not deleted, not merged into another.
pub(super) fn was_there(
    reader: &Reader<'_>,
    n: i64,
    changes: u64,
    id: &RecordId,
    at_ms: i64,
) -> Result<bool> {
    let spans = reader
        .core
        .presences()
        .of(n, changes, || spans(reader, id))?;
    let last = spans.as_ref().and_then(|spans| {
        let after = spans.partition_point(|(from, _)| *from <= at_ms);
        spans.get(..after)?.last().copied()
    });
    Ok(last.is_some_and(|(_, there)| there))
}

/// None of what was erased.
fn spans(reader: &Reader<'_>, id: &RecordId) -> Result<Option<Spans>> {
    let stored = match reader.find(id) {
        Ok(stored) => stored,
        Err(Error::Gone(_) | Error::NotFound(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut registers = Registers::default();
    let mut spans: Vec<(i64, bool)> = Vec::new();
    let mut at = i64::MIN;
    for (accepted_ms, chunk) in bytes::with_times(reader.conn, &stored)? {
        let change = scan(&chunk).map_err(|_| Error::Internal("a change cannot be read"))?;
        registers.apply(&change);
        // A change came after those that it had seen, whatever its author's clock said.
        at = at.max(dispatch::happened(change.time, accepted_ms));
        let there = is_there(&registers);
        match spans.last_mut() {
            Some(last) if last.0 == at => last.1 = there,
            Some(last) if last.1 == there => {}
            _ => spans.push((at, there)),
        }
    }
    Ok(Some(spans.into()))
}

fn is_there(registers: &Registers) -> bool {
    let single = |key: &str| match registers.visible(key) {
        [] => Some(false),
        [only] => Some(!only.value.is_null()),
        _ => None,
    };
    if let (Some(alive), Some(merged)) = (single(schemas::path::ALIVE), single("merged_into")) {
        return alive && !merged;
    }
    let view = View::of(registers);
    let merged = view.fields.get("merged_into");
    view.presence.is_shown() && merged.is_none_or(|field| field.shown().is_null())
}
