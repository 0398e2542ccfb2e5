//! The alterations themselves.

use std::io::Write as _;

use schemas::value::Scalar;
use sync_core::{
    ActorId, ChangeHash, DeviceId,
    change::{Change, Put},
    ids::OpId,
};

use super::{
    Alteration,
    scene::{Scene, written},
};
use crate::{
    raw::{body_of, chunk},
    rng::Rng,
};

impl Alteration {
    /// The chunk of a genuine change so altered; `None` where the scene does not allow it.
    pub(crate) fn apply(self, rng: &mut Rng, scene: &Scene<'_>) -> Option<Vec<u8>> {
        match self {
            Self::Deflated => return deflated(&scene.genuine(rng)?.chunk),
            Self::StaleView => {
                let (_, view) = scene.earlier(rng)?;
                let actor = DeviceId(rng.bytes()).actor(1);
                return Some(Scene::fresh(rng, view, actor)?.chunk);
            }
            Self::OwnBranch => return own_branch(rng, scene),
            Self::OtherRecord => {
                let other = rng.pick(scene.corpus.histories())?;
                return Some(rng.pick(&other.changes)?.chunk.clone());
            }
            Self::Again => return Some(scene.known(rng)?.chunk.clone()),
            Self::SeqReuse => {
                let mut change = scene.known(rng)?.change.clone();
                change.time += 1;
                return Some(written(&change));
            }
            _ => {}
        }
        let mut change = scene.genuine(rng)?.change;
        self.alter(rng, scene, &mut change)?;
        Some(written(&change))
    }

    fn alter(self, rng: &mut Rng, scene: &Scene<'_>, change: &mut Change) -> Option<()> {
        match self {
            Self::ForgedActor => change.actor = ActorId(rng.bytes()),
            Self::OtherDevice => change.actor = *rng.pick(&scene.history.actors)?,
            Self::SeqGap => change.seq += 1 + rng.below(1_000) as u64,
            Self::SeqZero => change.seq = 0,
            Self::SeqHighest => change.seq = u64::MAX - rng.below(3) as u64,
            Self::TimeExtreme => {
                let extremes = [i64::MIN, i64::MIN + 1, i64::MAX, i64::MAX - 1, i64::MIN / 2];
                change.time = *rng.pick(&extremes)?;
            }
            Self::TimeWrong => {
                let times = [0, 1, 4_102_444_800_000, 1_000_000_000_000];
                change.time = *rng.pick(&times)?;
            }
            Self::StartZero => change.start_op = 0,
            Self::StartNear => {
                let near = [1, change.start_op - 1, change.start_op + 1];
                change.start_op = *rng.pick(&near)?;
            }
            Self::StartHigh => change.start_op = (1 << 31) - 1 - rng.below(3) as u64,
            Self::StartHuge => {
                let edge = *rng.pick(&[1_u64 << 31, 1 << 32, 1 << 63])?;
                let near = [edge, edge + 1, u64::MAX, u64::MAX - rng.below(9) as u64];
                change.start_op = *rng.pick(&near)?;
            }
            Self::OrphanDep
            | Self::DepTwice
            | Self::DepsUnsorted
            | Self::DepsTooMany
            | Self::DepsPartial
            | Self::DepsNone
            | Self::DepsRedundant => self.alter_deps(rng, scene, change)?,
            Self::PredForeign
            | Self::PredMissing
            | Self::PredOfOtherKey
            | Self::PredReplaced
            | Self::PredLater
            | Self::PredZero
            | Self::PredTwice
            | Self::PredsTooMany => self.alter_preds(rng, scene, change)?,
            _ => self.alter_puts(rng, change)?,
        }
        Some(())
    }

    fn alter_deps(self, rng: &mut Rng, scene: &Scene<'_>, change: &mut Change) -> Option<()> {
        let deps = &mut change.deps;
        match self {
            Self::OrphanDep => deps.push(ChangeHash(rng.bytes())),
            Self::DepTwice => deps.push(*deps.first()?),
            Self::DepsTooMany => deps.extend((0..65).map(|_| ChangeHash(rng.bytes()))),
            Self::DepsPartial if deps.len() > 1 => drop(deps.remove(rng.below(deps.len()))),
            Self::DepsNone if !deps.is_empty() => deps.clear(),
            Self::DepsRedundant => {
                let hash = scene.known(rng)?.change.hash;
                let known = deps.contains(&hash)
                    || scene.state.registers.head_hashes().any(|head| head == hash);
                if known {
                    return None;
                }
                deps.push(hash);
            }
            Self::DepsUnsorted if deps.len() > 1 => {
                deps.reverse();
                return Some(());
            }
            _ => return None,
        }
        deps.sort_unstable();
        Some(())
    }

