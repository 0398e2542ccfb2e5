//! What became of one record of a bundle.

use minicbor::{Decode, Encode};

use crate::{
    change::{HeldReason, RefusedReason, Stop},
    ids::RecordId,
};

/// The fate of a record's changes in a bundle, after the first `accepted` ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerdictStatus {
    /// All entered.
    Accepted,
    /// The rest waits and can be released as it is.
    Held(HeldReason),
    /// The first of the rest is refused for good; the others are to be made again.
    Refused(RefusedReason),
}

/// A verdict on one record of one bundle. On the wire: bundle, record, status (0 accepted, 1 held,
/// 2 refused), number of changes accepted, the reason's number or null, the field at fault or
/// null.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The bundle.
    pub number: u64,
    /// The record.
    pub record: RecordId,
    /// How many of its changes entered, from the first.
    pub accepted: u32,
    /// What became of the rest.
    pub status: VerdictStatus,
    /// Key of the field at fault, if one is.
    pub key: Option<String>,
}

impl Verdict {
    /// Whether a supervisor wrote the values of what was held or refused.
    pub const fn is_taken_over(&self) -> bool {
        matches!(
            self.status,
            VerdictStatus::Refused(RefusedReason::TakenOver)
        )
    }
}

impl VerdictStatus {
    /// The status of a stop.
    pub const fn of(stop: Stop) -> Self {
        match stop {
            Stop::Held(reason) => Self::Held(reason),
            Stop::Refused(reason) => Self::Refused(reason),
        }
    }

    /// Status and reason as numbers.
    pub const fn codes(self) -> (u8, Option<u8>) {
        match self {
            Self::Accepted => (0, None),
            Self::Held(reason) => (1, Some(reason.code())),
            Self::Refused(reason) => (2, Some(reason.code())),
        }
    }

    /// The status of these numbers.
    pub fn from_codes(status: u8, reason: Option<u8>) -> Option<Self> {
        match (status, reason) {
            (0, None) => Some(Self::Accepted),
            (1, Some(reason)) => HeldReason::from_code(reason).map(Self::Held),
            (2, Some(reason)) => RefusedReason::from_code(reason).map(Self::Refused),
            _ => None,
        }
    }
}

impl<C> Encode<C> for Verdict {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        let (status, reason) = self.status.codes();
        e.array(6)?
            .u64(self.number)?
            .encode_with(self.record, ctx)?
            .u8(status)?;
        e.u32(self.accepted)?
            .encode_with(reason, ctx)?
            .encode_with(&self.key, ctx)?
            .ok()
    }
}

impl<'b, C> Decode<'b, C> for Verdict {
    fn decode(d: &mut minicbor::Decoder<'b>, ctx: &mut C) -> Result<Self, minicbor::decode::Error> {
        crate::cbor::array_len(d, 6, 6)?;
        let (number, record) = (d.u64()?, d.decode_with(ctx)?);
        let (status, accepted) = (d.u8()?, d.u32()?);
        let (reason, key) = (d.decode_with(ctx)?, d.decode_with(ctx)?);
        let status = VerdictStatus::from_codes(status, reason)
            .ok_or_else(|| minicbor::decode::Error::message("unknown verdict"))?;
        Ok(Self {
            number,
            record,
            accepted,
            status,
            key,
        })
    }
}
