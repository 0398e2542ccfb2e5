//! From bundles as they came to entries of the journal: pure but for what it looks up.

use minicbor::bytes::ByteSlice;
use rusqlite::Connection;
use sync_core::{
    bundle::{Bundle, ChainHead, JournalPart, JournalPayload, Link, Opened, RecordChanges, open},
    record::Header,
    sync::{BundleProblem, Problem},
};

use super::{
    backlog::{Backlog, Part, Work},
    gap::{self, Gap},
    index::ServerIndex,
};
use crate::{
    core::Core,
    devices::Device,
    error::{Error, Result},
    journal::{self, Append},
};

/// What became of a run of one device's bundles.
#[derive(Default)]
pub(super) struct Prepared {
    /// To be appended.
    pub(super) appends: Vec<Append>,
    /// The same, to be verified; positions come with the append.
    pub(super) work: Vec<Work>,
    /// The first that is not acknowledged, and why.
    pub(super) problem: Option<BundleProblem>,
    /// Bundles before the first of them that are lost.
    pub(super) gap: Option<Gap>,
    /// A second bundle under a known number, sealed as the journal has bundles.
    pub(super) fork: Option<Append>,
}

/// What preparing looks things up in.
pub(super) struct Desk<'a> {
    pub(super) main: &'a Connection,
    pub(super) journal: &'a Connection,
    pub(super) core: &'a Core,
    pub(super) backlog: &'a Backlog,
    /// Whether what these bundles leave out is lost, if the chain is as it was restored.
    pub(super) leaves_out: bool,
}

impl Desk<'_> {
    /// Opens bundles of one device in their order, up to the first that is not acknowledged.
    pub(super) fn prepare(&self, device: &Device, bundles: &[Bundle]) -> Result<Prepared> {
        let mut head = journal::chain_head(self.journal, device.id)?;
        let mut prepared = Prepared::default();
        let mut ahead: Vec<Part> = Vec::new();
        let mut room = self.backlog.room(device.id);
        for bundle in bundles {
            match self.place(device, bundle, &head, &ahead, &prepared.appends) {
                Placed::Known => {}
                Placed::Problem(number, problem) => {
                    prepared.problem = Some(BundleProblem { number, problem });
                    break;
                }
                Placed::Fork(opened) => {
                    let number = bundle.number;
                    let problem = Problem::Fork;
                    prepared.problem = Some(BundleProblem { number, problem });
                    prepared.fork = Some(self.entry(bundle, opened, &ahead)?.0);
                    break;
                }
                Placed::Next(opened) | Placed::Late(opened) => {
                    match &mut room {
                        Ok(0) => break,
                        Ok(left) => *left -= 1,
                        // Bundles that are known already are acknowledged even now.
                        Err(_) if prepared.appends.is_empty() => {
                            return Err(room.err().unwrap_or(Error::Internal("no room")));
                        }
                        Err(_) => break,
                    }
                    let manifest = &opened.manifest;
                    if manifest.number > head.number {
                        if manifest.number > head.number + 1 {
                            prepared.gap = Some(Gap::before(manifest, &head));
                        }
                        head = ChainHead::after(manifest);
                    }
                    let (append, work) = self.entry(bundle, opened, &ahead)?;
                    ahead.extend(work.parts.iter().cloned());
                    prepared.appends.push(append);
                    prepared.work.push(work);
                }
            }
        }
        Ok(prepared)
    }

    fn place(
        &self,
        device: &Device,
        bundle: &Bundle,
        head: &ChainHead,
        ahead: &[Part],
        appends: &[Append],
    ) -> Placed {
        if bundle.device != device.id {
            return Placed::Problem(bundle.number, Problem::Rejected);
        }
        let behind_a_gap = bundle.number > head.number + 1;
        if behind_a_gap && !self.lost_what_comes_next(device, head) {
            return Placed::Problem(head.number + 1, Problem::SendFrom);
        }
        let index = ServerIndex::up(self.main, self.core, self.backlog, ahead);
        let opened = match open(
            bundle,
            &device.certificate,
            &index,
            self.core.keys().open_key(),
        ) {
            Ok(opened) => opened,
            Err(error) if error.wants_raw() && bundle.wire != 1 => {
                return Placed::Problem(bundle.number, Problem::SendRaw);
            }
            Err(error) => {
                tracing::info!(device = %device.id, number = bundle.number, %error, "a bundle is rejected");
                return Placed::Problem(bundle.number, Problem::Rejected);
            }
        };
        let digest_of = |number| {
            let mut before = appends.iter().filter(|append| append.number == number);
            before.next().map(|append| append.digest).or_else(|| {
                journal::chain_digest(self.journal, device.id, number)
                    .ok()
                    .flatten()
            })
        };
        let is_lost = |number| (1..head.number).contains(&number) && digest_of(number).is_none();
        if behind_a_gap {
            return Placed::Next(opened);
        }
        match head.place(&opened.manifest, digest_of) {
            // None has this number: it is in a gap, and someone carried it here after all.
            Link::Fork if is_lost(bundle.number) => Placed::Late(opened),
            Link::Next => Placed::Next(opened),
            Link::Known => Placed::Known,
            Link::Gap(number) => Placed::Problem(number, Problem::SendFrom),
            Link::Fork => Placed::Fork(opened),
        }
    }

    /// Whether the bundles after the head are lost: the phone, which knows where the head is, has
    /// them no more, and this is the first of it since the server was restored.
    fn lost_what_comes_next(&self, device: &Device, head: &ChainHead) -> bool {
        let as_stored = || journal::chain_head(self.journal, device.id);
        self.leaves_out
            && gap::is_as_restored(self.journal, device.id).unwrap_or(false)
            && as_stored().is_ok_and(|stored| stored == *head)
    }

    fn entry(&self, bundle: &Bundle, opened: Opened, ahead: &[Part]) -> Result<(Append, Work)> {
        let digest = opened.digest();
        let index = ServerIndex::up(self.main, self.core, self.backlog, ahead);
        let manifest = opened.manifest;
        let mut parts = Vec::with_capacity(opened.records.len());
        let mut work = Vec::with_capacity(opened.records.len());
        for changes in opened.records {
            let kind = match &changes.header {
                Some(header) => Some(header.kind.clone()),
                None => index.kind(&changes.record),
            };
            parts.push(seal_part(self.core, kind.as_deref(), &changes)?);
            work.push(Part::new(changes.record, changes.header, changes.chunks));
        }
        let payload = JournalPayload::Bundle {
            manifest: manifest.to_bytes(),
            signature: bundle.signature.clone(),
            parts,
        };
        let append = Append {
            payload: minicbor::to_vec(&payload)
                .map_err(|_| Error::Internal("a journal entry cannot be written"))?,
            device: manifest.device,
            number: manifest.number,
            digest,
        };
        let work = Work {
            position: 0,
            time_ms: self.core.now_ms(),
            device: manifest.device,
            number: manifest.number,
            epoch: manifest.epoch,
            schema: manifest.schema,
            parts: work,
        };
        Ok((append, work))
    }
}

