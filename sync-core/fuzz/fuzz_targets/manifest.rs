//! What is signed and what travels beside it: manifests, bundles, bodies of every wire version,
//! certificates, journal entries, outbox files. What is read must be written again the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sync_core::{
    bundle::{
        Bundle, Certificate, JournalEntry, Manifest, NoIndex, OutboxFile, decode_raw, encode_raw,
        expand, inflate,
    },
    limits::MAX_BODY_BYTES,
};

fuzz_target!(|data: &[u8]| {
    if let Ok(manifest) = minicbor::decode::<Manifest>(data) {
        let again = minicbor::decode::<Manifest>(&manifest.to_bytes());
        assert_eq!(again.ok(), Some(manifest));
    }
    let _ = minicbor::decode::<Bundle>(data);
    let _ = Certificate::verify(data, &[7; 32]);
    if let Ok(entry) = JournalEntry::from_bytes(data) {
        assert_eq!(JournalEntry::from_bytes(&entry.to_bytes()), Ok(entry));
    }
    if let Ok(file) = OutboxFile::from_bytes(data) {
        assert_eq!(OutboxFile::from_bytes(&file.to_bytes()), Ok(file));
    }
    if let Ok(records) = decode_raw(data) {
        assert_eq!(decode_raw(&encode_raw(&records)), Ok(records));
    }
    let _ = expand(data, &NoIndex);
    if let Ok(body) = inflate(data, MAX_BODY_BYTES) {
        assert!(body.len() <= MAX_BODY_BYTES);
        let _ = decode_raw(&body);
        let _ = expand(&body, &NoIndex);
    }
});
