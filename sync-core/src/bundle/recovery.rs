//! A forgotten secret: the book's data key comes back through the server, when a supervisor says so.
//!
//! ```text
//! phone   data key ─ sealed to the server, for this device ─ the copy, kept on the phone
//!         asks: the copy, and a fresh public key of its own ─────────▶ server
//! server  a supervisor approves: opens the copy, seals the key to the fresh key
//! phone   ◀── opens it; the person chooses another secret
//! ```
//!
//! The server never keeps a data key, and one that was stolen with its copy opens nothing without a
//! person's word. Both seals are HPKE as in [`super::sealed`], under an `info` of their own, with the
//! device's id as associated data.

use minicbor::{Decode, Encode};

use super::sealed::{SealError, SealedChange, ServerOpenKey, ServerSealKey};
use crate::{cbor, ids::DeviceId};

const COPY: &[u8] = b"gridbook/recovery/copy/1";
const ANSWER: &[u8] = b"gridbook/recovery/answer/1";
const KEY_LEN: usize = 32;

/// What a phone asks with.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RecoveryRequest {
    /// The data key, sealed to the server: [`copy_for_recovery`].
    #[n(1)]
    pub copy: SealedChange,
    /// The fresh public key that the answer is to be sealed to, X25519.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub key: [u8; 32],
}

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum RecoveryState {
    /// Nobody has decided yet.
    #[n(0)]
    Waiting,
    /// Approved: the key is in the answer.
    #[n(1)]
    Approved,
    /// Refused.
    #[n(2)]
    Refused,
}

/// What the server answers.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RecoveryReply {
    /// Where the request stands.
    #[n(1)]
    pub state: RecoveryState,
    /// The data key, sealed to the request's key.
    #[n(2)]
    pub sealed: Option<SealedChange>,
}

cbor::bytes_of!(RecoveryRequest, RecoveryReply, SealedChange);

/// The copy of a device's data key that only the server can open. `random` are 32 fresh bytes.
pub fn copy_for_recovery(
    server: &ServerSealKey,
    device: DeviceId,
    data_key: &[u8; KEY_LEN],
    random: [u8; 32],
) -> Result<SealedChange, SealError> {
    server.seal_for(COPY, &device.0, data_key, random)
}

/// The public key of a request, from 32 fresh secret bytes.
pub fn recovery_key(secret: &[u8; 32]) -> [u8; 32] {
    ServerOpenKey::derive(secret).1
}

/// The data key out of an answer to a request made with `secret`.
pub fn take_recovered(
    secret: &[u8; 32],
    device: DeviceId,
    sealed: &SealedChange,
) -> Result<[u8; KEY_LEN], SealError> {
    let (key, _) = ServerOpenKey::derive(secret);
    let plain = key.open_for(ANSWER, &device.0, sealed)?;
    plain.try_into().map_err(|_| SealError::Open)
}

impl ServerOpenKey {
    /// Hands the data key in a device's copy on to the key of its request.
    pub fn hand_on(
        &self,
        device: DeviceId,
        request: &RecoveryRequest,
        random: [u8; 32],
    ) -> Result<SealedChange, SealError> {
        let data_key = self.open_for(COPY, &device.0, &request.copy)?;
        if data_key.len() != KEY_LEN {
            return Err(SealError::Open);
        }
        let to = ServerSealKey::from_bytes(&request.key)?;
        to.seal_for(ANSWER, &device.0, &data_key, random)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEVICE: DeviceId = DeviceId([1; 6]);

    fn request() -> (ServerOpenKey, RecoveryRequest) {
        let (open, public) = ServerOpenKey::derive(&[9; 32]);
        let server = ServerSealKey::from_bytes(&public).unwrap();
        let copy = copy_for_recovery(&server, DEVICE, &[7; 32], [5; 32]).unwrap();
        let key = recovery_key(&[3; 32]);
        (open, RecoveryRequest { copy, key })
    }

    #[test]
    fn the_key_comes_back_to_who_asked_and_nobody_else() {
        let (server, request) = request();
        let request = RecoveryRequest::from_bytes(&request.to_bytes()).unwrap();
        let sealed = server.hand_on(DEVICE, &request, [6; 32]).unwrap();
        assert_eq!(take_recovered(&[3; 32], DEVICE, &sealed), Ok([7; 32]));
        let open = |secret, device| take_recovered(&secret, device, &sealed);
        assert_eq!(open([4; 32], DEVICE), Err(SealError::Open));
        assert_eq!(open([3; 32], DeviceId([2; 6])), Err(SealError::Open));
    }

    #[test]
    fn a_copy_of_another_phone_is_not_handed_on() {
        let (server, request) = request();
        let other = server.hand_on(DeviceId([2; 6]), &request, [6; 32]);
        assert_eq!(other, Err(SealError::Open));
    }
}