enum Placed {
    Next(Opened),
    /// One that was lost.
    Late(Opened),
    Known,
    Fork(Opened),
    Problem(u64, Problem),
}

/// One record's part of a bundle as the journal keeps it: sealed unless its kind is known to be
/// open.
pub(crate) fn seal_part(
    core: &Core,
    kind: Option<&str>,
    changes: &RecordChanges,
) -> Result<JournalPart> {
    let plain = plain_part(changes.header.as_ref(), &changes.chunks)?;
    let sealed = kind.is_none_or(|kind| core.is_personal(kind));
    let record = changes.record;
    let bytes = if sealed {
        let key = core.keys().get_or_make(&record)?;
        key.seal(&record.0, &plain)?
    } else {
        plain
    };
    Ok(JournalPart {
        record,
        sealed,
        bytes,
    })
}

/// Opens a part of the journal. [`Error::Gone`] if the record was erased.
pub(crate) fn open_part(core: &Core, part: &JournalPart) -> Result<(Option<Header>, Vec<Vec<u8>>)> {
    let plain = if part.sealed {
        let key = core.keys().get(&part.record)?;
        let key = key.ok_or(Error::Internal("a record's key is missing"))?;
        key.open(&part.record.0, &part.bytes)?
    } else {
        part.bytes.clone()
    };
    let (header, chunks): (Option<Header>, Vec<minicbor::bytes::ByteVec>) =
        minicbor::decode(&plain).map_err(|_| Error::Internal("a journal part cannot be read"))?;
    Ok((header, chunks.into_iter().map(Vec::from).collect()))
}

fn plain_part(header: Option<&Header>, chunks: &[Vec<u8>]) -> Result<Vec<u8>> {
    let chunks: Vec<&ByteSlice> = chunks.iter().map(|chunk| chunk.as_slice().into()).collect();
    minicbor::to_vec((header, chunks)).map_err(|_| Error::Internal("a part cannot be written"))
}
