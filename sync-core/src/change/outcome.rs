//! What became of a change, and why. Reasons have stable numbers: they travel in verdicts.

use super::scan::ScanError;

macro_rules! reasons {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $code:literal, $text:literal;)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vmeta])* $variant,)+ }

        impl $name {
            /// Every reason.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The number that stands for it in verdicts.
            pub const fn code(self) -> u8 {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The reason of that number.
            pub fn from_code(code: u8) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(match self { $(Self::$variant => $text,)+ })
            }
        }
    };
}

reasons! {
    /// Why a change waits: it can be released as it is.
    HeldReason {
        /// It depends on a change that has not come, or on an earlier one of the same author.
        MissingDependency = 1, "a change it depends on has not arrived";
        /// The manifest names a schema version that the server does not have.
        UnknownSchema = 2, "written under a schema version the server does not have";
        /// The author does not hold the record's grid any more.
        LostGrid = 3, "the record's grid is no longer the author's";
        /// The author's certificate had expired.
        ExpiredCertificate = 4, "the author's certificate had expired";
        /// The author's device was revoked.
        RevokedDevice = 5, "the author's device was revoked";
        /// An earlier change of the same author on the record is held.
        FollowsHeld = 6, "an earlier change of the same author is held";
        /// Nobody has compared the words of the author's device yet.
        UnconfirmedDevice = 7, "the author's device is not confirmed yet";
    }
}

reasons! {
    /// Why a change is refused for good.
    RefusedReason {
        /// The bytes are not a change of the shape we allow.
        Malformed = 1, "not a change of the allowed shape";
        /// Its actor is not that of the bundle's device and epoch.
        ForeignActor = 2, "written under another device's name";
        /// Another change has the same author and count.
        SeqReused = 3, "another change has the same number";
        /// Its first counter is not the one after all it had seen.
        StartOp = 4, "its operations are not numbered after those it had seen";
        /// It does not replace exactly the values it had seen.
        Preds = 5, "it does not replace exactly the values it had seen";
        /// Its author may not write one of its fields.
        ForbiddenField = 6, "the author may not write this field";
        /// The kind has no such field.
        UnknownField = 7, "the kind has no such field";
        /// The record would grow past a limit.
        TooLarge = 8, "the record would grow past its limit";
        /// Automerge cannot save and load the record with it.
        Unsound = 9, "the record could not be read back with it";
        /// An earlier change of the same author and epoch on the record was refused: the phone
        /// makes it again.
        Superseded = 10, "an earlier change was refused: the phone makes this one again";
        /// It does not depend on its author's earlier changes.
        NotOwnSuccessor = 11, "it does not follow its author's earlier changes";
        /// A supervisor refused what was held.
        BySupervisor = 12, "refused by a supervisor";
        /// A supervisor wrote its values, or some of them, as an edit of their own.
        TakenOver = 13, "a supervisor entered it as an edit of their own";
    }
}

/// Why a change may not enter now, or ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Not now.
    Held(HeldReason),
    /// Never.
    Refused(RefusedReason),
}

impl Stop {
    /// What happens to the same author's later changes on the record.
    #[must_use]
    pub const fn follow(self) -> Self {
        match self {
            Self::Held(_) => Self::Held(HeldReason::FollowsHeld),
            Self::Refused(_) => Self::Refused(RefusedReason::Superseded),
        }
    }
}

impl From<ScanError> for Stop {
    fn from(_: ScanError) -> Self {
        Self::Refused(RefusedReason::Malformed)
    }
}

/// How a change was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Path {
    /// From the registers alone: nothing was concurrent.
    Register,
    /// Through the document: something was concurrent.
    Document,
}

/// What became of one change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It entered.
    Accepted(Path),
    /// It had entered before.
    Duplicate,
    /// It did not enter. The key is the field at fault, if one is.
    Stopped(Stop, Option<String>),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_keep_their_numbers() {
        for reason in HeldReason::ALL {
            assert_eq!(HeldReason::from_code(reason.code()), Some(*reason));
        }
        for reason in RefusedReason::ALL {
            assert_eq!(RefusedReason::from_code(reason.code()), Some(*reason));
        }
        assert_eq!(
            (HeldReason::from_code(0), RefusedReason::from_code(99)),
            (None, None)
        );
    }
}
