//! Small secrets of accounts, sealed under a key that the server's session key gives.

use ring::hmac;

use crate::{
    core::Core,
    error::{Error, Result},
    keys::RecordKey,
};

/// The key that seals the second factors.
fn key(core: &Core) -> Result<RecordKey> {
    let tag = hmac::sign(core.keys().session_key(), b"gridbook second factor");
    let bytes = <&[u8; 32]>::try_from(tag.as_ref())
        .map_err(|_| Error::Internal("a key has the wrong length"))?;
    RecordKey::new(bytes)
}

/// Seals a second factor of an account.
pub(super) fn seal(core: &Core, login: &str, secret: &[u8]) -> Result<Vec<u8>> {
    key(core)?.seal(login.as_bytes(), secret)
}

/// Opens it.
pub(super) fn open(core: &Core, login: &str, sealed: &[u8]) -> Result<Vec<u8>> {
    key(core)?.open(login.as_bytes(), sealed)
}

/// What stands for a login among the failed sign-ins.
pub(super) fn login_mac(core: &Core, login: &str) -> Vec<u8> {
    let mut context = hmac::Context::with_key(core.keys().session_key());
    context.update(b"gridbook login\0");
    context.update(login.as_bytes());
    context.sign().as_ref().to_vec()
}
