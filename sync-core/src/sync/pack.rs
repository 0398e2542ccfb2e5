//! Packs: many records' snapshots in one download, in parts that resume.

use minicbor::{Decode, Decoder, Encode};

use crate::{
    bundle::{WireError, deflate, inflate},
    cbor,
    ids::{DeviceId, RecordId},
    limits::{MAX_PART_INFLATED_BYTES, MAX_SNAPSHOT_BYTES},
    record::Header,
};

/// A record in a pack.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct PackRecord {
    /// The record.
    #[n(0)]
    pub record: RecordId,
    /// Its header.
    #[n(1)]
    pub header: Header,
    /// Its number in the grid's feed.
    #[n(2)]
    pub number: u32,
    /// Its proven snapshot, saved without compression.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub snapshot: Vec<u8>,
}

/// A part of a grid's pack. Records are ordered by id, so that a phone resumes after the last
/// one it has.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PackPart {
    /// The grid.
    #[n(1)]
    pub grid: String,
    /// The feed entry it stands at: the cursor once the pack is whole.
    #[n(2)]
    pub at_seq: u64,
    /// Records of the whole pack, for the progress bar.
    #[n(3)]
    pub total: u64,
    /// Whether this is the last part.
    #[n(4)]
    pub last: bool,
    /// Names of the authors that its records mention and the phone may not know.
    #[n(5)]
    pub authors: Vec<(DeviceId, String)>,
    /// A deflated CBOR sequence (RFC 8742) of [`PackRecord`].
    #[cbor(n(6), with = "minicbor::bytes")]
    pub records: Vec<u8>,
    /// Whether this is the first part: records of the grid that no part names are to be forgotten.
    #[n(7)]
    pub first: bool,
}

/// Packs records up.
pub fn encode_pack(records: &[PackRecord]) -> Vec<u8> {
    let sequence: Vec<u8> = records.iter().flat_map(cbor::to_vec).collect();
    deflate(&sequence)
}

/// Unpacks records; the snapshots are not read yet.
pub fn decode_pack(bytes: &[u8]) -> Result<Vec<PackRecord>, WireError> {
    let sequence = inflate(bytes, MAX_PART_INFLATED_BYTES)?;
    let mut decoder = Decoder::new(&sequence);
    let mut records = Vec::new();
    while decoder.position() < sequence.len() {
        let record: PackRecord = decoder.decode()?;
        if record.snapshot.len() > MAX_SNAPSHOT_BYTES {
            return Err(WireError::TooMany);
        }
        records.push(record);
    }
    Ok(records)
}
