//! Any bytes to the scanner: as they are, and as the body of a chunk whose checksum is right.
//! What passes must come back byte for byte from the encoder.
#![no_main]

use gridbook_hostile::seal;
use libfuzzer_sys::fuzz_target;
use sync_core::change::{Incoming, encode};

fuzz_target!(|data: &[u8]| {
    for chunk in [data.to_vec(), seal(data)] {
        if let Ok(incoming) = Incoming::scan(&chunk) {
            assert_eq!(
                encode(&incoming.change),
                (incoming.chunk, incoming.change.hash)
            );
        }
    }
});
