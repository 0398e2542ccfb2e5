//! Automerge changes of the one shape Gridbook allows: puts of scalars at the root.
//!
//! `scan` reads hostile bytes into a [`Change`], `encode` writes one back byte for byte,
//! `admit` decides from a record's registers whether a change may enter, `document` does the
//! same through Automerge where something is concurrent, `prove` shows that what was admitted
//! can be saved and loaded again.

mod admit;
mod column;
mod columns;
mod document;
mod encode;
mod guard;
mod leb;
mod outcome;
mod prove;
mod scan;

pub use admit::{Admitted, Incoming, Rules, admit};
pub use encode::encode;
pub use outcome::{HeldReason, Outcome, Path, RefusedReason, Stop};
pub use prove::{ProofError, prove};
pub use scan::{ScanError, chunk_hash, scan};

pub(crate) use guard::guard;

use schemas::value::Scalar;

use crate::ids::{ActorId, ChangeHash, OpId};

/// One put: a register takes a value in place of the values its author had seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Put {
    /// The register's key.
    pub key: String,
    /// The new value; [`Scalar::Null`] clears.
    pub value: Scalar,
    /// The operations it replaces, ascending.
    pub preds: Vec<OpId>,
}

/// A change: what one commit on one device did to one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// SHA-256 of the inflated chunk, which is the change's name.
    pub hash: ChangeHash,
    /// The author.
    pub actor: ActorId,
    /// The author's count of changes on this record, from 1.
    pub seq: u64,
    /// Counter of the first operation; the others follow without gaps.
    pub start_op: u64,
    /// Wall time of the author's device, ms since 1970.
    pub time: i64,
    /// The heads the author had seen, ascending.
    pub deps: Vec<ChangeHash>,
    /// The operations, in the order of their counters.
    pub puts: Vec<Put>,
}

impl Change {
    /// Id of the `index`-th operation.
    pub fn op_id(&self, index: usize) -> OpId {
        OpId {
            counter: self.start_op + index as u64,
            actor: self.actor,
        }
    }

    /// Counter of the last operation.
    pub fn max_op(&self) -> u64 {
        self.start_op + self.puts.len() as u64 - 1
    }
}
