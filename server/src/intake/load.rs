//! Bundles of the journal, to be verified after a restart.

use sync_core::bundle::{JournalPayload, Manifest};

use super::{
    backlog::{Part, Work},
    prepare::open_part,
};
use crate::{
    core::Core,
    error::{Error, Result},
    journal::Replayed,
};

/// The work that an entry is; none for other entries than bundles. Parts of erased records are
/// left out.
pub(crate) fn work_of(core: &Core, entry: &Replayed) -> Result<Option<Work>> {
    let JournalPayload::Bundle {
        manifest, parts, ..
    } = &entry.payload
    else {
        return Ok(None);
    };
    let manifest: Manifest =
        minicbor::decode(manifest).map_err(|_| Error::Internal("a manifest cannot be read"))?;
    let mut opened = Vec::with_capacity(parts.len());
    for part in parts {
        match open_part(core, part) {
            Ok((header, chunks)) => opened.push(Part::new(part.record, header, chunks)),
            Err(Error::Gone(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(Some(Work {
        position: entry.position,
        time_ms: entry.time_ms,
        device: manifest.device,
        number: manifest.number,
        epoch: manifest.epoch,
        schema: manifest.schema,
        parts: opened,
    }))
}
