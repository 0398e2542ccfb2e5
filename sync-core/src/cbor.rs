//! The CBOR we speak (RFC 8949): definite lengths, integer keys, nothing left over.

use minicbor::{Decode, Decoder, Encode, Encoder, data::Type, decode, encode};
use schemas::value::Scalar;

use crate::{
    error::FormatError,
    limits::{MAX_BLOB_BYTES, MAX_TEXT_BYTES},
};

/// Encodes a value; writing to memory cannot fail.
pub(crate) fn to_vec<T: Encode<()>>(value: &T) -> Vec<u8> {
    let mut out = Vec::new();
    match minicbor::encode(value, &mut out) {
        Ok(()) => out,
        Err(_) => Vec::new(),
    }
}

/// Decodes a value that fills the bytes.
pub(crate) fn from_slice<'b, T: Decode<'b, ()>>(bytes: &'b [u8]) -> Result<T, FormatError> {
    let mut decoder = Decoder::new(bytes);
    let value = decoder.decode()?;
    if decoder.position() == bytes.len() {
        Ok(value)
    } else {
        Err(FormatError::new("bytes left over after CBOR"))
    }
}

/// Gives a message `to_bytes` and `from_bytes`.
macro_rules! bytes_of {
    ($($name:ty),+ $(,)?) => {$(
        impl $name {
            /// The message's bytes.
            pub fn to_bytes(&self) -> Vec<u8> {
                $crate::cbor::to_vec(self)
            }

            /// Reads the message.
            pub fn from_bytes(bytes: &[u8]) -> Result<Self, $crate::error::FormatError> {
                $crate::cbor::from_slice(bytes)
            }
        }
    )+};
}
pub(crate) use bytes_of;

/// Length of a definite array within bounds.
pub(crate) fn array_len(
    d: &mut Decoder<'_>,
    min: usize,
    max: usize,
) -> Result<usize, decode::Error> {
    let len = d
        .array()?
        .ok_or_else(|| decode::Error::message("indefinite length"))?;
    usize::try_from(len)
        .ok()
        .filter(|len| (min..=max).contains(len))
        .ok_or_else(|| decode::Error::message("array length out of bounds"))
}

/// Length of a definite map within bounds.
pub(crate) fn map_len(d: &mut Decoder<'_>, max: usize) -> Result<usize, decode::Error> {
    let len = d
        .map()?
        .ok_or_else(|| decode::Error::message("indefinite length"))?;
    usize::try_from(len)
        .ok()
        .filter(|len| *len <= max)
        .ok_or_else(|| decode::Error::message("map length out of bounds"))
}

/// A register's value as the CBOR type it is.
pub(crate) fn encode_scalar<W: encode::Write>(
    e: &mut Encoder<W>,
    value: &Scalar,
) -> Result<(), encode::Error<W::Error>> {
    match value {
        Scalar::Null => e.null()?.ok(),
        Scalar::Bool(value) => e.bool(*value)?.ok(),
        Scalar::Int(value) => e.i64(*value)?.ok(),
        Scalar::Text(text) => e.str(text)?.ok(),
        Scalar::Bytes(bytes) => e.bytes(bytes)?.ok(),
    }
}

/// Reads a register's value.
pub(crate) fn decode_scalar(d: &mut Decoder<'_>) -> Result<Scalar, decode::Error> {
    let too_long = || decode::Error::message("value is too long");
    Ok(match d.datatype()? {
        Type::Null => {
            d.null()?;
            Scalar::Null
        }
        Type::Bool => Scalar::Bool(d.bool()?),
        Type::String => {
            let text = d.str()?;
            if text.len() > MAX_TEXT_BYTES {
                return Err(too_long());
            }
            Scalar::Text(text.to_owned())
        }
        Type::Bytes => {
            let bytes = d.bytes()?;
            if bytes.len() > MAX_BLOB_BYTES {
                return Err(too_long());
            }
            Scalar::Bytes(bytes.to_vec())
        }
        _ => Scalar::Int(d.i64()?),
    })
}
