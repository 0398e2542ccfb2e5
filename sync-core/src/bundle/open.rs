//! The server's side, before it acknowledges: certificate, bounded inflate, expansion, HMACs and
//! signature. The changes themselves are scanned and admitted afterwards.

use std::collections::BTreeSet;

use minicbor::Decoder;
use thiserror::Error;

use super::{
    Bundle, Certificate, Manifest, ManifestRecord,
    cose::{Context, CoseError, verify_detached},
    sealed::{SealError, SealedChange, ServerOpenKey},
    wire::{ChangeIndex, RecordChanges, WireError, WireVersion, decode_raw, expand, inflate},
};
use crate::{
    cbor::array_len,
    ids::{AuthorClass, RecordId, Salt, Sha256},
    limits::{MAX_BODY_BYTES, MAX_BUNDLE_BYTES, MAX_CHANGES_PER_BUNDLE},
};

/// What the server knows of records.
pub trait RecordKeeper: ChangeIndex {
    /// The salt of a record, if the server has it.
    fn salt(&self, record: &RecordId) -> Option<Salt>;
}

/// A bundle whose signature holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The manifest, HMACs included, as it is kept.
    pub manifest: Manifest,
    /// The changes by record, in the manifest's order; not scanned yet.
    pub records: Vec<RecordChanges>,
}

impl Opened {
    /// SHA-256 of the manifest.
    pub fn digest(&self) -> Sha256 {
        self.manifest.digest()
    }
}

/// Why a bundle is not acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum OpenError {
    /// The certificate is another device's, or does not cover the epoch.
    #[error("the certificate is not for this device and epoch")]
    Certificate,
    /// Larger than allowed.
    #[error("the bundle is larger than allowed")]
    TooLarge,
    /// No such body version.
    #[error("unknown body version")]
    Version,
    /// The body cannot be read. [`WireError::Unknown`] asks for version 1.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// Sealed changes do not open.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// A change that is not a plain chunk with a right checksum.
    #[error("a change is not a plain chunk with a right checksum")]
    Chunk,
    /// A record that the server does not have, without its header: ask for version 1.
    #[error("a record is unknown here and its header was not sent")]
    UnknownRecord,
    /// A header whose salt differs from the one known.
    #[error("a header contradicts the record's")]
    Header,
    /// A record twice, or no record at all.
    #[error("records must appear once each")]
    Records,
    /// The signature is not the device's over this content.
    #[error(transparent)]
    Signature(#[from] CoseError),
}

impl OpenError {
    /// Whether the same bundle as version 1 may be taken.
    pub const fn wants_raw(self) -> bool {
        matches!(self, Self::UnknownRecord | Self::Wire(WireError::Unknown))
    }
}

/// Opens a bundle of the device that `certificate` names.
pub fn open(
    bundle: &Bundle,
    certificate: &Certificate,
    keeper: &dyn RecordKeeper,
    key: &ServerOpenKey,
) -> Result<Opened, OpenError> {
    if certificate.device != bundle.device || bundle.epoch > certificate.epoch {
        return Err(OpenError::Certificate);
    }
    verify(bundle, &certificate.key, keeper, Some(key))
}

/// Opens a bundle that the server authored and signed: a decision, an office edit, an import.
pub fn open_server(
    bundle: &Bundle,
    server_key: &[u8; 32],
    keeper: &dyn RecordKeeper,
) -> Result<Opened, OpenError> {
    if bundle.device.class() == AuthorClass::Device {
        return Err(OpenError::Certificate);
    }
    // Raw, so that a restored server can read what a phone gives back.
    if WireVersion::from_number(bundle.wire) != Some(WireVersion::Raw) {
        return Err(OpenError::Version);
    }
    verify(bundle, server_key, keeper, None)
}

fn verify(
    bundle: &Bundle,
    public_key: &[u8; 32],
    keeper: &dyn RecordKeeper,
    seal_key: Option<&ServerOpenKey>,
) -> Result<Opened, OpenError> {
    let records = read_body(bundle, keeper, seal_key)?;
    let mut seen = BTreeSet::new();
    if records.is_empty() || !records.iter().all(|record| seen.insert(record.record)) {
        return Err(OpenError::Records);
    }
    let entries = records
        .iter()
        .map(|changes| {
            let salt = salt_of(changes, keeper)?;
            ManifestRecord::of(changes, &salt).map_err(|_| OpenError::Chunk)
        })
        .collect::<Result<_, _>>()?;
    let manifest = Manifest::of_bundle(bundle, entries);
    let payload = manifest.to_bytes();
    verify_detached(&bundle.signature, Context::Manifest, &payload, public_key)?;
    Ok(Opened { manifest, records })
}

fn salt_of(changes: &RecordChanges, keeper: &dyn RecordKeeper) -> Result<Salt, OpenError> {
    // A device proposes a place; moves are the server's.
    if changes.proposed
        && changes
            .header
            .as_ref()
            .is_some_and(|header| header.move_number != 0)
    {
        return Err(OpenError::Header);
    }
    let sent = changes.header.as_ref().map(|header| header.salt);
    match (keeper.salt(&changes.record), sent) {
        (Some(known), Some(sent)) if known != sent => Err(OpenError::Header),
        (Some(salt), _) | (None, Some(salt)) => Ok(salt),
        (None, None) => Err(OpenError::UnknownRecord),
    }
}

fn read_body(
    bundle: &Bundle,
    keeper: &dyn RecordKeeper,
    key: Option<&ServerOpenKey>,
) -> Result<Vec<RecordChanges>, OpenError> {
    if bundle.body.len() > MAX_BUNDLE_BYTES {
        return Err(OpenError::TooLarge);
    }
    let version = WireVersion::from_number(bundle.wire).ok_or(OpenError::Version)?;
    let body = inflate(&bundle.body, MAX_BODY_BYTES)?;
    Ok(match version {
        WireVersion::Raw => decode_raw(&body)?,
        WireVersion::Stripped => expand(&body, keeper)?,
        WireVersion::Sealed => open_seals(&body, key.ok_or(OpenError::Version)?)?,
    })
}

fn open_seals(body: &[u8], key: &ServerOpenKey) -> Result<Vec<RecordChanges>, OpenError> {
    let mut d = Decoder::new(body);
    let mut left = MAX_CHANGES_PER_BUNDLE;
    let mut records = Vec::new();
    for _ in 0..array_len(&mut d, 0, MAX_CHANGES_PER_BUNDLE).map_err(WireError::from)? {
        array_len(&mut d, 2, 2).map_err(WireError::from)?;
        let record: RecordId = d.decode().map_err(WireError::from)?;
        let seals: Vec<SealedChange> = d.decode().map_err(WireError::from)?;
        left = left.checked_sub(seals.len()).ok_or(WireError::TooMany)?;
        let (mut header, mut chunks) = (None, Vec::with_capacity(seals.len()));
        for sealed in &seals {
            let (proposed, chunk) = key.open(&record, sealed)?;
            header = header.or(proposed);
            chunks.push(chunk);
        }
        records.push(RecordChanges {
            record,
            proposed: header.is_some(),
            header,
            chunks,
        });
    }
    if d.position() == body.len() {
        Ok(records)
    } else {
        Err(WireError::Form.into())
    }
}
