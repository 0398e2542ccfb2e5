//! How a file lies on disk: `GBF1`, whether it is sealed, the record, then frames of a length and
//! bytes. The first frame says what the file is, the others are its pieces; sealed ones open only
//! with the record's key, in their place and no other.

use std::{
    fs::{File, OpenOptions},
    io::{Read as _, Seek as _, SeekFrom, Write as _},
    path::Path,
};

use minicbor::{Decode, Encode};
use sync_core::{DeviceId, RecordId, Sha256, limits::MAX_ATTACHMENT_BYTES};

use crate::{
    error::{Error, Result},
    keys::RecordKey,
};

const MAGIC: &[u8; 4] = b"GBF1";
const HEAD: usize = 4 + 1 + 16;
/// A piece and what sealing adds to it.
const MAX_FRAME: usize = super::MAX_PIECE_BYTES + 64;
const DAMAGED: Error = Error::Internal("a stored file is damaged");

/// What a file is.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(super) struct About {
    #[n(1)]
    pub(super) sha256: Sha256,
    #[n(2)]
    pub(super) bytes: u64,
    #[n(3)]
    pub(super) media: String,
    #[n(4)]
    pub(super) device: DeviceId,
    #[n(5)]
    pub(super) begun_ms: i64,
}

/// Makes a file that holds nothing yet; its length.
pub(super) fn create(
    path: &Path,
    record: &RecordId,
    about: &About,
    key: Option<&RecordKey>,
) -> Result<u64> {
    let about = minicbor::to_vec(about).map_err(|_| DAMAGED)?;
    let mut bytes = Vec::with_capacity(256);
    bytes.extend_from_slice(MAGIC);
    bytes.push(u8::from(key.is_some()));
    bytes.extend_from_slice(&record.0);
    bytes.extend_from_slice(&frame(0, &about, key)?);
    let mut file = File::create(path)?;
    file.write_all(&bytes)?;
    file.sync_all()?;
    Ok(bytes.len() as u64)
}

/// Appends piece number `number` (from 1) behind the first `stored` bytes, on disk when it
/// returns; the new length. What stands behind them was never acknowledged.
pub(super) fn append(
    path: &Path,
    stored: u64,
    number: u32,
    piece: &[u8],
    key: Option<&RecordKey>,
) -> Result<u64> {
    let bytes = frame(number, piece, key)?;
    let mut file = OpenOptions::new().write(true).open(path)?;
    if file.metadata()?.len() < stored {
        return Err(DAMAGED);
    }
    file.set_len(stored)?;
    file.seek(SeekFrom::Start(stored))?;
    file.write_all(&bytes)?;
    file.sync_data()?;
    Ok(stored + bytes.len() as u64)
}

/// Reads a whole file.
pub(super) fn read(path: &Path, key: Option<&RecordKey>) -> Result<(About, Vec<u8>)> {
    let mut file = File::open(path)?;
    let (_, sealed) = head(&mut file)?;
    if sealed != key.is_some() {
        return Err(DAMAGED);
    }
    let about = about(&mut file, key)?;
    let mut bytes = Vec::new();
    let mut number = 1;
    while let Some(piece) = next(&mut file, number, key)? {
        if piece.len() > MAX_ATTACHMENT_BYTES.saturating_sub(bytes.len()) {
            return Err(DAMAGED);
        }
        bytes.extend_from_slice(&piece);
        number += 1;
    }
    Ok((about, bytes))
}

/// Reads which record a file is of and whether it is sealed; then, with its key, what it is.
pub(super) fn identify(
    path: &Path,
    key: impl FnOnce(&RecordId) -> Result<Option<RecordKey>>,
) -> Result<(RecordId, About)> {
    let mut file = File::open(path)?;
    let (record, sealed) = head(&mut file)?;
    let key = if sealed { key(&record)? } else { None };
    Ok((record, about(&mut file, key.as_ref())?))
}

fn head(file: &mut File) -> Result<(RecordId, bool)> {
    let mut head = [0; HEAD];
    file.read_exact(&mut head)?;
    let (magic, rest) = head.split_at(MAGIC.len());
    let (flag, record) = rest.split_at(1);
    if magic != MAGIC {
        return Err(DAMAGED);
    }
    Ok((RecordId::from_slice(record)?, flag == [1]))
}

fn about(file: &mut File, key: Option<&RecordKey>) -> Result<About> {
    let bytes = next(file, 0, key)?.ok_or(DAMAGED)?;
    minicbor::decode(&bytes).map_err(|_| DAMAGED)
}

fn frame(number: u32, plain: &[u8], key: Option<&RecordKey>) -> Result<Vec<u8>> {
    let body = match key {
        Some(key) => key.seal(&aad(number), plain)?,
        None => plain.to_vec(),
    };
    let length = u32::try_from(body.len()).map_err(|_| Error::TooLarge("a piece"))?;
    let mut frame = length.to_be_bytes().to_vec();
    frame.extend_from_slice(&body);
    Ok(frame)
}

/// The next frame; none at the end of the file.
fn next(file: &mut File, number: u32, key: Option<&RecordKey>) -> Result<Option<Vec<u8>>> {
    let mut first = [0; 1];
    if file.read(&mut first)? == 0 {
        return Ok(None);
    }
    let mut rest = [0; 3];
    file.read_exact(&mut rest)?;
    let ([a], [b, c, d]) = (first, rest);
    let length = usize::try_from(u32::from_be_bytes([a, b, c, d])).map_err(|_| DAMAGED)?;
    if length > MAX_FRAME {
        return Err(DAMAGED);
    }
    let mut body = vec![0; length];
    file.read_exact(&mut body)?;
    match key {
        Some(key) => key.open(&aad(number), &body).map(Some),
        None => Ok(Some(body)),
    }
}

fn aad(number: u32) -> [u8; 8] {
    let mut aad = *b"file\0\0\0\0";
    let (_, at) = aad.split_at_mut(4);
    at.copy_from_slice(&number.to_be_bytes());
    aad
}
