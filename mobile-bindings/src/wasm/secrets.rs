//! Keys: the book's, and an Ed25519 for browsers that have none of their own.

use ring::{
    rand::{SecureRandom as _, SystemRandom},
    signature::{Ed25519KeyPair, KeyPair as _},
};
use wasm_bindgen::prelude::*;

use super::{or_throw, thrown};
use crate::{phone::Problem, secret};

/// 32 random bytes: a data key, or a seed.
#[wasm_bindgen(js_name = newKey)]
pub fn new_key() -> Result<Vec<u8>, JsValue> {
    let mut key = vec![0; 32];
    let filled = SystemRandom::new().fill(&mut key);
    filled.map_err(|_| thrown(&Problem::call()))?;
    Ok(key)
}

/// The key of 32 bytes that a passphrase and a salt of 16 bytes make (Argon2id, 19 MiB).
#[wasm_bindgen(js_name = deriveKey)]
pub fn derive_key(passphrase: &str, salt: &[u8]) -> Result<Vec<u8>, JsValue> {
    let salt = or_throw(salt.try_into().map_err(|_| Problem::call()))?;
    let key = secret::derive_key(passphrase, salt);
    or_throw(key.map(Vec::from).ok_or_else(Problem::call))
}

/// The public key of a seed of 32 bytes.
#[wasm_bindgen(js_name = ed25519Public)]
pub fn ed25519_public(seed: &[u8]) -> Result<Vec<u8>, JsValue> {
    Ok(pair(seed)?.public_key().as_ref().to_vec())
}

/// The signature of a seed's key over a message.
#[wasm_bindgen(js_name = ed25519Sign)]
pub fn ed25519_sign(seed: &[u8], message: &[u8]) -> Result<Vec<u8>, JsValue> {
    Ok(pair(seed)?.sign(message).as_ref().to_vec())
}

fn pair(seed: &[u8]) -> Result<Ed25519KeyPair, JsValue> {
    Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| thrown(&Problem::call()))
}
