//! The journal: positions, chains, signatures, what is sealed.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, params};
use sync_core::{
    AuthorClass, DeviceId, RecordId, Salt,
    bundle::{
        Certificate, ChainHead, JournalPart, JournalPayload, Manifest, ManifestRecord,
        RecordChanges, verify_manifest,
    },
};

use super::Checked;
use crate::{
    core::Core,
    error::{Error, Result},
    intake::{GAP, Gap, open_part},
    journal::{chain_digest, replay_after},
    records,
};

/// Entries read at once.
const ENTRIES: usize = 512;

struct Walk<'a> {
    main: &'a Connection,
    journal: &'a Connection,
    core: &'a Core,
    /// Keys of devices, from the certificates in the journal.
    devices: BTreeMap<DeviceId, [u8; 32]>,
    /// The ends of chains so far.
    heads: BTreeMap<DeviceId, ChainHead>,
    /// Numbers that restores lost, from the first to the last.
    gaps: BTreeMap<DeviceId, Vec<(u64, u64)>>,
    /// Salts that bundles brought, of records that main.db does not have.
    salts: BTreeMap<RecordId, Salt>,
    bundles: u64,
    own: u64,
    changes: u64,
    erased: BTreeSet<RecordId>,
}

/// Checks every entry.
pub(super) fn check(
    main: &Connection,
    journal: &Connection,
    core: &Core,
    found: &mut Checked,
) -> Result<()> {
    let mut state = Walk {
        main,
        journal,
        core,
        devices: BTreeMap::new(),
        heads: BTreeMap::new(),
        gaps: BTreeMap::new(),
        salts: BTreeMap::new(),
        bundles: 0,
        own: 0,
        changes: 0,
        erased: BTreeSet::new(),
    };
    let mut position = 0;
    loop {
        let entries = replay_after(journal, position, ENTRIES)?;
        if entries.is_empty() {
            break;
        }
        for entry in entries {
            position += 1;
            if entry.position != position {
                found.fault(|| format!("journal: entry {position} is missing"));
                position = entry.position;
            }
            state.entry(position, &entry.payload, found)?;
        }
    }
    found.count("entries of the journal", position);
    found.count("bundles of phones", state.bundles);
    found.count("bundles of the server", state.own);
    found.count("changes", state.changes);
    found.count("erased records", state.erased.len() as u64);
    Ok(())
}

