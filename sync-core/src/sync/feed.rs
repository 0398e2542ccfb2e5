//! Feeds: per grid, the ordered stream of what was accepted.

use minicbor::{Decode, Encode, bytes::ByteVec};

use crate::{
    bundle::{
        Bundle, ChangeIndex, RecordChanges, StrippedBody, WireError, WireVersion, decode_raw,
        deflate, encode_raw, inflate, strip,
    },
    cbor,
    ids::{DeviceId, RecordId},
    limits::MAX_PART_INFLATED_BYTES,
    record::Header,
};

/// One entry of a feed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub enum FeedItem {
    /// Accepted changes of one record: the next group of the part's changes.
    #[n(1)]
    Changes,
    /// A record stands in this grid: new, or moved here with its snapshot so far.
    #[n(2)]
    Placed {
        /// The record.
        #[n(0)]
        record: RecordId,
        /// Its header, the server's word.
        #[n(1)]
        header: Header,
        /// Its number in this feed.
        #[n(2)]
        number: u32,
        /// Its snapshot, where it has a history.
        #[n(3)]
        snapshot: Option<ByteVec>,
    },
    /// A record left this grid or was erased: forget it, unless a later move says otherwise or
    /// edits of it are pending.
    #[n(3)]
    Forget {
        /// The record.
        #[n(0)]
        record: RecordId,
        /// The move that took it away.
        #[n(1)]
        move_number: u64,
    },
    /// How people know an author: the inspector's name, or "inspector" where it is hidden.
    #[n(4)]
    Author {
        /// The author's device.
        #[n(0)]
        device: DeviceId,
        /// The name.
        #[n(1)]
        label: String,
    },
    /// Changes that the server authored and signed (decisions, office edits, imports), which the
    /// phone keeps until they are in a backup.
    #[n(5)]
    ServerBundle(#[n(0)] Bundle),
}

/// A run of a grid's feed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct FeedPart {
    /// The grid.
    #[n(1)]
    pub grid: String,
    /// The cursor it follows on.
    #[n(2)]
    pub from_seq: u64,
    /// The cursor after it.
    #[n(3)]
    pub to_seq: u64,
    /// Version of the changes inside: 1 or 2.
    #[n(4)]
    pub wire: u8,
    /// The body, deflated.
    #[cbor(n(5), with = "minicbor::bytes")]
    pub body: Vec<u8>,
}

/// The body of a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedBody {
    /// The entries in order.
    pub items: Vec<FeedItem>,
    /// The changes of the [`FeedItem::Changes`] entries, in their order.
    pub changes: Vec<RecordChanges>,
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct Body {
    #[n(0)]
    items: Vec<FeedItem>,
    #[cbor(n(1), with = "minicbor::bytes")]
    changes: Vec<u8>,
}

impl FeedPart {
    /// Packs entries up. `index` is what the receiver is known to have.
    pub fn pack(
        grid: String,
        from_seq: u64,
        to_seq: u64,
        body: &FeedBody,
        version: WireVersion,
        index: &dyn ChangeIndex,
    ) -> Self {
        let (wire, changes) = match version {
            WireVersion::Stripped => (version, strip(&body.changes, index, 0)),
            WireVersion::Raw | WireVersion::Sealed => (WireVersion::Raw, encode_raw(&body.changes)),
        };
        let body = deflate(&cbor::to_vec(&Body {
            items: body.items.clone(),
            changes,
        }));
        Self {
            grid,
            from_seq,
            to_seq,
            wire: wire.number(),
            body,
        }
    }

    /// Unpacks the entries, all changes at once.
    pub fn unpack(&self, index: &dyn ChangeIndex) -> Result<FeedBody, WireError> {
        let opened = self.open()?;
        let mut reader = opened.changes()?;
        let mut changes = Vec::new();
        while let Some(group) = reader.next(index)? {
            changes.push(group);
        }
        Ok(FeedBody {
            items: opened.items,
            changes,
        })
    }

    /// Opens the part; its changes are then read one record at a time, because an entry may name
    /// what a later one needs.
    pub fn open(&self) -> Result<OpenPart, WireError> {
        let bytes = inflate(&self.body, MAX_PART_INFLATED_BYTES)?;
        let body: Body = cbor::from_slice(&bytes).map_err(|_| WireError::Form)?;
        match WireVersion::from_number(self.wire) {
            Some(wire @ (WireVersion::Raw | WireVersion::Stripped)) => Ok(OpenPart {
                items: body.items,
                changes: body.changes,
                wire,
            }),
            _ => Err(WireError::Form),
        }
    }
}

/// A part that was inflated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenPart {
    /// The entries in order.
    pub items: Vec<FeedItem>,
    changes: Vec<u8>,
    wire: WireVersion,
}

/// The changes of a part, read one record at a time.
pub enum ChangesReader<'a> {
    /// Version 1.
    Raw(std::vec::IntoIter<RecordChanges>),
    /// Version 2.
    Stripped(Box<StrippedBody<'a>>),
}

impl OpenPart {
    /// A reader of the changes: as many groups as there are [`FeedItem::Changes`].
    pub fn changes(&self) -> Result<ChangesReader<'_>, WireError> {
        Ok(match self.wire {
            WireVersion::Stripped => {
                ChangesReader::Stripped(Box::new(StrippedBody::read(&self.changes)?))
            }
            WireVersion::Raw | WireVersion::Sealed => {
                ChangesReader::Raw(decode_raw(&self.changes)?.into_iter())
            }
        })
    }
}

impl ChangesReader<'_> {
    /// The next group; none at the end.
    pub fn next(&mut self, index: &dyn ChangeIndex) -> Result<Option<RecordChanges>, WireError> {
        match self {
            Self::Raw(groups) => Ok(groups.next()),
            Self::Stripped(body) => body.next(index),
        }
    }
}
