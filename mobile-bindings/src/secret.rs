//! The data key from a passphrase.

use argon2::{Algorithm, Argon2, Params, Version};

/// Bytes of a salt.
pub const SALT_LEN: usize = 16;

/// Memory, KiB: what OWASP names for Argon2id with two passes, and about a second of a slow phone.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// The key of 32 bytes that a passphrase and the book's salt make (Argon2id). None for a salt or
/// a passphrase of impossible length.
pub fn derive_key(passphrase: &str, salt: &[u8; SALT_LEN]) -> Option<[u8; 32]> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(32)).ok()?;
    let mut key = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.as_bytes(), salt, &mut key)
        .ok()?;
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_passphrase_and_salt_make_the_same_key_and_others_do_not() {
        let key = derive_key("正确的口令", &[1; SALT_LEN]).unwrap();
        assert_eq!(derive_key("正确的口令", &[1; SALT_LEN]), Some(key));
        assert_ne!(derive_key("正确的口令 ", &[1; SALT_LEN]), Some(key));
        assert_ne!(derive_key("正确的口令", &[2; SALT_LEN]), Some(key));
    }
}
