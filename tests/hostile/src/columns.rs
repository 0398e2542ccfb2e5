//! Changes written as no honest encoder writes them: bombs, foreign columns, other operations and
//! other values, numbers and runs in other forms than the shortest.

mod trick;

use sync_core::change::ScanError;

use super::case::Class;

macro_rules! tricks {
    ($($(#[$meta:meta])* $name:ident => $($meant:ident)|+;)+) => {
        /// How a change is written.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Trick { $($(#[$meta])* $name,)+ }

        impl Trick {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Whether this is what the trick is meant to run into.
            pub const fn meant(self, class: Class) -> bool {
                match self {
                    $(Self::$name => matches!(class, Class::Scan($(ScanError::$meant)|+)),)+
                }
            }
        }
    };
}

tricks! {
    /// Five million rows in a few bytes.
    RunBomb => TooManyOps;
    /// Five million rows in every column at once.
    RunBombEverywhere => TooManyOps;
    /// A literal of 2^63 rows.
    NegativeBomb => TooManyOps;
    /// A few hundred bytes that inflate to hundreds of megabytes.
    DeflateBomb => Deflate;
    /// A deflated body with bytes behind it.
    DeflateTail => Deflate;
    /// Rows that are null.
    NullRun => NullInColumn;
    /// A column that root puts do not have.
    UnknownColumn => Column;
    /// Columns in the wrong order.
    ColumnsUnsorted => Column;
    /// A column twice.
    ColumnTwice => Column;
    /// A column without bytes.
    ColumnEmpty => Column;
    /// Rows missing in one column.
    RowsMissing => Rows | TooManyOps | Trailing | Truncated;
    /// Unsigned, float, counter, timestamp or unknown values.
    ForeignValue => ValueType;
    /// Null, true and false that carry bytes.
    FatFlag => TooLarge;
    /// Objects, deletes, increments, marks.
    ForeignAction => Action;
    /// A list operation: insert flags.
    InsertFlag => Rows;
    /// Operations inside an object.
    InsideObject => Column;
    /// Text and keys that are not UTF-8.
    NotUtf8 => Utf8;
    /// Numbers with superfluous bytes.
    LongNumbers => Number;
    /// A run of one, a run cut in two, a literal of equals: the same rows in other words.
    OtherRuns => NotCanonical;
    /// A commit message.
    Message => TooLarge;
    /// Bytes behind the columns.
    Tail => Trailing;
    /// Actors that no predecessor names.
    UnusedActor => Order;
    /// An actor id of another length.
    ActorLength => Order;
    /// The author among the others.
    AuthorTwice => Order;
    /// A predecessor's actor that is not in the list.
    ActorIndex => Order | TooLarge;
    /// Differences that leave 64 bits.
    DeltaOverflow => Number | Pred;
    /// A whole document instead of a change.
    OtherChunk => ChunkType;
    /// Two changes in one.
    TwoChunks => Trailing;
}
