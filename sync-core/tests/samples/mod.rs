//! One deterministic sample of every format on disk and wire, and how it is read back.
//!
//! The golden test holds their bytes, the CDDL test their form.

mod body;
mod bundle;
mod journal;
mod record;
mod story;
mod sync;

use std::fmt::Write as _;

use minicbor::{Decode, Decoder, Encode};

/// A sample: bytes, what they are, and the reader that must accept them and nothing like them.
pub(crate) struct Sample {
    /// Name of its golden file.
    pub(crate) name: &'static str,
    /// Its rule in `schemas/protocol.cddl`; none where it is not CBOR.
    pub(crate) rule: Option<&'static str>,
    /// What it shows.
    pub(crate) note: &'static str,
    /// Its bytes.
    pub(crate) bytes: Vec<u8>,
    /// Whether bytes read as exactly what the sample was made from; `Err` if they cannot be read.
    pub(crate) reads: Reads,
}

/// A reader.
type Reads = Box<dyn Fn(&[u8]) -> Result<bool, String>>;

/// Every sample.
pub(crate) fn all() -> Vec<Sample> {
    [
        record::samples(),
        body::samples(),
        bundle::samples(),
        sync::samples(),
        journal::samples(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What is derived rather than encoded: `what = value`, one a line.
#[allow(
    dead_code,
    reason = "of the two tests that use this module, the golden one"
)]
pub(crate) fn derivations() -> String {
    record::derivations() + &bundle::derivations()
}

/// Lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A sample of a type that minicbor reads and writes.
fn cbor<T>(name: &'static str, rule: &'static str, note: &'static str, value: T) -> Sample
where
    T: Encode<()> + for<'b> Decode<'b, ()> + PartialEq + 'static,
{
    let bytes = minicbor::to_vec(&value).unwrap();
    read_by(name, Some(rule), note, bytes, move |bytes| {
        Ok(whole::<T>(bytes)? == value)
    })
}

/// A sample with a reader of its own.
fn read_by(
    name: &'static str,
    rule: Option<&'static str>,
    note: &'static str,
    bytes: Vec<u8>,
    reads: impl Fn(&[u8]) -> Result<bool, String> + 'static,
) -> Sample {
    Sample {
        name,
        rule,
        note,
        bytes,
        reads: Box::new(reads),
    }
}

/// A value that fills the bytes.
fn whole<T: for<'b> Decode<'b, ()>>(bytes: &[u8]) -> Result<T, String> {
    let mut decoder = Decoder::new(bytes);
    let value = decoder.decode().map_err(text)?;
    if decoder.position() == bytes.len() {
        Ok(value)
    } else {
        Err("bytes left over".into())
    }
}

/// An error as text.
#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn text(error: impl ToString) -> String {
    error.to_string()
}

/// DEFLATE (RFC 1951) without compression: one stored block. What a compressor makes of bytes
/// depends on the library; this does not, and every receiver inflates it.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap();
    let mut out = vec![1];
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(&(!length).to_le_bytes());
    out.extend_from_slice(bytes);
    out
}
