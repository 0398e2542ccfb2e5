//! What became of many cases.

use std::{collections::BTreeMap, fmt, time::Duration};

use super::{
    Alteration, Damage, Trick,
    case::{Class, Verdict},
    run::Kind,
};

/// The case that took longest in scanner and admission.
#[derive(Clone, Copy, Debug)]
pub struct Slowest {
    /// How the change was made.
    pub kind: Kind,
    /// How it ended.
    pub class: Class,
    /// What it took.
    pub took: Duration,
    /// Number of the case.
    pub case: usize,
}

/// Counts of outcomes, and the worst of memory and time.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Cases run.
    pub cases: usize,
    /// How each kind ended, and how often.
    pub counts: BTreeMap<Kind, BTreeMap<String, usize>>,
    /// How often each kind ended as it is meant to.
    pub meant: BTreeMap<Kind, usize>,
    /// Panics of Automerge that were caught.
    pub panics: u64,
    /// Bytes held by one case at its worst moment.
    pub peak: usize,
    /// The slowest case.
    pub slowest: Option<Slowest>,
}

impl Report {
    pub(super) fn add(&mut self, case: usize, kind: Kind, verdict: Verdict) {
        self.cases += 1;
        let of_kind = self.counts.entry(kind).or_default();
        *of_kind.entry(label(verdict.class)).or_default() += 1;
        *self.meant.entry(kind).or_default() += usize::from(kind.meant(verdict.class));
        self.panics += verdict.panics;
        self.peak = self.peak.max(verdict.peak);
        let slower = |slowest: Slowest| verdict.took > slowest.took;
        if self.slowest.is_none_or(slower) {
            self.slowest = Some(Slowest {
                kind,
                class: verdict.class,
                took: verdict.took,
                case,
            });
        }
    }

    /// Both together.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.cases += other.cases;
        for (kind, counts) in other.counts {
            let mine = self.counts.entry(kind).or_default();
            for (class, count) in counts {
                *mine.entry(class).or_default() += count;
            }
        }
        for (kind, count) in other.meant {
            *self.meant.entry(kind).or_default() += count;
        }
        self.panics += other.panics;
        self.peak = self.peak.max(other.peak);
        self.slowest = [self.slowest, other.slowest]
            .into_iter()
            .flatten()
            .max_by_key(|slowest| slowest.took);
        self
    }

    /// How often cases ended so, whatever they were; `class` as [`Report`] prints it.
    pub fn ended(&self, class: &str) -> usize {
        let of_kind = |counts: &BTreeMap<String, usize>| counts.get(class).copied().unwrap_or(0);
        self.counts.values().map(of_kind).sum()
    }

    /// Everything that was not tried as often as it should have been: a mutator that never gets
    /// past the scanner, or never meets what it is meant for, proves nothing.
    pub fn untried(&self) -> Vec<String> {
        let per_mille = |share: usize| (self.cases * share / 1_000).max(1);
        let wanted = [
            ("accepted Register", per_mille(20)),
            ("accepted Document", per_mille(10)),
            ("Held(MissingDependency)", per_mille(10)),
            ("Refused(Preds)", per_mille(10)),
            ("Refused(StartOp)", per_mille(5)),
            ("Refused(SeqReused)", per_mille(5)),
            ("Refused(NotOwnSuccessor)", per_mille(5)),
            ("Refused(ForeignActor)", per_mille(2)),
            ("Refused(TooLarge)", per_mille(1)),
        ];
        let rare = wanted.into_iter().filter_map(|(class, least)| {
            let count = self.ended(class);
            (count < least).then(|| format!("{class}: {count} times, fewer than {least}"))
        });
        let kinds = Alteration::ALL
            .iter()
            .map(|kind| Kind::Altered(*kind))
            .chain(Trick::ALL.iter().map(|kind| Kind::Tricked(*kind)))
            .chain(Damage::ALL.iter().map(|kind| Kind::Damaged(*kind)));
        let missed = kinds.filter_map(|kind| {
            let count = self.meant.get(&kind).copied().unwrap_or(0);
            (count == 0).then(|| format!("{kind:?} never ran into what it is meant for"))
        });
        rare.chain(missed).collect()
    }
}

pub(super) fn label(class: Class) -> String {
    match class {
        Class::Scan(error) => format!("scan {error:?}"),
        Class::Accepted(path) => format!("accepted {path:?}"),
        Class::Duplicate => "duplicate".to_owned(),
        Class::Stopped(stop) => format!("{stop:?}"),
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} cases, {} panics caught, peak {} KiB",
            self.cases,
            self.panics,
            self.peak / 1024
        )?;
        if let Some(slowest) = self.slowest {
            writeln!(
                f,
                "slowest: {:?} by case {}, {:?}, {}",
                slowest.took,
                slowest.case,
                slowest.kind,
                label(slowest.class)
            )?;
        }
        let mut totals: BTreeMap<&str, usize> = BTreeMap::new();
        for (class, count) in self.counts.values().flatten() {
            *totals.entry(class).or_default() += count;
        }
        for (class, count) in totals {
            writeln!(f, "{count:>8}  {class}")?;
        }
        for (kind, counts) in &self.counts {
            let mut all: Vec<_> = counts.iter().collect();
            all.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
            let text: Vec<String> = all
                .iter()
                .map(|(class, count)| format!("{class} {count}"))
                .collect();
            writeln!(f, "{kind:?}: {}", text.join(", "))?;
        }
        Ok(())
    }
}
