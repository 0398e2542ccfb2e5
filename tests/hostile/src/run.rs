//! Many cases from one seed.

use std::thread;

use sync_core::{ActorId, change::Incoming};
use thiserror::Error;

use super::{
    Alteration, Damage, Trick,
    aware::Scene,
    case::{Class, Fault, put},
    corpus::Corpus,
    report::Report,
    rng::Rng,
};

/// Bytes that one case may hold above what was held before.
pub(super) const MAX_MEMORY: usize = 64 * 1024 * 1024;

/// Records in the corpus of a run.
const RECORDS: usize = 30;

/// How a change was made hostile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Its bytes were damaged.
    Damaged(Damage),
    /// It says something else.
    Altered(Alteration),
    /// It is written in another way.
    Tricked(Trick),
}

impl Kind {
    fn any(rng: &mut Rng) -> Option<Self> {
        match rng.below(5) {
            0 | 1 => rng.pick(&Damage::ALL).copied().map(Self::Damaged),
            2 | 3 => rng.pick(Alteration::ALL).copied().map(Self::Altered),
            _ => rng.pick(Trick::ALL).copied().map(Self::Tricked),
        }
    }

    /// Whether this is what it is meant to run into.
    pub const fn meant(self, class: Class) -> bool {
        match self {
            // Only an unsealed one is certain to stop at the checksum.
            Self::Damaged(_) => matches!(class, Class::Scan(_)),
            Self::Altered(alteration) => alteration.meant(class),
            Self::Tricked(trick) => trick.meant(class),
        }
    }

    fn apply(self, rng: &mut Rng, scene: &Scene<'_>) -> Option<Vec<u8>> {
        match self {
            Self::Damaged(damage) => {
                let genuine = scene.genuine(rng)?;
                let other = rng.pick(&scene.history.changes)?;
                Some(damage.apply(rng, &genuine.chunk, &other.chunk))
            }
            Self::Altered(alteration) => alteration.apply(rng, scene),
            Self::Tricked(trick) => trick.apply(rng, scene),
        }
    }
}

/// A case that broke a promise.
#[derive(Clone, Debug, Error)]
#[error("GRIDBOOK_SEED={seed}: case {case}, {kind:?}: {fault}")]
pub struct Broken {
    /// The run's seed.
    pub seed: u64,
    /// The number of the case.
    pub case: usize,
    /// How it was made; nothing if the corpus could not be made.
    pub kind: Option<Kind>,
    /// What it broke.
    pub fault: Fault,
}

/// Runs so many cases on two threads. Gives the first that broke a promise, if one did.
pub fn run(cases: usize, seed: u64) -> Result<Report, Broken> {
    let broken = |fault| Broken {
        seed,
        case: 0,
        kind: None,
        fault,
    };
    let corpus = Corpus::generate(&mut Rng::new(seed), RECORDS).map_err(broken)?;
    let half = |first: usize| {
        let corpus = &corpus;
        move || -> Result<Report, Broken> {
            let mut report = Report::default();
            for case in (first..cases).step_by(2) {
                one(corpus, seed, case, &mut report)?;
            }
            Ok(report)
        }
    };
    let (even, odd) = thread::scope(|scope| {
        let odd = scope.spawn(half(1));
        (half(0)(), odd.join())
    });
    let odd = odd.unwrap_or_else(|_| Err(broken(Fault::Escaped)));
    Ok(even?.and(odd?))
}

/// Runs so many cases for the benchmark, which bounds the slowest of them.
pub fn slowest(cases: usize, seed: u64) -> Result<Report, Broken> {
    run(cases, seed)
}

/// One case: its number and the seed say everything about it.
fn one(corpus: &Corpus, seed: u64, case: usize, report: &mut Report) -> Result<(), Broken> {
    let mut rng = Rng::new(Rng::new(seed ^ (case as u64) << 20).next());
    let Some(kind) = Kind::any(&mut rng) else {
        return Ok(());
    };
    let made = (0..100).find_map(|_| {
        let scene = Scene::any(corpus, &mut rng)?;
        let chunk = kind.apply(&mut rng, &scene)?;
        Some((scene, chunk))
    });
    let Some((scene, chunk)) = made else {
        return Ok(());
    };
    let author = certified(kind, &scene, &mut rng);
    let (state, before) = match author {
        None if rng.one_in(10) => batch(&scene, &mut rng),
        _ => (scene.state, &[][..]),
    };
    match put(state, before, &chunk, author) {
        Ok(verdict) => {
            report.add(case, kind, verdict);
            Ok(())
        }
        Err(fault) => Err(Broken {
            seed,
            case,
            kind: Some(kind),
            fault,
        }),
    }
}

/// Half of the changes under another name meet a certificate.
fn certified(kind: Kind, scene: &Scene<'_>, rng: &mut Rng) -> Option<ActorId> {
    let other_name = matches!(
        kind,
        Kind::Altered(Alteration::ForgedActor | Alteration::OtherDevice)
    );
    if other_name && rng.one_in(2) {
        rng.pick(&scene.history.actors).copied()
    } else {
        None
    }
}

/// The record a little earlier, and the genuine changes that come first in the same batch.
fn batch<'a>(
    scene: &Scene<'a>,
    rng: &mut Rng,
) -> (&'a sync_core::record::RecordState, &'a [Incoming]) {
    let points = &scene.history.points;
    let at = points.partition_point(|(at, _)| *at < scene.at);
    let earlier = points.get(at.saturating_sub(1 + rng.below(2)));
    match earlier {
        Some((from, state)) => (
            state,
            scene
                .history
                .changes
                .get(*from..scene.at)
                .unwrap_or_default(),
        ),
        None => (scene.state, &[]),
    }
}
