//! The types of files that are taken, told by their content.

/// Media types that are taken.
pub(super) const TAKEN: [&str; 4] = ["image/jpeg", "image/png", "image/webp", "image/heic"];

/// Bytes from which a type can be told.
pub(super) const TOLD_BY: usize = 64;

/// The media type of a file that begins so, if it is one of [`TAKEN`].
pub(super) fn of(bytes: &[u8]) -> Option<&'static str> {
    let found = infer::get(bytes)?.mime_type();
    // What phones call HEIC comes under several brands.
    let found = if found == "image/heif" {
        "image/heic"
    } else {
        found
    };
    TAKEN.into_iter().find(|taken| *taken == found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_known_by_their_first_bytes() {
        assert_eq!(of(&[0xFF, 0xD8, 0xFF, 0xE0, 0, 0]), Some("image/jpeg"));
        assert_eq!(of(b"\x89PNG\r\n\x1a\n"), Some("image/png"));
        assert_eq!(of(b"RIFF\x10\0\0\0WEBPVP8 "), Some("image/webp"));
        let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic";
        assert_eq!(of(heic), Some("image/heic"));
        for other in [
            &b"<html>"[..],
            b"%PDF-1.7",
            b"GIF89a",
            b"MZ",
            b"",
            b"PK\x03\x04",
        ] {
            assert_eq!(of(other), None);
        }
    }
}
