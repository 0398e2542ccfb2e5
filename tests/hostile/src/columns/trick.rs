//! The tricks themselves.

use std::{io::Write as _, sync::OnceLock};

use flate2::{Compression, write::DeflateEncoder};

use super::Trick;
use crate::{
    aware::Scene,
    raw::{Parts, body_of, chunk, rows, seal, signed, unsigned},
    rng::Rng,
};

const KEY: u64 = 0x15;
const INSERT: u64 = 0x34;
const ACTION: u64 = 0x42;
const VALUE_META: u64 = 0x56;
const VALUE: u64 = 0x57;
const PRED_COUNT: u64 = 0x70;
const PRED_ACTOR: u64 = 0x71;
const PRED_COUNTER: u64 = 0x73;

impl Trick {
    /// A genuine change so written; `None` where it does not lend itself.
    pub(crate) fn apply(self, rng: &mut Rng, scene: &Scene<'_>) -> Option<Vec<u8>> {
        let plain = scene.genuine(rng)?.chunk;
        match self {
            Self::DeflateBomb => return Some(chunk(2, bomb(rng), body_of(&plain))),
            Self::DeflateTail => return deflated_with_tail(&plain),
            Self::OtherChunk => {
                return Some(chunk(rng.byte() & 0xFC, body_of(&plain), body_of(&plain)));
            }
            Self::TwoChunks => return Some([plain.clone(), plain].concat()),
            Self::LongNumbers => return long_number(rng, &plain),
            _ => {}
        }
        let mut parts = Parts::of(&plain);
        self.alter(rng, &mut parts)?;
        Some(seal(&parts.body()))
    }

    fn alter(self, rng: &mut Rng, parts: &mut Parts) -> Option<()> {
        match self {
            Self::RunBomb => {
                let column = *rng.pick(&[KEY, ACTION, VALUE_META, PRED_COUNT])?;
                *parts.column(column) = run(5_000_000, column);
            }
            Self::RunBombEverywhere => {
                for column in [KEY, ACTION, VALUE_META, PRED_COUNT] {
                    *parts.column(column) = run(5_000_000, column);
                }
                *parts.column(INSERT) = encoded(|out| unsigned(out, 5_000_000));
                parts
                    .columns
                    .retain(|(id, _)| ![VALUE, PRED_ACTOR, PRED_COUNTER].contains(id));
            }
            Self::NegativeBomb => {
                let column = *rng.pick(&[KEY, ACTION, VALUE_META, PRED_COUNT])?;
                let count = *rng.pick(&[i64::MIN, i64::MIN + 1, -5_000_000])?;
                *parts.column(column) = encoded(|out| signed(out, count));
            }
            Self::NullRun => {
                let column = *rng.pick(&[KEY, ACTION, VALUE_META, PRED_COUNT])?;
                *parts.column(column) = vec![0, 1];
            }
            Self::Message => parts.message = vec![b'm'; 1 + rng.below(40_000)],
            Self::Tail => parts.tail = vec![0; 1 + rng.below(9)],
            Self::UnusedActor => {
                parts.others.push(vec![0xFF; 8]);
                parts.others.sort();
            }
            Self::ActorLength => parts.actor = vec![1; *rng.pick(&[0, 1, 7, 9, 16, 300])?],
            Self::AuthorTwice => {
                parts.others.push(parts.actor.clone());
                parts.others.sort();
            }
            Self::UnknownColumn
            | Self::ColumnsUnsorted
            | Self::ColumnTwice
            | Self::ColumnEmpty
            | Self::InsideObject => {
                self.alter_headers(rng, parts)?;
            }
            _ => self.alter_rows(rng, parts)?,
        }
        Some(())
    }

    fn alter_headers(self, rng: &mut Rng, parts: &mut Parts) -> Option<()> {
        let at = rng.below(parts.columns.len());
        match self {
            Self::UnknownColumn => {
                let id = *rng.pick(&[
                    0x11,
                    0x13,
                    0x16,
                    0x80,
                    0x81,
                    0x83,
                    0x95,
                    0xA4,
                    0xFFFF,
                    u64::MAX,
                ])?;
                *parts.column(id) = vec![1];
            }
            // Object actor and counter, and the element of a list.
            Self::InsideObject => {
                let rows = i64::try_from(rows(parts.column(ACTION), false).len()).ok()?;
                for id in [0x01, 0x02, 0x11, 0x13].iter().take(2 + rng.below(3)) {
                    *parts.column(*id) = encoded(|out| {
                        signed(out, rows);
                        out.push(1);
                    });
                }
            }
            Self::ColumnsUnsorted => parts.columns.reverse(),
            Self::ColumnTwice => parts.columns.insert(at, parts.columns.get(at)?.clone()),
            Self::ColumnEmpty => {
                let id = *rng.pick(&[KEY, ACTION, VALUE, PRED_COUNT])?;
                parts.column(id).clear();
            }
            _ => return None,
        }
        Some(())
    }

