//! Finding classes: who handles them, and by when.

use std::fmt;

use crate::path::Code;
use crate::place::Origin;
use crate::text::Labels;

/// How the time to a milestone runs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Clock {
    /// Every hour counts.
    NaturalHours,
    /// Hours within the area's working hours on working days.
    WorkingHours,
    /// Working days of the area's calendar.
    WorkingDays,
}

impl Clock {
    /// Every clock.
    pub const ALL: [Self; 3] = [Self::NaturalHours, Self::WorkingHours, Self::WorkingDays];

    /// The clock's name in schema files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NaturalHours => "natural_hours",
            Self::WorkingHours => "working_hours",
            Self::WorkingDays => "working_days",
        }
    }

    /// The clock of that name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|clock| clock.as_str() == text)
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An amount of time on a clock.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Limit {
    /// How the time runs.
    pub clock: Clock,
    /// How much: hours or days, as the clock counts.
    pub within: u32,
}

/// Something that must have happened to a case by a time; the clock starts at assignment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Milestone {
    /// Stable name within its class, as in `stop`, `penalty`, `close`.
    pub name: String,
    /// What people read.
    pub labels: Labels,
    /// By when.
    pub limit: Limit,
    /// How much more may be granted at most, on the same clock.
    pub extension: Option<u32>,
}

/// A class of findings. Its code is also a code of the list `finding-class`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FindingClass {
    /// The stable code.
    pub code: Code,
    /// What people read.
    pub labels: Labels,
    /// The offices that may handle it, the usual one first. All findings reach the linkage centre
    /// first, which assigns.
    pub handlers: Vec<String>,
    /// The milestones, in order; the last one closes the case.
    pub milestones: Vec<Milestone>,
    /// Limits that stand in no published rule and are this product's default.
    pub area_default: bool,
    /// No longer offered.
    pub retired: bool,
    /// Where it is declared.
    pub place: Origin,
}