impl Walk<'_> {
    fn entry(&mut self, at: u64, payload: &JournalPayload, found: &mut Checked) -> Result<()> {
        match payload {
            JournalPayload::Device {
                device,
                certificate: Some(cose),
                ..
            } => match Certificate::verify(cose, &self.core.keys().server_key()) {
                Ok(certificate) if certificate.device == *device => {
                    self.devices.insert(*device, certificate.key);
                }
                _ => found.fault(|| format!("journal {at}: a certificate does not verify")),
            },
            JournalPayload::Bundle {
                manifest,
                signature,
                parts,
            } => {
                self.bundles += 1;
                let Ok(read) = minicbor::decode::<Manifest>(manifest) else {
                    found.fault(|| format!("journal {at}: a manifest cannot be read"));
                    return Ok(());
                };
                match self.devices.get(&read.device) {
                    Some(key) if verify_manifest(manifest, signature, key).is_ok() => {}
                    Some(_) => found.fault(|| format!("journal {at}: a signature does not verify")),
                    None => found.fault(|| format!("journal {at}: its device was not enrolled")),
                }
                self.link(at, &read, found)?;
                self.parts(at, &read, parts, found)?;
            }
            JournalPayload::ServerBundle {
                manifest,
                signature,
                parts,
                ..
            } => {
                self.own += 1;
                let key = self.core.keys().server_key();
                if verify_manifest(manifest, signature, &key).is_err() {
                    found.fault(|| format!("journal {at}: a signature does not verify"));
                }
                match minicbor::decode::<Manifest>(manifest) {
                    Ok(read) if read.device.class() != AuthorClass::Device => {
                        self.parts(at, &read, parts, found)?;
                    }
                    _ => found.fault(|| format!("journal {at}: a manifest cannot be read")),
                }
            }
            JournalPayload::Act { act, object, .. } if act == GAP => match Gap::read(object) {
                Some((device, gap)) => {
                    let gaps = self.gaps.entry(device).or_default();
                    gaps.push((gap.from, gap.through));
                }
                None => found.fault(|| format!("journal {at}: a gap cannot be read")),
            },
            _ => {}
        }
        Ok(())
    }

    /// The bundle is the next of its device's chain, or stands behind or in a gap that is noted;
    /// and the table of chains says so too.
    fn link(&mut self, at: u64, manifest: &Manifest, found: &mut Checked) -> Result<()> {
        let head = self.heads.entry(manifest.device).or_default();
        let gaps = self
            .gaps
            .get(&manifest.device)
            .map_or(&[][..], Vec::as_slice);
        let number = manifest.number;
        let next = number == head.number + 1 && manifest.previous == head.digest;
        let behind = gaps.contains(&(head.number + 1, number.saturating_sub(1)));
        let inside = gaps.iter().any(|gap| (gap.0..=gap.1).contains(&number));
        if next || behind || number > head.number {
            *head = ChainHead::after(manifest);
        }
        if !(next || behind || inside) {
            found.fault(|| format!("journal {at}: a bundle is not the next of its chain"));
        }
        let digest = manifest.digest();
        if chain_digest(self.journal, manifest.device, manifest.number)? != Some(digest) {
            found.fault(|| format!("journal {at}: the table of chains differs"));
        }
        Ok(())
    }

    /// Each part opens, or its record was erased, and is what was signed.
    fn parts(
        &mut self,
        at: u64,
        manifest: &Manifest,
        parts: &[JournalPart],
        found: &mut Checked,
    ) -> Result<()> {
        let named = manifest.records.iter().map(|entry| entry.record);
        if !named.eq(parts.iter().map(|part| part.record)) {
            found.fault(|| format!("journal {at}: parts are missing"));
            return Ok(());
        }
        for (entry, part) in manifest.records.iter().zip(parts) {
            self.changes += entry.changes.len() as u64;
            match open_part(self.core, part) {
                Err(Error::Gone(_)) => {
                    self.erased.insert(part.record);
                }
                Err(error @ Error::Storage(_)) => return Err(error),
                Err(_) => found.fault(|| format!("journal {at}: a part does not open")),
                Ok((header, chunks)) => {
                    let proposed = entry.header.is_some();
                    let changes = RecordChanges {
                        record: part.record,
                        header,
                        proposed,
                        chunks,
                    };
                    if !self.is_signed(entry, &changes)? {
                        found.fault(|| format!("journal {at}: a part is not what was signed"));
                    }
                }
            }
        }
        Ok(())
    }

    fn is_signed(&mut self, entry: &ManifestRecord, changes: &RecordChanges) -> Result<bool> {
        let record = changes.record;
        let salt = match (&changes.header, self.salts.get(&record)) {
            (Some(header), _) => Some(header.salt),
            (None, Some(salt)) => Some(*salt),
            (None, None) => self.salt(&record)?,
        };
        let Some(salt) = salt else { return Ok(false) };
        if changes.header.is_some() && !self.is_known(&record)? {
            self.salts.insert(record, salt);
        }
        Ok(ManifestRecord::of(changes, &salt).is_ok_and(|made| made == *entry))
    }

    fn salt(&self, record: &RecordId) -> Result<Option<Salt>> {
        match records::find(self.main, self.core.keys(), record) {
            Err(error @ Error::Storage(_)) => Err(error),
            Err(_) => Ok(None),
            Ok(stored) => Ok(stored.map(|stored| stored.header.salt)),
        }
    }

    fn is_known(&self, record: &RecordId) -> Result<bool> {
        let mut select = self
            .main
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM record WHERE id = ?1)")?;
        Ok(select.query_row(params![record.0], |row| row.get(0))?)
    }
}
