//! An outbox carried out by hand: the bundles of one phone, sealed to the server, in a file that
//! anyone may carry and no one but the server can read.

use minicbor::{Decode, Encode};

use super::Bundle;
use crate::{cbor, error::FormatError, limits::MAX_OUTBOX_FILE_BYTES};

/// What every outbox file begins with.
const MARK: &str = "gridbook-outbox";
const VERSION: u8 = 1;

/// The content of an outbox file.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct OutboxFile {
    #[n(1)]
    mark: String,
    #[n(2)]
    version: u8,
    /// The bundles, all of version 3 and of one device, by number.
    #[n(3)]
    pub bundles: Vec<Bundle>,
}

impl OutboxFile {
    /// A file of these bundles.
    pub fn new(bundles: Vec<Bundle>) -> Self {
        Self {
            mark: MARK.to_owned(),
            version: VERSION,
            bundles,
        }
    }

    /// The file's bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        cbor::to_vec(self)
    }

    /// Reads a file.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FormatError> {
        if bytes.len() > MAX_OUTBOX_FILE_BYTES {
            return Err(FormatError::new("outbox file is larger than allowed"));
        }
        let file: Self = cbor::from_slice(bytes)?;
        if file.mark != MARK {
            return Err(FormatError::new("not an outbox file"));
        }
        if file.version != VERSION {
            return Err(FormatError::new(
                "outbox file of a newer version: update the app",
            ));
        }
        let device = file.bundles.first().map(|bundle| bundle.device);
        if file
            .bundles
            .iter()
            .any(|bundle| Some(bundle.device) != device || bundle.wire != 3)
        {
            return Err(FormatError::new(
                "outbox file holds something else than sealed bundles",
            ));
        }
        Ok(file)
    }
}
