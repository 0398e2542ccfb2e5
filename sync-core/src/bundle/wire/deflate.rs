//! Raw DEFLATE (RFC 1951), inflated under a cap.

use std::io::{Read as _, Write as _};

use flate2::{Compression, bufread::DeflateDecoder, write::DeflateEncoder};

use super::WireError;

/// Deflates bytes at the best level: bodies are small and signal is dear.
pub fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    // Writing to memory cannot fail; an empty body would be refused by the receiver.
    let written = encoder.write_all(bytes);
    written.and_then(|()| encoder.finish()).unwrap_or_default()
}

/// Inflates at most `cap` bytes; more, damage or leftovers are an error.
pub fn inflate(bytes: &[u8], cap: usize) -> Result<Vec<u8>, WireError> {
    let mut decoder = DeflateDecoder::new(bytes);
    let mut out = Vec::new();
    decoder
        .by_ref()
        .take(cap as u64 + 1)
        .read_to_end(&mut out)
        .map_err(|_| WireError::Deflate)?;
    let whole = decoder.total_in() == bytes.len() as u64;
    if out.len() <= cap && whole {
        Ok(out)
    } else {
        Err(WireError::Deflate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_and_a_bomb_stops_at_the_cap() {
        let bytes = vec![7; 100_000];
        let deflated = deflate(&bytes);
        assert_eq!(inflate(&deflated, 100_000), Ok(bytes));
        assert_eq!(inflate(&deflated, 99_999), Err(WireError::Deflate));
        let mut longer = deflated;
        longer.push(0);
        assert_eq!(inflate(&longer, 100_000), Err(WireError::Deflate));
    }
}
