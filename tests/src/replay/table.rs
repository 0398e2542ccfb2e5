//! The table at the end, and whether all is well.

use std::{fmt, time::Duration};

use super::{act::Tally, check::Found};
use crate::server::Counts;

/// Complaints of one sort that are printed.
const SHOWN: usize = 10;

/// How a replay ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Phones.
    pub phones: usize,
    /// Premises in the folder.
    pub premises: usize,
    /// Rows of the folder that name no premises or no inspection.
    pub orphans: u64,
    /// How long both imports took.
    pub import: Duration,
    /// Whether the first import made every shop and the second changed nothing.
    pub imported_twice_alike: bool,
    /// What was done, apart by source.
    pub tally: Tally,
    /// Changes that the phones committed.
    pub made: u64,
    /// Sessions that a broken line ended.
    pub cut_short: u64,
    /// What the lines carried.
    pub traffic: Counts,
    /// From the first day to the last sync.
    pub took: Duration,
    /// The server's CPU seconds in that time.
    pub server_cpu: Option<f64>,
    /// The most memory that the server held, MiB.
    pub server_peak_mib: Option<u64>,
    /// What stands on the server.
    pub found: Found,
}

impl Outcome {
    /// What is wrong; nothing if all is well.
    pub fn faults(&self) -> Vec<String> {
        let found = &self.found;
        let mut faults = Vec::new();
        if !self.imported_twice_alike {
            faults.push("the second import was not the same as the first".to_owned());
        }
        if found.equal != self.phones {
            let (equal, phones) = (found.equal, self.phones);
            faults.push(format!(
                "only {equal} of {phones} phones see what the server sees"
            ));
            faults.extend(found.different.iter().take(SHOWN).cloned());
        }
        if !found.missing.is_empty() {
            faults.push(format!(
                "{} records lack changes or have too many",
                found.missing.len()
            ));
            faults.extend(found.missing.iter().take(SHOWN).cloned());
        }
        for rule in &found.idle_rules {
            faults.push(format!("rule {rule} produced no item"));
        }
        if found.conflicts.is_empty() {
            faults.push("no conflict".to_owned());
        }
        faults
    }
}

#[expect(clippy::cast_precision_loss, reason = "a figure to show")]
fn per(sum: u64, of: u64) -> String {
    format!("{:.0}", sum as f64 / of.max(1) as f64)
}

impl fmt::Display for Outcome {
    #[expect(clippy::cast_precision_loss, reason = "a figure to show")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            tally,
            traffic,
            found,
            made,
            ..
        } = self;
        let seconds = self.took.as_secs_f64();
        let sum = |counts: &std::collections::BTreeMap<String, u64>| counts.values().sum::<u64>();
        let mut rows: Vec<(String, String)> = Vec::new();
        let mut row = |name: &str, value: String| rows.push((name.to_owned(), value));
        row("premises imported", self.premises.to_string());
        row("days replayed", tally.days.to_string());
        row("changes committed on phones", made.to_string());
        row("… visits of the record", tally.visits.to_string());
        row("… findings of the record", tally.findings.to_string());
        row(
            "… closed and opened, of the record",
            tally.states.to_string(),
        );
        row("… seeded overlay", tally.overlay.to_string());
        row("… two inspectors met, times", tally.met.to_string());
        row("changes found on the server", found.changes.to_string());
        row("records on the server", sum(&found.records).to_string());
        row("fields in conflict", sum(&found.conflicts).to_string());
        for (state, count) in &found.conflicts {
            row(&format!("… {state}"), count.to_string());
        }
        row("held or refused", sum(&found.setbacks).to_string());
        for (state, count) in &found.setbacks {
            row(&format!("… {state}"), count.to_string());
        }
        row("items", found.items.values().sum::<u64>().to_string());
        for ((office, rule), count) in &found.items {
            row(&format!("… {office}: {rule}"), count.to_string());
        }
        row("cases", sum(&found.cases).to_string());
        for (state, count) in &found.cases {
            row(&format!("… {state}"), count.to_string());
        }
        row("requests", traffic.requests.to_string());
        row("… without an answer", traffic.broken.to_string());
        row("… refused", traffic.refused.to_string());
        row("sessions that a bad line ended", self.cut_short.to_string());
        row("bytes up per edit", per(traffic.up, *made));
        row("bytes down per edit", per(traffic.down, *made));
        row(
            "bytes of heads per edit, both ways",
            per(traffic.heads, *made),
        );
        row("edits per second, phones and server", {
            format!("{:.0}", *made as f64 / seconds.max(0.001))
        });
        if let Some(cpu) = self.server_cpu {
            let micros = cpu * 1e6 / (*made).max(1) as f64;
            row("server CPU per edit, µs", format!("{micros:.0}"));
            row("server CPU per request, µs", {
                format!("{:.0}", cpu * 1e6 / traffic.requests.max(1) as f64)
            });
        }
        if let Some(peak) = self.server_peak_mib {
            row("server memory at most, MiB", peak.to_string());
        }
        row(
            "import, twice, s",
            format!("{:.1}", self.import.as_secs_f64()),
        );
        row("replay, s", format!("{seconds:.1}"));
        row("views compared", found.compared.to_string());
        row("phones that see what the server sees", {
            format!("{} of {}", found.equal, self.phones)
        });
        for (name, value) in rows {
            writeln!(f, "{name:<52}{value:>12}")?;
        }
        Ok(())
    }
}
