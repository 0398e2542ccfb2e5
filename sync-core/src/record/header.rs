//! What stands outside the document: the creating device proposes it, from admission on only the
//! server changes it.

use minicbor::{Decode, Encode};

use crate::ids::Salt;

/// A record's header, without its id.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Header {
    /// The kind's name in the schemas.
    #[n(0)]
    pub kind: String,
    /// The grid's code, 15 digits.
    #[n(1)]
    pub grid: String,
    /// Rises with each move between grids: two cursors have no common order, the highest wins.
    #[n(2)]
    pub move_number: u64,
    /// Key of the HMACs in manifests; dies with the record's key.
    #[n(3)]
    pub salt: Salt,
}
