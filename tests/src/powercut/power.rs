//! When power goes: the armed cut, and the count of what happened before it.

/// The moment at which a disk loses power. Points are counted from 1, since power came on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The sync does not happen; its caller gets an I/O error.
    AtSync(u64),
    /// The sync happens and its caller learns so; everything after it fails.
    AfterSync(u64),
    /// The write, truncation, creation or deletion is under way, so unsynced: it may survive, whole
    /// or torn, although its caller gets an I/O error.
    AtWrite(u64),
}

/// The disk has no power: nothing was done, or nobody will hear of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PowerIsOff;

/// What becomes of the step that is about to be taken.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    Happens,
    HappensUnheard,
    DoesNotHappen,
}

#[derive(Debug)]
pub(super) struct Power {
    on: bool,
    cut: Option<Cut>,
    syncs: u64,
    writes: u64,
}

impl Power {
    pub(super) const fn on() -> Self {
        Self {
            on: true,
            cut: None,
            syncs: 0,
            writes: 0,
        }
    }

    pub(super) fn arm(&mut self, cut: Cut) {
        self.cut = Some(cut);
    }

    pub(super) fn switch_off(&mut self) {
        self.on = false;
    }

    pub(super) const fn is_on(&self) -> bool {
        self.on
    }

    pub(super) const fn syncs(&self) -> u64 {
        self.syncs
    }

    pub(super) const fn writes(&self) -> u64 {
        self.writes
    }

    pub(super) fn sync(&mut self) -> Step {
        if !self.on {
            return Step::DoesNotHappen;
        }
        self.syncs += 1;
        if self.cut == Some(Cut::AtSync(self.syncs)) {
            self.on = false;
            return Step::DoesNotHappen;
        }
        self.on = self.cut != Some(Cut::AfterSync(self.syncs));
        Step::Happens
    }

    pub(super) fn write(&mut self) -> Step {
        if !self.on {
            return Step::DoesNotHappen;
        }
        self.writes += 1;
        self.on = self.cut != Some(Cut::AtWrite(self.writes));
        if self.on {
            Step::Happens
        } else {
            Step::HappensUnheard
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sync_at_the_cut_does_not_happen_and_nothing_does_after_it() {
        let mut power = Power::on();
        power.arm(Cut::AtSync(2));
        assert_eq!(power.sync(), Step::Happens);
        assert_eq!(power.write(), Step::Happens);
        assert_eq!(power.sync(), Step::DoesNotHappen);
        assert_eq!(power.write(), Step::DoesNotHappen);
        assert_eq!((power.syncs(), power.writes()), (2, 1));
    }

    #[test]
    fn the_sync_before_the_cut_happens_and_is_the_last_thing_that_does() {
        let mut power = Power::on();
        power.arm(Cut::AfterSync(1));
        assert_eq!(power.sync(), Step::Happens);
        assert!(!power.is_on());
        assert_eq!(power.sync(), Step::DoesNotHappen);
    }

    #[test]
    fn the_write_at_the_cut_happens_without_anyone_hearing() {
        let mut power = Power::on();
        power.arm(Cut::AtWrite(2));
        assert_eq!(power.write(), Step::Happens);
        assert_eq!(power.write(), Step::HappensUnheard);
        assert_eq!(power.write(), Step::DoesNotHappen);
    }
}
