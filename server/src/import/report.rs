//! What an import did, row by row where somebody has to look.

use std::fmt;

use super::{
    error::{Reason, Rejected},
    merge::{Merge, Outcome},
    row::Wanted,
};

/// Lines that are printed of each list; a report file has all.
const SHOWN: usize = 20;

/// Why a line stands in the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The row, or one of its cells, cannot be used.
    Rejected(Reason),
    /// The value cannot be used; the row went on without it.
    PassedOver(Reason),
    /// The file and somebody here changed the field differently: what stands here is kept.
    Conflict,
    /// Somebody here changed the field, the file did not: it is kept.
    Kept,
    /// The record was deleted or merged here: it stays so.
    Deleted,
    /// An earlier file of this source named the record, this one does not. It stays.
    Vanished,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rejected(reason) => write!(f, "rejected: {reason}"),
            Self::PassedOver(reason) => write!(f, "passed over: {reason}"),
            Self::Conflict => f.write_str("conflict: changed here and in the file, kept as here"),
            Self::Kept => f.write_str("kept: changed here, not in the file"),
            Self::Deleted => f.write_str("deleted or merged here: left so"),
            Self::Vanished => f.write_str("no longer in the file: left as it is"),
        }
    }
}

/// One line: ids and names of columns, never a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The row; none for what the file does not name.
    pub row: Option<u64>,
    /// Column, field or record.
    pub at: String,
    /// Why.
    pub why: Why,
}

/// What became of a file's rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Rows read.
    pub rows: u64,
    /// Records made.
    pub new: u64,
    /// Records changed.
    pub changed: u64,
    /// Records that needed nothing.
    pub unchanged: u64,
    /// Rows left out.
    pub rejected: u64,
    /// Values left out, of rows that were taken.
    pub passed_over: u64,
    /// Fields changed here and in the file.
    pub conflicts: u64,
    /// Fields changed here only.
    pub kept: u64,
    /// Rows of records that were deleted here.
    pub deleted: u64,
    /// Records that an earlier file named.
    pub vanished: u64,
    /// What somebody has to look at.
    pub lines: Vec<Line>,
}

impl Report {
    /// Whether every row was taken.
    pub const fn is_clean(&self) -> bool {
        self.rejected == 0
    }

    pub(super) fn reject(&mut self, faults: &[Rejected]) {
        let mut last = None;
        for fault in faults {
            // A row with several faults is one row.
            self.rejected += u64::from(last.replace(fault.row) != Some(fault.row));
            self.line(Some(fault.row), &fault.column, Why::Rejected(fault.reason));
        }
    }

    pub(super) fn pass_over(&mut self, faults: &[Rejected]) {
        for fault in faults {
            self.passed_over += 1;
            let why = Why::PassedOver(fault.reason);
            self.line(Some(fault.row), &fault.column, why);
        }
    }

    pub(super) fn add(&mut self, wanted: &Wanted, merge: &Merge) {
        let row = Some(wanted.row);
        match merge.outcome {
            Outcome::New => self.new += 1,
            Outcome::Changed => self.changed += 1,
            Outcome::Unchanged => self.unchanged += 1,
            Outcome::Deleted => {
                self.deleted += 1;
                self.line(row, "", Why::Deleted);
            }
            Outcome::Lacking => {
                self.rejected += 1;
                let lacks = wanted.lacks.join(", ");
                self.line(row, &lacks, Why::Rejected(Reason::NotMapped));
            }
            Outcome::OtherKind => {
                self.rejected += 1;
                self.line(row, "", Why::Rejected(Reason::OtherKind));
            }
        }
        for kept in &merge.kept {
            let (count, why) = if kept.both {
                (&mut self.conflicts, Why::Conflict)
            } else {
                (&mut self.kept, Why::Kept)
            };
            *count += 1;
            self.line(row, &kept.key, why);
        }
    }

    pub(super) fn vanish(&mut self, record: &str) {
        self.vanished += 1;
        self.line(None, record, Why::Vanished);
    }

    fn line(&mut self, row: Option<u64>, at: &str, why: Why) {
        let at = at.to_owned();
        self.lines.push(Line { row, at, why });
    }

    /// Every line as CSV: row, at, what.
    pub fn to_csv(&self) -> Vec<u8> {
        let mut out = csv::Writer::from_writer(Vec::new());
        // Writing to memory does not fail.
        let _ = out.write_record(["row", "at", "what"]);
        for line in &self.lines {
            let row = line.row.map_or_else(String::new, |row| row.to_string());
            let _ = out.write_record([row, line.at.clone(), line.why.to_string()]);
        }
        out.into_inner().unwrap_or_default()
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(row) = self.row {
            write!(f, "row {row}: ")?;
        }
        if !self.at.is_empty() {
            write!(f, "{}: ", self.at)?;
        }
        write!(f, "{}", self.why)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = [
            ("rows", self.rows),
            ("new", self.new),
            ("changed", self.changed),
            ("unchanged", self.unchanged),
            ("rejected", self.rejected),
            ("values passed over", self.passed_over),
            ("fields in conflict, kept", self.conflicts),
            ("fields changed here, kept", self.kept),
            ("deleted here", self.deleted),
            ("no longer in the file", self.vanished),
        ];
        for (name, count) in counts {
            writeln!(f, "{name:<26}{count:>9}")?;
        }
        let groups: [fn(&Why) -> bool; 5] = [
            |why| matches!(why, Why::Rejected(_)),
            |why| matches!(why, Why::PassedOver(_)),
            |why| matches!(why, Why::Conflict),
            |why| matches!(why, Why::Kept | Why::Deleted),
            |why| matches!(why, Why::Vanished),
        ];
        for group in groups {
            let lines = || self.lines.iter().filter(|line| group(&line.why));
            for line in lines().take(SHOWN) {
                writeln!(f, "{line}")?;
            }
            let more = lines().count().saturating_sub(SHOWN);
            if more > 0 {
                writeln!(f, "… and {more} more like these")?;
            }
        }
        Ok(())
    }
}
