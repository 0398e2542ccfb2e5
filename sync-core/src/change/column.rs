//! Automerge's run-length columns, read under a cap and written as Automerge writes them.
//!
//! A run is a signed count and one value, a literal is a negative count and that many values,
//! zero and a count are that many nulls, which no column of ours may hold.

use super::{
    leb::{Reader, write_signed, write_unsigned},
    scan::ScanError,
};

/// Reads a whole run-length column of at most `cap` rows, counting each run before it is
/// expanded.
pub(crate) fn read_runs<'a, T: Clone>(
    bytes: &'a [u8],
    cap: usize,
    mut item: impl FnMut(&mut Reader<'a>) -> Result<T, ScanError>,
) -> Result<Vec<T>, ScanError> {
    let mut reader = Reader::new(bytes);
    let mut rows = Vec::new();
    while !reader.is_empty() {
        let count = reader.signed()?;
        let rows_of_run =
            usize::try_from(count.unsigned_abs()).map_err(|_| ScanError::TooManyOps)?;
        if rows_of_run > cap - rows.len() {
            return Err(ScanError::TooManyOps);
        }
        match count {
            0 => return Err(ScanError::NullInColumn),
            1.. => {
                let value = item(&mut reader)?;
                rows.extend(std::iter::repeat_n(value, rows_of_run));
            }
            _ => {
                for _ in 0..rows_of_run {
                    rows.push(item(&mut reader)?);
                }
            }
        }
    }
    Ok(rows)
}

/// Reads a delta column: run-length coded differences, from zero.
pub(crate) fn read_deltas(bytes: &[u8], cap: usize) -> Result<Vec<i64>, ScanError> {
    let mut absolute = 0_i64;
    read_runs(bytes, cap, Reader::signed)?
        .into_iter()
        .map(|delta| {
            absolute = absolute.checked_add(delta).ok_or(ScanError::Number)?;
            Ok(absolute)
        })
        .collect()
}

/// Writes rows as runs and literals, as Automerge's encoder chooses them: two or more equal
/// neighbours make a run, all others gather in literals.
pub(crate) fn write_runs<T: PartialEq>(
    out: &mut Vec<u8>,
    rows: &[T],
    mut item: impl FnMut(&mut Vec<u8>, &T),
) {
    let mut literal: &[T] = &[];
    let mut rest = rows;
    let flush = |out: &mut Vec<u8>, literal: &[T], item: &mut dyn FnMut(&mut Vec<u8>, &T)| {
        if !literal.is_empty() {
            write_signed(out, -(literal.len().cast_signed() as i64));
            for value in literal {
                item(out, value);
            }
        }
    };
    while let Some(first) = rest.first() {
        let run = rest.iter().take_while(|value| *value == first).count();
        if run == 1 {
            let start = rows.len() - rest.len() - literal.len();
            literal = rows.get(start..=start + literal.len()).unwrap_or_default();
        } else {
            flush(out, literal, &mut item);
            literal = &[];
            write_signed(out, run.cast_signed() as i64);
            item(out, first);
        }
        rest = rest.get(run..).unwrap_or_default();
    }
    flush(out, literal, &mut item);
}

/// Writes a delta column.
pub(crate) fn write_deltas(out: &mut Vec<u8>, rows: &[u64]) {
    let mut before = 0_i64;
    let deltas: Vec<i64> = rows
        .iter()
        .map(|row| {
            let now = row.cast_signed();
            let delta = now.saturating_sub(before);
            before = now;
            delta
        })
        .collect();
    write_runs(out, &deltas, |out, delta| write_signed(out, *delta));
}

/// Writes a column of unsigned numbers.
pub(crate) fn write_numbers(out: &mut Vec<u8>, rows: &[u64]) {
    write_runs(out, rows, |out, number| write_unsigned(out, *number));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn columns_come_back(rows in proptest::collection::vec(0_u64..4, 0..40)) {
            let mut out = Vec::new();
            write_numbers(&mut out, &rows);
            prop_assert_eq!(read_runs(&out, 40, Reader::unsigned), Ok(rows.clone()));
            let mut out = Vec::new();
            write_deltas(&mut out, &rows);
            let back: Vec<u64> =
                read_deltas(&out, 40).unwrap().into_iter().map(i64::cast_unsigned).collect();
            prop_assert_eq!(back, rows);
        }
    }

    #[test]
    fn a_run_length_bomb_is_counted_before_it_is_expanded() {
        let mut bomb = Vec::new();
        write_signed(&mut bomb, 5_000_000);
        bomb.push(1);
        assert_eq!(
            read_runs(&bomb, 4_096, Reader::unsigned),
            Err(ScanError::TooManyOps)
        );
        let mut negative = Vec::new();
        write_signed(&mut negative, i64::MIN);
        assert_eq!(
            read_runs(&negative, 4_096, Reader::unsigned),
            Err(ScanError::TooManyOps)
        );
    }

    #[test]
    fn nulls_are_refused() {
        assert_eq!(
            read_runs(&[0, 3], 10, Reader::unsigned),
            Err(ScanError::NullInColumn)
        );
    }
}