    fn alter_rows(self, rng: &mut Rng, parts: &mut Parts) -> Option<()> {
        match self {
            Self::RowsMissing => {
                let id = *rng.pick(&[KEY, VALUE_META, PRED_COUNT])?;
                edit_rows(parts, id, |rows| drop(rows.pop()));
            }
            Self::ForeignValue => {
                let kind = *rng.pick(&[3, 5, 8, 9, 10, 15])?;
                edit_row(rng, parts, VALUE_META, |row| *row = vec![kind])?;
            }
            Self::FatFlag => edit_row(rng, parts, VALUE_META, |row| *row = vec![0x12])?,
            Self::ForeignAction => {
                let action = *rng.pick(&[0, 2, 3, 4, 5, 6, 7, 127])?;
                edit_row(rng, parts, ACTION, |row| *row = vec![action])?;
            }
            Self::InsertFlag => *parts.column(INSERT) = vec![0, 1],
            Self::NotUtf8 => edit_row(rng, parts, KEY, |row| *row = vec![2, 0xC3, 0x28])?,
            Self::ActorIndex => {
                let index = encoded(|out| unsigned(out, 250 + rng.next() % 1_000));
                edit_row(rng, parts, PRED_ACTOR, |row| *row = index)?;
            }
            Self::DeltaOverflow => {
                let delta = encoded(|out| signed(out, i64::MAX));
                edit_row(rng, parts, PRED_COUNTER, |row| *row = delta)?;
            }
            Self::OtherRuns => {
                let present: Vec<u64> = parts.columns.iter().map(|(id, _)| *id).collect();
                let candidates: Vec<u64> = present
                    .into_iter()
                    .filter(|id| ![INSERT, VALUE].contains(id))
                    .collect();
                let id = *rng.pick(&candidates)?;
                let before = parts.column(id).clone();
                let rows = rows(&before, id == KEY);
                *parts.column(id) = other_runs(rng, &rows);
                if *parts.column(id) == before {
                    return None;
                }
            }
            _ => return None,
        }
        Some(())
    }
}

fn encoded(write: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut out = Vec::new();
    write(&mut out);
    out
}

/// As many equal rows of a column.
fn run(count: i64, column: u64) -> Vec<u8> {
    let row: &[u8] = match column {
        KEY => b"\x01k",
        VALUE_META | PRED_COUNT => &[0],
        _ => &[1],
    };
    encoded(|out| {
        signed(out, count);
        out.extend_from_slice(row);
    })
}

/// Rows written as one literal, as honest encoders do where no neighbours are equal.
fn literal(rows: &[Vec<u8>]) -> Vec<u8> {
    encoded(|out| {
        if !rows.is_empty() {
            signed(out, -(rows.len().cast_signed() as i64));
            out.extend(rows.concat());
        }
    })
}

/// Rows in runs and literals of any length.
fn other_runs(rng: &mut Rng, rows: &[Vec<u8>]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = rows;
    while let Some(first) = rest.first() {
        let equal = rest.iter().take_while(|row| *row == first).count();
        if rng.one_in(2) {
            let length = 1 + rng.below(equal);
            signed(&mut out, length.cast_signed() as i64);
            out.extend_from_slice(first);
            rest = rest.get(length..).unwrap_or_default();
        } else {
            let length = 1 + rng.below(rest.len());
            out.extend(literal(rest.get(..length).unwrap_or_default()));
            rest = rest.get(length..).unwrap_or_default();
        }
    }
    out
}

fn edit_rows(parts: &mut Parts, id: u64, edit: impl FnOnce(&mut Vec<Vec<u8>>)) {
    let mut all = rows(parts.column(id), id == KEY);
    edit(&mut all);
    *parts.column(id) = literal(&all);
}

fn edit_row(
    rng: &mut Rng,
    parts: &mut Parts,
    id: u64,
    edit: impl FnOnce(&mut Vec<u8>),
) -> Option<()> {
    let mut all = rows(parts.column(id), id == KEY);
    let at = rng.below(all.len());
    edit(all.get_mut(at)?);
    *parts.column(id) = literal(&all);
    Some(())
}

/// Zeros, deflated once and for all: 45 MiB, which is the most that fits into the bytes of a
/// change, or 512 MiB.
fn bomb(rng: &mut Rng) -> &'static [u8] {
    static BOMBS: OnceLock<[Vec<u8>; 2]> = OnceLock::new();
    let bombs = BOMBS.get_or_init(|| {
        [45, 512].map(|mebibytes| {
            let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
            let zeros = vec![0; 1 << 20];
            for _ in 0..mebibytes {
                let _ = encoder.write_all(&zeros);
            }
            encoder.finish().unwrap_or_default()
        })
    });
    rng.pick(bombs).map_or(&[], Vec::as_slice)
}

fn deflated_with_tail(plain: &[u8]) -> Option<Vec<u8>> {
    let body = body_of(plain);
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body).ok()?;
    let mut content = encoder.finish().ok()?;
    content.push(0);
    Some(chunk(2, &content, body))
}

/// Seq or first counter with a superfluous byte.
fn long_number(rng: &mut Rng, plain: &[u8]) -> Option<Vec<u8>> {
    let parts = Parts::of(plain);
    let at = {
        let mut before = Vec::new();
        unsigned(&mut before, parts.deps.len() as u64);
        before.len() + parts.deps.len() * 32 + 9
    };
    let mut body = body_of(plain).to_vec();
    let number = encoded(|out| unsigned(out, parts.seq));
    let padding = vec![0x80; rng.below(9)];
    let mut long = number.clone();
    *long.last_mut()? |= 0x80;
    long.extend(padding);
    long.push(0);
    body.splice(at..at + number.len(), long);
    Some(seal(&body))
}
