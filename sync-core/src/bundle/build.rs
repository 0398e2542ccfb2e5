//! A device's side: changes become a bundle that waits for its signature.

use minicbor::Encoder;

use super::{
    Bundle, Manifest, ManifestRecord,
    cose::{Context, SIGNATURE_LEN, Signed},
    manifest::{change_mac, header_mac},
    sealed::SealedChange,
    wire::{ChangeIndex, RecordChanges, WireVersion, deflate, encode_raw, strip},
};
use crate::{
    change::{ScanError, chunk_hash},
    ids::{RecordId, Salt},
};

/// A bundle's manifest and what is to be signed. The signature may come from a key store that
/// answers later, and holds for every form of the body.
#[derive(Clone, Debug)]
pub struct Unsigned {
    /// What is signed.
    pub manifest: Manifest,
    signed: Signed,
}

/// The bytes over which a device's key signs.
pub type ToSign<'a> = &'a [u8];

impl Unsigned {
    /// Over a manifest.
    pub fn new(manifest: Manifest) -> Self {
        let signed = Signed::detached(Context::Manifest, &manifest.to_bytes());
        Self { manifest, signed }
    }

    /// What the device's key signs.
    pub fn to_be_signed(&self) -> ToSign<'_> {
        &self.signed.to_be_signed
    }

    /// The `COSE_Sign1` that goes into the bundle.
    pub fn finish(self, signature: [u8; SIGNATURE_LEN]) -> Vec<u8> {
        self.signed.finish(signature)
    }
}

impl ManifestRecord {
    /// The HMACs of a record's changes, and of its header if this device proposes it.
    pub fn of(changes: &RecordChanges, salt: &Salt) -> Result<Self, ScanError> {
        let macs = changes
            .chunks
            .iter()
            .map(|chunk| Ok(change_mac(salt, &chunk_hash(chunk)?)))
            .collect::<Result<_, ScanError>>()?;
        let header = changes
            .header
            .as_ref()
            .filter(|_| changes.proposed)
            .map(header_mac);
        Ok(Self {
            record: changes.record,
            changes: macs,
            header,
        })
    }
}

/// Puts a signed manifest and its changes together in version 1 or 2. `records` are those of the
/// manifest, in its order.
pub fn build(
    manifest: &Manifest,
    signature: Vec<u8>,
    records: &[RecordChanges],
    version: WireVersion,
    index: &dyn ChangeIndex,
) -> Bundle {
    let body = match version {
        WireVersion::Stripped => strip(records, index, manifest.wall_ms),
        WireVersion::Raw | WireVersion::Sealed => encode_raw(records),
    };
    // Sealed changes come from `seal_for_server`; plain ones are never labelled so.
    let wire = if version == WireVersion::Stripped {
        version
    } else {
        WireVersion::Raw
    };
    with_body(manifest, signature, wire, &body)
}

/// Puts a signed manifest and changes sealed to the server together (version 3). The seals are
/// those of the manifest, in its order.
pub fn seal_for_server(
    manifest: &Manifest,
    signature: Vec<u8>,
    records: &[(RecordId, Vec<SealedChange>)],
) -> Bundle {
    let mut body = Vec::new();
    // Writing to memory cannot fail.
    let _ = write_sealed(&mut Encoder::new(&mut body), records);
    with_body(manifest, signature, WireVersion::Sealed, &body)
}

fn write_sealed(
    e: &mut Encoder<&mut Vec<u8>>,
    records: &[(RecordId, Vec<SealedChange>)],
) -> Result<(), minicbor::encode::Error<std::convert::Infallible>> {
    e.array(records.len() as u64)?;
    for (record, seals) in records {
        e.array(2)?.encode(record)?.encode(seals)?;
    }
    Ok(())
}

fn with_body(manifest: &Manifest, signature: Vec<u8>, wire: WireVersion, body: &[u8]) -> Bundle {
    Bundle {
        device: manifest.device,
        number: manifest.number,
        previous: manifest.previous,
        schema: manifest.schema,
        epoch: manifest.epoch,
        wall_ms: manifest.wall_ms,
        server_ms: manifest.server_ms,
        elapsed_ms: manifest.elapsed_ms,
        signature,
        wire: wire.number(),
        body: deflate(body),
    }
}