    fn alter_preds(self, rng: &mut Rng, scene: &Scene<'_>, change: &mut Change) -> Option<()> {
        let at = rng.below(change.puts.len());
        let start = change.start_op;
        let before = 1 + rng.next() % (start - 1).max(1);
        let key = change.puts.get(at)?.key.clone();
        let preds = &mut change.puts.get_mut(at)?.preds;
        match self {
            Self::PredForeign => preds.push(OpId {
                counter: before,
                actor: ActorId(rng.bytes()),
            }),
            Self::PredMissing => drop((!preds.is_empty()).then(|| preds.remove(0))?),
            Self::PredOfOtherKey => {
                let (other, visible) = scene
                    .state
                    .registers
                    .iter()
                    .nth(rng.below(scene.state.registers.len()))?;
                if other == key {
                    return None;
                }
                preds.push(visible.first()?.op);
            }
            Self::PredReplaced => {
                let replaced = scene
                    .history
                    .changes
                    .get(..scene.at)?
                    .iter()
                    .flat_map(|one| &one.change.puts);
                let all: Vec<OpId> = replaced
                    .filter(|put| put.key == key)
                    .flat_map(|put| put.preds.clone())
                    .collect();
                preds.push(*rng.pick(&all)?);
                preds.dedup();
            }
            Self::PredLater => preds.push(OpId {
                counter: start + rng.below(9) as u64,
                actor: change.actor,
            }),
            Self::PredZero => preds.push(OpId {
                counter: 0,
                actor: change.actor,
            }),
            Self::PredTwice => preds.push(*preds.first()?),
            Self::PredsTooMany => preds.extend((0..257).map(|index| OpId {
                counter: index + 1,
                actor: change.actor,
            })),
            _ => return None,
        }
        preds.sort_unstable();
        Some(())
    }

    fn alter_puts(self, rng: &mut Rng, change: &mut Change) -> Option<()> {
        let at = rng.below(change.puts.len());
        let put = change.puts.get_mut(at)?;
        let new = |index: usize| Put {
            key: format!("new{index}"),
            value: Scalar::Null,
            preds: Vec::new(),
        };
        match self {
            Self::Genuine => {}
            Self::KeyTwice => {
                let twice = put.clone();
                change.puts.push(twice);
            }
            Self::KeyEmpty => put.key.clear(),
            Self::KeyHuge => put.key = "k".repeat(97 + rng.below(20_000)),
            Self::ValueHuge if rng.one_in(2) => {
                put.value = Scalar::Bytes(vec![1; 257 + rng.below(9_000)]);
            }
            Self::ValueHuge => put.value = Scalar::text("v".repeat(8_193 + rng.below(20_000))),
            Self::OpsTooMany => change.puts.extend((0..5_000).map(new)),
            Self::OpsMost => {
                let free = 4_096 - change.puts.len();
                change.puts.extend((0..free).map(new));
            }
            Self::OpsNone => change.puts.clear(),
            Self::OtherValue => {
                let values = [
                    Scalar::Null,
                    Scalar::Int(i64::MIN),
                    Scalar::Int(i64::MAX),
                    Scalar::Bool(true),
                    Scalar::text(""),
                    Scalar::text("\0\u{FFFD}\u{202E}"),
                    Scalar::Bytes(Vec::new()),
                    Scalar::Bytes(vec![0xFF; 256]),
                ];
                put.value = rng.pick(&values)?.clone();
            }
            Self::MorePuts => change.puts.push(new(rng.below(1_000))),
            Self::FewerPuts if change.puts.len() > 1 => drop(change.puts.remove(at)),
            Self::PutsReversed if change.puts.len() > 1 => change.puts.reverse(),
            _ => return None,
        }
        Some(())
    }
}

/// By an author of the record who saw an earlier state, without their own later changes.
fn own_branch(rng: &mut Rng, scene: &Scene<'_>) -> Option<Vec<u8>> {
    let (_, view) = scene.earlier(rng)?;
    let later = |actor: &&ActorId| scene.state.registers.seq(**actor) > view.registers.seq(**actor);
    let branching: Vec<&ActorId> = scene.history.actors.iter().filter(later).collect();
    let actor = **rng.pick(&branching)?;
    let mut change = Scene::fresh(rng, view, actor)?.change;
    change.seq = scene.state.registers.seq(actor) + 1;
    Some(written(&change))
}

pub(crate) fn deflated(plain: &[u8]) -> Option<Vec<u8>> {
    let body = body_of(plain);
    let mut encoder =
        flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(body).ok()?;
    Some(chunk(2, &encoder.finish().ok()?, body))
}
