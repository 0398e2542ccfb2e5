//! Bytes as lower-case hex, and back: ids in answers, acts and names of files.

use std::fmt::Write as _;

/// Bytes as lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Lower-case hex of exactly `N` bytes.
pub fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let bytes = text.as_bytes();
    if bytes.len() != N * 2 {
        return None;
    }
    let mut out = [0; N];
    for (to, pair) in out.iter_mut().zip(bytes.chunks_exact(2)) {
        let [high, low] = pair else { return None };
        *to = digit(*high)? << 4 | digit(*low)?;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_is_read_in_one_form_alone() {
        assert_eq!(unhex::<3>("00ff1a"), Some([0, 255, 26]));
        for bad in ["00FF1A", "00ff1", "00ff1a0", "00ff1g", "十十"] {
            assert_eq!(unhex::<3>(bad), None, "{bad}");
        }
        assert_eq!(hex(&[0, 255, 26]), "00ff1a");
    }
}
