//! Version 1: raw chunks.
//!
//! ```cddl
//! raw-body = [* raw-record]
//! raw-record = [record-id, header / null, [* chunk], ? false]
//! ```

use minicbor::{Decoder, Encoder};

use super::{RecordChanges, WireError, read_proposed};
use crate::{
    cbor::array_len,
    limits::{MAX_CHANGE_BYTES, MAX_CHANGES_PER_BUNDLE},
    record::Header,
};

/// The body of raw chunks, not yet deflated.
pub fn encode_raw(records: &[RecordChanges]) -> Vec<u8> {
    let mut out = Vec::new();
    // Writing to memory cannot fail.
    let _ = write(&mut Encoder::new(&mut out), records);
    out
}

type Written = Result<(), minicbor::encode::Error<std::convert::Infallible>>;

pub(super) fn write(e: &mut Encoder<&mut Vec<u8>>, records: &[RecordChanges]) -> Written {
    e.array(records.len() as u64)?;
    for record in records {
        e.array(record.array_len())?
            .encode(record.record)?
            .encode(&record.header)?;
        e.array(record.chunks.len() as u64)?;
        for chunk in &record.chunks {
            e.bytes(chunk)?;
        }
        if record.array_len() == 4 {
            e.bool(false)?;
        }
    }
    Ok(())
}

/// Reads a body of raw chunks, which are not scanned yet.
pub fn decode_raw(bytes: &[u8]) -> Result<Vec<RecordChanges>, WireError> {
    let mut decoder = Decoder::new(bytes);
    let records = read(&mut decoder)?;
    if decoder.position() == bytes.len() {
        Ok(records)
    } else {
        Err(WireError::Form)
    }
}

pub(super) fn read(d: &mut Decoder<'_>) -> Result<Vec<RecordChanges>, WireError> {
    let mut left = MAX_CHANGES_PER_BUNDLE;
    let mut records = Vec::new();
    for _ in 0..array_len(d, 0, MAX_CHANGES_PER_BUNDLE)? {
        let len = array_len(d, 3, 4)?;
        let record = d.decode()?;
        let header: Option<Header> = d.decode()?;
        let count = array_len(d, 0, usize::MAX)?;
        left = left.checked_sub(count).ok_or(WireError::TooMany)?;
        let mut chunks = Vec::with_capacity(count);
        for _ in 0..count {
            let chunk = d.bytes()?;
            if chunk.len() > MAX_CHANGE_BYTES + 16 {
                return Err(WireError::Form);
            }
            chunks.push(chunk.to_vec());
        }
        let proposed = read_proposed(d, len, header.is_some())?;
        records.push(RecordChanges {
            record,
            header,
            proposed,
            chunks,
        });
    }
    Ok(records)
}
