//! Bodies: changes as they travel.
//!
//! Version 1 carries raw chunks. Version 2 leaves out what the receiver can rebuild and is
//! byte-exact after rebuilding. Version 3 carries changes sealed to the server, for a phone that
//! is locked. All are deflated.

mod deflate;
mod expand;
mod predict;
mod raw;
mod strip;

pub use deflate::{deflate, inflate};
pub use expand::{StrippedBody, expand};
pub use raw::{decode_raw, encode_raw};
pub use strip::strip;

use thiserror::Error;

use crate::{
    ids::{ActorId, ChangeHash, RecordId},
    record::Header,
};

/// Versions of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WireVersion {
    /// Raw chunks, with every record's header.
    Raw,
    /// Stripped.
    Stripped,
    /// Sealed to the server.
    Sealed,
}

impl WireVersion {
    /// The number in the bundle.
    pub const fn number(self) -> u8 {
        match self {
            Self::Raw => 1,
            Self::Stripped => 2,
            Self::Sealed => 3,
        }
    }

    /// The version of that number.
    pub const fn from_number(number: u8) -> Option<Self> {
        match number {
            1 => Some(Self::Raw),
            2 => Some(Self::Stripped),
            3 => Some(Self::Sealed),
            _ => None,
        }
    }
}

/// The changes of one record in a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordChanges {
    /// The record.
    pub record: RecordId,
    /// Its header, where the receiver may not have it.
    pub header: Option<Header>,
    /// Whether the sender proposes the header: then it is part of what is signed. Otherwise it is
    /// the server's word, or a reminder to a server restored from a backup.
    pub proposed: bool,
    /// Plain chunks, each after those it depends on.
    pub chunks: Vec<Vec<u8>>,
}

/// How version 2 names a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordRef {
    /// In full.
    Id(RecordId),
    /// By the number that a grid's feed gave it under a server epoch.
    Number {
        /// The server's epoch.
        epoch: u64,
        /// The grid.
        grid: String,
        /// The number, never reused.
        number: u32,
    },
}

/// What both ends know of records and changes outside a body.
pub trait ChangeIndex {
    /// Author and count of a change of a record.
    fn locate(&self, record: &RecordId, hash: &ChangeHash) -> Option<(ActorId, u64)>;
    /// The change of that author and count.
    fn hash(&self, record: &RecordId, actor: ActorId, seq: u64) -> Option<ChangeHash>;
    /// The number under which the other end knows a record.
    fn reference(&self, record: &RecordId) -> RecordRef;
    /// The record of a number.
    fn record(&self, epoch: u64, grid: &str, number: u32) -> Option<RecordId>;
}

/// Knows nothing: for bodies that stand alone.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoIndex;

impl ChangeIndex for NoIndex {
    fn locate(&self, _: &RecordId, _: &ChangeHash) -> Option<(ActorId, u64)> {
        None
    }
    fn hash(&self, _: &RecordId, _: ActorId, _: u64) -> Option<ChangeHash> {
        None
    }
    fn reference(&self, record: &RecordId) -> RecordRef {
        RecordRef::Id(*record)
    }
    fn record(&self, _: u64, _: &str, _: u32) -> Option<RecordId> {
        None
    }
}

/// Why a body cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum WireError {
    /// Not the documented CBOR.
    #[error("body does not match protocol.cddl")]
    Form,
    /// Damaged, or inflates past the limit.
    #[error("body is damaged or larger than allowed")]
    Deflate,
    /// More changes than a bundle may hold.
    #[error("body holds more changes than allowed")]
    TooMany,
    /// It names a record or a change that this end does not know: ask for version 1.
    #[error("body names something unknown here")]
    Unknown,
}

impl RecordChanges {
    /// `[record, header / null, changes]`, or with a fourth element, false, where a header is not
    /// proposed.
    const fn array_len(&self) -> u64 {
        if self.header.is_some() && !self.proposed {
            4
        } else {
            3
        }
    }
}

/// The fourth element, if there is one: whether the header is proposed.
fn read_proposed(
    d: &mut minicbor::Decoder<'_>,
    len: usize,
    header: bool,
) -> Result<bool, WireError> {
    match (len, header) {
        (3, header) => Ok(header),
        (4, true) if !d.bool()? => Ok(false),
        _ => Err(WireError::Form),
    }
}

impl From<minicbor::decode::Error> for WireError {
    fn from(_: minicbor::decode::Error) -> Self {
        Self::Form
    }
}
