//! Typed edits as bytes: what a change is made from again after a refusal.
//!
//! ```cddl
//! edits = [* edit]
//! edit = [0, key, scalar] / [1, key] / [2, key] / [3, key] / [4] / [5]
//! ; set, clear, add entry, remove entry, delete, restore
//! ```

use minicbor::{Decoder, Encoder, decode, encode};
use schemas::RegisterKey;

use crate::{
    cbor::{array_len, decode_scalar, encode_scalar},
    error::FormatError,
    limits::MAX_EDITS_PER_COMMIT,
    record::Edit,
};

/// The edits as CBOR.
pub(super) fn encode_edits(edits: &[Edit]) -> Vec<u8> {
    let mut out = Vec::new();
    // Writing to memory cannot fail.
    let _ = write(&mut Encoder::new(&mut out), edits);
    out
}

fn write(
    e: &mut Encoder<&mut Vec<u8>>,
    edits: &[Edit],
) -> Result<(), encode::Error<std::convert::Infallible>> {
    e.array(edits.len() as u64)?;
    for edit in edits {
        match edit {
            Edit::Set { key, value } => {
                e.array(3)?.u8(0)?.str(&key.to_string())?;
                encode_scalar(e, value)?;
            }
            Edit::Clear { key } => e.array(2)?.u8(1)?.str(&key.to_string())?.ok()?,
            Edit::AddEntry { group, id } => {
                e.array(2)?.u8(2)?.str(&format!("{group}.{id}"))?.ok()?;
            }
            Edit::RemoveEntry { group, id } => {
                e.array(2)?.u8(3)?.str(&format!("{group}.{id}"))?.ok()?;
            }
            Edit::Delete => e.array(1)?.u8(4)?.ok()?,
            Edit::Restore => e.array(1)?.u8(5)?.ok()?,
        }
    }
    Ok(())
}

/// Reads what [`encode_edits`] wrote.
pub(super) fn decode_edits(bytes: &[u8]) -> Result<Vec<Edit>, FormatError> {
    let mut d = Decoder::new(bytes);
    let mut edits = Vec::new();
    for _ in 0..array_len(&mut d, 0, MAX_EDITS_PER_COMMIT)? {
        edits.push(read(&mut d)?);
    }
    if d.position() == bytes.len() {
        Ok(edits)
    } else {
        Err(FormatError::new("edits too long"))
    }
}

fn read(d: &mut Decoder<'_>) -> Result<Edit, decode::Error> {
    let bad = || decode::Error::message("not an edit");
    let len = array_len(d, 1, 3)?;
    let tag = d.u8()?;
    if len == 1 {
        return match tag {
            4 => Ok(Edit::Delete),
            5 => Ok(Edit::Restore),
            _ => Err(bad()),
        };
    }
    let key = RegisterKey::parse(d.str()?).map_err(|_| bad())?;
    match (tag, len, key) {
        (0, 3, key) => Ok(Edit::Set {
            key,
            value: decode_scalar(d)?,
        }),
        (1, 2, key) => Ok(Edit::Clear { key }),
        (2, 2, RegisterKey::Entry { group, id }) => Ok(Edit::AddEntry { group, id }),
        (3, 2, RegisterKey::Entry { group, id }) => Ok(Edit::RemoveEntry { group, id }),
        _ => Err(bad()),
    }
}

#[cfg(test)]
mod tests {
    use schemas::{EntryId, Name, Scalar};

    use super::*;

    #[test]
    fn every_kind_of_edit_comes_back() {
        let (group, id) = (Name::parse("licences").unwrap(), EntryId([3; 8]));
        let key = |text| RegisterKey::parse(text).unwrap();
        let edits = [
            Edit::Set {
                key: key("door_no"),
                value: Scalar::text("12"),
            },
            Edit::Clear { key: key("gas") },
            Edit::AddEntry {
                group: group.clone(),
                id,
            },
            Edit::RemoveEntry { group, id },
            Edit::Delete,
            Edit::Restore,
        ];
        let bytes = encode_edits(&edits);
        assert_eq!(decode_edits(&bytes).unwrap(), edits);
        for cut in 0..bytes.len() {
            assert!(decode_edits(&bytes[..cut]).is_err());
        }
    }
}
