//! The outbox: open changes are closed into bundles, signed, and sent until acknowledged.
//!
//! Closing needs nothing but what stands in clear (record ids and HMACs), so that a locked phone
//! can do it; [`super::LockedBook`] shares it.

use minicbor::{Decode, Encode};

use super::{
    Fieldbook, Identity,
    error::{FieldbookError, Result},
    index::BookIndex,
    store::{Store, bundles::BundleRow, changes::OuterChange},
};
use crate::{
    bundle::{
        Bundle, ChainHead, Manifest, ManifestRecord, OutboxFile, SealedChange, Unsigned,
        WireVersion, build, seal_for_server,
    },
    cbor,
    ids::{RecordId, Sha256},
    limits::{
        CLOSE_BUNDLE_AT_BYTES, MAX_BUNDLES_PER_REQUEST, MAX_OUTBOX_FILE_BYTES, MAX_REQUEST_BYTES,
    },
    sync::Clock,
};

/// Bytes that a change may add to a bundle beside its chunk: seal, header, ids.
const OVERHEAD_PER_CHANGE: usize = 256;
/// Bytes of a request left for everything but bundles.
const REQUEST_ROOM: usize = 64 * 1024;

/// The end of this device's chain, and when it last heard the server's time.
#[derive(Clone, Copy, Debug, Default, Encode, Decode)]
#[cbor(array)]
pub(super) struct Chain {
    #[n(0)]
    number: u64,
    #[n(1)]
    digest: Sha256,
}

/// The last server time heard.
#[derive(Clone, Copy, Debug, Default, Encode, Decode)]
#[cbor(array)]
pub(super) struct ServerTime {
    /// The server's time, ms.
    #[n(0)]
    pub(super) at_ms: i64,
    /// This phone's monotonic time then, ms.
    #[n(1)]
    pub(super) monotonic: u64,
    /// The server's clock less this phone's, ms.
    #[n(2)]
    pub(super) offset: Option<i64>,
}

impl Store {
    /// Closes the oldest open changes into the next bundle, or hands out one that was closed and
    /// not signed.
    pub(super) fn close_bundle(
        &self,
        identity: &Identity,
        clock: Clock,
    ) -> Result<Option<Unsigned>> {
        if let Some(unsigned) = self.unsigned_bundle()? {
            return Ok(Some(Unsigned::new(cbor::from_slice(&unsigned.manifest)?)));
        }
        let open = self.outer_changes(None)?;
        let taken = take_for_bundle(&open);
        let Some(OuterChange { epoch, schema, .. }) = taken.first() else {
            return Ok(None);
        };
        let chain: Chain = self.meta_cbor("chain")?;
        let heard: ServerTime = self.meta_cbor("server_time")?;
        let manifest = Manifest {
            device: identity.certificate.device,
            number: chain.number + 1,
            previous: chain.digest,
            schema: *schema,
            epoch: *epoch,
            wall_ms: clock.wall_ms,
            server_ms: heard.at_ms,
            elapsed_ms: clock.monotonic_ms.saturating_sub(heard.monotonic),
            records: manifest_records(taken),
        };
        self.transaction(|| {
            self.add_bundle(manifest.number, &manifest.to_bytes())?;
            for open in taken {
                self.put_in_bundle(open.local, manifest.number)?;
            }
            let last = ChainHead::after(&manifest);
            self.set_meta_cbor(
                "chain",
                &Chain {
                    number: last.number,
                    digest: last.digest,
                },
            )
        })?;
        Ok(Some(Unsigned::new(manifest)))
    }

    pub(super) fn has_outgoing(&self) -> Result<bool> {
        Ok(self.count_pending(self.meta_cbor("acked")?)? > 0)
    }

    /// Signed bundles that are not acknowledged, in order, as many as a request holds.
    pub(super) fn unacknowledged(
        &self,
        mut form: impl FnMut(&BundleRow) -> Result<Bundle>,
    ) -> Result<Vec<Bundle>> {
        let acked: u64 = self.meta_cbor("acked")?;
        let mut room = MAX_REQUEST_BYTES - REQUEST_ROOM;
        let mut bundles = Vec::new();
        for row in self.bundles_after(acked, MAX_BUNDLES_PER_REQUEST)? {
            let bundle = form(&row)?;
            let Some(left) = room.checked_sub(bundle.body.len() + 512) else {
                break;
            };
            room = left;
            bundles.push(bundle);
        }
        Ok(bundles)
    }

