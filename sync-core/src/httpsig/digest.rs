//! Content-Digest (RFC 9530), SHA-256 alone.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::SignatureFault;
use crate::ids::Sha256;

/// The header's value for a body.
pub fn content_digest(body: &[u8]) -> String {
    format!("sha-256=:{}:", STANDARD.encode(Sha256::of(body).0))
}

/// Reads the header: one digest, SHA-256.
pub fn parse_content_digest(value: &str) -> Result<Sha256, SignatureFault> {
    value
        .strip_prefix("sha-256=:")
        .and_then(|rest| rest.strip_suffix(':'))
        .and_then(|text| STANDARD.decode(text).ok())
        .and_then(|bytes| Sha256::from_slice(&bytes).ok())
        .ok_or(SignatureFault::Digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_rfc_comes_out() {
        let body = b"{\"hello\": \"world\"}\n";
        let value = "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:";
        assert_eq!(content_digest(body), value);
        assert_eq!(parse_content_digest(value), Ok(Sha256::of(body)));
    }

    #[test]
    fn another_form_is_refused() {
        for value in [
            "",
            "sha-256=::",
            "sha-512=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:",
            "sha-256=RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=",
            "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:, sha-512=:AA==:",
        ] {
            assert_eq!(parse_content_digest(value), Err(SignatureFault::Digest));
        }
    }
}
