//! What is counted, and the table at the end.

use std::{fmt, time::Duration};

use sync_core::{RecordId, record::View};

use crate::hub::Hub;

/// A step of the demo: what it did and how long that took.
#[derive(Clone, Debug)]
pub struct Step {
    text: String,
    took: Duration,
}

impl Step {
    pub(super) const fn new(text: String, took: Duration) -> Self {
        Self { text, took }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({:.1} s)", self.text, self.took.as_secs_f64())
    }
}

/// Counted by the demo itself, from the morning on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Changes committed on phones.
    pub changes: u64,
    /// Registers in conflict once everybody had synced.
    pub conflicts: u64,
    /// Registers that the supervisor decided.
    pub decided: u64,
    /// Records whose changes were held.
    pub held: u64,
    /// Of those, released.
    pub released: u64,
    /// Edits that came back to their author to be corrected.
    pub returned: u64,
    /// Records in the new phone's first pack.
    pub packed: u64,
    /// Bytes that the new phone received.
    pub pack_bytes: u64,
}

/// How the day ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Phones.
    pub phones: usize,
    /// Records on the hub.
    pub records: usize,
    /// Counted by the demo itself.
    pub counts: Counts,
    /// Changes admitted from the registers alone.
    pub register_path: u64,
    /// Changes admitted through the document: concurrent ones.
    pub document_path: u64,
    /// Parts of bundles that were refused.
    pub refused: u64,
    /// Changes made again after a refusal.
    pub made_again: u64,
    /// Registers still in conflict.
    pub open: usize,
    /// Parts of bundles that still wait.
    pub waiting: usize,
    /// Requests.
    pub requests: u64,
    /// Requests without an answer.
    pub broken: u64,
    /// Bytes that phones sent, lost ones too.
    pub up: u64,
    /// Bytes that phones received.
    pub down: u64,
    /// How long everything took.
    pub took: Duration,
    /// Phones whose views equal the hub's.
    pub equal: usize,
}

impl Outcome {
    /// Whether every phone sees what the hub sees.
    pub const fn all_equal(&self) -> bool {
        self.equal == self.phones
    }
}

/// Records in conflict, with the registers that are.
pub(super) fn conflicts(hub: &Hub) -> Vec<(RecordId, Vec<String>)> {
    hub.records()
        .map(|(id, known)| (*id, View::of(&known.state.registers).conflicts))
        .filter(|(_, keys)| !keys.is_empty())
        .collect()
}

#[expect(clippy::cast_precision_loss, reason = "a figure to show")]
fn per(bytes: u64, changes: u64) -> f64 {
    bytes as f64 / changes.max(1) as f64
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = self.counts;
        let (up, down) = (per(self.up, counts.changes), per(self.down, counts.changes));
        let rows = [
            ("changes made on the phones", counts.changes.to_string()),
            (
                "… admitted from registers alone",
                self.register_path.to_string(),
            ),
            (
                "… admitted beside concurrent ones",
                self.document_path.to_string(),
            ),
            ("fields in conflict", counts.conflicts.to_string()),
            ("… decided by the supervisor", counts.decided.to_string()),
            ("… open at the end", self.open.to_string()),
            (
                "records held (grid lost meanwhile)",
                counts.held.to_string(),
            ),
            ("… released", counts.released.to_string()),
            ("parts of bundles refused", self.refused.to_string()),
            (
                "… edits returned to their author",
                counts.returned.to_string(),
            ),
            ("… later edits made again", self.made_again.to_string()),
            ("requests", self.requests.to_string()),
            ("… without an answer", self.broken.to_string()),
            ("bytes up, a change", format!("{up:.0}")),
            ("bytes down, a change", format!("{down:.0}")),
            ("records in the new phone's pack", counts.packed.to_string()),
            (
                "… bytes a record",
                format!("{:.0}", per(counts.pack_bytes, counts.packed)),
            ),
            ("records on the hub", self.records.to_string()),
            ("time", format!("{:.1} s", self.took.as_secs_f64())),
        ];
        writeln!(f, "{:<36}{:>10}", "From the morning on", "")?;
        for (name, value) in rows {
            writeln!(f, "{name:<36}{value:>10}")?;
        }
        Ok(())
    }
}