    /// A bundle whose changes are sealed to the server.
    pub(super) fn sealed_form(&self, row: &BundleRow) -> Result<Bundle> {
        let (manifest, signature) = signed(row)?;
        let mut records: Vec<(RecordId, Vec<SealedChange>)> = Vec::new();
        for change in self.outer_changes(Some(row.number))? {
            let seal: SealedChange = cbor::from_slice(&change.outer)?;
            match records
                .iter_mut()
                .find(|(record, _)| *record == change.record)
            {
                Some((_, seals)) => seals.push(seal),
                None => records.push((change.record, vec![seal])),
            }
        }
        Ok(seal_for_server(&manifest, signature, &records))
    }

    /// Everything that is in no backup, sealed to the server, as a file.
    pub(super) fn export(&self) -> Result<Vec<u8>> {
        let mut bundles = Vec::new();
        let mut bytes = 0;
        for row in self.bundles_after(0, usize::from(u16::MAX))? {
            let bundle = self.sealed_form(&row)?;
            bytes += bundle.body.len() + 512;
            if bytes > MAX_OUTBOX_FILE_BYTES {
                break;
            }
            bundles.push(bundle);
        }
        Ok(OutboxFile::new(bundles).to_bytes())
    }
}

fn signed(row: &BundleRow) -> Result<(Manifest, Vec<u8>)> {
    let signature = row
        .signature
        .clone()
        .ok_or(FieldbookError::Damaged("bundle"))?;
    Ok((cbor::from_slice(&row.manifest)?, signature))
}

/// The oldest open changes that fit one bundle, are of one epoch and were written under one version
/// of the schemas: an answer that raised it, or a version, may have come between two of them.
fn take_for_bundle(open: &[OuterChange]) -> &[OuterChange] {
    let alike = |change: &OuterChange| (change.epoch, change.schema);
    let first = open.first().map(alike);
    let mut bytes = 0;
    let fits = open
        .iter()
        .take_while(|change| {
            bytes += change.bytes + OVERHEAD_PER_CHANGE;
            bytes <= CLOSE_BUNDLE_AT_BYTES && Some(alike(change)) == first
        })
        .count();
    // One that is larger than that travels alone.
    open.get(..fits.max(1)).unwrap_or_default()
}

fn manifest_records(changes: &[OuterChange]) -> Vec<ManifestRecord> {
    let mut records: Vec<ManifestRecord> = Vec::new();
    for change in changes {
        match records
            .iter_mut()
            .find(|known| known.record == change.record)
        {
            Some(known) => known.changes.push(change.mac),
            None => records.push(ManifestRecord {
                record: change.record,
                changes: vec![change.mac],
                header: change.header_mac,
            }),
        }
    }
    records
}

impl Fieldbook {
    /// A bundle in the form in which this phone sends it: version 2, version 1 where the server
    /// asked for it, sealed where only the seals are left.
    pub(super) fn bundle_form(&self, row: &BundleRow) -> Result<Bundle> {
        let Some(mut records) = self.store.bundle_changes(row.number)? else {
            return self.store.sealed_form(row);
        };
        let (manifest, signature) = signed(row)?;
        let epoch = self.store.meta_cbor("server_epoch")?;
        let index = BookIndex {
            store: &self.store,
            epoch,
        };
        let version = if row.raw {
            WireVersion::Raw
        } else {
            WireVersion::Stripped
        };
        for record in records.iter_mut().filter(|record| !record.proposed) {
            let kept = record.header.take();
            if row.raw {
                // A reminder for a server that lost the record: it needs the salt to verify.
                record.header = self.store.header(&record.record).ok().or(kept);
            }
        }
        Ok(build(&manifest, signature, &records, version, &index))
    }

    /// Everything that is in no backup, sealed to the server, as a file that anyone may carry.
    pub fn export_outbox(&self) -> Result<Vec<u8>> {
        self.store.export()
    }

    /// Takes another phone's outbox file along, cut into its bundles; they go up with the next
    /// sessions, in order.
    pub fn import_outbox(&mut self, file: &[u8]) -> Result<usize> {
        let content = OutboxFile::from_bytes(file)?;
        let count = content.bundles.len();
        self.store.transaction(|| {
            content.bundles.into_iter().try_for_each(|bundle| {
                self.store
                    .add_carried(&OutboxFile::new(vec![bundle]).to_bytes())
            })
        })?;
        Ok(count)
    }
}
