//! Rows sealed under the data key: AES-256-GCM (ring), a fresh random nonce each time, bound to
//! table and row by the associated data, so that rows cannot be swapped.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use crate::fieldbook::{
    error::{FieldbookError, Result},
    host::{Host, random},
};

/// The phone's data key: 32 bytes from the key store, a passkey or a passphrase.
pub struct DataKey(LessSafeKey);

impl DataKey {
    /// A key of 32 bytes.
    #[expect(clippy::missing_panics_doc, reason = "it cannot: see below")]
    pub fn new(bytes: &[u8; 32]) -> Self {
        // 32 bytes are what AES-256 takes: this cannot fail.
        #[expect(clippy::expect_used, reason = "the length is fixed by the type")]
        Self(LessSafeKey::new(
            UnboundKey::new(&AES_256_GCM, bytes).expect("32 bytes"),
        ))
    }

    /// Seals a row: nonce, ciphertext, tag.
    pub(crate) fn seal(
        &self,
        host: &dyn Host,
        table: &'static str,
        row: &[u8],
        plain: &[u8],
    ) -> Result<Vec<u8>> {
        let nonce: [u8; NONCE_LEN] = random(host);
        let mut sealed = Vec::with_capacity(NONCE_LEN + plain.len() + AES_256_GCM.tag_len());
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(plain);
        let tag = {
            let body = sealed.get_mut(NONCE_LEN..).unwrap_or_default();
            self.0
                .seal_in_place_separate_tag(
                    Nonce::assume_unique_for_key(nonce),
                    Aad::from(aad(table, row)),
                    body,
                )
                .map_err(|_| FieldbookError::Damaged(table))?
        };
        sealed.extend_from_slice(tag.as_ref());
        Ok(sealed)
    }

    /// Opens a sealed row.
    pub(crate) fn open(&self, table: &'static str, row: &[u8], sealed: &[u8]) -> Result<Vec<u8>> {
        let damaged = FieldbookError::Damaged(table);
        let Some((nonce, body)) = sealed.split_first_chunk::<NONCE_LEN>() else {
            return Err(damaged);
        };
        let mut plain = body.to_vec();
        let opened = self.0.open_in_place(
            Nonce::assume_unique_for_key(*nonce),
            Aad::from(aad(table, row)),
            &mut plain,
        );
        let len = opened.map_err(|_| damaged)?.len();
        plain.truncate(len);
        Ok(plain)
    }
}

fn aad(table: &str, row: &[u8]) -> Vec<u8> {
    let mut aad = Vec::with_capacity(table.len() + 1 + row.len());
    aad.extend_from_slice(table.as_bytes());
    aad.push(0);
    aad.extend_from_slice(row);
    aad
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::Clock;

    struct Fixed;

    impl Host for Fixed {
        fn clock(&self) -> Clock {
            Clock::default()
        }
        fn random(&self, to: &mut [u8]) {
            to.fill(7);
        }
    }

    #[test]
    fn a_row_opens_with_its_key_in_its_place_only() {
        let key = DataKey::new(&[1; 32]);
        let sealed = key.seal(&Fixed, "record", b"row", b"plain").unwrap();
        assert_eq!(key.open("record", b"row", &sealed).unwrap(), b"plain");
        assert!(key.open("record", b"other", &sealed).is_err());
        assert!(key.open("summary", b"row", &sealed).is_err());
        assert!(
            DataKey::new(&[2; 32])
                .open("record", b"row", &sealed)
                .is_err()
        );
        assert!(key.open("record", b"row", &sealed[..11]).is_err());
    }
}
