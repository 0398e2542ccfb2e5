//! What a step needs to know of a case, what it is asked with, and what comes of it.

use super::state::{CaseType, State, Step};
use crate::error::Error;

/// A milestone as far as steps care.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Milestone {
    /// Name within the class.
    pub name: String,
    /// Hours or days given at first.
    pub within: u32,
    /// Granted since.
    pub extra: u32,
    /// How much more may be granted in all.
    pub bound: u32,
    /// Whether it was reached.
    pub done: bool,
    /// When it is due, where that is known.
    pub due_ms: Option<i64>,
}

/// What an office asked for and has no answer to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// 延期: so many hours or days more for a milestone.
    Extension {
        /// Its place among the milestones.
        milestone: usize,
        /// How much.
        amount: u32,
    },
    /// 缓办: that the clocks stand still, perhaps only until a time.
    Postponement {
        /// Until when, if known.
        until_ms: Option<i64>,
    },
}

/// A case as far as steps care.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Its type.
    pub case: CaseType,
    /// Where it stands.
    pub state: State,
    /// Where it stood before an extension or a postponement was asked for.
    pub before: Option<State>,
    /// The office that has it.
    pub office: String,
    /// Returns so far.
    pub returns: u32,
    /// Offices that handle such cases, the usual one first.
    pub handlers: Vec<String>,
    /// Its milestones; none before its clocks were started.
    pub milestones: Vec<Milestone>,
    /// What waits for an answer.
    pub asked: Option<Asked>,
}

/// An inspector who went to see, as far as the rules for verifying care.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verifier {
    /// Whether there is such an inspector.
    pub known: bool,
    /// Whether the inspector reported it.
    pub reported: bool,
    /// Whether the inspector walks the grid of the case.
    pub of_grid: bool,
}

/// The case that another is to go on as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Whether the person may know of it.
    pub known: bool,
    /// Its number in the tables.
    pub id: i64,
    /// Its type.
    pub case: CaseType,
    /// Where it stands.
    pub state: State,
    /// Whether it is the case itself.
    pub same: bool,
}

/// A step that is asked for, with what it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The step.
    pub step: Step,
    /// Whether a reason was given.
    pub reason: bool,
    /// The office to assign to, or to return to.
    pub to_office: Option<String>,
    /// Who works on it there: a sign-in name.
    pub handler: Option<String>,
    /// The milestone that is reached or extended.
    pub milestone: Option<String>,
    /// How much more time.
    pub amount: Option<u32>,
    /// Until when to put off.
    pub until_ms: Option<i64>,
    /// Who went to see.
    pub verifier: Option<Verifier>,
    /// The case to go on as.
    pub target: Option<Target>,
}

impl Ask {
    /// A step with nothing but itself.
    pub const fn of(step: Step) -> Self {
        Self {
            step,
            reason: false,
            to_office: None,
            handler: None,
            milestone: None,
            amount: None,
            until_ms: None,
            verifier: None,
            target: None,
        }
    }
}

/// What is to be written because of a step, beside state and office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It is filed, and gets a number.
    File,
    /// Clocks start, unless they run already.
    Start,
    /// Somebody works on it.
    TakeUp(Option<String>),
    /// A milestone is reached, by its place.
    Reach(usize),
    /// All milestones that are left are reached.
    ReachAll,
    /// It was returned.
    Return,
    /// It has to be done again.
    Rework,
    /// Something was asked for.
    Ask(Asked),
    /// More time, for the milestone at this place.
    Extend(usize, u32),
    /// Clocks stand still, perhaps only until a time.
    Pause(Option<i64>),
    /// Clocks run again.
    Resume,
    /// It goes on as the case of this number in the tables.
    Join(i64),
}

/// A case after a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    /// Where it stands.
    pub state: State,
    /// Where it goes back to after an answer.
    pub before: Option<State>,
    /// The office that has it.
    pub office: String,
    /// What else is to be written, in this order.
    pub effects: Vec<Effect>,
}

/// Why a step is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No such step where the case stands.
    State,
    /// It is somebody else's step.
    Actor,
    /// Something else stands against it.
    Blocked(&'static str),
    /// Something is missing or not acceptable.
    Invalid(&'static str, &'static str),
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::State => Self::Conflict("the case stands where this step does not follow"),
            Refusal::Actor => Self::Forbidden("this step is for another office or role"),
            Refusal::Blocked(why) => Self::Conflict(why),
            Refusal::Invalid(at, reason) => Self::invalid(at, reason),
        }
    }
}
