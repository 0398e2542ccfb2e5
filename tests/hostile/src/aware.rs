//! Alterations of what a change says, written as an honest encoder would write them.

mod alter;
mod scene;

pub(super) use scene::Scene;

use sync_core::change::{HeldReason, Path, RefusedReason, ScanError, Stop};

use super::case::Class;

macro_rules! alterations {
    ($($(#[$meta:meta])* $name:ident => $meant:pat,)+) => {
        /// How a change is altered.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Alteration { $($(#[$meta])* $name,)+ }

        impl Alteration {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Whether this is what the alteration is meant to run into.
            pub const fn meant(self, class: Class) -> bool {
                match self { $(Self::$name => matches!(class, $meant),)+ }
            }
        }
    };
}

use Class::{Accepted, Scan, Stopped};
use HeldReason::MissingDependency;
use RefusedReason::{ForeignActor, NotOwnSuccessor, Preds, SeqReused, StartOp, TooLarge};
use Stop::{Held, Refused};

alterations! {
    /// None: the change as it was made.
    Genuine => Accepted(Path::Register | Path::Document),
    /// Deflated, as Automerge does with large ones.
    Deflated => Accepted(Path::Register | Path::Document),
    /// An actor nobody knows.
    ForgedActor => Stopped(Refused(ForeignActor)),
    /// Another device of the record.
    OtherDevice => Stopped(Refused(ForeignActor | SeqReused)),
    /// A count that leaves some out.
    SeqGap => Stopped(Held(MissingDependency)),
    /// The count of an earlier change.
    SeqReuse => Stopped(Refused(SeqReused)),
    /// Count zero.
    SeqZero => Scan(ScanError::Number),
    /// The highest count there is, or next to it.
    SeqHighest => Stopped(Held(MissingDependency)),
    /// A dependency nobody knows.
    OrphanDep => Stopped(Held(MissingDependency)),
    /// A dependency twice.
    DepTwice => Scan(ScanError::Order),
    /// Dependencies in the wrong order.
    DepsUnsorted => Scan(ScanError::Order),
    /// More dependencies than a record may have heads.
    DepsTooMany => Scan(ScanError::TooLarge),
    /// One of several heads left out.
    DepsPartial => Stopped(Refused(StartOp | Preds | NotOwnSuccessor)),
    /// No dependencies.
    DepsNone => Stopped(Refused(StartOp | NotOwnSuccessor | Preds)),
    /// An ancestor beside its descendant, everything else right.
    DepsRedundant => Accepted(Path::Document),
    /// A predecessor by someone unknown.
    PredForeign => Stopped(Refused(Preds)),
    /// A visible value left standing.
    PredMissing => Stopped(Refused(Preds)),
    /// A value of another register replaced.
    PredOfOtherKey => Stopped(Refused(Preds)),
    /// A value replaced that was replaced before.
    PredReplaced => Stopped(Refused(Preds)),
    /// A predecessor that comes after the change.
    PredLater => Scan(ScanError::Pred),
    /// A predecessor with counter zero.
    PredZero => Scan(ScanError::Pred),
    /// A predecessor twice.
    PredTwice => Scan(ScanError::Pred),
    /// More predecessors than one operation may have.
    PredsTooMany => Scan(ScanError::TooLarge),
    /// First counter zero.
    StartZero => Scan(ScanError::Number),
    /// First counter one, or one off.
    StartNear => Stopped(Refused(StartOp)) | Scan(ScanError::Pred),
    /// First counter near 2^31: the highest allowed.
    StartHigh => Stopped(Refused(StartOp)) | Scan(ScanError::Number),
    /// First counter near 2^32, 2^63 and 2^64.
    StartHuge => Scan(ScanError::Number),
    /// A register written twice.
    KeyTwice => Scan(ScanError::Key),
    /// A register without a name.
    KeyEmpty => Scan(ScanError::Key),
    /// A register's name past its limit.
    KeyHuge => Scan(ScanError::TooLarge),
    /// A value past its limit.
    ValueHuge => Scan(ScanError::TooLarge),
    /// 5,000 operations.
    OpsTooMany => Scan(ScanError::TooManyOps),
    /// As many new registers as one change may write.
    OpsMost => Stopped(Refused(TooLarge)) | Accepted(Path::Register | Path::Document),
    /// No operations.
    OpsNone => Scan(ScanError::Empty),
    /// The latest and earliest times a number can say.
    TimeExtreme => Scan(ScanError::Time),
    /// Another time, as a wrong clock would give.
    TimeWrong => Accepted(Path::Register | Path::Document),
    /// Other values, the extreme ones included.
    OtherValue => Accepted(Path::Register | Path::Document),
    /// One register more, never written before.
    MorePuts => Accepted(Path::Register | Path::Document),
    /// One register less.
    FewerPuts => Accepted(Path::Register | Path::Document),
    /// Operations in reverse.
    PutsReversed => Accepted(Path::Register | Path::Document),
    /// Honest, by someone new who had seen less.
    StaleView => Accepted(Path::Document),
    /// By someone who had not seen their own later changes: a second branch.
    OwnBranch => Stopped(Refused(NotOwnSuccessor)),
    /// Of another record.
    OtherRecord => Stopped(Held(MissingDependency) | Refused(SeqReused | StartOp | NotOwnSuccessor)),
    /// One that comes again.
    Again => Class::Duplicate,
}
