//! Ids of entries, as 11 characters of base64url (RFC 4648 section 5) without padding.

use std::fmt;

use super::PathError;
use crate::limits::{ENTRY_ID_BYTES, ENTRY_ID_CHARS};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The id of an entry of a group: 8 bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct EntryId(pub [u8; ENTRY_ID_BYTES]);

impl EntryId {
    /// Parses the canonical text: 11 characters, the last one's two spare bits zero.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        if text.len() != ENTRY_ID_CHARS {
            return Err(PathError::BadEntryId);
        }
        // 11 characters carry 66 bits: 64 of the id and 2 spare ones.
        let mut bits = 0_u128;
        for byte in text.bytes() {
            let digit = ALPHABET.iter().position(|&letter| letter == byte);
            bits = bits << 6 | digit.ok_or(PathError::BadEntryId)? as u128;
        }
        if bits & 0b11 != 0 {
            return Err(PathError::BadEntryId);
        }
        let id = u64::try_from(bits >> 2).map_err(|_| PathError::BadEntryId)?;
        Ok(Self(id.to_be_bytes()))
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits = u128::from(u64::from_be_bytes(self.0)) << 2;
        for place in (0..ENTRY_ID_CHARS).rev() {
            let digit = (bits >> (6 * place)) & 0b11_1111;
            let letter = usize::try_from(digit).ok().and_then(|at| ALPHABET.get(at));
            write!(f, "{}", char::from(letter.copied().unwrap_or(b'A')))?;
        }
        Ok(())
    }
}
