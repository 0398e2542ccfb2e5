//! Signatures of HTTP requests (RFC 9421) and digests of their bodies (RFC 9530), as far as phone
//! and server need them; both build the signed text with the same code. No I/O.
//!
//! A request is signed with the device's Ed25519 key over, in this order, `@method`, `@path`,
//! `@query`, for POST, PUT and PATCH `content-digest`, and whichever of [`UPLOAD_FIELDS`] it
//! carries. One signature, labelled `sig`, its parameters always written alike:
//!
//! ```text
//! content-digest: sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:
//! signature-input: sig=("@method" "@path" "@query" "content-digest");created=1786000000;keyid="0102030a0b0c";alg="ed25519";nonce="…"
//! signature: sig=:…:
//! ```

mod base;
mod digest;
mod fault;
mod params;
mod request;

pub use base::signature_base;
pub use digest::{content_digest, parse_content_digest};
pub use fault::SignatureFault;
pub use params::{ALGORITHM, Params};
pub use request::{Covered, Sent, ToSign, UPLOAD_FIELDS, needs_digest};
