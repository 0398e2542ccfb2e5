//! Running a workload against an outage at every point there is.

use std::fmt;

use super::{Cut, Disk, Survivors};

/// How many random choices of survivors each point is tried with, besides none at all.
const RANDOM_SURVIVORS: u64 = 3;

/// The points at which power is to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Points {
    /// [`Cut::AtSync`], each in turn.
    Syncs,
    /// [`Cut::AfterSync`], each in turn.
    AfterSyncs,
    /// [`Cut::AtWrite`], each in turn: many more than there are syncs.
    Writes,
}

/// One outage, to be named in the message of a failed check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outage {
    /// When power went; past the last point it went right after the workload.
    pub cut: Cut,
    /// What was left of the unsynced changes.
    pub survivors: Survivors,
}

impl fmt::Display for Outage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "power cut {:?} with survivors {:?}",
            self.cut, self.survivors
        )
    }
}

/// What a sweep covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sweep {
    /// Points of the workload; power also went once after the last.
    pub points: u64,
    /// Outages checked: each point with each choice of survivors.
    pub outages: u64,
}

/// [`for_each_point`] at [`Points::Syncs`].
pub fn for_each_sync_point<P>(
    workload: impl FnMut(&Disk) -> P,
    check: impl FnMut(&Disk, &Outage, &P),
) -> rusqlite::Result<Sweep> {
    for_each_point(Points::Syncs, workload, check)
}

/// Runs `workload` on an empty disk until power goes, for every point it has, and calls `check`
/// on what each outage leaves.
///
/// `workload` stops at its first error and returns what it was promised until then, such as the
/// number of commits that returned Ok. It runs once more than there are points, first without an
/// outage to count them. `check` opens the disk again and panics if a promise was broken or the
/// data damaged; it is called for no survivors and for several random choices of them, each time
/// on the disk as that outage left it, and the outage of a panic is printed.
pub fn for_each_point<P>(
    points: Points,
    mut workload: impl FnMut(&Disk) -> P,
    mut check: impl FnMut(&Disk, &Outage, &P),
) -> rusqlite::Result<Sweep> {
    let disk = Disk::new(0)?;
    workload(&disk);
    let count = if points == Points::Writes {
        disk.writes()
    } else {
        disk.syncs()
    };
    let mut outages = 0;
    for point in 1..=count + 1 {
        let cut = match points {
            Points::Syncs => Cut::AtSync(point),
            Points::AfterSyncs => Cut::AfterSync(point),
            Points::Writes => Cut::AtWrite(point),
        };
        let disk = Disk::new(0)?;
        disk.cut(cut);
        let promised = workload(&disk);
        let image = disk.image();
        for survivors in survivors_at(point) {
            disk.restore(&image);
            disk.power_on(survivors);
            let outage = Outage { cut, survivors };
            let named = NamedInPanic(outage);
            check(&disk, &outage, &promised);
            drop(named);
            outages += 1;
        }
    }
    Ok(Sweep {
        points: count,
        outages,
    })
}

fn survivors_at(point: u64) -> impl Iterator<Item = Survivors> {
    let seeds = (0..RANDOM_SURVIVORS).map(move |try_| point * RANDOM_SURVIVORS + try_);
    std::iter::once(Survivors::None).chain(seeds.map(Survivors::Random))
}

/// Says which outage a failed check was about.
struct NamedInPanic(Outage);

impl Drop for NamedInPanic {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}", self.0);
        }
    }
}
