//! Change chunks taken apart and put together byte by byte, independently of sync-core's own
//! reader and writer, so that what is under test does not decide what can be said.

use sync_core::Sha256;

/// First bytes of every Automerge chunk.
const MAGIC: [u8; 4] = [0x85, 0x6F, 0x4A, 0x83];

/// Writes unsigned LEB128 in its shortest form.
pub(super) fn unsigned(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    out.push(value.to_le_bytes()[0]);
}

/// Writes signed LEB128 in its shortest form.
pub(super) fn signed(out: &mut Vec<u8>, mut value: i64) {
    while !(-0x40..0x40).contains(&value) {
        out.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    out.push(value.to_le_bytes()[0] & 0x7F);
}

/// A chunk of the given type around `content`, with the checksum of a plain change of `body`.
pub(super) fn chunk(kind: u8, content: &[u8], body: &[u8]) -> Vec<u8> {
    let mut named = vec![1];
    unsigned(&mut named, body.len() as u64);
    named.extend_from_slice(body);
    let mut out = MAGIC.to_vec();
    out.extend_from_slice(&Sha256::of(&named).0[..4]);
    out.push(kind);
    unsigned(&mut out, content.len() as u64);
    out.extend_from_slice(content);
    out
}

/// A plain change chunk around `body`, whatever that holds, with a fresh length and checksum.
pub fn seal(body: &[u8]) -> Vec<u8> {
    chunk(1, body, body)
}

/// The body of a genuine plain chunk.
pub fn body_of(chunk: &[u8]) -> &[u8] {
    let mut reader = Reader(chunk.get(9..).unwrap_or_default());
    let length = reader.unsigned();
    reader.take(length)
}

/// Reads genuine bytes; past their end it gives zeros.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: u64) -> &'a [u8] {
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let (head, tail) = self.0.split_at(length.min(self.0.len()));
        self.0 = tail;
        head
    }

    fn leb(&mut self) -> &'a [u8] {
        let more = self.0.iter().take_while(|byte| **byte >= 0x80).count();
        self.take(more as u64 + 1)
    }

    fn unsigned(&mut self) -> u64 {
        let value = |sum: u64, byte: &u8| sum << 7 | u64::from(byte & 0x7F);
        self.leb().iter().rev().fold(0, value)
    }

    fn signed(&mut self) -> i64 {
        let bytes = self.leb();
        let negative = bytes.last().is_some_and(|last| last & 0x40 != 0);
        let value = |sum: i64, byte: &u8| sum << 7 | i64::from(byte & 0x7F);
        let start = if negative { -1 } else { 0 };
        bytes.iter().rev().fold(start, value)
    }

    fn prefixed(&mut self) -> Vec<u8> {
        let length = self.unsigned();
        self.take(length).to_vec()
    }
}

/// Every part of a change's body, open to any alteration.
#[derive(Clone, Debug)]
pub(super) struct Parts {
    /// Hashes, one after another.
    pub(super) deps: Vec<Vec<u8>>,
    /// The author.
    pub(super) actor: Vec<u8>,
    /// Count, first counter, each as written.
    pub(super) seq: u64,
    /// Counter of the first operation.
    pub(super) start_op: u64,
    /// Wall time.
    pub(super) time: i64,
    /// Commit message.
    pub(super) message: Vec<u8>,
    /// Actors beside the author.
    pub(super) others: Vec<Vec<u8>>,
    /// Column ids with their bytes, in the order written.
    pub(super) columns: Vec<(u64, Vec<u8>)>,
    /// What follows the columns.
    pub(super) tail: Vec<u8>,
}

impl Parts {
    /// The parts of a genuine plain chunk.
    pub(super) fn of(chunk: &[u8]) -> Self {
        let mut reader = Reader(body_of(chunk));
        let deps = (0..reader.unsigned())
            .map(|_| reader.take(32).to_vec())
            .collect();
        let actor = reader.prefixed();
        let (seq, start_op, time) = (reader.unsigned(), reader.unsigned(), reader.signed());
        let message = reader.prefixed();
        let others = (0..reader.unsigned()).map(|_| reader.prefixed()).collect();
        let headers: Vec<(u64, u64)> = (0..reader.unsigned())
            .map(|_| (reader.unsigned(), reader.unsigned()))
            .collect();
        let columns = headers
            .into_iter()
            .map(|(id, length)| (id, reader.take(length).to_vec()))
            .collect();
        Self {
            deps,
            actor,
            seq,
            start_op,
            time,
            message,
            others,
            columns,
            tail: reader.0.to_vec(),
        }
    }

    /// The body that says all this.
    pub(super) fn body(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let prefixed = |out: &mut Vec<u8>, bytes: &[u8]| {
            unsigned(out, bytes.len() as u64);
            out.extend_from_slice(bytes);
        };
        unsigned(&mut out, self.deps.len() as u64);
        self.deps.iter().for_each(|dep| out.extend_from_slice(dep));
        prefixed(&mut out, &self.actor);
        unsigned(&mut out, self.seq);
        unsigned(&mut out, self.start_op);
        signed(&mut out, self.time);
        prefixed(&mut out, &self.message);
        unsigned(&mut out, self.others.len() as u64);
        self.others
            .iter()
            .for_each(|other| prefixed(&mut out, other));
        unsigned(&mut out, self.columns.len() as u64);
        for (id, bytes) in &self.columns {
            unsigned(&mut out, *id);
            unsigned(&mut out, bytes.len() as u64);
        }
        for (_, bytes) in &self.columns {
            out.extend_from_slice(bytes);
        }
        out.extend_from_slice(&self.tail);
        out
    }

    /// The bytes of a column; an empty one is added if it is not there.
    pub(super) fn column(&mut self, id: u64) -> &mut Vec<u8> {
        let at = self.columns.partition_point(|(known, _)| *known < id);
        if self.columns.get(at).is_none_or(|(known, _)| *known != id) {
            self.columns.insert(at, (id, Vec::new()));
        }
        // The column is there: the lines above made sure of it.
        #[expect(clippy::indexing_slicing, reason = "inserted above")]
        &mut self.columns[at].1
    }
}

/// The rows of a genuine run-length column, each as its bytes; `strings` if rows carry a length.
pub(super) fn rows(column: &[u8], strings: bool) -> Vec<Vec<u8>> {
    let mut reader = Reader(column);
    let mut rows = Vec::new();
    let item = |reader: &mut Reader<'_>| {
        let mut bytes = reader.leb().to_vec();
        if strings {
            let length = Reader(&bytes).unsigned();
            bytes.extend_from_slice(reader.take(length));
        }
        bytes
    };
    while !reader.0.is_empty() {
        let count = reader.signed();
        let times = usize::try_from(count.unsigned_abs()).unwrap_or(0);
        if count > 0 {
            let row = item(&mut reader);
            rows.extend(std::iter::repeat_n(row, times));
        } else {
            rows.extend((0..times).map(|_| item(&mut reader)));
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Corpus, Rng};

    #[test]
    fn a_genuine_change_comes_back_byte_for_byte() {
        let corpus = Corpus::generate(&mut Rng::new(7), 2).unwrap();
        for change in corpus.histories().iter().flat_map(|one| &one.changes) {
            assert_eq!(seal(&Parts::of(&change.chunk).body()), change.chunk);
        }
    }
}
